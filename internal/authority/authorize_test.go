package authority_test

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

func TestTokenLivesFromNotBeforeUntilExpiresOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	from, to := start.Add(time.Minute+3*time.Microsecond), start.Add(time.Hour+5*time.Microsecond)
	d := authority.Draft{Name: "timed", Policies: []policy.Policy{allow("DNS Write", zone(shop))}, NotBefore: from, ExpiresOn: to}
	_, cred := w.issueDraft(accountOwner(acme), d)
	for _, c := range []struct {
		at   time.Time
		want policy.Reason
	}{
		{start, policy.NotYetValid},
		{from.Add(-time.Microsecond), policy.NotYetValid},
		{from.Add(-time.Nanosecond), policy.NotYetValid},
		{from, policy.Granted},
		{from.In(time.FixedZone("far east", 14*3600)), policy.Granted},
		{to.Add(-time.Microsecond), policy.Granted},
		{to.Add(-time.Nanosecond), policy.Granted},
		{to, policy.Expired},
		{to.Add(time.Nanosecond), policy.Expired},
		{to.Add(100 * 365 * 24 * time.Hour), policy.Expired},
	} {
		for _, cached := range []bool{false, true} {
			w.clock.Set(c.at)
			if cached {
				w.poll()
			}
			if d := w.decide(cred, authority.OpDNSCreate, inZone(shop)); d.Reason != c.want || d.Allowed != (c.want == policy.Granted) {
				t.Errorf("at %v (cached %v): %s, want %s", c.at, cached, d.Reason, c.want)
			}
		}
	}
}

func TestDisabledSaysSoEvenWhenAlsoExpired(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := ordinary()
	d.Status = authority.StatusDisabled
	_, cred := w.issueDraft(accountOwner(acme), d)
	w.clock.Set(d.ExpiresOn)
	w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.Disabled)
}

// setUser is done by another node.
func (w *world) setUser(s someone, change func(*authority.User)) {
	w.t.Helper()
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		u, err := tx.User(ctx, s.id)
		change(&u)
		return errors.Join(err, tx.UpdateUser(ctx, u), tx.AppendChange(ctx, authority.ChangeUser, s.id))
	})
	w.poll()
}

func TestSuspendedOwnersCredentialsAreDeadAndAccountTokensGoOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, mine := w.issue(w.admin.owner(), allow("DNS Write", account(acme)), allow("User Details Read", user(w.admin.id)))
	_, ours, err := w.Issue(t.Context(), w.as(w.admin.credential()), accountOwner(acme), ordinary())
	if err != nil {
		t.Fatal(err)
	}
	w.allowed(mine, authority.OpDNSCreate, inZone(shop))
	w.setUser(w.admin, func(u *authority.User) { u.Suspended = true })
	for _, cred := range []token.Credential{mine, w.admin.credential()} {
		w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.OwnerGone)
		w.denied(cred, authority.OpUserGet, policy.Path{}, policy.OwnerGone)
		w.denied(cred, authority.OpZoneList, policy.Path{}, policy.OwnerGone)
		w.denied(cred, authority.OpUserTokenVerify, policy.Path{}, policy.OwnerGone)
	}
	w.allowed(bearer(ours), authority.OpDNSCreate, inZone(shop))
	w.setUser(w.admin, func(u *authority.User) { u.Suspended = false })
	w.allowed(mine, authority.OpDNSCreate, inZone(shop))
	w.allowed(w.admin.credential(), authority.OpDNSCreate, inZone(shop))
}

