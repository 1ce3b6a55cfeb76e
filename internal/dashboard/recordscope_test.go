package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/policy"
)

// domainDNS is the role that manages the DNS of a zone.
const domainDNS = "132c52e7e6654b999c183cfcbafd37d7"

// heldTo signs in a member of the first account who may manage some records.
func (w *world) heldTo(patterns ...string) *browser {
	w.t.Helper()
	ctx, system := w.t.Context(), w.authority.System("test")
	draft := authority.ResourceGroupDraft{Name: "some records", ScopeKey: "com.cloudflare.api.account." + w.made.AccountID}
	for _, p := range patterns {
		draft.Objects = append(draft.Objects, "com.tokenward.dns.record."+p)
	}
	group, err := w.authority.CreateResourceGroup(ctx, system, w.made.AccountID, draft)
	if err != nil {
		w.t.Fatal(err)
	}
	w.person("held@example.com")
	w.invite(authority.MemberDraft{Email: "held@example.com", Status: authority.MembershipAccepted, Policies: []authority.MemberPolicy{
		{Effect: policy.Allow, Groups: []string{domainDNS}, ResourceGroups: []string{group.ID}}}})
	return w.as("held@example.com")
}

// TestAMemberForSomeRecordsSeesAndChangesThoseOnly: on every page of records.
func TestAMemberForSomeRecordsSeesAndChangesThoseOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	z := w.zone("shop.example")
	www := w.record(z, dns.Draft{Type: "A", Name: "www", Content: "192.0.2.77"})
	mine := w.record(z, dns.Draft{Type: "TXT", Name: "_acme-challenge", Content: "mine"})
	w.record(z, dns.Draft{Type: "TXT", Name: "@", Content: "hidden"})
	b, at := w.heldTo("TXT:_acme-challenge.*"), w.recordsOf(z)

	list := b.get(at)
	list.wants(t, 200, "_acme-challenge", "1 record", "Edit the TXT record", "Your roles let you see some", "Add a record")
	for _, q := range []string{"", "?q=hidden", "?q=192", "?type=A", "?sort=content&dir=desc", "?page=2"} {
		if page := b.get(at + q).body; strings.Contains(page, ">hidden<") || strings.Contains(page, "192.0.2.77") {
			t.Errorf("the list %s shows what is hidden:\n%s", q, page)
		}
	}
	if file := b.get(at + "/export").body; !strings.Contains(file, "mine") || strings.Contains(file, "hidden") || strings.Contains(file, "192.0.2.77") {
		t.Errorf("the export is %s", file)
	}
	a := url.Values{"type": {"A"}, "name": {"www"}, "content": {"192.0.2.66"}, "ttl": {"1"}}
	txt := url.Values{"type": {"TXT"}, "name": {"_acme-challenge"}, "content": {"changed"}, "ttl": {"1"}}
	for _, path := range []string{"/" + www.ID, "/" + www.ID + "/delete"} {
		b.get(at+path).wants(t, http.StatusNotFound)
		b.post(at+path, txt).wants(t, http.StatusNotFound)
	}
	const barred = "Your roles do not let you make or change the A record of www.shop.example"
	b.post(at+"/new", a).wants(t, http.StatusUnprocessableEntity, barred)
	b.post(at+"/"+mine.ID, a).wants(t, http.StatusUnprocessableEntity, barred, "Save the record")
	b.post(at+"/import", url.Values{"file": {"_acme-challenge.x TXT x\nwww A 192.0.2.66"}}).wants(t, http.StatusUnprocessableEntity, barred, "Nothing was imported")
	if all := w.list(z); len(all) != 3 {
		t.Fatalf("records %+v", all)
	}

	b.get(at+"/"+mine.ID).wants(t, 200, "Save the record")
	b.post(at+"/"+mine.ID, txt).leads(t, at)
	b.post(at+"/import", url.Values{"file": {"_acme-challenge.x TXT x"}}).wants(t, 200, "1 added")
	b.post(at+"/"+mine.ID+"/delete", nil).leads(t, at)
	left := w.list(z)
	if len(left) != 3 || left[0].Content != "192.0.2.77" {
		t.Errorf("records %+v", left)
	}
}
