package h1

import (
	"sync"
	"time"
)

// idle are the connections that are kept. The one used last is used first, so that
// those that there are too many of grow old.
type idle struct {
	max int
	ttl time.Duration

	mu    sync.Mutex
	conns []*conn // oldest first
	timer *time.Timer
}

// put keeps a connection. It reports false if there are enough.
func (i *idle) put(c *conn) bool {
	c.since = time.Now()
	i.mu.Lock()
	defer i.mu.Unlock()
	if len(i.conns) >= i.max {
		return false
	}
	i.conns = append(i.conns, c)
	if i.timer == nil {
		i.timer = time.AfterFunc(i.ttl, i.sweep)
	}
	return true
}

// take gives the connection that was used last, nil for none.
func (i *idle) take() *conn {
	i.mu.Lock()
	defer i.mu.Unlock()
	n := len(i.conns)
	if n == 0 {
		return nil
	}
	c := i.conns[n-1]
	i.conns[n-1], i.conns = nil, i.conns[:n-1]
	return c
}

// sweep closes what nobody used for long, and comes again while anything is kept.
func (i *idle) sweep() {
	i.mu.Lock()
	defer i.mu.Unlock()
	now, old := time.Now(), 0
	for old < len(i.conns) && now.Sub(i.conns[old].since) >= i.ttl {
		i.conns[old].Close()
		old++
	}
	i.conns = append(i.conns[:0], i.conns[old:]...)
	if i.timer = nil; len(i.conns) > 0 {
		i.timer = time.AfterFunc(i.ttl-now.Sub(i.conns[0].since), i.sweep)
	}
}

func (i *idle) closeAll() {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, c := range i.conns {
		c.Close()
	}
	i.conns = nil
}
