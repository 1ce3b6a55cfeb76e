package dashboard_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

// TestTokenPageTellsWhatItDid: uses, addresses, denials with what was missing,
// and what was done to it.
func TestTokenPageTellsWhatItDid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	made, _ := w.token("deploy", func(d *authority.Draft) { d.Condition = policy.Condition{In: []string{"203.0.113.0/24"}} })
	zone, err := w.authority.CreateZone(t.Context(), w.admin(), authority.ZoneDraft{Name: "shop.example", AccountID: w.made.AccountID})
	if err != nil {
		t.Fatal(err)
	}
	at, key := w.clock().UTC().Truncate(time.Second), "com.cloudflare.api.account.zone."+zone.ID
	day := at.Truncate(24 * time.Hour)
	err = w.store.RecordUsage(t.Context(), authority.UsageBatch{
		Uses: []authority.UseCount{
			{TokenID: made.ID, Day: day, Use: authority.Use{Operation: authority.OpDNSList, Resource: key, Group: group(t, "DNS Read")}, Count: 1234, LastOn: at},
			{TokenID: made.ID, Day: day, Use: authority.Use{Operation: authority.OpDNSCreate, Resource: key, Denied: true}, Count: 2, LastOn: at},
		},
		Addresses: []authority.AddressCount{{TokenID: made.ID, Address: "203.0.113.7", Count: 1236, FirstOn: at, LastOn: at}},
		Denials:   []authority.Denial{{TokenID: made.ID, At: at, Operation: authority.OpDNSCreate, Resource: key, Reason: policy.NoGrant.String(), Address: "203.0.113.7"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.store.TouchTokens(t.Context(), []authority.TokenUse{{TokenID: made.ID, At: at}}); err != nil {
		t.Fatal(err)
	}
	path := w.tokens("/", made.ID)
	b.post(path+"/disable", url.Values{})
	a := b.get(path)
	checkPage(t, "the page of a token", a.body)
	a.wants(t, 200,
		"Can read DNS of", "203.0.113.0/24", "It never expires.", made.ID, adminEmail,
		"1,234 allowed", "2 denied", `aria-label="Uses a day in the last 30 days: 1234 allowed and 2 denied in all, at most 1236 in a day."`,
		"GET /zones/{zone_id}/dns_records", "shop.example", "203.0.113.7",
		"POST /zones/{zone_id}/dns_records", "No policy grants it.", "DNS Edit", path+"/edit?add="+group(t, "DNS Write"),
		"<b>Disabled</b>", "<b>Created</b>", w.tokens("")[:33]+"/audit-log?range=all&amp;resource="+made.ID,
		"cloudflare_account_token", "tokenward token roll", "curl -X DELETE",
	)
	b.get(path+"/edit?add="+group(t, "DNS Write")).wants(t, 200, "DNS")
	b.get(path+"/roll").wants(t, 200, "1,234 requests", "203.0.113.7")
}

// TestOverviewCountsWhatItsListsShow.
func TestOverviewCountsWhatItsListsShow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	b.get("/").leads(t, "/"+w.made.AccountID)
	empty := b.get("/" + w.made.AccountID)
	checkPage(t, "the overview of an empty account", empty.body)
	empty.wants(t, 200, "What to do first", w.tokens("/create"), "<b>1</b> <span>Member</span>", "<b>0</b> <span>Zones</span>")
	soon := w.clock().Add(3 * 24 * time.Hour)
	for n := range 3 {
		w.token(fmt.Sprintf("token %d", n), func(d *authority.Draft) {
			if n == 0 {
				d.ExpiresOn = soon
			}
		})
	}
	a := b.get("/" + w.made.AccountID)
	checkPage(t, "the overview of an account", a.body)
	a.wants(t, 200, "token 2", w.tokens(`?show=expiring" class="warn"><b>1</b>`), w.tokens(`?show=no-expiry" class="warn"><b>2</b>`), w.tokens(`?show=unused"><b>0</b>`), w.tokens(`?show=never-used" class="warn"><b>3</b>`))
	own := b.get("/profile")
	checkPage(t, "the overview of the user", own.body)
	own.wants(t, 200, adminEmail, "/profile/api-tokens?show=never-used")
	b.get("/").leads(t, "/"+w.made.AccountID)
}

// TestReaderIsOfferedNothingThatTheyMayNotDo, and is refused when they ask.
func TestReaderIsOfferedNothingThatTheyMayNotDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	made, secret := w.token("deploy", nil)
	w.person("reader@example.com")
	w.invite(authority.MemberDraft{Email: "reader@example.com", Roles: []string{authority.RoleAdministratorReadOnly}, Status: authority.MembershipAccepted})
	b := w.as("reader@example.com")
	list := b.get(w.tokens())
	list.wants(t, 200, "deploy")
	list.lacks(t, "/roll", "/delete", "/disable", w.tokens("/create"))
	path := w.tokens("/", made.ID)
	one := b.get(path)
	one.wants(t, 200, "deploy", "Can read DNS")
	one.lacks(t, path+"/roll", path+"/delete", path+"/edit")
	for _, verb := range []string{"disable", "delete"} {
		b.post(path+"/"+verb, url.Values{}).wants(t, 403, "You may not do this")
	}
	b.post(path+"/roll", url.Values{"once": {b.get(path + "/roll").once(t)}}).wants(t, 403, "You may not do this")
	if got := w.answers(secret); got != 200 {
		t.Errorf("the token answers %d", got)
	}
}
