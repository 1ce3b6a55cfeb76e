package authority_test

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

const (
	allZones    = "com.cloudflare.api.account.zone.*"
	allAccounts = "com.cloudflare.api.account.*"
	allBuckets  = "com.cloudflare.edge.r2.bucket.*"
)

var everyAccount = policy.Resource{Key: allAccounts}
var everyZone = policy.Resource{Key: allZones}

// A row of the ceiling's manual: may who, holding what, issue what?
type ceilingCase struct {
	child policy.Policy
	also  []policy.Policy // more policies of the child
	ok    bool
}

func give(p policy.Policy, more ...policy.Policy) ceilingCase   { return ceilingCase{p, more, true} }
func refuse(p policy.Policy, more ...policy.Policy) ceilingCase { return ceilingCase{p, more, false} }

func (w *world) ceiling(t *testing.T, cred token.Credential, o authority.Owner, cases []ceilingCase) {
	t.Helper()
	c := w.as(cred)
	for i, k := range cases {
		d := authority.Draft{Name: "child", Policies: append([]policy.Policy{k.child}, k.also...)}
		asked := w.MayIssue(t.Context(), c, o, d)
		_, secret, err := w.Issue(t.Context(), c, o, d)
		if (asked == nil) != (err == nil) {
			t.Errorf("row %d: asked before, the answer is %v, then %v", i, asked, err)
		}
		if k.ok && err != nil {
			t.Errorf("row %d, %+v: refused: %v", i, d.Policies, err)
		}
		if !k.ok && (err == nil || !secret.IsZero()) {
			t.Errorf("row %d, %+v: issued", i, d.Policies)
		}
		if !k.ok && !hasCode(err, authority.CodeInvalid) {
			t.Errorf("row %d: the refusal is %v, want code %d", i, err, authority.CodeInvalid)
		}
	}
}

func TestUserTokenGivesNoMoreThanItsOwnerMayDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		who   someone
		cases []ceilingCase
	}{
		{w.admin, []ceilingCase{
			give(allow("DNS Write", zone(shop))),
			give(allow("DNS Write", account(acme))),
			give(allow("DNS Write", within(acme, allZones))),
			give(allow("DNS Write", within(acme, zoneKey(shop)))),
			give(allow("User Details Read, API Tokens Write", user(w.admin.id))),
			give(allow("Workers R2 Storage Bucket Item Read", within(acme, allBuckets))),
			give(allow("Workers R2 Storage Bucket Item Read", bucket(acme+"_default_pictures"))),
			give(allow("DNS Write", everyZone)),
			give(allow("DNS Write", everyAccount)),
			give(allow("DNS Write", policy.Resource{Key: allAccounts, Nested: []string{allZones}})),
			give(allow("DNS Write", account(acme)), deny("DNS Write", zone(shop))),
			give(deny("DNS Write", account(rival))), // takes nothing from anybody
			refuse(allow("DNS Write", zone(their))),
			refuse(allow("DNS Write", account(rival))),
			refuse(allow("DNS Write", within(rival, allZones))),
			refuse(allow("DNS Write", zone(shop), zone(their))),
			refuse(allow("DNS Write", zone(shop)), allow("DNS Read", zone(their))),
			refuse(allow("DNS Write", zone(ghost))),
			refuse(allow("DNS Write", within(rival, zoneKey(shop)))), // reaches nothing, until the zone moves
			refuse(allow("Workers R2 Storage Bucket Item Read", within(rival, allBuckets))),
			refuse(allow("Workers R2 Storage Bucket Item Read", bucket(rival+"_default_pictures"))),
			refuse(allow("User Details Read", user(w.both.id))),
		}},
		{w.reader, []ceilingCase{
			give(allow("DNS Read", zone(shop))),
			give(allow("DNS Read", account(acme))),
			give(allow("API Tokens Write", user(w.reader.id))),
			give(allow("DNS Write", everyZone)), // judged at each use
			refuse(allow("DNS Write", zone(shop))),
			refuse(allow("DNS Read, DNS Write", zone(shop))),
			refuse(allow("DNS Write", within(acme, allZones))),
			refuse(allow("Account API Tokens Write", account(acme))),
			refuse(allow("Cache Purge", zone(shop))),
		}},
		{w.guest, []ceilingCase{
			give(allow("API Tokens Read", user(w.guest.id))),
			refuse(allow("DNS Read", zone(shop))),
			refuse(allow("DNS Read", account(acme))),
		}},
		{w.both, []ceilingCase{
			give(allow("DNS Write", zone(shop), zone(their))),
			give(allow("DNS Write", account(acme), account(rival))),
		}},
	} {
		t.Run(c.who.email, func(t *testing.T) { w.ceiling(t, c.who.credential(), c.who.owner(), c.cases) })
	}
}

