package middleware

import (
	"context"
	"time"
)

// retryAfter is how long Follow waits after a question that failed, or that was
// answered by a reset: two endpoints behind one address would answer each with one.
const retryAfter = 250 * time.Millisecond

// Follow hears of changes until ctx ends. One Follow is to run for each Guard.
// What is kept is trusted for MaxStaleness after the start of the last question
// that was answered, less what the endpoint itself was behind.
func (g *Guard) Follow(ctx context.Context) {
	wait := max(time.Millisecond, g.cfg.MaxStaleness/4)
	failing := false
	for ctx.Err() == nil {
		reset, err := g.hear(ctx, wait)
		if err == nil {
			failing = false
			if !reset {
				continue
			}
		}
		if err != nil && !failing && ctx.Err() == nil {
			g.cfg.Logger.Error("follow changes: every request is asked about until this works again", "err", err)
			failing = true
		}
		select {
		case <-ctx.Done():
		case <-time.After(min(retryAfter, g.cfg.MaxStaleness)):
		}
	}
}

func (g *Guard) hear(ctx context.Context, wait time.Duration) (reset bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, wait+g.cfg.Timeout)
	defer cancel()
	start := time.Now()
	g.kept.mu.RLock()
	at := g.kept.at
	g.kept.mu.RUnlock()
	changes, err := g.endpoint.changes(ctx, at, wait)
	if err != nil {
		return false, err
	}
	g.kept.hear(&changes, start)
	return changes.Reset, nil
}
