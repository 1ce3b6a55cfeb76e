package storetest

import (
	"context"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/token"
)

func peopleTests() []test {
	return []test{
		{"a user comes back as stored", userRoundTrip},
		{"the zero values of a user come back", userZeroValues},
		{"ids and e-mail addresses of users are unique", uniqueUsers},
		{"a user is found by the digest of their API key", findByKey},
		{"users are read by id, each once", usersByID},
		{"an update of a user is stored, a stale one is ErrConflict", updateUser},
		{"an account comes back as stored", accountRoundTrip},
		{"an update of an account is stored, a stale one is ErrConflict", updateAccount},
		{"a deleted account is gone, one that still has members stays", deleteAccount},
		{"accounts are listed by name and id", listAccounts},
		{"memberships are listed oldest first", listMemberships},
		{"a membership is unique for a user and an account", uniqueMemberships},
		{"an update of a membership is stored, a stale one is ErrConflict", updateMembership},
		{"a deleted membership is gone", deleteMembership},
	}
}

func userRoundTrip(t *testing.T, s Stores) {
	u := newUser(1)
	change(t, s, insertAll(u))
	same(t, "the user by id", found(s.Authority.User(t.Context(), u.ID))(t), u)
	same(t, "the user by address", found(s.Authority.UserByEmail(t.Context(), u.Email))(t), u)
	_, err := s.Authority.User(t.Context(), id(2))
	wantError(t, "an unknown id", err, authority.ErrNotFound)
	_, err = s.Authority.UserByEmail(t.Context(), "nobody@example.com")
	wantError(t, "an unknown address", err, authority.ErrNotFound)
}

func userZeroValues(t *testing.T, s Stores) {
	u := authority.User{ID: id(1), Version: 1}
	change(t, s, insertAll(u))
	same(t, "the user", found(s.Authority.User(t.Context(), u.ID))(t), u)
}

func uniqueUsers(t *testing.T, s Stores) {
	u, sameID, sameEmail := newUser(1), newUser(2), newUser(3)
	sameID.ID, sameEmail.Email = u.ID, u.Email
	change(t, s, insertAll(u))
	wantError(t, "the same id", s.Authority.Write(t.Context(), insertAll(sameID)), authority.ErrExists)
	wantError(t, "the same address", s.Authority.Write(t.Context(), insertAll(sameEmail)), authority.ErrExists)
}

func updateUser(t *testing.T, s Stores) {
	u, other := newUser(1), newUser(2)
	change(t, s, insertAll(u, other))
	update := func(u authority.User) error {
		return s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error { return tx.UpdateUser(ctx, u) })
	}
	u.Email, u.FirstName, u.LastName, u.Telephone, u.Country, u.Zipcode = "new@example.com", "A", "L", "1", "FR", "2"
	u.PasswordHash, u.KeyDigest, u.HasKey, u.Suspended, u.Epoch, u.ModifiedOn = "", digestOf(0), true, false, 8, micro(9)
	if err := update(u); err != nil {
		t.Fatal(err)
	}
	wantError(t, "a stale version", update(u), authority.ErrConflict)
	u.Version = 2
	same(t, "the user", found(s.Authority.User(t.Context(), u.ID))(t), u)
	u.Email = other.Email
	wantError(t, "a taken address", update(u), authority.ErrExists)
}

func accountRoundTrip(t *testing.T, s Stores) {
	a := newAccount(1)
	change(t, s, insertAll(a))
	same(t, "the account", found(s.Authority.Account(t.Context(), a.ID))(t), a)
	wantError(t, "the same id", s.Authority.Write(t.Context(), insertAll(a)), authority.ErrExists)
	_, err := s.Authority.Account(t.Context(), id(2))
	wantError(t, "an unknown id", err, authority.ErrNotFound)
}

func updateAccount(t *testing.T, s Stores) {
	a := newAccount(1)
	change(t, s, insertAll(a))
	update := func(a authority.Account) error {
		return s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error { return tx.UpdateAccount(ctx, a) })
	}
	a.Name, a.Type, a.ModifiedOn = "renamed", "enterprise", micro(9)
	if err := update(a); err != nil {
		t.Fatal(err)
	}
	wantError(t, "a stale version", update(a), authority.ErrConflict)
	a.Version = 2
	same(t, "the account", found(s.Authority.Account(t.Context(), a.ID))(t), a)
}

func deleteAccount(t *testing.T, s Stores) {
	household(t, s)
	change(t, s, insertAll(newMembership(11, 1, 2)))
	remove := func(n int, version int64) error {
		return s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error {
			return tx.DeleteAccount(ctx, id(n), version)
		})
	}
	wantError(t, "another version", remove(1, 2), authority.ErrConflict)
	if err := remove(1, 1); err != nil {
		t.Fatal(err)
	}
	_, err := s.Authority.Account(t.Context(), id(1))
	wantError(t, "the deleted account", err, authority.ErrNotFound)
	wantError(t, "a second time", remove(1, 1), authority.ErrConflict)
	if remove(2, 1) == nil {
		t.Error("an account with a member was deleted")
	}
	same(t, "the other account", found(s.Authority.Account(t.Context(), id(2)))(t), newAccount(2))
}

