package authority

import (
	"context"
	"sync"
	"time"
)

// useResolution is how finely LastUsedOn is kept: a token in constant use is
// written once in this time. The first use after a pause is noted at once.
const useResolution = time.Minute

// flushEvery is how long a noted use may wait to be written.
const flushEvery = 2 * time.Second

// uses are token uses that wait to be written.
type uses struct {
	mu      sync.Mutex
	pending map[string]int64 // when, in Unix microseconds, by token id
	flushed time.Time
}

// noteUse notes that a token was used, now, which is also given in Unix seconds. It
// costs one atomic read, but for the first use in a minute.
func (a *Authority) noteUse(r *record, sec int64, now time.Time) {
	last := r.used.Load()
	if sec-int64(last) < int64(useResolution/time.Second) || !r.used.CompareAndSwap(last, uint32(sec)) {
		return
	}
	a.uses.mu.Lock()
	a.uses.pending[r.id] = now.UnixMicro()
	a.uses.mu.Unlock()
}

// flushUses writes the pending uses, if it is time to. What cannot be written
// stays pending.
func (a *Authority) flushUses(ctx context.Context, now time.Time) {
	a.uses.mu.Lock()
	if len(a.uses.pending) == 0 || now.Sub(a.uses.flushed) < flushEvery {
		a.uses.mu.Unlock()
		return
	}
	batch := a.uses.pending
	a.uses.pending = make(map[string]int64)
	a.uses.flushed = now
	a.uses.mu.Unlock()

	list := make([]TokenUse, 0, len(batch))
	for id, at := range batch {
		list = append(list, TokenUse{TokenID: id, At: time.UnixMicro(at).UTC()})
	}
	if err := a.store.TouchTokens(ctx, list); err != nil {
		a.log.Error("write token uses", "tokens", len(list), "err", err)
		a.putBack(batch)
	}
}

func (a *Authority) putBack(batch map[string]int64) {
	a.uses.mu.Lock()
	defer a.uses.mu.Unlock()
	for id, at := range batch {
		if _, newer := a.uses.pending[id]; !newer {
			a.uses.pending[id] = at
		}
	}
}

// flushAllUses writes what is pending when the program stops.
func (a *Authority) flushAllUses() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	a.uses.mu.Lock()
	a.uses.flushed = time.Time{}
	a.uses.mu.Unlock()
	a.flushUses(ctx, a.clock())
}