func TestWildcardsOnUserTokensAreJudgedAtEachUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, secret, err := w.Issue(t.Context(), w.as(w.reader.credential()), w.reader.owner(), authority.Draft{
		Name: "everything, everywhere", Policies: []policy.Policy{allow("DNS Read, DNS Write", everyZone)},
	})
	if err != nil {
		t.Fatal(err)
	}
	cred := bearer(secret)
	w.allowed(cred, authority.OpDNSList, inZone(shop))
	w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.OwnerLacks)
	w.denied(cred, authority.OpDNSList, inZone(their), policy.OwnerLacks)
	w.denied(cred, authority.OpDNSList, inZone(ghost), policy.OwnerLacks)
	w.setRole(w.reader, acme, authority.RoleSuperAdministrator)
	w.poll()
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
}

// setRole is done by another node.
func (w *world) setRole(s someone, account, role string) {
	w.t.Helper()
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		list, err := tx.Memberships(ctx, s.id)
		for _, m := range list {
			if m.AccountID == account {
				m.Roles = []string{role}
				err = errors.Join(err, tx.UpdateMembership(ctx, m))
			}
		}
		return errors.Join(err, tx.AppendChange(ctx, authority.ChangeUser, s.id))
	})
}

const mayIssue = "Account API Tokens Write"

func TestAccountTokenIssuesOnlyWhatItHolds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		parent []policy.Policy
		cases  []ceilingCase
	}{
		"nothing but the right to issue": {[]policy.Policy{allow(mayIssue, account(acme))}, []ceilingCase{
			give(allow(mayIssue, account(acme))),
			refuse(allow("Account API Tokens Read", account(acme))),
			refuse(allow("DNS Read", zone(shop))),
			refuse(allow("DNS Read", account(acme))),
			refuse(allow("DNS Read", within(acme, allZones))),
			refuse(allow("Workers R2 Storage Bucket Item Read", within(acme, allBuckets))),
		}},
		"one zone": {[]policy.Policy{allow(mayIssue, account(acme)), allow("DNS Read, DNS Write", zone(shop))}, []ceilingCase{
			give(allow("DNS Write", zone(shop))),
			give(allow("DNS Write", within(acme, zoneKey(shop)))),
			refuse(allow("DNS Write", zone(blog))),
			refuse(allow("DNS Write", account(acme))),
			refuse(allow("DNS Write", within(acme, allZones))),
			refuse(allow("Cache Purge", zone(shop))),
			refuse(allow("DNS Write", zone(shop)), allow("DNS Write", zone(blog))),
		}},
		"all zones of the account": {[]policy.Policy{allow(mayIssue, account(acme)), allow("DNS Write", within(acme, allZones))}, []ceilingCase{
			give(allow("DNS Write", zone(shop))),
			give(allow("DNS Write", zone(shop), zone(blog))),
			give(allow("DNS Write", within(acme, allZones))),
			refuse(allow("DNS Write", account(acme))), // an operation on the account may accept it too
			refuse(allow("DNS Write", everyAccount)),
			refuse(allow("DNS Write", zone(their))),
			refuse(allow("DNS Write", zone(ghost))),
			refuse(allow("Workers Scripts Write", account(acme))),
		}},
		"every account, which is its own": {[]policy.Policy{allow(mayIssue+", DNS Write", everyAccount)}, []ceilingCase{
			give(allow("DNS Write", account(acme))),
			give(allow("DNS Write", zone(shop))),
			refuse(allow("DNS Write", zone(their))),
		}},
		"buckets": {[]policy.Policy{allow(mayIssue+", Workers R2 Storage Bucket Item Read", account(acme))}, []ceilingCase{
			give(allow("Workers R2 Storage Bucket Item Read", within(acme, allBuckets))),
			give(allow("Workers R2 Storage Bucket Item Read", bucket(acme+"_eu_pictures"))),
			refuse(allow("Workers R2 Storage Bucket Item Write", within(acme, allBuckets))),
			refuse(allow("Workers R2 Storage Bucket Item Write", bucket(acme+"_eu_pictures"))),
			refuse(allow("Workers R2 Storage Bucket Item Read", bucket(rival+"_eu_pictures"))),
			refuse(allow("Workers R2 Storage Bucket Item Read", bucket("pictures"))),
			refuse(allow("Workers R2 Storage Bucket Item Read", within(rival, allBuckets))),
		}},
		"all zones but one": {[]policy.Policy{
			allow(mayIssue, account(acme)), allow("DNS Read, DNS Write", account(acme)), deny("DNS Write", zone(blog)),
		}, []ceilingCase{
			give(allow("DNS Write", zone(shop))),
			give(allow("DNS Read", account(acme))),
			give(allow("DNS Write", account(acme)), deny("DNS Write", zone(blog))),
			give(allow("DNS Write", account(acme)), deny("DNS Write", account(acme))),
			refuse(allow("DNS Write", zone(blog))),
			refuse(allow("DNS Write", account(acme))),
			refuse(allow("DNS Write", within(acme, allZones))),
			refuse(allow("DNS Write", account(acme)), deny("DNS Read", zone(blog))),
			refuse(allow("DNS Write", account(acme)), deny("DNS Write", zone(shop))),
		}},
		"one zone of the account as nested": {[]policy.Policy{allow(mayIssue, account(acme)), allow("DNS Write", within(acme, zoneKey(shop)))}, []ceilingCase{
			give(allow("DNS Write", within(acme, zoneKey(shop)))),
			give(allow("DNS Write", zone(shop)), deny("DNS Write", zone(blog))),
			refuse(allow("DNS Write", zone(blog))),
			refuse(allow("DNS Write", within(acme, zoneKey(blog)))),
		}},
	} {
		t.Run(name, func(t *testing.T) {
			_, cred := w.issue(accountOwner(acme), c.parent...)
			w.ceiling(t, cred, accountOwner(acme), c.cases)
		})
	}
}

