package authority

import "sync/atomic"

// marks count what a token is used for most in its record itself: uses from an
// address, each of which is counted twice in the token's tally, as a use and for
// its address. To count there takes the check that has the record at hand one
// write and no look elsewhere; the tally is told when it is taken.
//
// A mark counts one such pair. In one word, so that whoever counts and whoever takes
// agree of what: 40 bits of the pair's hash, and how often. Zero is a free mark.
type marks struct {
	what [markCount]atomic.Uint64
	last [markCount]atomic.Uint32 // Unix seconds
}

const (
	markCount = 4
	countBits = 24
	maxCount  = 1<<countBits - 1
)

// markTag is the word of a pair that was not counted yet. The highest bit tells it
// from a free mark.
func markTag(hash uint64) uint64 { return (hash | 1<<63) &^ maxCount }

// count counts one of a pair that has a mark, and reports whether it has.
func (m *marks) count(hash uint64, sec int64) bool {
	tag := markTag(hash)
	for i := range m.what {
		p := &m.what[i]
		for w := p.Load(); w&^maxCount == tag && w&maxCount < maxCount; w = p.Load() {
			if p.CompareAndSwap(w, w+1) {
				if now := uint32(sec); m.last[i].Load() < now {
					m.last[i].Store(now)
				}
				return true
			}
		}
	}
	return false
}

// free reports whether a pair could have a mark.
func (m *marks) free() bool {
	for i := range m.what {
		if m.what[i].Load() == 0 {
			return true
		}
	}
	return false
}

// mark has a pair counted in the record from now on, if there is room: for a use
// and for an address, nil where that was not known.
func (t *tally) mark(hash uint64, sec int64, use, from *count) {
	m := &t.record.marks
	if !m.free() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return // nobody would take it
	}
	for i := range m.what {
		if !m.what[i].CompareAndSwap(0, markTag(hash)) {
			continue
		}
		m.last[i].Store(uint32(sec))
		t.marked |= 1 << i
		use.marks |= 1 << i
		if from != nil {
			from.marks |= 1 << i
		}
		return
	}
}

// unmark moves what the tally's marks counted to its counters, and frees the marks.
func (t *tally) unmark() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.marked == 0 {
		return
	}
	var n, last [markCount]uint32
	for i := range markCount {
		if m := &t.record.marks; t.marked>>i&1 != 0 {
			n[i], last[i] = uint32(m.what[i].Swap(0)&maxCount), m.last[i].Load()
		}
	}
	t.marked = 0
	for c := range t.counts {
		for i := range markCount {
			if c.marks>>i&1 != 0 {
				c.addAll(n[i], last[i])
			}
		}
		c.marks = 0
	}
}