func TestLeavingAnAccountEndsUserTokensThereAndNotAccountTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, mine := w.issue(w.both.owner(), allow("DNS Write", account(acme), account(rival)))
	_, ours, err := w.Issue(t.Context(), w.as(w.both.credential()), accountOwner(acme), ordinary())
	if err != nil {
		t.Fatal(err)
	}
	w.allowed(mine, authority.OpDNSCreate, inZone(shop))
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		m := membership(w.both, acme, "")
		return errors.Join(tx.DeleteMembership(ctx, m.ID, 1), tx.AppendChange(ctx, authority.ChangeUser, w.both.id))
	})
	w.poll()
	w.denied(mine, authority.OpDNSCreate, inZone(shop), policy.OwnerLacks)
	w.denied(w.both.credential(), authority.OpDNSCreate, inZone(shop), policy.OwnerLacks)
	w.allowed(mine, authority.OpDNSCreate, inZone(their))
	w.allowed(bearer(ours), authority.OpDNSCreate, inZone(shop))
	if zones, _, err := w.Zones(t.Context(), w.as(mine), authority.ZoneQuery{Limit: 10}); err != nil || len(zones) != 1 || zones[0].ID != their {
		t.Errorf("the list still shows %v, %v", zones, err)
	}
}

func TestWeakerRoleWeakensEveryUserToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, mine := w.issue(w.admin.owner(), allow("DNS Read, DNS Write", zone(shop)))
	w.allowed(mine, authority.OpDNSCreate, inZone(shop))
	w.setRole(w.admin, acme, authority.RoleAdministratorReadOnly)
	w.poll()
	w.denied(mine, authority.OpDNSCreate, inZone(shop), policy.OwnerLacks)
	w.denied(w.admin.credential(), authority.OpDNSCreate, inZone(shop), policy.OwnerLacks)
	w.allowed(mine, authority.OpDNSList, inZone(shop))
	w.setRole(w.admin, acme, spelled("0f")) // a role that there is no more
	w.poll()
	w.denied(mine, authority.OpDNSList, inZone(shop), policy.OwnerLacks)
}

func TestInvitationGivesNothingUntilItIsAccepted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, mine := w.issue(w.guest.owner(), allow("DNS Write", everyZone))
	w.denied(mine, authority.OpDNSCreate, inZone(shop), policy.OwnerLacks)
	w.denied(w.guest.credential(), authority.OpAccountGet, inAccount(acme), policy.OwnerLacks)
}

func TestZoneThatMovesIsLostToItsOldAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := accountOwner(acme)
	_, byAccount := w.issue(old, allow("DNS Write", account(acme)))
	_, byZone := w.issue(old, allow("DNS Write", zone(shop)))
	_, nested := w.issue(old, allow("DNS Write", within(acme, zoneKey(shop))))
	_, mine := w.issue(w.admin.owner(), allow("DNS Write", zone(shop)))
	_, theirs := w.issue(accountOwner(rival), allow("DNS Write", account(rival)))
	olds := []token.Credential{byAccount, byZone, nested, mine}
	for _, cred := range olds {
		w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	}
	w.denied(theirs, authority.OpDNSCreate, inZone(shop), policy.NoGrant)
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		z, err := tx.Zone(ctx, shop)
		z.AccountID = rival
		return errors.Join(err, tx.UpdateZone(ctx, z), tx.AppendChange(ctx, authority.ChangeZone, shop))
	})
	w.poll()
	for i, cred := range olds {
		if d := w.decide(cred, authority.OpDNSCreate, inZone(shop)); d.Allowed {
			t.Errorf("token %d still reaches the zone", i)
		}
	}
	w.allowed(theirs, authority.OpDNSCreate, inZone(shop))
}

func TestDeletedZoneIsOutOfReach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, cred := w.issue(accountOwner(acme), allow("DNS Write, Zone Write", account(acme)))
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	if err := w.DeleteZone(t.Context(), w.as(cred), shop); err != nil {
		t.Fatal(err)
	}
	w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.NoGrant)
}

