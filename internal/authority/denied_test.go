package authority_test

import (
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// try makes an attempt that is expected to be refused.
func (w *world) try(cred token.Credential, op string, at policy.Path) {
	w.t.Helper()
	attempt := w.attempt(op, at)
	attempt.Request = authority.EventRequest{ID: "0123456789abcdef-TW", Method: attempt.Op.Method, URI: "/client/v4" + attempt.Op.Template, UserAgent: "test"}
	if _, d, err := w.Authorize(w.t.Context(), cred, attempt); d.Allowed || err != nil {
		w.t.Fatalf("%s: allowed %v: %v", op, d.Allowed, err)
	}
}

func TestRefusedAttemptsAreInTheLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(accountOwner(acme), allow("DNS Read", zone(shop)))
	w.try(cred, authority.OpDNSDelete, inZone(shop))
	w.FlushDenied(t.Context())
	list := w.events("access_denied")
	if len(list) != 1 {
		t.Fatalf("%d events, want 1", len(list))
	}
	e := list[0]
	if e.Success || e.Verb != "delete" || e.AccountID != acme || e.UserID != "" || e.Resource != (authority.EventResource{Type: "zone", ID: shop}) {
		t.Errorf("the event is %+v", e)
	}
	if e.Actor.Type != "account" || e.Actor.TokenID != made.ID || e.Actor.IP != home.String() || e.Request.Method != "DELETE" {
		t.Errorf("the actor is %+v, the request %+v", e.Actor, e.Request)
	}
	if e.Metadata["operation"] != authority.OpDNSDelete || e.Metadata["reason"] != policy.NoGrant.String() {
		t.Errorf("the metadata are %v", e.Metadata)
	}
}

// TestNobodyWritesIntoAStrangersLog: a user's refused attempt is in the log of
// the account where it was tried only if the user is a member there.
func TestNobodyWritesIntoAStrangersLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, cred := w.issue(w.admin.owner(), allow("DNS Read", zone(shop)))
	for zone, want := range map[string]string{blog: acme, their: "", ghost: ""} {
		w.clock.Advance(time.Minute)
		w.try(cred, authority.OpDNSList, inZone(zone))
		w.FlushDenied(t.Context())
		if e := w.events("access_denied")[0]; e.AccountID != want || e.UserID != w.admin.id || e.Resource.ID != zone {
			t.Errorf("zone %s: account %q, user %q, resource %+v", zone, e.AccountID, e.UserID, e.Resource)
		}
	}
}

// TestRefusedAttemptsAreSampled: one a minute for each credential, operation and
// reason, and no more than a few for each credential.
func TestRefusedAttemptsAreSampled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, one := w.issue(accountOwner(acme), allow("DNS Read", zone(shop)))
	_, two := w.issue(accountOwner(acme), allow("DNS Read", zone(shop)))
	count := func() int { w.FlushDenied(t.Context()); return len(w.events("access_denied")) }
	for range 1000 {
		w.try(one, authority.OpDNSDelete, inZone(shop))
		w.try(two, authority.OpDNSDelete, inZone(shop))
	}
	if n := count(); n != 2 {
		t.Errorf("%d events after 1000 refusals each, want 2", n)
	}
	w.try(one, authority.OpDNSCreate, inZone(shop))
	if n := count(); n != 3 {
		t.Errorf("%d events after another operation, want 3", n)
	}
	w.clock.Advance(time.Minute)
	w.try(one, authority.OpDNSDelete, inZone(shop))
	if n := count(); n != 4 {
		t.Errorf("%d events in the next minute, want 4", n)
	}
}

func TestRefusedAttemptsAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var creds []token.Credential
	for range 15 {
		_, cred := w.issue(accountOwner(acme))
		creds = append(creds, cred)
	}
	for _, cred := range creds {
		for op := range w.Catalog().Operations() {
			if op.Method == "DELETE" && op.Target.String() == "zone" {
				w.try(cred, op.ID, inZone(shop))
			}
		}
	}
	w.FlushDenied(t.Context())
	each := make(map[string]int)
	for _, e := range must(w.db.Events(t.Context(), authority.EventQuery{Action: "access_denied"}, 1000))(t) {
		each[e.Actor.TokenID]++
	}
	total := 0
	for id, n := range each {
		if total += n; n > 20 {
			t.Errorf("token %s has %d events", id, n)
		}
	}
	if stats := w.Denied(); total != 200 || stats.Noted != 200 || stats.Dropped == 0 {
		t.Errorf("%d events, counts %+v, want 200 and the rest dropped", total, stats)
	}
}

func TestUnknownSecretsAreOnlyCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 5 {
		w.try(bearer(token.Format{}.New(token.User)), authority.OpZoneList, policy.Path{})
	}
	w.FlushDenied(t.Context())
	if n, stats := len(w.events("access_denied")), w.Denied(); n != 0 || stats.Unknown != 5 {
		t.Errorf("%d events, counts %+v", n, stats)
	}
}

// TestAStoreThatFailsDoesNotHoldRefusalsUp: they are dropped, and counted.
func TestAStoreThatFailsDoesNotHoldRefusalsUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, cred := w.issue(accountOwner(acme))
	w.store.FailWrites(errDisk)
	w.try(cred, authority.OpDNSList, inZone(shop))
	w.FlushDenied(t.Context())
	w.store.FailWrites(nil)
	w.FlushDenied(t.Context())
	if n, stats := len(w.events("access_denied")), w.Denied(); n != 0 || stats.Dropped != 1 {
		t.Errorf("%d events, counts %+v", n, stats)
	}
}

// TestTheDenyingPolicyIsNamedToItsOwner and to nobody for a zone that is not
// theirs: a policy on an account would tell which zones lie in it.
func TestTheDenyingPolicyIsNamedToItsOwner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	everyZone := authority.Draft{Name: "test", Policies: []policy.Policy{
		allow("DNS Write", within(acme, catalogZone+".*"), within(rival, catalogZone+".*")),
		deny("DNS Write", zone(blog)),
		deny("DNS Write", within(rival, catalogZone+".*")),
	}}
	made, cred := w.issueDraft(w.admin.owner(), everyZone)
	for _, c := range []struct{ zone, want string }{
		{blog, made.Policies[1].ID}, {their, ""}, {ghost, ""}, {shop, ""},
	} {
		at := w.attempt(authority.OpDNSCreate, inZone(c.zone))
		caller, d, err := w.Authorize(t.Context(), cred, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.DeniedBy(t.Context(), caller, at, d); got != c.want {
			t.Errorf("zone %s: policy %q, want %q", c.zone, got, c.want)
		}
	}
	w.store.Fail("Token", errDisk)
	at := w.attempt(authority.OpDNSCreate, inZone(blog))
	caller, d, _ := w.Authorize(t.Context(), cred, at)
	if got := w.DeniedBy(t.Context(), caller, at, d); d.Reason != policy.DeniedByPolicy || got != "" {
		t.Errorf("the store is away, and the policy is %q", got)
	}
}

const catalogZone = "com.cloudflare.api.account.zone"
