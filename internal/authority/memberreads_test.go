package authority_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// memberOf is somebody's membership in acme.
func (w *world) memberOf(c authority.Caller, who someone) authority.Member {
	w.t.Helper()
	list, n, err := w.Members(w.t.Context(), c, acme, authority.MemberQuery{
		Match: func(m *authority.Member) bool { return m.UserID == who.id }, Limit: 10,
	})
	if err != nil || n != 1 || len(list) != 1 {
		w.t.Fatalf("%d of %d members match: %v", len(list), n, err)
	}
	return list[0]
}

func TestMembersSayWhoHasASecondFactor(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	c := w.session(w.browser("198.51.100.7").mustSignIn(w.admin))
	if w.memberOf(c, w.admin).SecondFactor {
		t.Error("a second factor that was never set up")
	}
	in, _, _ := w.withSecondFactor(w.browser("198.51.100.8"), w.admin)
	c = w.session(in)
	if !w.memberOf(c, w.admin).SecondFactor || w.memberOf(c, w.reader).SecondFactor {
		t.Error("the second factor is not the one member's who has one")
	}
	m, err := w.Member(t.Context(), c, acme, w.memberOf(c, w.admin).ID)
	if err != nil || !m.SecondFactor {
		t.Errorf("read alone, the second factor is %v: %v", m.SecondFactor, err)
	}
}

// TestCreatedTokensAreCountedForWhoMaySeeTokens, by who created them.
func TestCreatedTokensAreCountedForWhoMaySeeTokens(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	c := w.session(w.browser("198.51.100.7").mustSignIn(w.admin))
	owner := authority.Owner{Kind: authority.OwnerAccount, ID: acme}
	if _, _, err := w.Issue(t.Context(), c, owner, authority.Draft{Name: "made", Policies: []policy.Policy{allow("DNS Write", zone(shop))}}); err != nil {
		t.Fatal(err)
	}
	for want, who := range []someone{w.reader, w.admin} {
		n, err := w.CreatedTokens(t.Context(), c, acme, w.memberOf(c, who).ID)
		if err != nil || n.Active != want {
			t.Errorf("%s has created %d tokens, want %d: %v", who.email, n.Active, want, err)
		}
	}
	_, err := w.CreatedTokens(t.Context(), c, acme, spelled("99"))
	wantCode(t, err, authority.CodeNotFound)
	_, err = w.CreatedTokens(t.Context(), c, rival, w.memberOf(c, w.admin).ID)
	wantCode(t, err, authority.CodeForbidden)
}

func TestKeyChangedOnIsWhenTheKeyWasGiven(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	c := w.session(w.browser("198.51.100.7").mustSignIn(w.admin))
	if _, err := w.ChangeKey(t.Context(), c, password); err != nil {
		t.Fatal(err)
	}
	changed := w.clock.Now()
	w.clock.Advance(time.Hour)
	c = w.session(w.browser("198.51.100.7").mustSignIn(w.admin))
	if at, err := w.KeyChangedOn(t.Context(), c); err != nil || !at.Equal(changed.UTC()) {
		t.Errorf("changed on %v, want %v: %v", at, changed, err)
	}
	_, cred := w.issue(userOwner(w.admin.id), allow("User Details Read", user(w.admin.id)))
	_, err := w.KeyChangedOn(t.Context(), w.as(cred))
	wantCode(t, err, authority.CodeForbidden)
}

func TestRoleGroupsAreWhatARoleGives(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	names := func(id string) (groups, own []string) {
		r, ok := w.Role(id)
		if !ok {
			t.Fatalf("no role %s", id)
		}
		g, o := w.RoleGroups(&r)
		label := func(list []catalog.Group) (out []string) {
			for _, g := range list {
				out = append(out, g.Label)
			}
			return out
		}
		return label(g), label(o)
	}
	if g, own := names(authority.RoleDNS); !slices.Contains(g, "dns_write") || slices.Contains(g, "billing_read") || len(own) != 0 {
		t.Errorf("DNS gives %q, and of its own %q", g, own)
	}
	if g, own := names(authority.RoleTokenProvisioning); len(g) != 0 || len(own) != 2 {
		t.Errorf("API Token Provisioning gives %q, and of its own %q", g, own)
	}
}

func TestMayOnZoneAgreesWithTheVerbs(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	for _, try := range []struct {
		who  someone
		want bool
	}{{w.reader, false}, {w.admin, true}} {
		c := w.session(w.browser("198.51.100.7").mustSignIn(try.who))
		z, err := w.Zone(t.Context(), c, authority.OpZoneGet, shop)
		if err != nil {
			t.Fatal(err)
		}
		if w.MayOnZone(c, &z, authority.OpZoneDelete) != try.want {
			t.Errorf("%s may delete: want %v", try.who.email, try.want)
		}
		if err := w.DeleteZone(t.Context(), c, shop); (err == nil) != try.want {
			t.Errorf("%s deletes: %v", try.who.email, err)
		}
	}
}
