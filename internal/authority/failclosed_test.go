package authority_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

var readerMethods = []string{
	"TokenToCheck", "TokenByDigest", "Token", "TokenStanding", "Tokens", "User", "UserByEmail", "UserByKey", "UsersByID", "Users", "Memberships",
	"Membership", "Members", "ResourceGroups",
	"Link", "Links", "Account", "Accounts", "Zone", "ZonesByID", "ZoneByName", "Zones",
}

// TestStoreThatFailsNeverAllowsNorBlamesTheCredential: for each method that
// reads, a check that needs it is an error without a caller and without a
// verdict, and one that does not is as it was.
func TestStoreThatFailsNeverAllowsNorBlamesTheCredential(t *testing.T) {
	t.Parallel()
	for _, fresh := range []bool{false, true} {
		w := newWorld(t)
		_, ours := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
		_, mine := w.issue(w.admin.owner(), allow("DNS Write", account(acme)))
		for _, c := range []struct {
			who   string
			cred  token.Credential
			needs []string
		}{
			{"an account's token", ours, []string{"TokenToCheck", "Zone"}},
			{"a user's token", mine, []string{"TokenToCheck", "User", "Memberships", "Account", "Zone"}},
			{"an API key", w.admin.credential(), []string{"UserByEmail", "User", "Memberships", "Account", "Zone"}},
		} {
			for _, method := range append(readerMethods, "every method") {
				w.forgetEverything(fresh)
				if method == "every method" {
					w.store.FailReads(errAway)
				} else {
					w.store.Fail(method, errAway)
				}
				caller, d, err := w.Authorize(t.Context(), c.cred, w.attempt(authority.OpDNSCreate, inZone(shop)))
				w.store.FailReads(nil)
				w.store.Fail(method, nil)
				if !slices.Contains(append(c.needs, "every method"), method) {
					if err != nil || !d.Allowed {
						t.Errorf("%s with %s failing, which it does not need: %v %v", c.who, method, d, err)
					}
					continue
				}
				wantCode(t, err, authority.CodeUnavailable)
				if !errors.Is(err, errAway) || caller != (authority.Caller{}) || d.Allowed {
					t.Errorf("%s with %s failing: %+v %+v %v, want an error and nobody", c.who, method, caller, d, err)
				}
			}
			w.allowed(c.cred, authority.OpDNSCreate, inZone(shop))
		}
	}
}

// forgetEverything empties the caches, and lets them be used or not.
func (w *world) forgetEverything(fresh bool) {
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error { return tx.AppendChange(ctx, "everything", "") })
	w.poll()
	if !fresh {
		w.clock.Advance(authority.DefaultMaxStaleness + time.Second)
	}
}

// TestRowOfAnotherTokenIsAnError: a store that answers with the wrong row must
// not lend its rights.
func TestRowOfAnotherTokenIsAnError(t *testing.T) {
	t.Parallel()
	var wrong *wrongStore
	w := newWorld(t, func(c *authority.Config) {
		wrong = &wrongStore{Store: c.Store}
		c.Store = wrong
	})
	_, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	wrong.row, _ = w.db.TokenByDigest(t.Context(), cred.Secret.Digest())
	_, d, err := w.Authorize(t.Context(), bearer(token.Format{}.New(token.Account)), w.attempt(authority.OpDNSCreate, inZone(shop)))
	wantCode(t, err, authority.CodeUnavailable)
	if d.Allowed {
		t.Error("allowed")
	}
}

type wrongStore struct {
	authority.Store
	row authority.Token
}

func (s *wrongStore) TokenToCheck(context.Context, token.Digest) (authority.Token, error) {
	return s.row, nil
}

// TestTokenThatNoLongerResolvesIsAnError: its policies name what the catalogue
// does not have any more. A deny among them must not be passed over.
func TestTokenThatNoLongerResolvesIsAnError(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(accountOwner(acme), allow("DNS Write", account(acme)), deny("DNS Write", zone(blog)))
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		k, err := tx.Token(ctx, made.Owner, made.ID)
		k.Policies[1].Groups = []string{spelled("77")}
		return errors.Join(err, tx.UpdateToken(ctx, k))
	})
	for range 2 {
		caller, d, err := w.Authorize(t.Context(), cred, w.attempt(authority.OpDNSCreate, inZone(shop)))
		wantCode(t, err, authority.CodeUnavailable)
		if d.Allowed || caller != (authority.Caller{}) {
			t.Errorf("allowed: %+v", d)
		}
	}
	// Whoever may can still get rid of it.
	if err := w.Revoke(t.Context(), w.as(w.admin.credential()), made.Owner, made.ID); err != nil {
		t.Error(err)
	}
}

// TestVerbsWhoseStoreFailsSayUnavailable and neither "not found" nor "forbidden".
func TestVerbsWhoseStoreFailsSayUnavailable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	made, cred := w.issue(o, allow(mayIssue+", DNS Write, Zone Write, Cache Purge, Account Settings Read", account(acme)))
	c := w.as(cred)
	key := w.as(w.admin.credential())
	w.store.FailReads(errAway)
	w.store.FailWrites(errAway)
	d := authority.Draft{Name: "x", Policies: []policy.Policy{allow("DNS Write", account(acme))}}
	for name, f := range map[string]func() error{
		"Issue":    func() error { _, _, err := w.Issue(t.Context(), c, o, d); return err },
		"Update":   func() error { _, err := w.Update(t.Context(), c, o, made.ID, d); return err },
		"Roll":     func() error { _, err := w.Roll(t.Context(), c, o, made.ID); return err },
		"Revoke":   func() error { return w.Revoke(t.Context(), c, o, made.ID) },
		"Verify":   func() error { _, _, err := w.Verify(t.Context(), c); return err },
		"Token":    func() error { _, err := w.Token(t.Context(), c, o, made.ID); return err },
		"Tokens":   func() error { _, _, err := w.Tokens(t.Context(), c, authority.TokenQuery{Owner: o}); return err },
		"User":     func() error { _, err := w.User(t.Context(), key); return err },
		"Account":  func() error { _, err := w.Account(t.Context(), c, acme); return err },
		"Accounts": func() error { _, _, err := w.Accounts(t.Context(), c, authority.AccountQuery{Limit: 1}); return err },
		"Zone":     func() error { _, err := w.Zone(t.Context(), c, authority.OpZoneGet, shop); return err },
		"Zones":    func() error { _, _, err := w.Zones(t.Context(), c, authority.ZoneQuery{Limit: 1}); return err },
		"CreateZone": func() error {
			_, err := w.CreateZone(t.Context(), c, authority.ZoneDraft{Name: "a.example"})
			return err
		},
		"DeleteZone":  func() error { return w.DeleteZone(t.Context(), c, shop) },
		"RecordPurge": func() error { _, err := w.RecordPurge(t.Context(), c, shop, nil); return err },
		"Bootstrap": func() error {
			_, _, err := w.Bootstrap(t.Context(), authority.Bootstrap{Email: "a@example.com"})
			return err
		},
		"Recover": func() error { _, err := w.Recover(t.Context(), w.admin.email); return err },
	} {
		if err := f(); !hasCode(err, authority.CodeUnavailable) || !errors.Is(err, errAway) {
			t.Errorf("%s: %v, want code %d", name, err, authority.CodeUnavailable)
		}
	}
}
