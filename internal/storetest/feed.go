package storetest

import (
	"context"
	"fmt"
	"regexp"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

func feedTests() []test {
	return []test{
		{"changes come in order, after a number, at most as many as asked for", listChanges},
		{"the head is the last number and an epoch that stays", feedHead},
		{"a reader who goes on from the highest number misses none of many writers' changes", tailFeed},
	}
}

func appendChanges(n int) func(context.Context, authority.Tx) error {
	return func(ctx context.Context, tx authority.Tx) error {
		for i := range n {
			if err := tx.AppendChange(ctx, authority.ChangeToken, fmt.Sprint(i)); err != nil {
				return err
			}
		}
		return nil
	}
}

func listChanges(t *testing.T, s Stores) {
	list, err := s.Authority.Changes(t.Context(), 0, 10)
	same(t, "an empty feed's length", len(must(t, list, err)), 0)
	kinds := []authority.ChangeKind{authority.ChangeToken, authority.ChangeUser, authority.ChangeAccount, authority.ChangeZone}
	change(t, s, func(ctx context.Context, tx authority.Tx) error {
		for n, kind := range kinds {
			if err := tx.AppendChange(ctx, kind, id(n)); err != nil {
				return err
			}
		}
		return nil
	})
	all := found(s.Authority.Changes(t.Context(), 0, 10))(t)
	if len(all) != len(kinds) {
		t.Fatalf("the feed has %d entries, want %d", len(all), len(kinds))
	}
	for n, c := range all {
		same(t, "an entry", c, authority.Change{Seq: c.Seq, Kind: kinds[n], Key: id(n)})
		if n > 0 && c.Seq <= all[n-1].Seq {
			t.Errorf("number %d comes after %d", c.Seq, all[n-1].Seq)
		}
	}
	same(t, "the middle", found(s.Authority.Changes(t.Context(), all[0].Seq, 2))(t), all[1:3])
	same(t, "the number after the last", len(found(s.Authority.Changes(t.Context(), all[3].Seq, 10))(t)), 0)
}

func feedHead(t *testing.T, s Stores) {
	epoch, seq, err := s.Authority.FeedHead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if seq != 0 || !regexp.MustCompile("^[0-9a-f]{32}$").MatchString(epoch) {
		t.Errorf("the head of an empty feed is %q, %d", epoch, seq)
	}
	change(t, s, appendChanges(3))
	after, seq, err := s.Authority.FeedHead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := found(s.Authority.Changes(t.Context(), 0, 10))(t)
	same(t, "the head", seq, all[len(all)-1].Seq)
	same(t, "the epoch", after, epoch)
}

// tailFeed reads while fifty write. Every change that was acknowledged must come, once,
// to a reader who remembers nothing but the highest number that it saw.
func tailFeed(t *testing.T, s Stores) {
	const writers, writes = 50, 20
	written := make(chan struct{})
	go func() {
		defer close(written)
		each(t, writers, func(w int) error { return writeChanges(t, s, w, writes) })
	}()
	seen := map[string]int{}
	var highest int64
	for last := false; ; {
		list, err := s.Authority.Changes(t.Context(), highest, 13)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			if c.Seq <= highest {
				t.Fatalf("number %d comes after %d", c.Seq, highest)
			}
			highest = c.Seq
			seen[c.Key]++
		}
		if len(list) > 0 {
			continue
		}
		if last {
			break
		}
		select {
		case <-written:
			last = true // one more look, at what came before this
		default:
		}
	}
	checkTailed(t, seen, writers, writes)
}

// writeChanges writes a change at a time; every seventh is undone.
func writeChanges(t *testing.T, s Stores, w, writes int) error {
	for n := range writes {
		err := s.Authority.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error {
			if n%7 == 3 {
				_ = tx.AppendChange(ctx, authority.ChangeUser, "undone")
				return errUndo
			}
			return tx.AppendChange(ctx, authority.ChangeToken, fmt.Sprintf("%d/%d", w, n))
		})
		if err != nil && err != errUndo {
			return err
		}
	}
	return nil
}

func checkTailed(t *testing.T, seen map[string]int, writers, writes int) {
	t.Helper()
	if seen["undone"] != 0 {
		t.Error("a change of a write that was undone is in the feed")
	}
	for w := range writers {
		for n := range writes {
			want := 1
			if n%7 == 3 {
				want = 0
			}
			if got := seen[fmt.Sprintf("%d/%d", w, n)]; got != want {
				t.Errorf("write %d of writer %d was seen %d times, want %d", n, w, got, want)
			}
		}
	}
}
