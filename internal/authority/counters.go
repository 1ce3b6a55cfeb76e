package authority

import "sync/atomic"

// counters count things of one sort while many goroutines count. To count what
// has been counted before takes no lock and allocates nothing; the first two
// things lie beside each other and are found without going elsewhere.
//
// A thing is known by a hash of 64 bits with a secret seed: that two of the few
// hundred things of a token have the same one will not be seen.
type counters[K any] struct {
	n     atomic.Int32 // how many of first are in use
	first [2]counter[K]
	more  atomic.Pointer[[]atomic.Pointer[counter[K]]] // the others, in a table of 2^n places
	extra int                                          // how many others; guarded by whoever adds
}

type counter[K any] struct {
	hash  uint64
	count atomic.Uint32
	last  atomic.Uint32 // Unix seconds
	since uint32        // Unix seconds
	key   K
}

// add counts one, now.
func (c *counter[K]) add(sec int64) { c.addAll(1, uint32(sec)) }

// addAll counts n, the last of them at a time in Unix seconds.
func (c *counter[K]) addAll(n, last uint32) {
	c.count.Add(n)
	if c.last.Load() < last {
		c.last.Store(last)
	}
}

// find gives the counter of a thing, nil when there is none yet.
func (c *counters[K]) find(hash uint64) *counter[K] {
	for i := range c.first[:c.n.Load()] {
		if c.first[i].hash == hash {
			return &c.first[i]
		}
	}
	table := c.more.Load()
	if table == nil {
		return nil
	}
	for i := hash; ; i++ { // a table is never full
		switch p := (*table)[i&uint64(len(*table)-1)].Load(); {
		case p == nil:
			return nil
		case p.hash == hash:
			return p
		}
	}
}

// begin makes the counter of a thing that has none. One goroutine at a time may
// call it.
func (c *counters[K]) begin(hash uint64, key K, sec int64) *counter[K] {
	if n := c.n.Load(); int(n) < len(c.first) {
		p := &c.first[n]
		p.hash, p.key, p.since = hash, key, uint32(sec)
		c.n.Store(n + 1) // whoever reads it sees what was written before
		return p
	}
	table := c.more.Load()
	if table == nil || 2*c.extra >= len(*table) {
		table = c.grow(table)
	}
	p := &counter[K]{hash: hash, key: key, since: uint32(sec)}
	file(*table, p)
	c.extra++
	return p
}

// grow makes a table with more places. The counters themselves stay where they
// are, for others are counting.
func (c *counters[K]) grow(old *[]atomic.Pointer[counter[K]]) *[]atomic.Pointer[counter[K]] {
	size := 16
	if old != nil {
		size = 4 * len(*old)
	}
	table := make([]atomic.Pointer[counter[K]], size)
	if old != nil {
		for i := range *old {
			if p := (*old)[i].Load(); p != nil {
				file(table, p)
			}
		}
	}
	c.more.Store(&table)
	return &table
}

func file[K any](table []atomic.Pointer[counter[K]], p *counter[K]) {
	for i := p.hash; ; i++ {
		if at := &table[i&uint64(len(table)-1)]; at.Load() == nil {
			at.Store(p)
			return
		}
	}
}

// take gives what was counted since it was last taken.
func (c *counters[K]) take(each func(c *counter[K], n int64)) {
	taken := func(p *counter[K]) {
		if n := p.count.Swap(0); n > 0 {
			each(p, int64(n))
		}
	}
	for i := range c.first[:c.n.Load()] {
		taken(&c.first[i])
	}
	if table := c.more.Load(); table != nil {
		for i := range *table {
			if p := (*table)[i].Load(); p != nil {
				taken(p)
			}
		}
	}
}
