package authority

import (
	"cmp"
	"hash/maphash"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/tokenward/tokenward/internal/policy"
)

const (
	maxWaiting = 1 << 17 // rows that wait to be written
	usageRows  = 2000    // rows written at a time: other writes go in between
	// unnamed is the operation of a request that named none.
	unnamed = "unknown"
)

// usage is what is counted of the use of tokens and not yet written: first in
// tallies, then as rows, where what is alike comes together until its turn comes.
type usage struct {
	tallies

	mu        sync.Mutex
	last      []*tally // taken once; a check that held one may have counted late
	uses      map[useRow]sum
	addresses map[addressRow]sum
	denials   []Denial
	pruned    time.Time // when there was nothing more to prune
}

type useRow struct {
	token string
	day   int64
	use   Use
}

type addressRow struct{ token, address string }

// sum is a count, and when it began and ended in Unix seconds.
type sum struct{ n, since, last int64 }

func (s sum) plus(o sum) sum {
	if s.n == 0 {
		return o
	}
	return sum{s.n + o.n, min(s.since, o.since), max(s.last, o.last)}
}

func (u *usage) init() {
	u.seed = maphash.MakeSeed()
	u.uses, u.addresses = make(map[useRow]sum), make(map[addressRow]sum)
}

// UsageStats gives the counts of the collector.
func (a *Authority) UsageStats() UsageStats {
	a.usage.mu.Lock()
	defer a.usage.mu.Unlock()
	return UsageStats{a.usage.waiting(), a.usage.dropped.Load()}
}

// waiting is the number of rows; mu is held.
func (u *usage) waiting() int { return len(u.uses) + len(u.addresses) + len(u.denials) }

// gather takes the tallies off their records, and from them and from those that
// were taken last time what they counted.
func (u *usage) gather(builtIn *policy.Vocabulary) {
	u.mu.Lock()
	defer u.mu.Unlock()
	g := gatherer{u, builtIn}
	for _, t := range u.last {
		u.done(t)
		g.tally(t)
	}
	clear(u.last)
	u.last = u.last[:0]
	for t := u.head.Swap(nil); t != nil; t = t.next {
		t.record.tally.CompareAndSwap(t, nil)
		g.tally(t)
		u.last = append(u.last, t)
	}
	for _, t := range u.last {
		t.next = nil // or it would keep the others alive
	}
}

// gatherer puts names to what tallies know by numbers.
type gatherer struct {
	*usage
	builtIn *policy.Vocabulary // of operations that are of no custom catalogue
}

// vocabulary is the one that a use's numbers are of.
func (g *gatherer) vocabulary(k *useKey) *policy.Vocabulary {
	if v := k.op.Vocabulary(); v != nil {
		return v
	}
	return g.builtIn
}

func (g *gatherer) tally(t *tally) {
	id, day := t.record.id, int64(t.day)
	use := func(c *counter[useKey], n int64) {
		g.addUse(useRow{id, day, g.useOf(&c.key)}, sum{n, int64(c.since), int64(c.last.Load())})
	}
	t.unmark()
	t.uses.take(use)
	t.addrs.take(func(c *counter[netip.Addr], n int64) {
		g.addAddress(addressRow{id, c.key.String()}, sum{n, int64(c.since), int64(c.last.Load())})
	})
	other, denials := t.takeRest()
	for i, s := range other {
		if s.n > 0 {
			g.addUse(useRow{id, day, Use{Denied: i == 1}}, s)
		}
	}
	for i := range denials {
		g.addDenial(g.denialOf(id, &denials[i]))
	}
}

// useOf says in words what was counted.
func (g *gatherer) useOf(k *useKey) Use {
	u := Use{Denied: k.why != policy.Granted, Operation: cmp.Or(k.op.ID, unnamed)}
	if k.given {
		u.Group = g.vocabulary(k).GroupByNo(k.group).ID
	}
	if k.ref.Kind != 0 && !k.ref.Any() {
		u.Resource = legible(g.vocabulary(k).KindName(k.ref.Kind)+"."+k.ref.String(), maxUseResource)
	}
	return u
}

func (g *gatherer) denialOf(id string, r *refused) Denial {
	use := g.useOf(&r.use)
	d := Denial{TokenID: id, At: time.Unix(r.sec, 0).UTC(), Operation: use.Operation, Resource: use.Resource, Reason: r.use.why.String()}
	if r.addr.IsValid() {
		d.Address = r.addr.WithZone("").String()
	}
	return d
}

// addUse adds to a row. When too many wait it says no more of what the use was.
func (u *usage) addUse(row useRow, s sum) {
	if _, ok := u.uses[row]; !ok && u.waiting() >= maxWaiting {
		row.use = Use{Denied: row.use.Denied}
		if _, ok := u.uses[row]; !ok && u.waiting() >= 2*maxWaiting {
			u.dropped.Add(s.n)
			return
		}
	}
	u.uses[row] = u.uses[row].plus(s)
}

func (u *usage) addAddress(row addressRow, s sum) {
	if _, ok := u.addresses[row]; ok || u.waiting() < maxWaiting {
		u.addresses[row] = u.addresses[row].plus(s)
	}
}

func (u *usage) addDenial(d Denial) {
	if u.waiting() < maxWaiting {
		u.denials = append(u.denials, d)
	}
}

// take gives the rows to be written now, sorted by token: those that have been
// taken no more wait.
func (u *usage) take(limit int) UsageBatch {
	u.mu.Lock()
	defer u.mu.Unlock()
	var b UsageBatch
	for row, s := range u.uses {
		if len(b.Uses) == limit {
			break
		}
		b.Uses = append(b.Uses, UseCount{row.token, time.Unix(row.day*secondsInDay, 0).UTC(), row.use, s.n, unix(s.last)})
		delete(u.uses, row)
	}
	for row, s := range u.addresses {
		if len(b.Uses)+len(b.Addresses) == limit {
			break
		}
		b.Addresses = append(b.Addresses, AddressCount{row.token, row.address, s.n, unix(s.since), unix(s.last)})
		delete(u.addresses, row)
	}
	n := min(len(u.denials), limit-len(b.Uses)-len(b.Addresses))
	b.Denials = u.denials[:n:n]
	u.denials = u.denials[n:]
	slices.SortFunc(b.Uses, func(x, y UseCount) int { return cmp.Or(cmp.Compare(x.TokenID, y.TokenID), x.Day.Compare(y.Day)) })
	slices.SortFunc(b.Addresses, func(x, y AddressCount) int { return cmp.Compare(x.TokenID, y.TokenID) })
	return b
}

// putBack lets rows that could not be written wait again.
func (u *usage) putBack(b UsageBatch) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, c := range b.Uses {
		u.addUse(useRow{c.TokenID, c.Day.Unix() / secondsInDay, c.Use}, sum{c.Count, 0, c.LastOn.Unix()})
	}
	for _, c := range b.Addresses {
		u.addAddress(addressRow{c.TokenID, c.Address}, sum{c.Count, c.FirstOn.Unix(), c.LastOn.Unix()})
	}
	u.denials = append(b.Denials, u.denials...)
}

func unix(sec int64) time.Time { return time.Unix(sec, 0).UTC() }