// TestForeignZoneIsOutOfAnAccountTokensReach though the token names it: whoever
// wrote it into the token could reach it, the account cannot.
func TestForeignZoneIsOutOfAnAccountTokensReach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(their), zone(ghost)))
	w.denied(cred, authority.OpDNSCreate, inZone(their), policy.OwnerLacks)
	w.denied(cred, authority.OpDNSCreate, inZone(ghost), policy.OwnerLacks)
	if zones, n, err := w.Zones(t.Context(), w.as(cred), authority.ZoneQuery{Limit: 10}); n != 0 || err != nil {
		t.Errorf("the list shows %v, %v", zones, err)
	}
	_, err := w.Zone(t.Context(), w.as(cred), authority.OpZoneGet, their)
	wantCode(t, err, authority.CodeForbidden)
}

func TestIPConditionHoldsForEveryRule(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	_, cred := w.issueDraft(o, authority.Draft{
		Name: "office", Policies: []policy.Policy{allow("DNS Write", zone(shop))},
		Condition: policy.Condition{In: []string{"198.51.100.0/24", "2001:db8::/32"}, NotIn: []string{"198.51.100.7/32"}},
	})
	for addr, want := range map[string]bool{
		"198.51.100.9": true, "::ffff:198.51.100.9": true, "2001:db8::1": true, "2001:db8::1%eth0": true,
		"198.51.100.7": false, "::ffff:198.51.100.7": false, "203.0.113.1": false, "": false,
	} {
		for op, at := range map[string]policy.Path{
			authority.OpDNSCreate: inZone(shop), authority.OpZoneList: {}, authority.OpAccountList: {}, authority.OpAcctTokenVerify: inAccount(acme),
		} {
			a := w.attempt(op, at)
			a.Addr, _ = netip.ParseAddr(addr)
			_, d, err := w.Authorize(t.Context(), cred, a)
			if err != nil || d.Allowed != want || !want && d.Reason != policy.Location {
				t.Errorf("%s from %q: %v %v, want allowed %v", op, addr, d, err, want)
			}
		}
	}
}

func TestRulesOfOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, full := w.issue(w.admin.owner(), allow("DNS Write", account(acme)), allow("User Details Read", user(w.admin.id)))
	_, bare := w.issue(w.admin.owner())
	_, acct := w.issue(accountOwner(acme), allow("DNS Write", account(acme)))
	off := ordinary()
	off.Status = authority.StatusDisabled
	_, dead := w.issueDraft(accountOwner(acme), off)
	creds := map[string]token.Credential{
		"token": full, "bare token": bare, "account token": acct, "disabled": dead, "key": w.admin.credential(),
		"unknown": bearer(token.Format{}.New(token.User)), "zero secret": bearer(token.Secret{}), "none": {},
	}
	const live, unstated, person = "zones-get", "SubmitAbuseReport", "account-creation"
	for _, c := range []struct {
		op   string
		at   policy.Path
		who  string
		want policy.Reason
	}{
		{live, policy.Path{}, "token", policy.Granted},
		{live, policy.Path{}, "bare token", policy.Granted},
		{live, policy.Path{}, "account token", policy.Granted},
		{live, policy.Path{}, "key", policy.Granted},
		{live, policy.Path{}, "disabled", policy.Disabled},
		{live, policy.Path{}, "unknown", policy.UnknownCredential},
		{live, policy.Path{}, "zero secret", policy.UnknownCredential},
		{live, policy.Path{}, "none", policy.UnknownCredential},

		{unstated, inAccount(acme), "token", policy.Unstated},
		{unstated, inAccount(acme), "account token", policy.Unstated},
		{unstated, inAccount(acme), "key", policy.Unstated},
		{unstated, inAccount(acme), "disabled", policy.Disabled},
		{unstated, inAccount(acme), "none", policy.UnknownCredential},

		{person, policy.Path{}, "key", policy.Granted},
		{person, policy.Path{}, "token", policy.NeedsPerson},
		{person, policy.Path{}, "account token", policy.NeedsPerson},
		{person, policy.Path{}, "disabled", policy.Disabled},

		{authority.OpUserGet, policy.Path{}, "token", policy.Granted},
		{authority.OpUserGet, policy.Path{}, "key", policy.Granted},
		{authority.OpUserGet, policy.Path{}, "bare token", policy.NoGrant},
		{authority.OpUserGet, policy.Path{}, "account token", policy.WrongOwner},
		{authority.OpUserGet, policy.Path{}, "disabled", policy.Disabled},

		{authority.OpDNSCreate, inZone(shop), "token", policy.Granted},
		{authority.OpDNSCreate, inZone(shop), "account token", policy.Granted},
		{authority.OpDNSCreate, inZone(shop), "key", policy.Granted},
		{authority.OpDNSCreate, inZone(shop), "bare token", policy.NoGrant},
		{authority.OpDNSCreate, policy.Path{}, "account token", policy.NoGrant}, // a path that names nothing
		{authority.OpDNSCreate, policy.Path{}, "key", policy.OwnerLacks},
		{authority.OpDNSCreate, inZone(their), "token", policy.NoGrant},
		{authority.OpDNSCreate, inZone(ghost), "token", policy.NoGrant},
		{authority.OpDNSCreate, inZone(their), "key", policy.OwnerLacks},
		{authority.OpDNSCreate, inZone(ghost), "key", policy.OwnerLacks},
		{authority.OpDNSCreate, inZone(shop), "unknown", policy.UnknownCredential},
		{authority.OpDNSCreate, inZone(shop), "none", policy.UnknownCredential},
	} {
		t.Run(c.op+" by "+c.who, func(t *testing.T) {
			caller, d, err := w.Authorize(t.Context(), creds[c.who], w.attempt(c.op, c.at))
			if err != nil || d.Reason != c.want || d.Allowed != (c.want == policy.Granted) {
				t.Errorf("allowed %v (%s), want %s: %v", d.Allowed, d.Reason, c.want, err)
			}
			if c.want == policy.UnknownCredential && caller.Context() != authority.Nobody {
				t.Error("an unknown credential has a caller")
			}
		})
	}
}

