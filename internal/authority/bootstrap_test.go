package authority_test

import (
	"slices"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

func firstStart() authority.Bootstrap {
	return authority.Bootstrap{Email: " First@Example.com ", AccountName: "Acme", Zones: []string{"Shop.example.", "blog.example"}}
}

// newborn is a world after its first start.
func newborn(t *testing.T) (*world, authority.Credentials) {
	t.Helper()
	w := emptyWorld(t)
	cr, made, err := w.Bootstrap(t.Context(), firstStart())
	if err != nil || !made {
		t.Fatalf("made %v: %v", made, err)
	}
	w.poll()
	return w, cr
}

func keyOf(cr authority.Credentials) token.Credential {
	return token.Credential{Kind: token.Key, Email: cr.Email, Secret: cr.Key}
}

func TestBootstrapMakesASuperAdministratorWithATokenForEverything(t *testing.T) {
	t.Parallel()
	w, cr := newborn(t)
	if cr.Email != "first@example.com" || len(cr.Zones) != 2 || cr.Zones[0].Name != "shop.example" || cr.Zones[1].AccountID != cr.AccountID {
		t.Errorf("made %s with the zones %v", cr.Email, cr.Zones)
	}
	for _, cred := range []token.Credential{bearer(cr.Token), keyOf(cr)} {
		w.allowed(cred, authority.OpUserTokenCreate, policy.Path{})
		w.allowed(cred, authority.OpUserGet, policy.Path{})
		w.allowed(cred, authority.OpAcctTokenCreate, inAccount(cr.AccountID))
		w.allowed(cred, authority.OpDNSCreate, inZone(cr.Zones[0].ID))
		w.allowed(cred, authority.OpZoneDelete, inZone(cr.Zones[1].ID))
		w.denied(cred, authority.OpDNSCreate, inZone(ghost), map[bool]policy.Reason{true: policy.NoGrant, false: policy.OwnerLacks}[cred.Kind == token.Bearer])
	}
	row := must(w.db.User(t.Context(), cr.UserID))(t)
	if !authority.CheckPassword(row.PasswordHash, cr.Password) {
		t.Error("the password is not the user's")
	}
}

// TestBootstrapTokenHasEveryGroupThatCanBeGiven on its account and on its user.
func TestBootstrapTokenHasEveryGroupThatCanBeGiven(t *testing.T) {
	t.Parallel()
	w, cr := newborn(t)
	k := must(w.Token(t.Context(), w.as(bearer(cr.Token)), userOwner(cr.UserID), cr.TokenID))(t)
	given := map[string][]string{}
	for _, p := range k.Policies {
		for _, r := range p.Resources {
			given[r.Key] = append(given[r.Key], p.Groups...)
		}
	}
	v := catalog.V4().Vocabulary()
	missing := 0
	for _, g := range catalog.V4().Groups() {
		on := accountKey(cr.AccountID)
		if !v.Below(v.Kind(g.Scope), v.Kind(catalog.KindAccount)) {
			on = catalog.KindUser + "." + cr.UserID
		}
		if !slices.Contains(given[on], g.ID) {
			missing++
		}
	}
	if missing != 0 || len(given) != 2 {
		t.Errorf("%d groups are missing, on %d resources", missing, len(given))
	}
}

func TestSecondBootstrapDoesNothing(t *testing.T) {
	t.Parallel()
	w, cr := newborn(t)
	_, head, _ := w.db.FeedHead(t.Context())
	for _, b := range []authority.Bootstrap{
		firstStart(),
		{Email: "FIRST@EXAMPLE.COM", AccountName: "Other"},
		{Email: "second@example.com", AccountName: "Other"}, // there is an account already
	} {
		again, made, err := w.Bootstrap(t.Context(), b)
		if made || err != nil || again.UserID != "" || !again.Token.IsZero() || !again.Key.IsZero() || again.Password != "" {
			t.Errorf("%s: made %v, user %q, %v", b.Email, made, again.UserID, err)
		}
	}
	if _, after, _ := w.db.FeedHead(t.Context()); after != head {
		t.Error("something was written")
	}
	w.allowed(bearer(cr.Token), authority.OpUserGet, policy.Path{})
	w.allowed(keyOf(cr), authority.OpUserGet, policy.Path{})
}

// TestBootstrapIsWholeOrNotAtAll: whoever is told of an error has no
// credentials, so there must be no user that they would be for.
func TestBootstrapIsWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	spoilt := firstStart()
	spoilt.Zones = append(spoilt.Zones, "not a name")
	twice := firstStart()
	twice.Zones = append(twice.Zones, "shop.example")
	for _, b := range []authority.Bootstrap{spoilt, twice} {
		if cr, made, err := w.Bootstrap(t.Context(), b); err == nil || made || cr.UserID != "" {
			t.Errorf("%v: made %v, user %q, %v", b.Zones, made, cr.UserID, err)
		}
	}
	for _, method := range []string{"InsertZone", "InsertToken"} {
		w.store.Fail(method, errDisk)
		_, made, err := w.Bootstrap(t.Context(), firstStart())
		wantCode(t, err, authority.CodeUnavailable)
		if made {
			t.Errorf("%s failed and something was made", method)
		}
		w.store.Fail(method, nil)
	}
	if n := len(w.events("")); n != 0 {
		t.Errorf("%d events are left of it", n)
	}
	if _, made, err := w.Bootstrap(t.Context(), firstStart()); !made || err != nil {
		t.Errorf("it cannot be tried again: %v", err)
	}
}

