package authority

import (
	"net/netip"
	"sync/atomic"
)

// marks count what a token is used for most in its record itself: uses from an
// address, each of which is counted twice in the token's tally, as a use and for
// its address. To count there takes the check that has the record at hand one
// write and no look elsewhere; the tally is told when it is taken.
type marks [4]mark // a cache line

// mark counts one such pair. In one word, so that whoever counts and whoever takes
// agree of what: 40 bits of the pair's hash, and how often. Zero is a free mark.
type mark struct {
	what atomic.Uint64
	last atomic.Uint32 // Unix seconds
}

const (
	countBits = 24
	maxCount  = 1<<countBits - 1
)

// markTag is the word of a pair that was not counted yet. The highest bit tells it
// from a free mark.
func markTag(hash uint64) uint64 { return (hash | 1<<63) &^ maxCount }

// count counts one of a pair that has a mark, and reports whether it has.
func (m *marks) count(hash uint64, sec int64) bool {
	tag := markTag(hash)
	for i := range m {
		p := &m[i]
		for w := p.what.Load(); w&^maxCount == tag && w&maxCount < maxCount; w = p.what.Load() {
			if p.what.CompareAndSwap(w, w+1) {
				if now := uint32(sec); p.last.Load() < now {
					p.last.Store(now)
				}
				return true
			}
		}
	}
	return false
}

// free reports whether a pair could have a mark.
func (m *marks) free() bool {
	for i := range m {
		if m[i].what.Load() == 0 {
			return true
		}
	}
	return false
}

// marked is which counters a mark counts for: those of the tally that put it.
type marked struct {
	use  *counter[useKey]
	from *counter[netip.Addr] // nil where the address was not known
}

// mark has a pair counted in the record from now on, if there is room.
func (t *tally) mark(hash uint64, sec int64, pair marked) {
	m := &t.record.marks
	if !m.free() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return // nobody would take it
	}
	for i := range m {
		if t.marked[i].use == nil && m[i].what.CompareAndSwap(0, markTag(hash)) {
			m[i].last.Store(uint32(sec))
			t.marked[i] = pair
			return
		}
	}
}

// unmark moves what the tally's marks counted to its counters.
func (t *tally) unmark() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.marked {
		pair := &t.marked[i]
		if pair.use == nil {
			continue
		}
		m := &t.record.marks[i]
		n, last := uint32(m.what.Swap(0)&maxCount), m.last.Load()
		pair.use.addAll(n, last)
		if pair.from != nil {
			pair.from.addAll(n, last)
		}
		*pair = marked{}
	}
}
