package authority

import "sync/atomic"

// counters count things of one sort while many goroutines count. To count what
// has been counted before takes no lock and allocates nothing. Nearly every token
// is used for one thing, from one address, between two flushes: one counter lies
// here, and the second thing brings a table.
//
// A thing is known by a hash of 64 bits with a secret seed, never zero: that two of
// the few hundred things of a token have the same one will not be seen.
type counters[K any] struct {
	first counter[K] // in use once it has a hash
	more  atomic.Pointer[table[K]]
}

type counter[K any] struct {
	hash atomic.Uint64 // whoever finds it there sees since and key
	count
	key K
}

// count is how often something happened, and when.
type count struct {
	n     atomic.Uint32
	last  atomic.Uint32 // Unix seconds
	since uint32        // Unix seconds
	marks uint8         // a bit for each mark that counts for it; guarded by the tally
}

// add counts one, now.
func (c *count) add(sec int64) { c.addAll(1, uint32(sec)) }

// addAll counts n, the last of them at a time in Unix seconds. The time comes first:
// whoever takes what was counted finds it.
func (c *count) addAll(n, last uint32) {
	if c.last.Load() < last {
		c.last.Store(last)
	}
	c.n.Add(n)
}

// find gives the count of a thing, nil when there is none yet.
func (c *counters[K]) find(hash uint64) *count {
	if c.first.hash.Load() == hash {
		return &c.first.count
	}
	if t := c.more.Load(); t != nil {
		return t.find(hash)
	}
	return nil
}

// len is how many things there are. It may be called by whoever may call begin.
func (c *counters[K]) len() int {
	n := 0
	if c.first.hash.Load() != 0 {
		n = 1
	}
	if t := c.more.Load(); t != nil {
		n += t.taken
	}
	return n
}

// begin makes the count of a thing that has none. One goroutine at a time may
// call it.
func (c *counters[K]) begin(hash uint64, key K, sec int64) *count {
	p, second := &c.first, c.first.hash.Load() != 0
	if second {
		p = new(counter[K])
	}
	p.key, p.since = key, uint32(sec)
	p.hash.Store(hash)
	if second {
		c.file(p)
	}
	return &p.count
}

// file puts a counter into the table. In a larger table the counters themselves
// stay where they are, for others are counting.
func (c *counters[K]) file(p *counter[K]) {
	t := c.more.Load()
	if t == nil || 2*t.taken >= len(t.places) {
		t = t.larger()
		c.more.Store(t)
	}
	t.put(p)
}

// all gives every counter.
func (c *counters[K]) all(yield func(*counter[K]) bool) {
	if c.first.hash.Load() != 0 && !yield(&c.first) {
		return
	}
	t := c.more.Load()
	if t == nil {
		return
	}
	for i := range t.places {
		if p := t.places[i].Load(); p != nil && !yield(p) {
			return
		}
	}
}

// take gives what was counted since it was last taken.
func (c *counters[K]) take(each func(c *counter[K], n int64)) {
	for p := range c.all {
		if n := p.n.Swap(0); n > 0 {
			each(p, int64(n))
		}
	}
}

// table has counters in 2^n places, of which at most half are taken.
type table[K any] struct {
	places []atomic.Pointer[counter[K]]
	taken  int // guarded by whoever adds
}

func (t *table[K]) find(hash uint64) *count {
	for i := hash; ; i++ {
		switch p := t.place(i).Load(); {
		case p == nil:
			return nil
		case p.hash.Load() == hash:
			return &p.count
		}
	}
}

func (t *table[K]) put(p *counter[K]) {
	i := p.hash.Load()
	for t.place(i).Load() != nil {
		i++
	}
	t.place(i).Store(p)
	t.taken++
}

func (t *table[K]) place(i uint64) *atomic.Pointer[counter[K]] {
	return &t.places[i&uint64(len(t.places)-1)]
}

// larger makes a table of the same counters with more places, the first one of nil.
func (t *table[K]) larger() *table[K] {
	if t == nil {
		return &table[K]{places: make([]atomic.Pointer[counter[K]], 4)}
	}
	next := &table[K]{places: make([]atomic.Pointer[counter[K]], 4*len(t.places))}
	for i := range t.places {
		if p := t.places[i].Load(); p != nil {
			next.put(p)
		}
	}
	return next
}
