package authority

import "context"

// Poll reads the change feed once, as Follow does every half second.
func (a *Authority) Poll(ctx context.Context) error { return a.poll(ctx) }

// FlushUses writes the pending uses if it is time to, as Follow does.
func (a *Authority) FlushUses(ctx context.Context) { a.flushUses(ctx, a.clock()) }

// FlushDenied writes the refused attempts that wait, as Follow does.
func (a *Authority) FlushDenied(ctx context.Context) { a.flushDenied(ctx) }

// Prune deletes a batch of old events if it is time to, as Follow does.
func (a *Authority) Prune(ctx context.Context) { a.prune(ctx, a.clock()) }
