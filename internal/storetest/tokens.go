package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

func tokenTests() []test {
	return []test{
		{"a token comes back as it was stored", tokenRoundTrip},
		{"the zero values of a token come back", tokenZeroValues},
		{"a condition's empty list is not a missing one", emptyConditionList},
		{"an unknown token is ErrNotFound", unknownToken},
		{"a token is found under its owner only", tokenOfOwner},
		{"a token's standing is that of the token", tokenStanding},
		{"ids and digests of tokens are unique", uniqueTokens},
		{"an update is stored and counts the version", updateToken},
		{"a rolled token is found by its new digest only", rollToken},
		{"an update leaves the last use alone", updateKeepsLastUse},
		{"an update or delete of a stale version is ErrConflict", staleToken},
		{"a deleted token is gone", deleteToken},
		{"tokens are listed by time of issue and id", listTokens},
		{"pages of tokens follow each other", pageTokens},
		{"expired tokens can be hidden", hideExpired},
		{"a use is stored when it is newer", touchTokens},
		{"that a token was exposed is stored, and ends", exposeToken},
	}
}

func tokenID(k authority.Token) string { return k.ID }

func tokenRoundTrip(t *testing.T, s Stores) {
	for n, owner := range []authority.Owner{userOwner(1), accountOwner(1)} {
		k := newToken(n+1, owner)
		change(t, s, insertAll(k))
		same(t, "the token by id", found(s.Authority.Token(t.Context(), owner, k.ID))(t), k)
		same(t, "the token by digest", found(s.Authority.TokenByDigest(t.Context(), k.Digest))(t), k)
		k.IssuedOn, k.ModifiedOn, k.ExposedOn, k.CreatorID, k.CreatorEmail = time.Time{}, time.Time{}, time.Time{}, "", ""
		same(t, "the token to check", found(s.Authority.TokenToCheck(t.Context(), k.Digest))(t), k)
	}
}

// found gives the row of a read that has to succeed: found(read())(t).
func found[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T { t.Helper(); return must(t, v, err) }
}

func tokenZeroValues(t *testing.T, s Stores) {
	k := authority.Token{ID: id(1), Owner: userOwner(1), IssuedOn: second(0), Digest: digestOf(1), Version: 1}
	change(t, s, insertAll(k))
	same(t, "the token", found(s.Authority.TokenByDigest(t.Context(), k.Digest))(t), k)
}

func emptyConditionList(t *testing.T, s Stores) {
	for n, c := range []policy.Condition{{}, {In: []string{}}, {NotIn: []string{}}, {In: []string{}, NotIn: []string{"192.0.2.0/24"}}} {
		k := newToken(n+1, userOwner(1))
		k.Condition = c
		k.Policies = []policy.Policy{{ID: id(1), Resources: []policy.Resource{{Key: "a"}, {Key: "b", Nested: []string{}}}}}
		change(t, s, insertAll(k))
		same(t, "the token", found(s.Authority.TokenByDigest(t.Context(), k.Digest))(t), k)
	}
}

func unknownToken(t *testing.T, s Stores) {
	_, err := s.Authority.TokenByDigest(t.Context(), digestOf(1))
	wantError(t, "by digest", err, authority.ErrNotFound)
	_, err = s.Authority.TokenToCheck(t.Context(), digestOf(1))
	wantError(t, "to check", err, authority.ErrNotFound)
	_, err = s.Authority.Token(t.Context(), userOwner(1), id(1))
	wantError(t, "by id", err, authority.ErrNotFound)
	err = s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error {
		_, err := tx.TokenByDigest(ctx, digestOf(1))
		return err
	})
	wantError(t, "by digest, in a transaction", err, authority.ErrNotFound)
}

// wantError fails the test unless err is want and none of the port's other errors.
func wantError(t *testing.T, doing string, err, want error) {
	t.Helper()
	for _, e := range []error{authority.ErrNotFound, authority.ErrConflict, authority.ErrExists} {
		if errors.Is(err, e) != (e == want) {
			t.Errorf("%s: the error is %v, want %v", doing, err, want)
			return
		}
	}
	if !errors.Is(err, want) {
		t.Errorf("%s: the error is %v, want %v", doing, err, want)
	}
}

func tokenOfOwner(t *testing.T, s Stores) {
	k := newToken(1, userOwner(7))
	change(t, s, insertAll(k))
	for _, owner := range []authority.Owner{accountOwner(7), userOwner(8), {}} {
		_, err := s.Authority.Token(t.Context(), owner, k.ID)
		wantError(t, "read under another owner", err, authority.ErrNotFound)
		_, err = s.Authority.TokenStanding(t.Context(), owner, k.ID)
		wantError(t, "read the standing under another owner", err, authority.ErrNotFound)
	}
}

