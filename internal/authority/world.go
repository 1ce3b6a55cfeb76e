package authority

import (
	"errors"
	"fmt"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// world is a catalogue and everything that holds numbers of its vocabulary: what
// was compiled against one catalogue means nothing beside another. A caller is of
// one world for as long as its request takes, and what it is compared with must be
// of the same one.
//
// The built-in catalogue's kinds and operations have the same numbers in every
// world; those stay in Authority.
type world struct {
	catalog    *catalog.Catalog
	vocabulary *policy.Vocabulary
	kinds      kinds
	roles      roles
	tokens     *tokenCache
	people     *personCache
	held       *cache[token.Digest, held]
}

func newWorld(c *catalog.Catalog, k kinds, cacheSize int) *world {
	return &world{
		catalog: c, vocabulary: c.Vocabulary(), kinds: k, roles: compileRoles(c),
		tokens: newCache[token.Digest, record](cacheSize * 3 / 2),
		people: newCache[policy.ID, person](max(1024, cacheSize/2)),
		held:   newCache[token.Digest, held](maxHeld),
	}
}

// Catalog is the catalogue that the authority judges by. It is another one after
// Reload.
func (a *Authority) Catalog() *catalog.Catalog { return a.current.Load().catalog }

// Reload puts another catalogue in force, one that extends the same built-in
// catalogue. It begins with empty caches. Requests that are being judged finish by
// the catalogue that they began with; a request that was matched before and comes
// to be judged afterwards is judged by the catalogue that matched it, without its
// caches, until the next Reload.
func (a *Authority) Reload(c *catalog.Catalog) error {
	k, err := findKinds(c.Vocabulary())
	if err != nil {
		return err
	}
	for id, op := range a.ops {
		if same, _ := c.Operation(id); same != op {
			return fmt.Errorf("authority: the catalogue does not extend the one in force: operation %q", id)
		}
	}
	if k != a.kinds {
		return errors.New("authority: the catalogue does not extend the one in force: kinds have other numbers")
	}
	a.reloading.Lock()
	defer a.reloading.Unlock()
	next := newWorld(c, k, a.cacheSize)
	before := *a.current.Load()
	// What stays of it is never asked of its caches: nothing tells them of
	// changes any more.
	before.tokens, before.people = nil, nil
	a.previous.Store(&before)
	a.current.Store(next)
	a.tail.restart()
	return nil
}

// worldFor is the world in which an operation can be judged, and whether its
// caches may be used. It is nil for an operation of a catalogue that is gone.
func (a *Authority) worldFor(op *catalog.Operation) (w *world, current bool) {
	w = a.current.Load()
	of := op.Vocabulary()
	if of == nil || of == w.vocabulary {
		return w, true
	}
	if w = a.previous.Load(); w != nil && of == w.vocabulary {
		return w, false
	}
	return nil, false
}

// worldOf is the world that a caller was judged in; a caller that the gate did
// not make is of the one in force.
func (a *Authority) worldOf(c *Caller) *world {
	if c.world != nil {
		return c.world
	}
	return a.current.Load()
}

var errCatalogGone = errors.New("the catalogue that the request was matched with is no longer in force")
