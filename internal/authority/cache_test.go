package authority

import (
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/tokenward/tokenward/internal/policy"
)

// fact is what these tests cache: it says whose it is.
type fact struct {
	of   policy.ID
	read int // which reading of the store it comes from
}

type factCache struct{ *cache[policy.ID, fact] }

func newFactCache(size int) factCache { return factCache{newCache[policy.ID, fact](size)} }

func (c factCache) find(id policy.ID) *fact { return c.get(hashID(&id), &id) }
func (c factCache) since(id policy.ID) uint64 {
	return c.generation(hashID(&id))
}
func (c factCache) store(f fact, generation uint64) {
	c.put(hashID(&f.of), f.of, &entry[policy.ID, fact]{key: f.of, value: f}, generation)
}
func (c factCache) forget(id policy.ID) { c.drop(hashID(&id), &id) }

func randomIDs(n int) []policy.ID {
	r := rand.NewChaCha8([32]byte{1})
	ids := make([]policy.ID, n)
	for i := range ids {
		r.Read(ids[i][:])
	}
	return ids
}

func TestFactReadBeforeAnInvalidationIsNotStoredAfterIt(t *testing.T) {
	id := randomIDs(1)[0]
	for name, invalidate := range map[string]func(factCache){
		"drop":          func(c factCache) { c.forget(id) },
		"drop, twice":   func(c factCache) { c.forget(id); c.forget(id) },
		"clear":         func(c factCache) { c.clear() },
		"drop and read": func(c factCache) { c.forget(id); c.store(fact{id, 2}, c.since(id)) },
	} {
		c := newFactCache(64)
		generation := c.since(id) // a reader goes to the store
		invalidate(c)             // what it reads there changes
		c.store(fact{id, 1}, generation)
		if f := c.find(id); f != nil && f.read == 1 {
			t.Errorf("%s: the old fact is in the cache", name)
		}
	}
}

func TestInvalidationForgetsItsFactAndNoOther(t *testing.T) {
	c := newFactCache(4096)
	ids := randomIDs(1000)
	for _, id := range ids {
		c.store(fact{of: id}, c.since(id))
	}
	kept := 0
	for _, id := range ids[1:] {
		if c.find(id) != nil {
			kept++
		}
	}
	c.forget(ids[0])
	if c.find(ids[0]) != nil {
		t.Error("the fact is still there")
	}
	for _, id := range ids[1:] {
		if c.find(id) != nil {
			kept--
		}
	}
	if kept != 0 {
		t.Errorf("%d others are gone with it", kept)
	}
}

func TestClearForgetsEverything(t *testing.T) {
	c := newFactCache(256)
	ids := randomIDs(256)
	for _, id := range ids {
		c.store(fact{of: id}, c.since(id))
	}
	c.clear()
	for _, id := range ids {
		if c.find(id) != nil {
			t.Fatal("a fact is still there")
		}
	}
}

func TestFullCacheMakesRoomAndStaysRight(t *testing.T) {
	for _, size := range []int{1, 8, 9, 64} {
		c := newFactCache(size)
		ids := randomIDs(40 * ways * size)
		for i, id := range ids {
			c.store(fact{of: id, read: i}, c.since(id))
			if f := c.find(id); f == nil || f.of != id || f.read != i {
				t.Fatalf("size %d: what was stored just now is not there", size)
			}
		}
		kept := 0
		for i, id := range ids {
			if f := c.find(id); f != nil {
				kept++
				if f.of != id || f.read != i {
					t.Fatalf("size %d: a key gives another one's fact", size)
				}
			}
		}
		if slots := ways * len(c.buckets); kept > slots || kept < slots/2 {
			t.Errorf("size %d: %d facts in %d slots", size, kept, slots)
		}
	}
}

// TestCacheKeepsAsManyFactsAsItIsMadeFor: made half again as large, as it is for
// tokens, it loses next to none.
func TestCacheKeepsAsManyFactsAsItIsMadeFor(t *testing.T) {
	const n = 1 << 14
	c := newFactCache(n * 3 / 2)
	ids := randomIDs(n)
	for _, id := range ids {
		c.store(fact{of: id}, c.since(id))
	}
	kept := 0
	for _, id := range ids {
		if c.find(id) != nil {
			kept++
		}
	}
	if kept < n*98/100 {
		t.Errorf("%d of %d facts are there in %d slots", kept, n, ways*len(c.buckets))
	}
}

func TestNewFactTakesThePlaceOfTheOldOne(t *testing.T) {
	c := newFactCache(8)
	id := randomIDs(1)[0]
	for i := range 3 * ways {
		c.store(fact{id, i}, c.since(id))
	}
	used := 0
	for i := range c.buckets {
		for k := range c.buckets[i] {
			if c.buckets[i][k].entry.Load() != nil {
				used++
			}
		}
	}
	if f := c.find(id); used != 1 || f == nil || f.read != 3*ways-1 {
		t.Errorf("%d slots are taken, the fact is %v", used, f)
	}
}

// TestKeysOfOneHashAreToldApart: ids that somebody chose may agree in the part
// that is hashed.
func TestKeysOfOneHashAreToldApart(t *testing.T) {
	c := newFactCache(64)
	a, b := policy.ID{0: 7, 15: 1}, policy.ID{0: 7, 15: 2}
	if hashID(&a) != hashID(&b) {
		t.Fatal("the hashes differ")
	}
	c.store(fact{of: a}, c.since(a))
	if c.find(b) != nil {
		t.Error("a key gives another one's fact")
	}
	c.store(fact{of: b}, c.since(b))
	c.forget(a)
	if f := c.find(b); c.find(a) != nil || f == nil || f.of != b {
		t.Error("one was forgotten for the other")
	}
}

// TestReadersAndWritersAtOnce: many keys in few slots, so that facts push each
// other out while they are read. A key never gives another's fact, nor a fact
// from before its last invalidation that was complete when the reading began.
func TestReadersAndWritersAtOnce(t *testing.T) {
	const rounds = 3000
	c := newFactCache(32)
	ids := randomIDs(96)
	versions := make([]struct {
		sync.RWMutex
		stored, settled int // in the store; and what every cache must know of
	}, len(ids))
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(g)))
			for range rounds {
				i := r.IntN(len(ids))
				v := &versions[i]
				v.RLock()
				settled := v.settled
				v.RUnlock()
				if f := c.find(ids[i]); f != nil {
					if f.of != ids[i] {
						t.Error("a key gives another one's fact")
					}
					if f.read < settled {
						t.Errorf("version %d is in the cache after %d was announced", f.read, settled)
					}
					continue
				}
				generation := c.since(ids[i])
				v.RLock()
				read := v.stored
				v.RUnlock()
				c.store(fact{ids[i], read}, generation)
			}
		})
	}
	for g := range 2 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(2, uint64(g)))
			for n := range rounds {
				i := r.IntN(len(ids))
				v := &versions[i]
				v.Lock()
				v.stored++
				now := v.stored
				v.Unlock()
				if n%100 == 0 {
					c.clear()
				} else {
					c.forget(ids[i])
				}
				v.Lock()
				v.settled = max(v.settled, now)
				v.Unlock()
			}
		})
	}
	wg.Wait()
}
