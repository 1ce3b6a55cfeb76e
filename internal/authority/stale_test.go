package authority_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// gate stops the first reading by a method after the row is read and before it
// is returned.
type gate struct{ arrived, open chan struct{} }

func (w *world) stop(method string) gate {
	g := gate{make(chan struct{}), make(chan struct{})}
	first := make(chan struct{}, 1)
	first <- struct{}{}
	w.store.Pause(method, func(context.Context) {
		select {
		case <-first:
			close(g.arrived)
			<-g.open
		default:
		}
	})
	return g
}

// TestFactReadBeforeAChangeIsNotRememberedAfterIt: a check reads a row, the row
// changes, the check goes on with what it read. It may come to the old answer,
// since it began before; the next one must not.
func TestFactReadBeforeAChangeIsNotRememberedAfterIt(t *testing.T) {
	t.Parallel()
	type change = func(w *world, made authority.Token) error
	byOther := func(f func(context.Context, authority.Tx) error) change {
		return func(w *world, _ authority.Token) error {
			w.elsewhere(f)
			w.poll()
			return nil
		}
	}
	admin := newSomeone("11", "admin")
	for _, c := range []struct {
		name   string
		reads  string
		user   bool // a user's token, else an account's
		change change
	}{
		{"the token is revoked", "TokenToCheck", false, func(w *world, k authority.Token) error {
			return w.Revoke(context.Background(), w.system(), k.Owner, k.ID)
		}},
		{"the token is rolled", "TokenToCheck", true, func(w *world, k authority.Token) error {
			_, err := w.Roll(context.Background(), w.system(), k.Owner, k.ID)
			return err
		}},
		{"the token is weakened", "TokenToCheck", true, func(w *world, k authority.Token) error {
			_, err := w.Update(context.Background(), w.system(), k.Owner, k.ID, authority.Draft{Name: "weak", Policies: []policy.Policy{allow("DNS Read", zone(shop))}})
			return err
		}},
		{"the zone is deleted", "Zone", false, func(w *world, _ authority.Token) error {
			return w.DeleteZone(context.Background(), w.system(), shop)
		}},
		{"the token is revoked on another node", "TokenToCheck", false, func(w *world, k authority.Token) error {
			w.revokeElsewhere(k)
			w.poll()
			return nil
		}},
		{"the owner leaves, between user and memberships", "User", true, byOther(leave(admin, acme))},
		{"the owner leaves, after the memberships", "Memberships", true, byOther(leave(admin, acme))},
		{"the zone moves", "Zone", false, byOther(move(shop, rival))},
		{"the zone moves, for a user's token", "Zone", true, byOther(move(shop, rival))},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			o := accountOwner(acme)
			if c.user {
				o = w.admin.owner()
			}
			made, cred := w.issue(o, allow("DNS Write", account(acme)))
			g := w.stop(c.reads)
			done := make(chan error, 1)
			at := w.attempt(authority.OpDNSCreate, inZone(shop))
			go func() {
				_, _, err := w.Authorize(context.Background(), cred, at)
				done <- err
			}()
			<-g.arrived
			if err := c.change(w, made); err != nil {
				t.Fatal(err)
			}
			close(g.open)
			if err := <-done; err != nil {
				t.Fatal(err)
			}
			if d := w.decide(cred, authority.OpDNSCreate, inZone(shop)); d.Allowed {
				t.Error("what was read before the change is remembered")
			}
		})
	}
}

func (w *world) revokeElsewhere(k authority.Token) {
	w.t.Helper()
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		now, err := tx.Token(ctx, k.Owner, k.ID)
		return errors.Join(err, tx.DeleteToken(ctx, k.ID, now.Version), tx.AppendChange(ctx, authority.ChangeToken, feedKey(k.Digest)))
	})
}

func leave(s someone, account string) func(context.Context, authority.Tx) error {
	return func(ctx context.Context, tx authority.Tx) error {
		m := membership(s, account, "")
		return errors.Join(tx.DeleteMembership(ctx, m.ID, 1), tx.AppendChange(ctx, authority.ChangeUser, s.id))
	}
}

func move(zone, account string) func(context.Context, authority.Tx) error {
	return func(ctx context.Context, tx authority.Tx) error {
		z, err := tx.Zone(ctx, zone)
		z.AccountID = account
		return errors.Join(err, tx.UpdateZone(ctx, z), tx.AppendChange(ctx, authority.ChangeZone, zone))
	}
}

// TestChangeIsFeltWhenItsVerbReturns, by everybody who asks from then on, while
// others ask without pause.
func TestChangeIsFeltWhenItsVerbReturns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := accountOwner(acme)
	at := w.attempt(authority.OpDNSCreate, inZone(shop))
	for range 10 {
		made, cred := w.issue(o, allow("DNS Write", zone(shop)))
		stop := make(chan struct{})
		askers := make(chan []error, 1)
		go func() {
			askers <- atOnce(4, func(int) error {
				for {
					select {
					case <-stop:
						return nil
					default:
					}
					if _, _, err := w.Authorize(context.Background(), cred, at); err != nil {
						return err
					}
				}
			})
		}()
		if err := w.Revoke(t.Context(), w.system(), o, made.ID); err != nil {
			t.Error(err)
		}
		w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
		close(stop)
		if err := errors.Join(<-askers...); err != nil {
			t.Error(err)
		}
		w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
	}
}

// TestSmallCacheIsRightToo: far more tokens than places.
func TestSmallCacheIsRightToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *authority.Config) { c.CacheSize = 1 })
	o := accountOwner(acme)
	type issued struct {
		token authority.Token
		cred  token.Credential
		on    string
	}
	var all []issued
	for i := range 40 {
		on := shop
		if i%2 == 1 {
			on = blog
		}
		made, cred := w.issue(o, allow("DNS Write", zone(on)))
		all = append(all, issued{made, cred, on})
	}
	other := map[string]string{shop: blog, blog: shop}
	for range 2 {
		for _, k := range all {
			w.allowed(k.cred, authority.OpDNSCreate, inZone(k.on))
			w.denied(k.cred, authority.OpDNSCreate, inZone(other[k.on]), policy.NoGrant)
		}
	}
	for _, k := range all {
		if err := w.Revoke(t.Context(), w.system(), o, k.token.ID); err != nil {
			t.Fatal(err)
		}
		w.denied(k.cred, authority.OpDNSCreate, inZone(k.on), policy.UnknownCredential)
	}
}