func tokenStanding(t *testing.T, s Stores) {
	k, forever := newToken(1, accountOwner(1)), newToken(2, accountOwner(1))
	forever.ExpiresOn = time.Time{}
	change(t, s, insertAll(k, forever))
	for _, k := range []authority.Token{k, forever} {
		got := found(s.Authority.TokenStanding(t.Context(), k.Owner, k.ID))(t)
		same(t, "the standing", got, authority.TokenStanding{Digest: k.Digest, Status: k.Status, ExpiresOn: k.ExpiresOn, Version: k.Version})
	}
}

func uniqueTokens(t *testing.T, s Stores) {
	first := newToken(1, userOwner(1))
	change(t, s, insertAll(first))
	sameID, sameDigest := newToken(2, userOwner(1)), newToken(3, userOwner(1))
	sameID.ID, sameDigest.Digest = first.ID, first.Digest
	wantError(t, "the same id", s.Authority.Write(t.Context(), insertAll(sameID)), authority.ErrExists)
	wantError(t, "the same digest", s.Authority.Write(t.Context(), insertAll(sameDigest)), authority.ErrExists)
	same(t, "the first token", found(s.Authority.TokenByDigest(t.Context(), first.Digest))(t), first)
}

func updateToken(t *testing.T, s Stores) {
	k := newToken(1, userOwner(1))
	change(t, s, insertAll(k))
	k.Name, k.Status = "renamed", authority.StatusDisabled
	k.Policies, k.Condition, k.RateLimit = k.Policies[1:], policy.Condition{}, authority.RateLimit{}
	k.NotBefore, k.ExpiresOn, k.ModifiedOn = time.Time{}, second(7200), second(99)
	change(t, s, func(ctx context.Context, tx authority.Tx) error { return tx.UpdateToken(ctx, k) })
	k.Version = 2
	same(t, "the token", found(s.Authority.TokenByDigest(t.Context(), k.Digest))(t), k)
}

func rollToken(t *testing.T, s Stores) {
	k := newToken(1, userOwner(1))
	old := k.Digest
	change(t, s, insertAll(k))
	k.Digest = digestOf(2)
	change(t, s, func(ctx context.Context, tx authority.Tx) error { return tx.UpdateToken(ctx, k) })
	k.Version = 2
	same(t, "the token", found(s.Authority.TokenByDigest(t.Context(), k.Digest))(t), k)
	_, err := s.Authority.TokenByDigest(t.Context(), old)
	wantError(t, "read by the old digest", err, authority.ErrNotFound)
}

func updateKeepsLastUse(t *testing.T, s Stores) {
	k := newToken(1, userOwner(1))
	k.LastUsedOn = time.Time{}
	change(t, s, insertAll(k))
	use := authority.TokenUse{TokenID: k.ID, At: micro(50)}
	if err := s.Authority.TouchTokens(t.Context(), []authority.TokenUse{use}); err != nil {
		t.Fatal(err)
	}
	k.Name = "renamed by someone who read it before the use"
	change(t, s, func(ctx context.Context, tx authority.Tx) error { return tx.UpdateToken(ctx, k) })
	got := found(s.Authority.TokenByDigest(t.Context(), k.Digest))(t)
	same(t, "the last use", got.LastUsedOn, use.At)
}

func staleToken(t *testing.T, s Stores) {
	k := newToken(1, userOwner(1))
	change(t, s, insertAll(k))
	update := func(k authority.Token) error {
		return s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error { return tx.UpdateToken(ctx, k) })
	}
	if err := update(k); err != nil {
		t.Fatal(err)
	}
	wantError(t, "update version 1 again", update(k), authority.ErrConflict)
	err := s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error { return tx.DeleteToken(ctx, k.ID, 1) })
	wantError(t, "delete version 1", err, authority.ErrConflict)
	unknown := newToken(2, userOwner(1))
	wantError(t, "update a token that is gone", update(unknown), authority.ErrConflict)
	same(t, "the version", found(s.Authority.TokenByDigest(t.Context(), k.Digest))(t).Version, int64(2))
}

func deleteToken(t *testing.T, s Stores) {
	k := newToken(1, userOwner(1))
	change(t, s, insertAll(k))
	change(t, s, func(ctx context.Context, tx authority.Tx) error { return tx.DeleteToken(ctx, k.ID, 1) })
	_, err := s.Authority.TokenByDigest(t.Context(), k.Digest)
	wantError(t, "by digest", err, authority.ErrNotFound)
	change(t, s, insertAll(k)) // its id and digest are free again
}

