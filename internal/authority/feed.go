package authority

import (
	"context"
	"encoding/hex"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// pollEvery is how often the change feed is asked when nobody says that it
// moved. Changes made through this Authority do not wait for it.
const pollEvery = 500 * time.Millisecond

// feedBatch is the number of entries taken from the feed at a time.
const feedBatch = 1000

// feed is where the change feed was last heard. Freshness counts from the start
// of the last poll that succeeded, on the monotonic clock: what a poll answers
// was true when it was asked, not when it came back.
type feed struct {
	start        time.Time
	maxStaleness time.Duration
	heard        atomic.Int64 // ns from start to the start of the last good poll; 0: never
	epoch        string
	seq          int64
}

func (f *feed) fresh(now time.Time) bool {
	heard := f.heard.Load()
	return heard != 0 && now.Sub(f.start)-time.Duration(heard) <= f.maxStaleness
}

// Staleness is how long ago the change feed was last heard; negative when it
// has never been.
func (a *Authority) Staleness() time.Duration {
	heard := a.feed.heard.Load()
	if heard == 0 {
		return -1
	}
	return a.clock().Sub(a.feed.start) - time.Duration(heard)
}

// Follow tails the change feed, writes down token uses and keeps the audit log,
// until ctx ends. One Follow is to run for each Authority. Until its first poll has succeeded, and
// whenever the last success is older than MaxStaleness, every check asks the
// store.
func (a *Authority) Follow(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	tended := make(chan struct{})
	go func() { defer close(tended); a.tendLog(ctx) }()
	defer func() { <-tended }()
	for {
		if err := a.poll(ctx); err != nil && ctx.Err() == nil {
			a.log.Error("change feed", "err", err)
		}
		a.flushUses(ctx, a.clock())
		select {
		case <-ctx.Done():
			a.background.Wait()
			a.flushAllUses()
			return
		case <-tick.C:
		case <-a.tail.wake:
		}
	}
}

// poll reads the feed to its end. After a restore the numbers mean other
// changes, so a new epoch forgets everything.
func (a *Authority) poll(ctx context.Context) error {
	started := max(1, int64(a.clock().Sub(a.feed.start)))
	epoch, head, err := a.store.FeedHead(ctx)
	if err != nil {
		return fmt.Errorf("read the head of the change feed: %w", err)
	}
	if epoch != a.feed.epoch || head < a.feed.seq {
		// The head was read before everything is forgotten: what changes in
		// between is in the feed, after head.
		a.forgetAll()
		a.feed.epoch, a.feed.seq = epoch, head
		a.tail.reset(head)
	}
	for a.feed.seq < head {
		changes, err := a.store.Changes(ctx, a.feed.seq, feedBatch)
		if err != nil {
			return fmt.Errorf("read the change feed after %d: %w", a.feed.seq, err)
		}
		if len(changes) == 0 { // they were deleted before they were read here
			a.forgetAll()
			a.feed.seq = head
			a.tail.reset(head)
			break
		}
		for _, c := range changes {
			a.forget(c)
			a.feed.seq = c.Seq
			a.tail.add(c)
		}
	}
	a.feed.heard.Store(started)
	return nil
}

func (a *Authority) forgetAll() {
	w := a.current.Load()
	w.tokens.clear()
	w.people.clear()
	a.zones.clear()
}

// forget drops the fact that a change is about. An entry that cannot be read
// could be about anything.
func (a *Authority) forget(c Change) {
	switch c.Kind {
	case ChangeToken:
		var d token.Digest
		if len(c.Key) != hex.EncodedLen(len(d)) {
			break // Decode panics when it has no room
		}
		if _, err := hex.Decode(d[:], []byte(c.Key)); err == nil {
			a.current.Load().tokens.drop(hashDigest(&d), &d)
			return
		}
	case ChangeUser:
		if id, ok := policy.ParseID(c.Key); ok {
			a.current.Load().people.drop(hashID(&id), &id)
			return
		}
	case ChangeZone:
		if id, ok := policy.ParseID(c.Key); ok {
			a.zones.drop(hashID(&id), &id)
			return
		}
	case ChangeAccount:
		return // nothing of an account itself is cached
	}
	a.forgetAll()
}
