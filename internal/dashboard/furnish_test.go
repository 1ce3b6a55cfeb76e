package dashboard_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/dns"
)

// zone makes a zone of the first account.
func (w *world) zone(name string) authority.Zone {
	w.t.Helper()
	z, err := w.authority.CreateZone(w.t.Context(), w.authority.System("test"), authority.ZoneDraft{Name: name, AccountID: w.made.AccountID})
	if err != nil {
		w.t.Fatal(err)
	}
	return z
}

// records gives the service that keeps them.
func (w *world) records() *dns.Service { return dns.NewService(w.store, w.clock) }

// all is every record of a zone.
func (w *world) all(z authority.Zone) *authority.RecordScope {
	w.t.Helper()
	in, err := w.authority.RecordScope(w.t.Context(), w.authority.System("test"), authority.OpDNSPatch, z.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return &in
}

// record makes one by hand.
func (w *world) record(z authority.Zone, d dns.Draft) dns.Record {
	w.t.Helper()
	c := w.authority.System("test")
	r, err := w.records().Create(w.t.Context(), w.all(z), d, func(action, verb, _ string, _, _ *dns.Record) authority.Event {
		return c.NewEvent(action, verb)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// personPassword is that of everybody who person makes.
const personPassword = "four random words then"

// person makes a user who can sign in and has joined no account.
func (w *world) person(email string) {
	w.t.Helper()
	_, sent, err := w.authority.CreateUser(w.t.Context(), w.authority.System("test"), email)
	if err != nil {
		w.t.Fatal(err)
	}
	_, secret, _ := strings.Cut(sent.URL, "/invitations/")
	visitor := w.authority.Visitor(w.addr(), authority.EventRequest{})
	if _, _, _, err := w.authority.AcceptInvitation(w.t.Context(), visitor, secret, authority.Newcomer{Password: personPassword}); err != nil {
		w.t.Fatal(err)
	}
}

// as is a browser in which such a person has signed in.
func (w *world) as(email string) *browser {
	w.t.Helper()
	b := w.browser()
	if a := b.post("/sign-in", url.Values{"email": {email}, "password": {personPassword}}); a.status != http.StatusSeeOther {
		w.t.Fatalf("signing in answers %d\n%s", a.status, a.body)
	}
	return b
}

// invite makes a member of the first account, who has accepted where the status
// says so.
func (w *world) invite(d authority.MemberDraft) authority.Member {
	w.t.Helper()
	got, err := w.authority.Invite(w.t.Context(), w.authority.System("test"), w.made.AccountID, d)
	if err != nil {
		w.t.Fatal(err)
	}
	return got.Member
}

// member reads a member of the first account by address.
func (w *world) member(email string) authority.Member {
	w.t.Helper()
	list, _, err := w.authority.Members(w.t.Context(), w.authority.System("test"), w.made.AccountID, authority.MemberQuery{
		Match: func(m *authority.Member) bool { return m.User.Email == email }, Limit: 1,
	})
	if err != nil || len(list) != 1 {
		w.t.Fatalf("%d members are called %s: %v", len(list), email, err)
	}
	return list[0]
}

// furnished makes one of everything that a route's wildcards name, once, and
// puts their ids into paths.
func (w *world) furnished() *strings.Replacer {
	w.t.Helper()
	if w.furniture != nil {
		return w.furniture
	}
	z := w.zone("furnished.example")
	r := w.record(z, dns.Draft{Type: "MX", Name: "@", Content: "mail.furnished.example", Priority: new(uint16)})
	m := w.invite(authority.MemberDraft{Email: "guest@example.com", Roles: []string{authority.RoleDNS}})
	w.furniture = strings.NewReplacer("{zone}", z.ID, "{record}", r.ID, "{member}", m.ID, "{role}", authority.RoleDNS,
		"{membership}", w.member(adminEmail).ID, "{group}", catalog.V4().Groups()[0].ID)
	return w.furniture
}

// addr is where the tests come from.
func (w *world) addr() netip.Addr { return netip.MustParseAddr("127.0.0.1") }