func listAccounts(t *testing.T, s Stores) {
	a, b, c, other := newAccount(1), newAccount(2), newAccount(3), newAccount(4)
	a.Name, b.Name, c.Name = "b", "b", "a"
	change(t, s, insertAll(a, b, c, other))
	list, err := s.Authority.Accounts(t.Context(), []string{a.ID, b.ID, c.ID, a.ID, id(99)})
	same(t, "the list", must(t, list, err), []authority.Account{c, a, b})
	list, err = s.Authority.Accounts(t.Context(), nil)
	same(t, "the list of none", len(must(t, list, err)), 0)
}

// household stores two users and two accounts.
func household(t *testing.T, s Stores) {
	t.Helper()
	change(t, s, insertAll(newUser(1), newUser(2), newAccount(1), newAccount(2)))
}

func listMemberships(t *testing.T, s Stores) {
	household(t, s)
	old, young, other := newMembership(12, 1, 2), newMembership(11, 1, 1), newMembership(13, 2, 1)
	old.CreatedOn, young.CreatedOn = micro(1), micro(2)
	young.Status, young.Roles = authority.MembershipPending, nil
	change(t, s, insertAll(young, old, other))
	list, err := s.Authority.Memberships(t.Context(), id(1))
	same(t, "the list", must(t, list, err), []authority.Membership{old, young})
	list, err = s.Authority.Memberships(t.Context(), id(9))
	same(t, "the list of nobody", len(must(t, list, err)), 0)
}

func uniqueMemberships(t *testing.T, s Stores) {
	household(t, s)
	change(t, s, insertAll(newMembership(11, 1, 1)))
	wantError(t, "the same user and account", s.Authority.Write(t.Context(), insertAll(newMembership(12, 1, 1))), authority.ErrExists)
	wantError(t, "the same id", s.Authority.Write(t.Context(), insertAll(newMembership(11, 1, 2))), authority.ErrExists)
	wantError(t, "an unknown account", s.Authority.Write(t.Context(), insertAll(newMembership(13, 1, 9))), authority.ErrNotFound)
}

func updateMembership(t *testing.T, s Stores) {
	household(t, s)
	m := newMembership(11, 1, 1)
	change(t, s, insertAll(m))
	update := func(m authority.Membership) error {
		return s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error { return tx.UpdateMembership(ctx, m) })
	}
	m.Roles, m.Status = []string{id(59)}, authority.MembershipRejected
	if err := update(m); err != nil {
		t.Fatal(err)
	}
	wantError(t, "a stale version", update(m), authority.ErrConflict)
	m.Version = 2
	list, err := s.Authority.Memberships(t.Context(), id(1))
	same(t, "the membership", must(t, list, err), []authority.Membership{m})
}

func deleteMembership(t *testing.T, s Stores) {
	household(t, s)
	change(t, s, insertAll(newMembership(11, 1, 1)))
	remove := func(version int64) error {
		return s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error {
			return tx.DeleteMembership(ctx, id(11), version)
		})
	}
	wantError(t, "another version", remove(2), authority.ErrConflict)
	if err := remove(1); err != nil {
		t.Fatal(err)
	}
	list, err := s.Authority.Memberships(t.Context(), id(1))
	same(t, "the number left", len(must(t, list, err)), 0)
	wantError(t, "a second time", remove(1), authority.ErrConflict)
}

func findByKey(t *testing.T, s Stores) {
	u, without := newUser(1), newUser(2)
	without.KeyDigest, without.HasKey = token.Digest{}, false
	change(t, s, insertAll(u, without))
	same(t, "the user of the key", found(s.Authority.UserByKey(t.Context(), u.KeyDigest))(t), u)
	_, err := s.Authority.UserByKey(t.Context(), token.Digest{})
	wantError(t, "the digest of no key", err, authority.ErrNotFound)
	_, err = s.Authority.UserByKey(t.Context(), digestOf(99))
	wantError(t, "an unknown digest", err, authority.ErrNotFound)
	u.KeyDigest, u.HasKey = token.Digest{}, false
	change(t, s, func(ctx context.Context, tx authority.Tx) error { return tx.UpdateUser(ctx, u) })
	_, err = s.Authority.UserByKey(t.Context(), newUser(1).KeyDigest)
	wantError(t, "the digest of a key that was taken away", err, authority.ErrNotFound)
}

// usersByID asks for more than one statement takes, for one twice, and for some
// who are not there.
func usersByID(t *testing.T, s Stores) {
	want := map[string]authority.User{}
	var ids []string
	for n := range 70 {
		u := newUser(n + 1)
		change(t, s, insertAll(u))
		want[u.ID] = u
		ids = append(ids, u.ID, id(1000+n))
	}
	list, err := s.Authority.UsersByID(t.Context(), append(ids, ids[0], ""))
	got := map[string]authority.User{}
	for _, u := range must(t, list, err) {
		got[u.ID] = u
	}
	same(t, "the users", got, want)
	same(t, "each once", len(list), len(want))
	list, err = s.Authority.UsersByID(t.Context(), nil)
	same(t, "the list of none", len(must(t, list, err)), 0)
}
