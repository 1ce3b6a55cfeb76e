package authority

import "context"

// Poll reads the change feed once, as Follow does every half second.
func (a *Authority) Poll(ctx context.Context) error { return a.poll(ctx) }

// FlushUses writes the pending uses if it is time to, as Follow does.
func (a *Authority) FlushUses(ctx context.Context) { a.flushUses(ctx, a.clock()) }

// FlushDenied writes the refused attempts that wait, as Follow does.
func (a *Authority) FlushDenied(ctx context.Context) { a.flushDenied(ctx) }

// FlushFailedSignIns writes the sign-ins that failed, as Follow does.
func (a *Authority) FlushFailedSignIns(ctx context.Context) { a.flushFailedSignIns(ctx) }

// Prune deletes a batch of old events if it is time to, as Follow does.
func (a *Authority) Prune(ctx context.Context) { a.prune(ctx, a.clock()) }

// FlushUsage writes down what was counted of the use of tokens, as Follow does.
func (a *Authority) FlushUsage(ctx context.Context) { a.flushUsage(ctx) }

// FlushAllUsage writes all of it, as Follow does when it ends.
func (a *Authority) FlushAllUsage(ctx context.Context) { a.flushAllUsage(ctx) }

// PruneUsage deletes a batch of old usage if it is time to, as Follow does.
func (a *Authority) PruneUsage(ctx context.Context) { a.pruneUsage(ctx, a.clock()) }
