package authority

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"sync/atomic"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// Bounds of what waits in memory, of all tokens together.
const (
	maxTallies = 1 << 17 // tokens in use since the last flush
	maxExtra   = 1 << 19 // things of theirs that do not lie in the tally itself
)

const secondsInDay = 24 * 60 * 60

// tally counts the uses of one token from one flush to the next. It hangs off
// the token's record, so that a check that knows the record has it at hand.
// Taking it off makes the next use begin another one, which is how a flush leaves
// a token that nobody uses with nothing in memory.
//
// Every token in use has one, so it has room for what nearly all of them need and
// no more.
type tally struct {
	record *record
	next   *tally // that was begun before it

	uses  counters[useKey]
	addrs counters[netip.Addr]

	mu     sync.Mutex // of whoever begins to count something
	rest   *rest      // nil until it is needed
	day    int32      // since 1970
	keys   [2]uint16  // things counted: allowed, denied
	marked uint8      // a bit for each of the record's marks that it put
	closed bool       // it will not be taken again
}

// useKey is what a counter of uses counts.
type useKey struct {
	op    *catalog.Operation
	ref   policy.Ref
	group policy.GroupNo
	given bool // group is one
	why   policy.Reason
}

// counts are all that the tally has; mu is held.
func (t *tally) counts(yield func(*count) bool) {
	for c := range t.uses.all {
		if !yield(&c.count) {
			return
		}
	}
	for c := range t.addrs.all {
		if !yield(&c.count) {
			return
		}
	}
	if t.rest != nil {
		_ = yield(&t.rest.other[0]) && yield(&t.rest.other[1])
	}
}

// tallies are those begun since they were last taken.
type tallies struct {
	seed    maphash.Seed
	head    atomic.Pointer[tally]
	count   atomic.Int64 // not yet done with
	extra   atomic.Int64 // counters beside those in the tallies
	dropped atomic.Int64
}

// note counts what a check decided about the use of a token, and where it came
// from. It must cost nearly nothing: no lock, no allocation but for what is new.
func (ts *tallies) note(k *check, c *Caller, why policy.Reason) {
	op, sec := k.at.Op, k.sec
	pair := k.pair ^ uint64(why)<<countBits
	if c.record.marks.count(pair, sec) {
		return
	}
	t := c.record.tally.Load()
	if t == nil || int64(t.day) != sec/secondsInDay {
		if t = ts.begin(c.record, t, sec); t == nil {
			ts.dropped.Add(1)
			return
		}
	}
	leaf := k.access.Path.Leaf()
	hash := ts.hashUse(op, &leaf, why)
	use := t.uses.find(hash)
	if use == nil {
		use = ts.beginUse(k.Authority, t, hash, c, op, &k.access, why)
	}
	use.add(sec)
	t.mark(pair, sec, use, ts.noteAddr(t, c.addr, sec))
}

// noteAddr counts the use of a token from an address. It gives what it counted it
// in, nil when that is nothing.
func (ts *tallies) noteAddr(t *tally, addr netip.Addr, sec int64) *count {
	if !addr.IsValid() {
		return nil
	}
	hash := ts.hashAddr(addr)
	from := t.addrs.find(hash)
	if from == nil {
		if from = ts.beginAddr(t, hash, addr, sec); from == nil {
			return nil
		}
	}
	from.add(sec)
	return from
}

// begin hangs a new tally off a record, in the place of one of another day. It
// gives nil when there are too many.
func (ts *tallies) begin(r *record, old *tally, sec int64) *tally {
	if ts.count.Add(1) > maxTallies {
		ts.count.Add(-1)
		return nil
	}
	t := &tally{day: int32(sec / secondsInDay), record: r}
	if !r.tally.CompareAndSwap(old, t) {
		ts.count.Add(-1)
		if t = r.tally.Load(); t == nil {
			return ts.begin(r, nil, sec) // it was taken between
		}
		return t // somebody was faster
	}
	// Listed after it hangs there: what is listed first could be taken, and
	// then be hung up for good.
	for {
		t.next = ts.head.Load()
		if ts.head.CompareAndSwap(t.next, t) {
			return t
		}
	}
}

// beginUse gives the count of a use that was not seen since the last flush.
func (ts *tallies) beginUse(a *Authority, t *tally, hash uint64, c *Caller, op *catalog.Operation, access *policy.Access, why policy.Reason) *count {
	key := useKey{op: op, ref: access.Path.Leaf(), why: why}
	denied, bound := 0, uint16(MaxAllowedUses)
	if why != policy.Granted {
		denied, bound = 1, MaxDeniedUses
	} else if access.Accepted != nil {
		given := c.record.set.Granting(&access.Path, access.Accepted)
		if given.Empty() && access.Each != 0 {
			given = c.record.set.GrantingSome(access)
		}
		key.group, key.given = a.worldOf(c).narrowest(given)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if use := t.uses.find(hash); use != nil {
		return use // somebody was faster
	}
	sec := c.now.Unix()
	if denied == 1 {
		t.theRest().keep(refused{sec, key, c.addr})
	}
	if t.closed { // nobody takes what is counted here, nor gives back its room
		ts.dropped.Add(1)
		return &t.theRest().other[denied]
	}
	if t.keys[denied] >= bound || !ts.room(t.uses.len()) {
		return &t.theRest().other[denied]
	}
	t.keys[denied]++
	return t.uses.begin(hash, key, sec)
}

func (ts *tallies) beginAddr(t *tally, hash uint64, addr netip.Addr, sec int64) *count {
	t.mu.Lock()
	defer t.mu.Unlock()
	if from := t.addrs.find(hash); from != nil {
		return from
	}
	if n := t.addrs.len(); t.closed || n >= MaxUseAddresses || !ts.room(n) {
		return nil
	}
	return t.addrs.begin(hash, addr.WithZone(""), sec)
}

// room reports whether one more than n may be counted. All but the first need memory
// of their own, and are counted for that.
func (ts *tallies) room(n int) bool {
	if n == 0 {
		return true
	}
	if ts.extra.Add(1) > maxExtra {
		ts.extra.Add(-1)
		return false
	}
	return true
}

// done says that a tally will be taken once more and not again.
func (ts *tallies) done(t *tally) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	ts.count.Add(-1)
	ts.extra.Add(-int64(max(t.uses.len()-1, 0) + max(t.addrs.len()-1, 0)))
}

// narrowest is the group of a set that gives the least: one that only reads
// before one that also writes.
func (w *world) narrowest(groups policy.GroupSet) (policy.GroupNo, bool) {
	first, found := policy.GroupNo(0), false
	for no := range groups.All {
		if w.catalog.GroupByNo(no).Level == catalog.LevelRead {
			return no, true
		}
		if !found {
			first, found = no, true
		}
	}
	return first, found
}
