package authority

import (
	"sync"
	"sync/atomic"
)

// cache keeps facts read from the store, by key. It is bounded, and reading it
// takes no lock.
//
// A fact that was read before an invalidation must not be stored after it, or a
// revoked token would live on. So a reader takes the key's generation, reads
// the store, and hands the generation in with the fact; put refuses it if the
// generation has moved, and drop moves it.
//
// It is a table of buckets of eight slots. Keys bring their own hash, which
// must be spread well: keys here are digests and random ids.
type cache[K comparable, V any] struct {
	mask    uint64 // number of buckets - 1
	slots   []slot[K, V]
	stripes [256]stripe
}

const ways = 8

// slot holds a fact. The tag is the key's hash: with it a reader passes over
// other facts without touching their memory. Tag and entry are not written
// together; a reader that meets one half of a change misses the fact, or
// compares its key and passes on.
type slot[K comparable, V any] struct {
	tag   atomic.Uint64
	entry atomic.Pointer[entry[K, V]]
}

type entry[K comparable, V any] struct {
	key   K
	value V
}

// stripe guards the changes of the buckets that fall to it.
type stripe struct {
	mu         sync.Mutex
	generation atomic.Uint64
	victim     int
	_          [40]byte // a cache line each
}

// newCache makes a cache for at least size facts, one bucket at the least.
func newCache[K comparable, V any](size int) *cache[K, V] {
	buckets := 1
	for buckets*ways < size {
		buckets *= 2
	}
	return &cache[K, V]{mask: uint64(buckets - 1), slots: make([]slot[K, V], buckets*ways)}
}

func (c *cache[K, V]) bucket(hash uint64) []slot[K, V] {
	i := c.index(hash) * ways
	return c.slots[i : i+ways : i+ways]
}

// index leaves out the lowest bit, which is set in every hash so that a tag is
// never zero.
func (c *cache[K, V]) index(hash uint64) uint64 { return hash >> 1 & c.mask }

func (c *cache[K, V]) stripe(hash uint64) *stripe {
	return &c.stripes[c.index(hash)%uint64(len(c.stripes))]
}

// get finds a fact, nil if it is not there. The fact must not be changed.
func (c *cache[K, V]) get(hash uint64, key *K) *V {
	b := c.bucket(hash)
	for i := range b {
		if b[i].tag.Load() != hash {
			continue
		}
		if e := b[i].entry.Load(); e != nil && e.key == *key {
			return &e.value
		}
	}
	return nil
}

// touch starts to fetch the memory that get will read. A check waits for memory
// more than for anything else, and waiting for two things at once takes as long
// as for one.
func (c *cache[K, V]) touch(hash uint64) {
	b := c.bucket(hash)
	b[0].tag.Load()
	b[ways/2].tag.Load()
}

// generation is to be taken before the store is read, and handed to put.
func (c *cache[K, V]) generation(hash uint64) uint64 {
	return c.stripe(hash).generation.Load()
}

// put stores a fact that was read from the store since generation was taken.
// When the bucket is full, one of its facts makes room, each in its turn.
func (c *cache[K, V]) put(hash uint64, key K, value *entry[K, V], generation uint64) {
	s := c.stripe(hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.generation.Load() != generation {
		return
	}
	b := c.bucket(hash)
	free := -1
	for i := range b {
		switch e := b[i].entry.Load(); {
		case e == nil && free < 0:
			free = i
		case e != nil && e.key == key:
			b[i].entry.Store(value)
			return
		}
	}
	if free < 0 {
		s.victim = (s.victim + 1) % ways
		free = s.victim
	}
	b[free].tag.Store(hash)
	b[free].entry.Store(value)
}

// drop forgets a fact, and whatever is being read about it now.
func (c *cache[K, V]) drop(hash uint64, key *K) {
	s := c.stripe(hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.generation.Add(1)
	b := c.bucket(hash)
	for i := range b {
		if e := b[i].entry.Load(); e != nil && e.key == *key {
			b[i].entry.Store(nil)
			b[i].tag.Store(0)
		}
	}
}

// clear forgets everything.
func (c *cache[K, V]) clear() {
	for i := range c.stripes {
		c.stripes[i].mu.Lock()
		c.stripes[i].generation.Add(1)
	}
	for i := range c.slots {
		c.slots[i].entry.Store(nil)
		c.slots[i].tag.Store(0)
	}
	for i := range c.stripes {
		c.stripes[i].mu.Unlock()
	}
}
