package authority

import (
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"net/netip"
	"sync"
	"sync/atomic"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// Bounds of what waits in memory, of all tokens together.
const (
	maxTallies = 1 << 17 // tokens in use since the last flush
	maxExtra   = 1 << 18 // things of theirs that do not lie in the tally itself
)

const secondsInDay = 24 * 60 * 60

// tally counts the uses of one token from one flush to the next. It hangs off
// the token's record, so that a check that knows the record has it at hand.
// Taking it off makes the next use begin another one, which is how a flush leaves
// a token that nobody uses with nothing in memory.
type tally struct {
	day    int32 // since 1970
	record *record
	next   *tally // that was begun before it

	uses  counters[useKey]
	addrs counters[netip.Addr]
	other [2]counter[useKey] // above the bounds: allowed, denied

	mu      sync.Mutex // of whoever begins to count something
	marked  [len(marks{})]marked
	closed  bool      // it will not be taken again
	keys    [2]int    // things counted: allowed, denied
	denials []refused // the first of each kind; the oldest make room
	oldest  int
}

// useKey is what a counter of uses counts.
type useKey struct {
	op    *catalog.Operation
	ref   policy.Ref
	group policy.GroupNo
	given bool // group is one
	why   policy.Reason
}

// refused is a denial to be written.
type refused struct {
	sec  int64
	use  useKey
	addr netip.Addr
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
func (ts *tallies) note(k *check, why policy.Reason) {
	c, op := &k.caller, k.at.Op
	sec := c.now.Unix()
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
	t.mark(pair, sec, marked{use, ts.noteAddr(t, c.addr, sec)})
}

// noteAddr counts the use of a token from an address. It gives the counter, nil
// when there is none.
func (ts *tallies) noteAddr(t *tally, addr netip.Addr, sec int64) *counter[netip.Addr] {
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
	t.other[0].key.why = policy.Granted
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

// beginUse gives the counter of a use that was not seen since the last flush.
func (ts *tallies) beginUse(a *Authority, t *tally, hash uint64, c *Caller, op *catalog.Operation, access *policy.Access, why policy.Reason) *counter[useKey] {
	key := useKey{op: op, ref: access.Path.Leaf(), why: why}
	denied, bound := 0, MaxAllowedUses
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
		t.keep(refused{sec, key, c.addr})
	}
	if t.keys[denied] >= bound || !ts.room(t.keys[0]+t.keys[1] >= len(t.uses.first)) {
		return &t.other[denied]
	}
	t.keys[denied]++
	return t.uses.begin(hash, key, sec)
}

// keep keeps a denial among the latest.
func (t *tally) keep(r refused) {
	if len(t.denials) < MaxKeptDenials {
		t.denials = append(t.denials, r)
		return
	}
	t.denials[t.oldest] = r
	t.oldest = (t.oldest + 1) % MaxKeptDenials
}

func (ts *tallies) beginAddr(t *tally, hash uint64, addr netip.Addr, sec int64) *counter[netip.Addr] {
	t.mu.Lock()
	defer t.mu.Unlock()
	if from := t.addrs.find(hash); from != nil {
		return from
	}
	if t.addrs.extra >= MaxUseAddresses || !ts.room(int(t.addrs.n.Load()) == len(t.addrs.first)) {
		return nil
	}
	return t.addrs.begin(hash, addr.WithZone(""), sec)
}

// room reports whether one more may be counted, and counts it if it needs memory
// of its own.
func (ts *tallies) room(extra bool) bool {
	if !extra {
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
	ts.extra.Add(-int64(t.uses.extra + t.addrs.extra))
}

// hashUse must not be foreseeable: the resource is what somebody asked for.
func (ts *tallies) hashUse(op *catalog.Operation, ref *policy.Ref, why policy.Reason) uint64 {
	var b [18]byte
	copy(b[:16], ref.ID[:])
	b[16], b[17] = byte(ref.Kind), byte(why)
	h := maphash.Bytes(ts.seed, b[:]) ^ bits.RotateLeft64(maphash.String(ts.seed, op.ID), 1)
	if ref.Name != "" {
		h ^= bits.RotateLeft64(maphash.String(ts.seed, ref.Name), 2)
	}
	return h
}

// hashPair is a hash of what an attempt uses, its address and the day. Of one
// token it tells apart what hashUse and hashAddr tell apart together, but for why
// the use was denied.
func (ts *tallies) hashPair(at *Attempt, day int64) uint64 {
	var b [40]byte
	ref, from := at.Path.Leaf(), at.Addr.As16()
	copy(b[:16], ref.ID[:])
	copy(b[16:32], from[:])
	b[32], b[33] = byte(ref.Kind), byte(at.Addr.BitLen())
	binary.LittleEndian.PutUint32(b[36:], uint32(day))
	h := maphash.Bytes(ts.seed, b[:]) ^ bits.RotateLeft64(maphash.String(ts.seed, at.Op.ID), 1)
	if ref.Name != "" {
		h ^= bits.RotateLeft64(maphash.String(ts.seed, ref.Name), 2)
	}
	return h
}

func (ts *tallies) hashAddr(addr netip.Addr) uint64 {
	b := addr.As16()
	return maphash.Bytes(ts.seed, b[:]) ^ binary.LittleEndian.Uint64(b[8:])
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
