package authority

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// maxTail is how many changes are kept for those who follow this authority. Who is
// further behind starts again.
const maxTail = 4096

// tail is what this authority heard last, for enforcement points that keep answers
// of it. A change gets here when the caches have forgotten what it is about, so
// whoever asks after it was told of a change is not answered from before it.
type tail struct {
	mu      sync.Mutex
	place   FeedPosition
	run     string // of this process; its numbers mean nothing to another
	resets  int
	changes []Change      // the last ones, up to place
	after   int64         // changes begins after this number
	moved   chan struct{} // closed when place moves

	followers atomic.Int64
	wake      chan struct{} // has room for one: the feed moved, ask it now
}

// FeedPosition is a place in what an authority heard. Positions of two epochs
// cannot be compared.
type FeedPosition struct {
	Epoch string
	Seq   int64
}

// Heard is what an authority heard after some position.
type Heard struct {
	FeedPosition
	// Reset says that what happened in between is not known: anything may have
	// changed.
	Reset   bool
	Changes []Change
	Age     time.Duration // since everything up to here was known to be all
}

func (t *tail) init() {
	t.run = rand.Text()[:16]
	t.moved, t.wake = make(chan struct{}), make(chan struct{}, 1)
	t.place.Epoch = t.run + "-0"
}

// reset begins another epoch, at seq.
func (t *tail) reset(seq int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.begin(seq)
}

// restart begins another epoch where it is.
func (t *tail) restart() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.begin(t.place.Seq)
}

func (t *tail) begin(seq int64) {
	t.resets++
	t.place = FeedPosition{t.run + "-" + strconv.Itoa(t.resets), seq}
	t.changes, t.after = nil, seq
	t.notify()
}

// add appends a change that the caches have forgotten.
func (t *tail) add(c Change) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.changes) >= maxTail {
		half := len(t.changes) / 2
		t.after = t.changes[half-1].Seq
		t.changes = slices.Clone(t.changes[half:])
	}
	t.changes, t.place.Seq = append(t.changes, c), c.Seq
	t.notify()
}

func (t *tail) notify() {
	close(t.moved)
	t.moved = make(chan struct{})
}

// since is what was heard after a position, and what is closed when there is more.
func (t *tail) since(after FeedPosition) (Heard, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := Heard{FeedPosition: t.place}
	if after.Epoch != t.place.Epoch || after.Seq < t.after || after.Seq > t.place.Seq {
		h.Reset = true
		return h, t.moved
	}
	i, _ := slices.BinarySearchFunc(t.changes, after.Seq+1, func(c Change, seq int64) int { return int(c.Seq - seq) })
	h.Changes = slices.Clone(t.changes[i:])
	return h, t.moved
}

// nudge has the feed asked now if somebody waits for it.
func (t *tail) nudge() {
	if t.followers.Load() == 0 {
		return
	}
	select {
	case t.wake <- struct{}{}:
	default: // it is about to be asked
	}
}

// FeedPosition is how far this authority has heard the change feed. What it judges
// from now on, it judges by facts that are at least as new.
func (a *Authority) FeedPosition() FeedPosition {
	a.tail.mu.Lock()
	defer a.tail.mu.Unlock()
	return a.tail.place
}

// HeardSince gives the changes that this authority heard after a position. It
// waits until there are some or ctx ends, which is no error. It fails when the
// feed has never been heard.
func (a *Authority) HeardSince(ctx context.Context, after FeedPosition) (Heard, error) {
	a.tail.followers.Add(1)
	defer a.tail.followers.Add(-1)
	for {
		// The age is taken first: what is heard meanwhile makes it too great.
		age := a.Staleness()
		h, moved := a.tail.since(after)
		if h.Reset || len(h.Changes) > 0 || ctx.Err() != nil {
			if age < 0 {
				return Heard{}, unavailable("follow the change feed", errors.New("it has not been heard yet"))
			}
			h.Age = age
			return h, nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
		}
	}
}
