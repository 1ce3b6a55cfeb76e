package authority_test

import (
	"context"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

// domainDNS is the role Domain DNS, which policies give on zones.
const domainDNS = "132c52e7e6654b999c183cfcbafd37d7"

// grouped is a world in which who holds Account Settings Write and DNS on one
// zone may give that zone, and a resource group of it.
func grouped(t *testing.T) (*world, authority.Caller, authority.ResourceGroup) {
	w := newWorld(t)
	g, err := w.CreateResourceGroup(t.Context(), w.system(), acme, authority.ResourceGroupDraft{
		Name: "shop", ScopeKey: accountKey(acme), Objects: []string{zoneKey(shop)},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, weak := w.issue(accountOwner(acme), allow("Account Settings Write", account(acme)),
		allow("DNS Read, DNS Write, Zone DNS Settings Read, Zone DNS Settings Write, Zone Read", zone(shop)))
	return w, w.as(weak), g
}

func onGroup(g authority.ResourceGroup) []authority.MemberPolicy {
	return []authority.MemberPolicy{{Effect: policy.Allow, Groups: []string{domainDNS}, ResourceGroups: []string{g.ID}}}
}

// once runs f when a method of the store has been read for the first time.
func (w *world) once(method string, f func(context.Context) error) {
	w.store.Pause(method, func(ctx context.Context) {
		w.store.Pause(method, nil)
		if err := f(ctx); err != nil {
			w.t.Error(err)
		}
	})
}

// TestAMemberIsNotGivenAGroupThatGrewMeanwhile: what was judged is what is
// given.
func TestAMemberIsNotGivenAGroupThatGrewMeanwhile(t *testing.T) {
	t.Parallel()
	w, weak, g := grouped(t)
	d := authority.MemberDraft{Email: "x@example.com", Policies: onGroup(g)}
	reads := 0
	w.store.Pause("ResourceGroups", func(ctx context.Context) {
		if reads++; reads != 2 { // the second is the one that is judged
			return
		}
		grown := g
		grown.Objects = []string{"*"}
		if err := w.db.Write(ctx, func(ctx context.Context, tx authority.Tx) error { return tx.UpdateResourceGroup(ctx, grown) }); err != nil {
			t.Error(err)
		}
	})
	_, err := w.Invite(t.Context(), weak, acme, d)
	wantCode(t, err, authority.CodeConflict)
	w.store.Pause("ResourceGroups", nil)
	_, err = w.Invite(t.Context(), weak, acme, d)
	wantCode(t, err, authority.CodeInvalid)
}

// TestAGroupDoesNotGrowUnderAMemberWhoCameMeanwhile.
func TestAGroupDoesNotGrowUnderAMemberWhoCameMeanwhile(t *testing.T) {
	t.Parallel()
	w, weak, g := grouped(t)
	everything := authority.ResourceGroupDraft{Name: "all", ScopeKey: accountKey(acme), Objects: []string{"*"}}
	w.once("Members", func(ctx context.Context) error {
		return w.db.Write(ctx, func(ctx context.Context, tx authority.Tx) error {
			m := membership(w.reader, acme, "")
			m.Roles, m.Policies = nil, onGroup(g)
			return tx.UpdateMembership(ctx, m)
		})
	})
	_, err := w.UpdateResourceGroup(t.Context(), weak, acme, g.ID, everything)
	wantCode(t, err, authority.CodeConflict)
	_, err = w.UpdateResourceGroup(t.Context(), weak, acme, g.ID, everything)
	wantCode(t, err, authority.CodeInvalid)
}

// TestOfTheLastTwoSuperAdministratorsWhoLeaveAtOnceOneStays.
func TestOfTheLastTwoSuperAdministratorsWhoLeaveAtOnceOneStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	done := make(chan error, 2)
	for _, s := range []someone{w.admin, w.both} {
		c, id := w.as(s.credential()), membership(s, acme, "").ID
		go func() { done <- w.Leave(context.Background(), c, id) }()
	}
	left := 0
	for range 2 {
		if err := <-done; err == nil {
			left++
		} else {
			wantCode(t, err, authority.CodeInvalid)
		}
	}
	if left != 1 {
		t.Errorf("%d left, want 1", left)
	}
}
