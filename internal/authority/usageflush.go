package authority

import (
	"context"
	"strings"
	"time"
)

// maxUseResource is how much of a resource's key is kept, in bytes: names in a
// path may be long.
const maxUseResource = 256

// flushUsage writes down what was counted of the use of tokens, a bounded part of
// it when there is much. What cannot be written waits.
func (a *Authority) flushUsage(ctx context.Context) {
	a.usage.gather(a.Catalog().Vocabulary())
	a.writeUsage(ctx)
}

// writeUsage reports whether to call it again would write more.
func (a *Authority) writeUsage(ctx context.Context) bool {
	batch := a.usage.take(usageRows)
	if batch.empty() {
		return false
	}
	if err := a.store.RecordUsage(ctx, batch); err != nil {
		a.log.Error("write the use of tokens", "rows", len(batch.Uses)+len(batch.Addresses)+len(batch.Denials), "err", err)
		a.usage.putBack(batch)
		return false
	}
	return true
}

// flushAllUsage writes all that waits, when the program stops.
func (a *Authority) flushAllUsage(ctx context.Context) {
	a.flushUsage(ctx)
	a.flushUsage(ctx) // what was counted late
	for a.writeUsage(ctx) {
	}
}

// pruneUsage deletes one batch of what has been kept long enough, if it is time
// to, as prune does with events.
func (a *Authority) pruneUsage(ctx context.Context, now time.Time) {
	if now.Sub(a.usage.pruned) < pruneEvery {
		return
	}
	n, err := a.store.PruneUsage(ctx, now.Add(-UsageRetention), pruneBatch)
	if err != nil && ctx.Err() == nil {
		a.log.Error("delete old usage", "err", err)
	}
	if err != nil || n < pruneBatch {
		a.usage.pruned = now
	}
}

// legible is at most max bytes of s, as UTF-8.
func legible(s string, max int) string {
	if len(s) > max {
		s = s[:max]
	}
	return strings.ToValidUTF8(s, "")
}
