package authority_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tokenward/tokenward/internal/authority"
)

// TestZoneNamesAreThoseThatReadingByIDWouldGive.
func TestZoneNamesAreThoseThatReadingByIDWouldGive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := []string{shop, blog, their, ghost, shop, ""}
	_, narrow := w.issue(accountOwner(acme), allow("Zone Read", zone(shop)))
	for who, c := range map[string]struct {
		caller authority.Caller
		want   map[string]string
	}{
		"a member of both accounts": {w.as(w.both.credential()), map[string]string{shop: "shop.example", blog: "blog.example", their: "their.example"}},
		"a member of one":           {w.as(w.reader.credential()), map[string]string{shop: "shop.example", blog: "blog.example"}},
		"a token for one zone":      {w.as(narrow), map[string]string{shop: "shop.example"}},
		"who is only invited":       {w.as(w.guest.credential()), map[string]string{}},
	} {
		got, err := w.ZoneNames(t.Context(), c.caller, all)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", who, err, diff)
		}
	}
	_, err := w.ZoneNames(t.Context(), authority.Caller{}, all)
	wantCode(t, err, authority.CodeForbidden)
	w.store.Fail("ZonesByID", errAway)
	_, err = w.ZoneNames(t.Context(), w.system(), all)
	wantCode(t, err, authority.CodeUnavailable)
}

// TestSwitchingChangesTheStatusAndNothingElse, at once, and writes nothing where
// there is nothing to change.
func TestSwitchingChangesTheStatusAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	admin := w.as(w.admin.credential())
	off, err := w.SwitchToken(t.Context(), admin, made.Owner, made.ID, false)
	want := made
	want.Status, want.Version = authority.StatusDisabled, 2
	if diff := cmp.Diff(want, off); diff != "" || err != nil {
		t.Fatalf("%v (-want +got):\n%s", err, diff)
	}
	if d := w.decide(cred, authority.OpDNSCreate, inZone(shop)); d.Allowed {
		t.Error("a disabled token is allowed")
	}
	if _, err = w.SwitchToken(t.Context(), admin, made.Owner, made.ID, false); err != nil || len(w.events("token_update")) != 1 {
		t.Errorf("switched off twice: %v, %d events", err, len(w.events("token_update")))
	}
	if _, err = w.SwitchToken(t.Context(), admin, made.Owner, made.ID, true); err != nil {
		t.Fatal(err)
	}
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
}

// TestEnablingATokenNeedsWhatItGives, or a weak token could bring back a strong
// one; disabling it does not.
func TestEnablingATokenNeedsWhatItGives(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	strong, secret := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	_, weak := w.issue(accountOwner(acme), allow("Account API Tokens Write", account(acme)))
	if _, err := w.SwitchToken(t.Context(), w.as(weak), strong.Owner, strong.ID, false); err != nil {
		t.Fatal(err)
	}
	_, err := w.SwitchToken(t.Context(), w.as(weak), strong.Owner, strong.ID, true)
	wantCode(t, err, authority.CodeInvalid)
	_, err = w.SwitchToken(t.Context(), w.as(w.reader.credential()), strong.Owner, strong.ID, true)
	wantCode(t, err, authority.CodeForbidden)
	if d := w.decide(secret, authority.OpDNSCreate, inZone(shop)); d.Allowed {
		t.Error("the token was enabled")
	}
}

// TestTokenRightsSayWhatMayBeTried.
func TestTokenRightsSayWhatMayBeTried(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := authority.TokenRights{Create: true, Update: true, Roll: true, Delete: true}
	for who, c := range map[string]struct {
		by   someone
		of   authority.Owner
		want authority.TokenRights
	}{
		"who manages the account":    {w.admin, accountOwner(acme), all},
		"who reads it":               {w.reader, accountOwner(acme), authority.TokenRights{}},
		"who has to do with another": {w.admin, accountOwner(rival), authority.TokenRights{}},
		"whose own they are":         {w.reader, w.reader.owner(), all},
		"whose they are not":         {w.admin, w.reader.owner(), authority.TokenRights{}},
	} {
		got, err := w.TokenRights(t.Context(), w.as(c.by.credential()), c.of)
		if got != c.want || err != nil {
			t.Errorf("%s: %+v, %v, want %+v", who, got, err, c.want)
		}
	}
}

// TestHistoryOfATokenIsItsEvents, newest first, and says when there are others.
func TestHistoryOfATokenIsItsEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, _ := w.issue(accountOwner(acme), allow("DNS Read", zone(shop)))
	admin := w.as(w.admin.credential())
	w.issue(accountOwner(acme), allow("DNS Read", zone(shop)))
	if _, err := w.Roll(t.Context(), admin, made.Owner, made.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.SwitchToken(t.Context(), admin, made.Owner, made.ID, false); err != nil {
		t.Fatal(err)
	}
	for limit, want := range map[int][]string{2: {"token_update", "token_roll"}, 3: {"token_update", "token_roll", "token_create"}} {
		events, whole, err := w.TokenHistory(t.Context(), admin, made.Owner, made.ID, limit)
		var got []string
		for _, e := range events {
			got = append(got, e.Action)
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil || whole != (limit == 3) {
			t.Errorf("%d events, whole %v, %v (-want +got):\n%s", limit, whole, err, diff)
		}
	}
	_, _, err := w.TokenHistory(t.Context(), admin, made.Owner, spelled("99"), 3)
	wantCode(t, err, authority.CodeNotFound)
	_, tokensOnly := w.issue(accountOwner(acme), allow("Account API Tokens Read", account(acme)))
	_, _, err = w.TokenHistory(t.Context(), w.as(tokensOnly), made.Owner, made.ID, 3)
	wantCode(t, err, authority.CodeForbidden)
}