func listTokens(t *testing.T, s Stores) {
	a, b, c, other := newToken(3, userOwner(1)), newToken(2, userOwner(1)), newToken(1, userOwner(1)), newToken(4, accountOwner(1))
	a.IssuedOn, b.IssuedOn, c.IssuedOn = second(1), second(2), second(2)
	change(t, s, insertAll(a, b, c, other))
	q := authority.TokenQuery{Owner: userOwner(1), Limit: 10}
	list, n, err := s.Authority.Tokens(t.Context(), q)
	same(t, "the list", ids(must(t, list, err), tokenID), []string{a.ID, c.ID, b.ID})
	same(t, "the number", n, 3)
	q.Descending = true
	list, _, err = s.Authority.Tokens(t.Context(), q)
	same(t, "the list, descending", must(t, list, err), []authority.Token{b, c, a})
	list, n, err = s.Authority.Tokens(t.Context(), authority.TokenQuery{Owner: userOwner(9), Limit: 10})
	same(t, "the list of nobody", len(must(t, list, err))+n, 0)
}

func pageTokens(t *testing.T, s Stores) {
	want := []string{}
	for n := range 7 {
		k := newToken(n+1, accountOwner(1))
		change(t, s, insertAll(k))
		want = append(want, k.ID)
	}
	got := []string{}
	for offset := 0; offset < 9; offset += 3 {
		q := authority.TokenQuery{Owner: accountOwner(1), Offset: offset, Limit: 3}
		list, n, err := s.Authority.Tokens(t.Context(), q)
		got = append(got, ids(must(t, list, err), tokenID)...)
		same(t, "the number of all", n, 7)
	}
	same(t, "the pages together", got, want)
}

func hideExpired(t *testing.T, s Stores) {
	never, later, now, before := newToken(1, userOwner(1)), newToken(2, userOwner(1)), newToken(3, userOwner(1)), newToken(4, userOwner(1))
	never.ExpiresOn, later.ExpiresOn, now.ExpiresOn, before.ExpiresOn = time.Time{}, second(101), second(100), second(99)
	change(t, s, insertAll(never, later, now, before))
	q := authority.TokenQuery{Owner: userOwner(1), Limit: 10}
	_, n, err := s.Authority.Tokens(t.Context(), q)
	same(t, "the number of all", must(t, n, err), 4)
	q.NotExpiredAt = second(100) // a token is expired from the instant of ExpiresOn on
	for _, q.Descending = range []bool{false, true} {
		q.Offset = 0
		list, n, err := s.Authority.Tokens(t.Context(), q)
		same(t, "the number of the others", n, 2)
		same(t, "the others", len(must(t, list, err)), 2)
		for _, k := range list {
			if k.ID != never.ID && k.ID != later.ID {
				t.Errorf("token %s, which expires on %v, is listed at %v", k.ID, k.ExpiresOn, q.NotExpiredAt)
			}
		}
	}
}

func touchTokens(t *testing.T, s Stores) {
	used, unused := newToken(1, userOwner(1)), newToken(2, userOwner(1))
	used.LastUsedOn, unused.LastUsedOn = micro(10), time.Time{}
	change(t, s, insertAll(used, unused))
	touch := func(uses ...authority.TokenUse) {
		t.Helper()
		if err := s.Authority.TouchTokens(t.Context(), uses); err != nil {
			t.Fatal(err)
		}
	}
	touch()
	touch(authority.TokenUse{TokenID: used.ID, At: micro(5)}, authority.TokenUse{TokenID: unused.ID, At: micro(5)},
		authority.TokenUse{TokenID: id(99), At: micro(5)})
	unused.LastUsedOn = micro(5)
	same(t, "a token used later already", found(s.Authority.TokenByDigest(t.Context(), used.Digest))(t), used)
	same(t, "a token used first", found(s.Authority.TokenByDigest(t.Context(), unused.Digest))(t), unused)
	touch(authority.TokenUse{TokenID: used.ID, At: micro(20)})
	used.LastUsedOn = micro(20)
	same(t, "a token used again", found(s.Authority.TokenByDigest(t.Context(), used.Digest))(t), used)
}

// exposeToken: it is listed and counted like any other, and a roll ends it.
func exposeToken(t *testing.T, s Stores) {
	k := newToken(1, accountOwner(1))
	change(t, s, insertAll(k))
	update := func() {
		t.Helper()
		change(t, s, func(ctx context.Context, tx authority.Tx) error { return tx.UpdateToken(ctx, k) })
		k.Version++
	}
	k.Status, k.ExposedOn = authority.StatusExposed, second(50)
	update()
	same(t, "the token", found(s.Authority.TokenByDigest(t.Context(), k.Digest))(t), k)
	list, n, err := s.Authority.Tokens(t.Context(), authority.TokenQuery{Owner: k.Owner, Limit: 5})
	same(t, "the list", must(t, list, err), []authority.Token{k})
	same(t, "the number", n, 1)
	k.Digest, k.Status, k.ExposedOn = digestOf(2), authority.StatusActive, time.Time{}
	update()
	same(t, "the rolled token", found(s.Authority.Token(t.Context(), k.Owner, k.ID))(t), k)
}
