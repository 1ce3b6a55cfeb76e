package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

// errUndo is returned by a write that wants to be undone.
var errUndo = errors.New("undo this")

func writeTests() []test {
	return []test{
		{"an error of f undoes row, event and change together, and comes back as it is", undoTogether},
		{"f sees its own writes", ownWrites},
		{"others see what is committed and nothing before", othersSeeCommitted},
		{"f may go on after a value was taken", goOnAfterExists},
		{"a f that runs again leaves one result", runAgain},
		{"of two updates of one version one wins", oneUpdateWins},
		{"a panic of f is an error, undoes it and harms nobody else", panicInWrite},
		{"a thousand writes at once are all there", thousandWrites},
		{"errors of some writes at once undo those alone", errorsIsolated},
	}
}

// each runs f n times at once and reports their errors.
func each(t *testing.T, n int, f func(int) error) {
	t.Helper()
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if err := f(i); err != nil {
				t.Errorf("number %d: %v", i, err)
			}
		})
	}
	wg.Wait()
}

// issue writes a token as the authority does: row, event and change.
func issue(n int, end error) func(context.Context, authority.Tx) error {
	return func(ctx context.Context, tx authority.Tx) error {
		if err := tx.InsertToken(ctx, newToken(n, accountOwner(1))); err != nil {
			return err
		}
		if err := tx.AppendEvent(ctx, newEvent(n)); err != nil {
			return err
		}
		if err := tx.AppendChange(ctx, authority.ChangeToken, id(n)); err != nil {
			return err
		}
		return end
	}
}

// counts tells how many tokens, events and changes there are.
func counts(t *testing.T, s Stores) [3]int {
	t.Helper()
	_, tokens, err := s.Authority.Tokens(t.Context(), authority.TokenQuery{Owner: accountOwner(1), Limit: 1})
	must(t, tokens, err)
	events := found(s.Authority.Events(t.Context(), authority.EventQuery{}, 1<<20))(t)
	changes := found(s.Authority.Changes(t.Context(), 0, 1<<20))(t)
	return [3]int{tokens, len(events), len(changes)}
}

func undoTogether(t *testing.T, s Stores) {
	if err := s.Authority.Write(t.Context(), issue(1, errUndo)); err != errUndo {
		t.Errorf("the error is %v, want f's own", err)
	}
	same(t, "what is left", counts(t, s), [3]int{})
	change(t, s, issue(1, nil))
	same(t, "what is there", counts(t, s), [3]int{1, 1, 1})
}

func ownWrites(t *testing.T, s Stores) {
	change(t, s, func(ctx context.Context, tx authority.Tx) error {
		k := newToken(1, accountOwner(1))
		if err := tx.InsertToken(ctx, k); err != nil {
			return err
		}
		got, err := tx.TokenByDigest(ctx, k.Digest)
		if err != nil {
			return err
		}
		same(t, "the token inserted", got, k)
		if err := tx.DeleteToken(ctx, k.ID, k.Version); err != nil {
			return err
		}
		_, err = tx.TokenByDigest(ctx, k.Digest)
		wantError(t, "the token deleted", err, authority.ErrNotFound)
		return nil
	})
}

// othersSeeCommitted reads from another goroutine while a write is open.
func othersSeeCommitted(t *testing.T, s Stores) {
	k := newToken(1, accountOwner(1))
	read := func() error {
		outside := make(chan error)
		go func() {
			_, err := s.Authority.TokenByDigest(t.Context(), k.Digest)
			outside <- err
		}()
		return <-outside
	}
	change(t, s, func(ctx context.Context, tx authority.Tx) error {
		if err := tx.InsertToken(ctx, k); err != nil {
			return err
		}
		wantError(t, "read before the commit", read(), authority.ErrNotFound)
		return nil
	})
	if err := read(); err != nil {
		t.Errorf("read after the commit: %v", err)
	}
}

func goOnAfterExists(t *testing.T, s Stores) {
	taken, free := newToken(1, accountOwner(1)), newToken(2, accountOwner(1))
	change(t, s, insertAll(taken))
	change(t, s, func(ctx context.Context, tx authority.Tx) error {
		k := free
		k.ID = taken.ID
		wantError(t, "insert with a taken id", tx.InsertToken(ctx, k), authority.ErrExists)
		return tx.InsertToken(ctx, free)
	})
	same(t, "the token", found(s.Authority.TokenByDigest(t.Context(), free.Digest))(t), free)
}

func runAgain(t *testing.T, s Stores) {
	var runs atomic.Int64
	change(t, s, func(ctx context.Context, tx authority.Tx) error {
		runs.Add(1)
		return issue(1, nil)(ctx, tx)
	})
	if runs.Load() < 1 {
		t.Error("f did not run")
	}
	same(t, "what is there", counts(t, s), [3]int{1, 1, 1})
}

func oneUpdateWins(t *testing.T, s Stores) {
	k := newToken(1, accountOwner(1))
	change(t, s, insertAll(k))
	var won, lost atomic.Int64
	each(t, 2, func(n int) error {
		rolled := k
		rolled.Digest = digestOf(10 + n)
		err := s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error { return tx.UpdateToken(ctx, rolled) })
		switch {
		case err == nil:
			won.Add(1)
		case errors.Is(err, authority.ErrConflict):
			lost.Add(1)
		default:
			return err
		}
		return nil
	})
	same(t, "who won and lost", [2]int64{won.Load(), lost.Load()}, [2]int64{1, 1})
	same(t, "the version", found(s.Authority.Token(t.Context(), k.Owner, k.ID))(t).Version, int64(2))
}

func panicInWrite(t *testing.T, s Stores) {
	err := s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error {
		_ = issue(1, nil)(ctx, tx)
		panic("out of cheese")
	})
	if err == nil {
		t.Fatal("a write that panicked succeeded")
	}
	wantOther(t, err)
	same(t, "what is left", counts(t, s), [3]int{})
	change(t, s, issue(1, nil))
}

// wantOther fails the test unless err is an error that says nothing about rows.
func wantOther(t *testing.T, err error) {
	t.Helper()
	for _, e := range []error{nil, authority.ErrNotFound, authority.ErrConflict, authority.ErrExists} {
		if errors.Is(err, e) {
			t.Errorf("the error is %v", err)
		}
	}
}

func thousandWrites(t *testing.T, s Stores) {
	each(t, 1000, func(n int) error { return s.Authority.Write(t.Context(), issue(n, nil)) })
	same(t, "what is there", counts(t, s), [3]int{1000, 1000, 1000})
}

func errorsIsolated(t *testing.T, s Stores) {
	const writes = 200
	change(t, s, issue(writes, nil))
	each(t, writes, func(n int) error {
		switch n % 4 {
		case 1:
			if err := s.Authority.Write(t.Context(), issue(n, errUndo)); err != errUndo {
				return fmt.Errorf("the error is %v, want f's own", err)
			}
		case 2:
			if err := s.Authority.Write(t.Context(), issue(writes, nil)); !errors.Is(err, authority.ErrExists) {
				return fmt.Errorf("the error is %v, want that it exists", err)
			}
		default:
			return s.Authority.Write(t.Context(), issue(n, nil))
		}
		return nil
	})
	same(t, "what is there", counts(t, s), [3]int{writes/2 + 1, writes/2 + 1, writes/2 + 1})
}
