package dashboard_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

// used is a token that may change the DNS of a zone and more, and has read it.
func (w *world) used(t *testing.T) (made authority.Token, zone authority.Zone, path string) {
	t.Helper()
	zone = w.zone("shop.example")
	made, _ = w.token("deploy", func(d *authority.Draft) {
		d.Policies = []policy.Policy{{
			Effect: policy.Allow, Groups: []string{group(t, "DNS Read"), group(t, "DNS Write")},
			Resources: []policy.Resource{{Key: "com.cloudflare.api.account." + w.made.AccountID}},
		}}
	})
	w.did(t, made, authority.Use{Operation: authority.OpDNSList, Resource: "com.cloudflare.api.account.zone." + zone.ID, Group: group(t, "DNS Read")}, 1234)
	return made, zone, w.tokens("/", made.ID)
}

// did writes down that a token did something today.
func (w *world) did(t *testing.T, k authority.Token, use authority.Use, times int64) {
	t.Helper()
	at := w.clock().UTC().Truncate(time.Second)
	err := w.store.RecordUsage(t.Context(), authority.UsageBatch{
		Uses:      []authority.UseCount{{TokenID: k.ID, Day: at.Truncate(24 * time.Hour), Use: use, Count: times, LastOn: at}},
		Addresses: []authority.AddressCount{{TokenID: k.ID, Address: "203.0.113.7", Count: times, FirstOn: at, LastOn: at}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

var hiddenMark = regexp.MustCompile(`name="mark" value="([0-9a-f]+)"`)

func (w *world) apply(t *testing.T, b *browser, path, body string, addresses string) answer {
	t.Helper()
	found := hiddenMark.FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("there is nothing to apply: %s", body)
	}
	return b.post(path+"/suggestion", url.Values{"days": {"30"}, "mark": found[1:], "addresses": {addresses}})
}

func TestATokenIsNarrowedToWhatItDid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	made, _, path := w.used(t)
	b.get(path).wants(t, 200, path+"/suggestion")
	a := b.get(path + "/suggestion")
	checkPage(t, "what a token could do without", a.body)
	a.wants(t, 200, "1,234 allowed", "younger than the days", "DNS Edit", "DNS Read", "shop.example", "GET /zones/{zone_id}/dns_records",
		"would do as well", "203.0.113.7/32", "narrower")
	b.get(path+"/suggestion?days=12").wants(t, 200, `<option value="12" selected>12 days</option>`)
	w.apply(t, b, path, a.body, "").leads(t, path)
	after, err := w.authority.Token(t.Context(), w.admin(), made.Owner, made.ID)
	if err != nil || len(after.Policies) != 1 || len(after.Policies[0].Groups) != 1 || len(after.Policies[0].Resources[0].Nested) != 1 || !after.Condition.IsZero() {
		t.Errorf("it has %+v, %v", after, err)
	}
	a = b.get(path + "/suggestion")
	a.wants(t, 200, "used all that it may do", "Limit where it is used from")
	w.apply(t, b, path, a.body, "1").leads(t, path)
	if after, _ = w.authority.Token(t.Context(), w.admin(), made.Owner, made.ID); len(after.Condition.In) != 1 {
		t.Errorf("its condition is %+v", after.Condition)
	}
	b.get(path+"/suggestion").lacks(t, "<button class=\"button primary\"")
}

// TestOnlyWhatTheReaderSawIsApplied: what has changed since is shown first.
func TestOnlyWhatTheReaderSawIsApplied(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	made, zone, path := w.used(t)
	seen := b.get(path + "/suggestion").body
	w.did(t, made, authority.Use{Operation: authority.OpDNSCreate, Resource: "com.cloudflare.api.account.zone." + zone.ID, Group: group(t, "DNS Write")}, 1)
	a := w.apply(t, b, path, seen, "")
	a.wants(t, http.StatusUnprocessableEntity, "has changed meanwhile", "1,235 allowed")
	checkPage(t, "a suggestion that moved", a.body)
	again := a.body
	if _, err := w.authority.SwitchToken(t.Context(), w.admin(), made.Owner, made.ID, false); err != nil {
		t.Fatal(err)
	}
	w.apply(t, b, path, again, "").wants(t, http.StatusUnprocessableEntity, "has changed meanwhile")
	after, err := w.authority.Token(t.Context(), w.admin(), made.Owner, made.ID)
	if err != nil || len(after.Policies[0].Groups) != 2 {
		t.Errorf("it has %+v, %v", after.Policies, err)
	}
}

func TestWhatIsNotKnownIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	unused, _ := w.token("unused", nil)
	a := b.get(w.tokens("/", unused.ID, "/suggestion"))
	a.wants(t, 200, "Nothing to take away is known", "has not been used yet")
	a.lacks(t, `name="mark"`)
	made, _, path := w.used(t)
	w.did(t, made, authority.Use{}, 5)
	a = b.get(path + "/suggestion")
	a.wants(t, 200, "what 5 of them did", "nothing is suggested")
	b.post(path+"/suggestion", url.Values{"days": {"30"}, "mark": {"x"}}).wants(t, http.StatusUnprocessableEntity, "nothing was done")
}
