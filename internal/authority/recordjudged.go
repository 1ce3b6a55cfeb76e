package authority

import (
	"context"

	"github.com/tokenward/tokenward/internal/policy"
)

// Judged notes what came of an attempt that Authorize let through on the terms of
// Attempt.ByRecord, once it is known: it counts as a use if d allows, and as a
// refusal on a record otherwise, with an event like any other. on is that record,
// the zero Ref for none. c is the caller that Authorize gave.
func (a *Authority) Judged(ctx context.Context, c Caller, at *Attempt, on policy.Ref, d policy.Decision) {
	judged := *at
	judged.Again = false // what was allowed before was not counted
	judged.ByRecord = false
	// Where nobody knows the zone's account, there is less to tell of it.
	_ = a.locate(ctx, &judged.Path, a.feed.fresh(c.now))
	if on.Kind != 0 && !d.Allowed {
		judged.Path = judged.Path.Holding(on)
	}
	k := check{Authority: a, ctx: ctx, at: &judged, sec: c.now.Unix(), access: accessTo(judged.Op, judged.Path, c.addr)}
	if c.record != nil {
		k.pair = a.usage.hashPair(&judged, k.sec/secondsInDay)
	}
	k.note(&c, &d)
}