func TestUserTokenIssuesForAnAccountWhatBothItAndItsOwnerHold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, c := range map[string]struct {
		who    someone
		parent []policy.Policy
		in     string
		cases  []ceilingCase
	}{
		"limited by the token": {w.admin, []policy.Policy{allow(mayIssue, account(acme)), allow("DNS Write", zone(shop))}, acme, []ceilingCase{
			give(allow("DNS Write", zone(shop))),
			refuse(allow("DNS Write", zone(blog))),
			refuse(allow("DNS Read", zone(shop))),
		}},
		"a token about everything, limited by the owner's accounts": {w.admin, []policy.Policy{allow(mayIssue+", DNS Write", everyAccount)}, acme, []ceilingCase{
			give(allow("DNS Write", zone(shop))),
			give(allow("DNS Write", account(acme))),
			refuse(allow("DNS Write", zone(their))),
			refuse(allow("DNS Write", zone(ghost))),
			refuse(allow("Workers Scripts Write", account(acme))),
		}},
		"a token about every zone": {w.admin, []policy.Policy{allow(mayIssue, account(acme)), allow("DNS Write", everyZone)}, acme, []ceilingCase{
			give(allow("DNS Write", zone(shop))),
			give(allow("DNS Write", within(acme, allZones))),
			refuse(allow("DNS Write", zone(their))),
		}},
		"an owner of two accounts": {w.both, []policy.Policy{allow(mayIssue+", DNS Write", everyAccount)}, acme, []ceilingCase{
			give(allow("DNS Write", zone(shop))),
			refuse(allow("DNS Write", zone(their))), // not the account's
		}},
	} {
		t.Run(name, func(t *testing.T) {
			_, cred := w.issue(c.who.owner(), c.parent...)
			w.ceiling(t, cred, accountOwner(c.in), c.cases)
		})
	}
}

func TestAPIKeyIssuesForAnAccountWhatItsPersonMayDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ceiling(t, w.admin.credential(), accountOwner(acme), []ceilingCase{
		give(allow("DNS Write", account(acme))),
		refuse(allow("DNS Write", zone(their))),
		refuse(allow("DNS Write", everyZone)),
	})
	w.ceiling(t, w.both.credential(), accountOwner(acme), []ceilingCase{
		give(allow("DNS Write", zone(shop))),
		refuse(allow("DNS Write", zone(their))), // held by the person, foreign to the account
	})
	_, _, err := w.Issue(t.Context(), w.as(w.reader.credential()), accountOwner(acme), ordinary())
	wantCode(t, err, authority.CodeForbidden)
	_, _, err = w.Issue(t.Context(), w.as(w.admin.credential()), accountOwner(rival), ordinary())
	wantCode(t, err, authority.CodeForbidden)
}

