package authority

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/tokenward/tokenward/internal/prefetch"
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
	buckets [][ways]slot[K, V]
	stripes [256]stripe
}

const ways = 8

// slot holds a fact. In the tag are the upper 48 bits of the key's hash: with it a
// reader passes over other facts without touching their memory. In its lower bits
// is the fact's note. Tag and entry are not written together; a reader that meets
// one half of a change misses the fact, or compares its key and passes on.
type slot[K comparable, V any] struct {
	tag   atomic.Uint64
	entry atomic.Pointer[entry[K, V]]
}

const noteBits = 16

type entry[K comparable, V any] struct {
	key   K
	value V
	note  uint16 // what peek says of the value, so that it need not be read for that
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
	return &cache[K, V]{mask: uint64(buckets - 1), buckets: make([][ways]slot[K, V], buckets)}
}

func (c *cache[K, V]) bucket(hash uint64) *[ways]slot[K, V] { return &c.buckets[c.index(hash)] }

func (c *cache[K, V]) index(hash uint64) uint64 { return hash >> noteBits & c.mask }

func (c *cache[K, V]) stripe(hash uint64) *stripe {
	return &c.stripes[c.index(hash)%uint64(len(c.stripes))]
}

// peek is the entry that get will most likely find, and its note; nil when it will
// find none. It does not read the entry, so that the caller can start to fetch
// what it needs of it.
func (c *cache[K, V]) peek(hash uint64) (e *entry[K, V], note uint16) {
	b := c.bucket(hash)
	for i := range b {
		if tag := b[i].tag.Load(); (tag^hash)>>noteBits == 0 {
			if e := b[i].entry.Load(); e != nil {
				return e, uint16(tag)
			}
		}
	}
	return nil, 0
}

// get finds a fact, nil if it is not there. The fact must not be changed.
func (c *cache[K, V]) get(hash uint64, key *K) *V {
	e, _ := c.peek(hash)
	return c.settle(e, hash, key)
}

// settle is get for whoever has peeked.
func (c *cache[K, V]) settle(e *entry[K, V], hash uint64, key *K) *V {
	if e == nil {
		return nil
	}
	if e.key == *key {
		return &e.value
	}
	b := c.bucket(hash) // two keys have the same tag
	for i := range b {
		if e := b[i].entry.Load(); e != nil && e.key == *key {
			return &e.value
		}
	}
	return nil
}

// touch starts to fetch the memory that peek will read. A check waits for memory
// more than for anything else, and waiting for two things at once takes as long
// as for one.
func (c *cache[K, V]) touch(hash uint64) {
	prefetch.Two(uintptr(unsafe.Pointer(c.bucket(hash))))
}

// touchEntry is peek that starts to fetch the entry too. The memory that touch
// asked for should be there.
func (c *cache[K, V]) touchEntry(hash uint64) *entry[K, V] {
	e, _ := c.peek(hash)
	if e != nil {
		prefetch.Two(uintptr(unsafe.Pointer(e)))
	}
	return e
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
			b[i].tag.Store(hash&^(1<<noteBits-1) | uint64(value.note))
			b[i].entry.Store(value)
			return
		}
	}
	if free < 0 {
		s.victim = (s.victim + 1) % ways
		free = s.victim
	}
	b[free].tag.Store(hash&^(1<<noteBits-1) | uint64(value.note))
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
	for i := range c.buckets {
		for k := range c.buckets[i] {
			c.buckets[i][k].entry.Store(nil)
			c.buckets[i][k].tag.Store(0)
		}
	}
	for i := range c.stripes {
		c.stripes[i].mu.Unlock()
	}
}
