package authority_test

import (
	"context"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// heard is what was heard after a position, without waiting for more.
func (w *world) heard(after authority.FeedPosition) authority.Heard {
	w.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	stop()
	h, err := w.HeardSince(ctx, after)
	if err != nil {
		w.t.Fatal(err)
	}
	return h
}

func TestWhoFollowsIsToldEveryChangeOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.heard(authority.FeedPosition{})
	if !first.Reset || first.FeedPosition != w.FeedPosition() {
		t.Fatalf("a stranger: %+v", first)
	}
	tok, _ := w.issue(accountOwner(acme), allow("DNS Read", account(acme)))
	if h := w.heard(first.FeedPosition); len(h.Changes) > 0 || h.FeedPosition != first.FeedPosition {
		t.Errorf("told before it was heard: %+v", h)
	}
	w.poll()
	h := w.heard(first.FeedPosition)
	if h.Reset || len(h.Changes) != 1 || h.Changes[0].Kind != authority.ChangeToken || h.Seq != h.Changes[0].Seq {
		t.Fatalf("%+v", h)
	}
	if again := w.heard(h.FeedPosition); again.Reset || len(again.Changes) > 0 {
		t.Errorf("told twice: %+v", again)
	}
	if err := w.Revoke(t.Context(), w.as(w.admin.credential()), accountOwner(acme), tok.ID); err != nil {
		t.Fatal(err)
	}
	w.poll()
	if both := w.heard(first.FeedPosition); len(both.Changes) != 2 {
		t.Errorf("who is behind: %+v", both)
	}
	for what, at := range map[string]authority.FeedPosition{
		"another epoch": {Epoch: "other", Seq: h.Seq}, "the future": {Epoch: h.Epoch, Seq: h.Seq + 100}, "before everything": {Epoch: h.Epoch, Seq: first.Seq - 1},
	} {
		if got := w.heard(at); !got.Reset {
			t.Errorf("%s: %+v", what, got)
		}
	}
}

// TestAnotherCatalogueIsAnotherEpoch: what was judged by the one before ends.
func TestAnotherCatalogueIsAnotherEpoch(t *testing.T) {
	t.Parallel()
	w := newShop(t, acme)
	w.poll()
	before := w.FeedPosition()
	if err := w.Reload(shopCatalog(t, acme)); err != nil {
		t.Fatal(err)
	}
	if h := w.heard(before); !h.Reset || h.Epoch == before.Epoch {
		t.Errorf("%+v", h)
	}
}

// TestWhoIsFarBehindStartsAgain, and who is not misses nothing.
func TestWhoIsFarBehindStartsAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	start := w.FeedPosition()
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		for range 6000 {
			if err := tx.AppendChange(ctx, authority.ChangeAccount, acme); err != nil {
				return err
			}
		}
		return nil
	})
	w.poll()
	now := w.FeedPosition()
	if h := w.heard(start); !h.Reset {
		t.Errorf("%d changes behind: %d changes", now.Seq-start.Seq, len(h.Changes))
	}
	near := authority.FeedPosition{Epoch: now.Epoch, Seq: now.Seq - 1000}
	if h := w.heard(near); h.Reset || len(h.Changes) != 1000 || h.Changes[0].Seq != near.Seq+1 {
		t.Errorf("1000 behind: %v, %d changes", h.Reset, len(h.Changes))
	}
}

// TestWhoWaitsIsToldAtOnce: a change here does not wait for the next poll.
func TestWhoWaitsIsToldAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, stop := context.WithCancel(context.Background())
	followed := make(chan struct{})
	go func() { defer close(followed); w.Follow(ctx) }()
	defer func() { stop(); <-followed }()
	at := w.FeedPosition()
	got := make(chan authority.Heard, 1)
	go func() {
		h, err := w.HeardSince(ctx, at)
		if err != nil {
			t.Error(err)
		}
		got <- h
	}()
	w.issue(accountOwner(acme), allow("DNS Read", account(acme)))
	select {
	case h := <-got:
		if len(h.Changes) != 1 {
			t.Errorf("%+v", h)
		}
	case <-time.After(20 * time.Second):
		t.Error("not told")
	}
}

// TestTheFeedHasToBeHeardFirst.
func TestTheFeedHasToBeHeardFirst(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	_, err := w.HeardSince(ctx, authority.FeedPosition{})
	wantCode(t, err, authority.CodeUnavailable)
}
