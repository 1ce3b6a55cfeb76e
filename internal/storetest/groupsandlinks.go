package storetest

import (
	"context"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

func groupAndLinkTests() []test {
	return []test{
		{"all users are listed by e-mail address", listUsers},
		{"a deleted user is gone with all links", deleteUser},
		{"a membership is found by its id", membershipByID},
		{"members are listed oldest first", listMembers},
		{"resource groups come back as stored, by name and id", resourceGroupRoundTrip},
		{"an update of a resource group is stored, a stale one is ErrConflict", updateResourceGroup},
		{"a deleted resource group is gone", deleteResourceGroup},
		{"a link comes back as stored, and a user's links oldest first", linkRoundTrip},
		{"of two who use a link at once one wins", oneUsesALink},
		{"tokens are listed by creator", tokensByCreator},
	}
}

func userID(u authority.User) string { return u.ID }

func listUsers(t *testing.T, s Stores) {
	a, b := newUser(1), newUser(2)
	a.Email, b.Email = "b@example.com", "a@example.com"
	change(t, s, insertAll(a, b))
	list, err := s.Authority.Users(t.Context())
	same(t, "the order", ids(must(t, list, err), userID), []string{b.ID, a.ID})
	same(t, "the first", list[0], b)
}

func deleteUser(t *testing.T, s Stores) {
	household(t, s)
	change(t, s, insertAll(newLink(1, 1, authority.LinkInvitation), newLink(2, 2, authority.LinkInvitation)))
	remove := func(version int64) error {
		return s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error { return tx.DeleteUser(ctx, id(1), version) })
	}
	wantError(t, "a stale version", remove(2), authority.ErrConflict)
	if _, err := s.Authority.Link(t.Context(), digestOf(1)); err != nil {
		t.Errorf("the link after a delete that failed: %v", err)
	}
	if err := remove(1); err != nil {
		t.Fatal(err)
	}
	_, err := s.Authority.User(t.Context(), id(1))
	wantError(t, "the user", err, authority.ErrNotFound)
	_, err = s.Authority.Link(t.Context(), digestOf(1))
	wantError(t, "the user's link", err, authority.ErrNotFound)
	if _, err := s.Authority.Link(t.Context(), digestOf(2)); err != nil {
		t.Errorf("another user's link: %v", err)
	}
}

func membershipByID(t *testing.T, s Stores) {
	household(t, s)
	m := newMembership(11, 1, 1)
	change(t, s, insertAll(m))
	same(t, "the membership", found(s.Authority.Membership(t.Context(), m.ID))(t), m)
	_, err := s.Authority.Membership(t.Context(), id(12))
	wantError(t, "an unknown id", err, authority.ErrNotFound)
}

func listMembers(t *testing.T, s Stores) {
	household(t, s)
	young, old, other := newMembership(11, 1, 1), newMembership(12, 2, 1), newMembership(13, 1, 2)
	old.CreatedOn, young.CreatedOn = micro(1), micro(2)
	old.Status, old.Policies, old.APIAccess, old.InvitedBy = authority.MembershipRejected, nil, authority.Unset, ""
	change(t, s, insertAll(young, old, other))
	list, err := s.Authority.Members(t.Context(), id(1))
	same(t, "the list", must(t, list, err), []authority.Membership{old, young})
	list, err = s.Authority.Members(t.Context(), id(9))
	same(t, "the list of no account", len(must(t, list, err)), 0)
}

func resourceGroupRoundTrip(t *testing.T, s Stores) {
	household(t, s)
	b, a, other := newResourceGroup(1, 1, "b"), newResourceGroup(2, 1, "a"), newResourceGroup(3, 2, "a")
	change(t, s, insertAll(b, a, other))
	list, err := s.Authority.ResourceGroups(t.Context(), id(1))
	same(t, "the list", must(t, list, err), []authority.ResourceGroup{a, b})
	wantError(t, "a name twice", s.Authority.Write(t.Context(), insertAll(newResourceGroup(4, 1, "a"))), authority.ErrExists)
	wantError(t, "an unknown account", s.Authority.Write(t.Context(), insertAll(newResourceGroup(5, 9, "c"))), authority.ErrNotFound)
}