func TestUsersTokensAreNobodyElsesBusiness(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.admin.owner()
	made, _ := w.issue(o, allow("DNS Read", zone(shop)))
	_, acct := w.issue(accountOwner(acme), allow(mayIssue+", DNS Read", account(acme)))
	_, noTokens := w.issue(o, allow("DNS Read", zone(shop)))
	_, readOnly := w.issue(o, allow("API Tokens Read", user(w.admin.id)))
	for who, cred := range map[string]token.Credential{
		"another user": w.both.credential(), "an account's token": acct, "the user's token without the right": noTokens,
		"the user's token that may read": readOnly,
	} {
		c := w.as(cred)
		d := authority.Draft{Name: "theirs", Policies: []policy.Policy{allow("DNS Read", zone(shop))}}
		_, _, err := w.Issue(t.Context(), c, o, d)
		wantCode(t, err, authority.CodeForbidden)
		_, err = w.Update(t.Context(), c, o, made.ID, d)
		wantCode(t, err, authority.CodeForbidden)
		_, err = w.Roll(t.Context(), c, o, made.ID)
		wantCode(t, err, authority.CodeForbidden)
		wantCode(t, w.Revoke(t.Context(), c, o, made.ID), authority.CodeForbidden)
		_, err = w.Token(t.Context(), c, o, made.ID)
		if who != "the user's token that may read" {
			wantCode(t, err, authority.CodeForbidden)
		} else if err != nil {
			t.Errorf("%s: %v", who, err)
		}
	}
}

func TestWeakTokenCannotTakeOverAStrongOneButMayRevokeIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	_, weak := w.issue(o, allow(mayIssue, account(acme)), allow("DNS Read", zone(shop)))
	strong := func(s authority.Status) (authority.Token, authority.Draft, token.Credential) {
		d := authority.Draft{Name: "strong", Policies: []policy.Policy{allow("DNS Read, DNS Write", account(acme))}, Status: s}
		made, cred := w.issueDraft(o, d)
		d.Policies = made.Policies
		return made, d, cred
	}
	c := w.as(weak)

	made, d, cred := strong(authority.StatusActive)
	secret, err := w.Roll(t.Context(), c, o, made.ID)
	wantCode(t, err, authority.CodeInvalid)
	if !secret.IsZero() {
		t.Error("a secret was handed out with the refusal")
	}
	for name, change := range map[string]func(*authority.Draft){
		"written back as it is": func(*authority.Draft) {},
		"renamed":               func(d *authority.Draft) { d.Name = "mine" },
		"without its condition": func(d *authority.Draft) { d.Condition = policy.Condition{} },
		"disabled":              func(d *authority.Draft) { d.Status = authority.StatusDisabled },
	} {
		d := d
		change(&d)
		if _, err := w.Update(t.Context(), c, o, made.ID, d); !hasCode(err, authority.CodeInvalid) {
			t.Errorf("%s: %v, want code %d", name, err, authority.CodeInvalid)
		}
	}
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))

	off, d, offCred := strong(authority.StatusDisabled)
	d.Status = authority.StatusActive
	_, err = w.Update(t.Context(), c, o, off.ID, d)
	wantCode(t, err, authority.CodeInvalid)
	w.denied(offCred, authority.OpDNSCreate, inZone(shop), policy.Disabled)

	// What it takes away it cannot use: the policies are the weak one's now.
	d.Policies = []policy.Policy{allow("DNS Read", zone(shop))}
	if _, err := w.Update(t.Context(), c, o, off.ID, d); err != nil {
		t.Errorf("a token cannot be weakened: %v", err)
	}
	w.denied(offCred, authority.OpDNSCreate, inZone(shop), policy.NoGrant)

	if err := w.Revoke(t.Context(), c, o, made.ID); err != nil {
		t.Errorf("a strong token cannot be revoked: %v", err)
	}
	w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
}

func TestTokenMayRollAndRenewItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	made, cred := w.issue(o, allow(mayIssue+", DNS Write", account(acme)), deny("DNS Write", zone(blog)))
	secret, err := w.Roll(t.Context(), w.as(cred), o, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Update(t.Context(), w.as(bearer(secret)), o, made.ID, authority.Draft{Name: "me", Policies: made.Policies}); err != nil {
		t.Error(err)
	}
	// But it cannot shake off the deny.
	_, err = w.Update(t.Context(), w.as(bearer(secret)), o, made.ID, authority.Draft{Name: "me", Policies: made.Policies[:1]})
	wantCode(t, err, authority.CodeInvalid)
}

