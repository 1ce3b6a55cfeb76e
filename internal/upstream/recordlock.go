package upstream

import (
	"context"
	"hash/maphash"
	"slices"
	"sync"
)

// changing lets one change of a record at a time through. Records share places, so
// that their number is bounded.
type changing struct {
	seed   maphash.Seed
	places [256]chan struct{}
}

func newChanging() *changing {
	c := &changing{seed: maphash.MakeSeed()}
	for i := range c.places {
		c.places[i] = make(chan struct{}, 1)
	}
	return c
}

// hold waits until nobody else changes any of the records, for as long as ctx
// lasts. The places are taken in one order, so that two cannot wait for each
// other. An empty id is no record. release may be called more than once.
func (c *changing) hold(ctx context.Context, ids ...string) (release func(), err error) {
	var at []int
	for _, id := range ids {
		if id != "" {
			at = append(at, int(maphash.String(c.seed, id)%uint64(len(c.places))))
		}
	}
	slices.Sort(at)
	at = slices.Compact(at)
	var held []int
	release = sync.OnceFunc(func() {
		for _, i := range held {
			<-c.places[i]
		}
	})
	for _, i := range at {
		select {
		case c.places[i] <- struct{}{}:
			held = append(held, i)
		case <-ctx.Done():
			release()
			return nil, context.Cause(ctx)
		}
	}
	return release, nil
}