func updateResourceGroup(t *testing.T, s Stores) {
	household(t, s)
	g := newResourceGroup(1, 1, "a")
	change(t, s, insertAll(g))
	update := func(g authority.ResourceGroup) error {
		return s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error { return tx.UpdateResourceGroup(ctx, g) })
	}
	g.Name, g.Objects, g.ModifiedOn = "renamed", []string{"*"}, micro(9)
	if err := update(g); err != nil {
		t.Fatal(err)
	}
	wantError(t, "a stale version", update(g), authority.ErrConflict)
	g.Version = 2
	list, err := s.Authority.ResourceGroups(t.Context(), id(1))
	same(t, "the group", must(t, list, err), []authority.ResourceGroup{g})
}

func deleteResourceGroup(t *testing.T, s Stores) {
	household(t, s)
	change(t, s, insertAll(newResourceGroup(1, 1, "a")))
	remove := func(version int64) error {
		return s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error {
			return tx.DeleteResourceGroup(ctx, id(1), version)
		})
	}
	wantError(t, "another version", remove(2), authority.ErrConflict)
	if err := remove(1); err != nil {
		t.Fatal(err)
	}
	list, err := s.Authority.ResourceGroups(t.Context(), id(1))
	same(t, "the number left", len(must(t, list, err)), 0)
}

func linkRoundTrip(t *testing.T, s Stores) {
	household(t, s)
	young, old := newLink(1, 1, authority.LinkPasswordReset), newLink(2, 1, authority.LinkPasswordReset)
	old.CreatedOn, young.CreatedOn, old.MembershipID = micro(1), micro(2), ""
	change(t, s, insertAll(young, old, newLink(3, 1, authority.LinkInvitation), newLink(4, 2, authority.LinkPasswordReset)))
	same(t, "the link", found(s.Authority.Link(t.Context(), young.Digest))(t), young)
	list, err := s.Authority.Links(t.Context(), id(1), authority.LinkPasswordReset)
	same(t, "the links of one kind", must(t, list, err), []authority.Link{old, young})
	_, err = s.Authority.Link(t.Context(), digestOf(9))
	wantError(t, "an unknown link", err, authority.ErrNotFound)
	wantError(t, "a link twice", s.Authority.Write(t.Context(), insertAll(young)), authority.ErrExists)
}

func oneUsesALink(t *testing.T, s Stores) {
	household(t, s)
	change(t, s, insertAll(newLink(1, 1, authority.LinkInvitation)))
	use := func() error {
		return s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error { return tx.DeleteLink(ctx, digestOf(1)) })
	}
	if err := use(); err != nil {
		t.Fatal(err)
	}
	wantError(t, "the second use", use(), authority.ErrConflict)
}

func tokensByCreator(t *testing.T, s Stores) {
	var rows []any
	for n := range 5 {
		k := newToken(n+1, accountOwner(1))
		k.ExpiresOn = second(3600 + n)
		if n == 2 {
			k.CreatorID = id(42)
		}
		rows = append(rows, k)
	}
	other := newToken(9, accountOwner(2))
	change(t, s, insertAll(append(rows, other)...))
	for _, c := range []struct {
		q    authority.TokenQuery
		want []string
		n    int
	}{
		{authority.TokenQuery{CreatorID: id(41), Limit: 9}, []string{id(1), id(2), id(4), id(5)}, 4},
		{authority.TokenQuery{CreatorID: id(41), Limit: 2, Offset: 1, Descending: true}, []string{id(4), id(2)}, 4},
		{authority.TokenQuery{CreatorID: id(41), Limit: 9, NotExpiredAt: second(3601)}, []string{id(4), id(5)}, 2},
		{authority.TokenQuery{CreatorID: id(41), Limit: 9, Offset: 9}, []string{}, 4},
		{authority.TokenQuery{CreatorID: id(42), Limit: 9}, []string{id(3)}, 1},
		{authority.TokenQuery{CreatorID: id(43), Limit: 9}, []string{}, 0},
	} {
		c.q.Owner = accountOwner(1)
		list, n, err := s.Authority.Tokens(t.Context(), c.q)
		same(t, "the tokens", ids(must(t, list, err), func(k authority.Token) string { return k.ID }), c.want)
		same(t, "the number", n, c.n)
	}
}