func TestTokenIsVerifiedWhereItsOwnersTokensAre(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, mine := w.issue(w.admin.owner())
	_, ours := w.issue(accountOwner(acme))
	dead := ordinary()
	dead.Status = authority.StatusDisabled
	_, off := w.issueDraft(accountOwner(acme), dead)
	for _, c := range []struct {
		cred token.Credential
		op   string
		at   policy.Path
		want policy.Reason
	}{
		{mine, authority.OpUserTokenVerify, policy.Path{}, policy.Granted},
		{mine, authority.OpAcctTokenVerify, inAccount(acme), policy.WrongOwner},
		{ours, authority.OpAcctTokenVerify, inAccount(acme), policy.Granted},
		{ours, authority.OpAcctTokenVerify, inAccount(rival), policy.WrongOwner},
		{ours, authority.OpAcctTokenVerify, inAccount(ghost), policy.WrongOwner},
		{ours, authority.OpUserTokenVerify, policy.Path{}, policy.WrongOwner},
		{off, authority.OpAcctTokenVerify, inAccount(acme), policy.Granted},
		{off, authority.OpAcctTokenVerify, inAccount(rival), policy.WrongOwner},
		{w.admin.credential(), authority.OpUserTokenVerify, policy.Path{}, policy.UnknownCredential},
		{token.Credential{}, authority.OpUserTokenVerify, policy.Path{}, policy.UnknownCredential},
	} {
		if d := w.decide(c.cred, c.op, c.at); d.Reason != c.want {
			t.Errorf("%s: %s, want %s", c.op, d.Reason, c.want)
		}
	}
}