func TestBootstrapAndRecoverWriteWhatTheyDid(t *testing.T) {
	t.Parallel()
	w, cr := newborn(t)
	if _, err := w.Recover(t.Context(), cr.Email); err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, e := range w.events("") {
		got[e.Action]++
		if e.Actor.Type != "system" || e.Actor.Context != "system" || !e.Success {
			t.Errorf("%s: the actor is %+v", e.Action, e.Actor)
		}
	}
	for action, n := range map[string]int{"user_create": 1, "account_create": 1, "token_create": 2, "zone_create": 2, "user_recover": 1} {
		if got[action] != n {
			t.Errorf("%d events %s, want %d", got[action], action, n)
		}
	}
}

func TestRecoverKillsTheOldKeyAndPasswordAndLeavesTokens(t *testing.T) {
	t.Parallel()
	w, cr := newborn(t)
	w.allowed(keyOf(cr), authority.OpUserGet, policy.Path{})
	again, err := w.Recover(t.Context(), " First@Example.com")
	if err != nil {
		t.Fatal(err)
	}
	w.denied(keyOf(cr), authority.OpUserGet, policy.Path{}, policy.UnknownCredential)
	hash := must(w.db.User(t.Context(), cr.UserID))(t).PasswordHash
	if authority.CheckPassword(hash, cr.Password) || !authority.CheckPassword(hash, again.Password) {
		t.Error("the password is not the new one")
	}
	for _, cred := range []token.Credential{keyOf(again), bearer(again.Token), bearer(cr.Token)} {
		w.allowed(cred, authority.OpDNSCreate, inZone(cr.Zones[0].ID))
	}
	if again.UserID != cr.UserID || again.AccountID != cr.AccountID || again.TokenID == cr.TokenID {
		t.Errorf("recovered user %s, account %s, token %s", again.UserID, again.AccountID, again.TokenID)
	}
}

func TestRecoverLiftsASuspension(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setUser(w.admin, func(u *authority.User) { u.Suspended = true })
	w.denied(w.admin.credential(), authority.OpUserGet, policy.Path{}, policy.OwnerGone)
	cr, err := w.Recover(t.Context(), w.admin.email)
	if err != nil {
		t.Fatal(err)
	}
	w.allowed(keyOf(cr), authority.OpUserGet, policy.Path{})
	w.allowed(bearer(cr.Token), authority.OpDNSCreate, inZone(shop))
}

func TestRecoverWorksForAUserWithoutAnAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cr, err := w.Recover(t.Context(), w.guest.email)
	if err != nil || cr.AccountID != "" {
		t.Fatalf("recovered with account %q, %v", cr.AccountID, err)
	}
	w.allowed(bearer(cr.Token), authority.OpUserTokenCreate, policy.Path{})
	w.denied(bearer(cr.Token), authority.OpDNSCreate, inZone(shop), policy.NoGrant)
}

func TestRecoverOfNobodyAndAFailedOneChangeNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.Recover(t.Context(), "nobody@example.com")
	wantCode(t, err, authority.CodeNotFound)
	w.store.Fail("AppendEvent", errDisk)
	cr, err := w.Recover(t.Context(), w.admin.email)
	wantCode(t, err, authority.CodeUnavailable)
	if cr.Password != "" || !cr.Token.IsZero() || !cr.Key.IsZero() {
		t.Error("credentials were handed out that are not there")
	}
	w.allowed(w.admin.credential(), authority.OpUserGet, policy.Path{})
}