// TestRefusalDoesNotTellWhetherAZoneExists: a zone of somebody else, one that
// does not exist and one that the caller merely lacks get one answer.
func TestRefusalDoesNotTellWhetherAZoneExists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, one := w.issue(accountOwner(acme), allow(mayIssue, account(acme)), allow("DNS Write", zone(shop)))
	_, wide := w.issue(accountOwner(acme), allow(mayIssue, account(acme)), allow("DNS Write", within(acme, allZones)))
	for who, c := range map[string]struct {
		cred  token.Credential
		owner authority.Owner
		zones []string
	}{
		"a token with one zone":             {one, accountOwner(acme), []string{blog, their, ghost}},
		"a token with its account's zones":  {wide, accountOwner(acme), []string{their, ghost}},
		"a person, for an account":          {w.admin.credential(), accountOwner(acme), []string{their, ghost}},
		"a person, for themself":            {w.admin.credential(), w.admin.owner(), []string{their, ghost}},
		"a person of both, for one account": {w.both.credential(), accountOwner(acme), []string{their, ghost}},
	} {
		var first string
		for _, z := range c.zones {
			_, _, err := w.Issue(t.Context(), w.as(c.cred), c.owner, authority.Draft{Name: "x", Policies: []policy.Policy{allow("DNS Write", zone(z))}})
			wantCode(t, err, authority.CodeInvalid)
			if err == nil {
				continue
			}
			if first == "" {
				first = err.Error()
			}
			if err.Error() != first || !strings.Contains(err.Error(), `(Permission group: "DNS Write")`) {
				t.Errorf("%s learns of a zone: %q and %q", who, first, err)
			}
		}
	}
}

func TestCallerWhoseTokenIsGoneIssuesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	made, cred := w.issue(o, allow(mayIssue+", DNS Write", account(acme)))
	c := w.as(cred)
	if err := w.Revoke(t.Context(), w.system(), o, made.ID); err != nil {
		t.Fatal(err)
	}
	_, _, err := w.Issue(t.Context(), c, o, ordinary())
	wantCode(t, err, authority.CodeForbidden)
}

// TestCeilingIsThatOfTheTokenAsItIs: what a token held when it last gave something is
// not what it may give after a change, on this node or on another.
func TestCeilingIsThatOfTheTokenAsItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	made, cred := w.issue(o, allow(mayIssue+", DNS Write", account(acme)))
	dns := authority.Draft{Name: "child", Policies: []policy.Policy{allow("DNS Write", zone(shop))}}
	issues := func() error {
		t.Helper()
		_, _, err := w.Issue(t.Context(), w.as(cred), o, dns)
		return err
	}
	hold := func(groups string) authority.Draft {
		return authority.Draft{Name: "test", Policies: []policy.Policy{allow(groups, account(acme))}}
	}
	for range 2 {
		if err := issues(); err != nil {
			t.Fatal(err)
		}
	}
	must(w.Update(t.Context(), w.system(), o, made.ID, hold(mayIssue+", DNS Read")))(t)
	wantCode(t, issues(), authority.CodeInvalid)
	after := must(w.Update(t.Context(), w.system(), o, made.ID, hold(mayIssue+", DNS Write")))(t)
	if err := issues(); err != nil {
		t.Fatal(err)
	}
	weak := after
	weak.Policies = []policy.Policy{allow(mayIssue+", DNS Read", account(acme))}
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error { return tx.UpdateToken(ctx, weak) })
	wantCode(t, issues(), authority.CodeForbidden) // it has not heard, but sees the row change
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		return tx.AppendChange(ctx, authority.ChangeToken, hex.EncodeToString(weak.Digest[:]))
	})
	w.poll()
	wantCode(t, issues(), authority.CodeInvalid)
}

// TestReachOfTheBootstrapTokenFitsOnePolicy: the groups of an account are
// counted against a limit that catalogues must not outgrow.
func TestReachOfTheBootstrapTokenFitsOnePolicy(t *testing.T) {
	v := catalog.V4().Vocabulary()
	if n := v.Reach(v.Kind(catalog.KindAccount)).Len(); n > policy.MaxPolicyGroups {
		t.Errorf("an account takes %d groups, a policy at most %d", n, policy.MaxPolicyGroups)
	}
}