// TestWrongKeyAndUnknownAddressAreOneAnswer, the caller included.
func TestWrongKeyAndUnknownAddressAreOneAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setUser(w.guest, func(u *authority.User) { u.HasKey, u.KeyDigest = false, token.Digest{} })
	wrong := token.Format{}.New(token.APIKey)
	for name, cred := range map[string]token.Credential{
		"a wrong key":                  {Kind: token.Key, Email: w.admin.email, Secret: wrong},
		"somebody else's key":          {Kind: token.Key, Email: w.admin.email, Secret: w.both.key},
		"an unknown address":           {Kind: token.Key, Email: "nobody@example.com", Secret: w.admin.key},
		"no address":                   {Kind: token.Key, Secret: w.admin.key},
		"a key of one who has none":    {Kind: token.Key, Email: w.guest.email, Secret: w.guest.key},
		"no key":                       {Kind: token.Key, Email: w.admin.email},
		"no key of one who has none":   {Kind: token.Key, Email: w.guest.email},
		"a key shown as a token":       bearer(w.admin.key),
		"an address cut by a zero":     {Kind: token.Key, Email: w.admin.email + "\x00", Secret: w.admin.key},
		"an address that is a pattern": {Kind: token.Key, Email: "%@example.com", Secret: w.admin.key},
	} {
		caller, d, err := w.Authorize(t.Context(), cred, w.attempt(authority.OpZoneList, policy.Path{}))
		if err != nil || d != (policy.Decision{Reason: policy.UnknownCredential}) || caller != (authority.Caller{}) {
			t.Errorf("%s: %+v %+v %v, want nobody and %s", name, caller, d, err, policy.UnknownCredential)
		}
	}
	cred := w.admin.credential()
	cred.Email = "  " + strings.ToUpper(w.admin.email) + " "
	w.allowed(cred, authority.OpZoneList, policy.Path{})
}

func TestTokenShownAsAKeyIsUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, mine := w.issue(w.admin.owner(), allow("DNS Write", account(acme)))
	mine.Kind, mine.Email = token.Key, w.admin.email
	w.denied(mine, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
}

// TestCancelledRequestIsAnErrorAndNotAnAllow, whether the store is asked or not.
func TestCancelledRequestIsAnErrorAndNotAnAllow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	check := func(what string) {
		t.Helper()
		caller, d, err := w.Authorize(ctx, cred, w.attempt(authority.OpDNSCreate, inZone(shop)))
		if !errors.Is(err, context.Canceled) || d.Allowed || caller != (authority.Caller{}) {
			t.Errorf("%s: %+v %v, want %v", what, d, err, context.Canceled)
		}
	}
	check("the first time")
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	check("cached")
	w.clock.Advance(time.Minute)
	check("stale")
}

// TestDeadTokensCallerMayDoNothing: at the place of verification even a dead
// token has a caller. It must be good for that and for nothing else.
func TestDeadTokensCallerMayDoNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	d := authority.Draft{Name: "dead", Policies: []policy.Policy{allow(mayIssue+", DNS Write, Account Settings Read", account(acme))}}
	d.ExpiresOn = start.Add(time.Minute)
	_, cred := w.issueDraft(o, d)
	w.clock.Set(d.ExpiresOn)
	c, dec, err := w.Authorize(t.Context(), cred, w.attempt(authority.OpAcctTokenVerify, inAccount(acme)))
	if err != nil || !dec.Allowed {
		t.Fatal(dec, err)
	}
	_, _, err = w.Issue(t.Context(), c, o, authority.Draft{Name: "heir", Policies: []policy.Policy{allow("DNS Write", account(acme))}})
	wantCode(t, err, authority.CodeForbidden)
	_, err = w.Account(t.Context(), c, acme)
	wantCode(t, err, authority.CodeForbidden)
	_, _, err = w.Accounts(t.Context(), c, authority.AccountQuery{Limit: 10})
	wantCode(t, err, authority.CodeForbidden)
	if zones, _, _ := w.Zones(t.Context(), c, authority.ZoneQuery{Limit: 10}); len(zones) != 0 {
		t.Errorf("it sees the zones %v", zones)
	}
}
