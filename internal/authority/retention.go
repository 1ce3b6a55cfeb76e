package authority

import (
	"context"
	"time"
)

// DefaultAuditRetention is how long events are kept: 18 months (contract 1.8).
const DefaultAuditRetention = 13_140 * time.Hour

const (
	pruneBatch = 500              // events deleted in one transaction
	pruneEvery = 10 * time.Minute // between looking for more, once none was left
)

// retention deletes events that have been kept long enough.
type retention struct {
	keep time.Duration
	next time.Time
}

// prune deletes one batch of old events, if it is time to. While there are more
// it deletes a batch each time that it is called: other writes go in between.
func (a *Authority) prune(ctx context.Context, now time.Time) {
	if now.Before(a.retention.next) {
		return
	}
	n, err := a.store.PruneEvents(ctx, now.Add(-a.retention.keep), pruneBatch)
	if err != nil && ctx.Err() == nil {
		a.log.Error("delete old events", "err", err)
	}
	if err != nil || n < pruneBatch {
		a.retention.next = now.Add(pruneEvery)
	}
}

// tendLog writes down refused attempts and sign-ins that failed, and deletes old events until ctx ends.
// It does not run with the change feed: that must be heard though a write waits.
func (a *Authority) tendLog(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTimeout)
			defer cancel()
			a.flushDenied(last)
			a.flushFailedSignIns(last)
			a.flushAllUsage(last)
			return
		case <-tick.C:
			a.flushDenied(ctx)
			a.flushFailedSignIns(ctx)
			a.flushUsage(ctx)
			a.prune(ctx, a.clock())
			a.pruneUsage(ctx, a.clock())
		}
	}
}

// flushTimeout is what the last write gets when the program stops.
const flushTimeout = 5 * time.Second
