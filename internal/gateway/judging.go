package gateway

import (
	"context"
	"sync/atomic"

	"github.com/tokenward/tokenward/internal/policy"
)

// judging is a request that was let through for some of a zone's records, while
// whoever serves it judges them.
type judging[C any] struct {
	gate     *Gate[C]
	answer   *answer
	attempt  *Attempt
	on       policy.Ref
	decision policy.Decision
	ended    atomic.Bool // Pass.Again said no, and the Authorizer has counted that
}

// judging makes the pass tell what becomes of it.
func (g *Gate[C]) judging(a *answer, at *Attempt, p *Pass[C]) *judging[C] {
	j := &judging[C]{gate: g, answer: a, attempt: at, decision: policy.Decision{Allowed: true, Reason: policy.Granted}}
	p.Refused = j.refuse
	if again := p.Again; again != nil {
		p.Again = func(ctx context.Context) (C, bool) {
			caller, ok := again(ctx)
			if !ok {
				j.ended.Store(true)
			}
			return caller, ok
		}
	}
	return j
}

// refuse is Pass.Refused.
func (j *judging[C]) refuse(on policy.Ref, d policy.Decision) {
	if !j.decision.Allowed {
		return
	}
	j.on, j.decision = on, d
	j.decision.Allowed = false
	j.answer.mark(j.gate.help(j.attempt, d, "").scope)
}

// end tells what came of it, also when the client has gone.
func (j *judging[C]) end(ctx context.Context, caller C) {
	if !j.ended.Load() {
		j.gate.judged(context.WithoutCancel(ctx), caller, *j.attempt, j.on, j.decision)
	}
}

// unjudged tells of a request that was let through for some records and answered
// before anybody could judge them: a use, as it is of who may do it on every record.
func (g *Gate[C]) unjudged(ctx context.Context, caller C, at *Attempt, d policy.Decision) {
	if d.Allowed && d.Reason == policy.PartOfZone {
		g.judged(context.WithoutCancel(ctx), caller, *at, policy.Ref{}, policy.Decision{Allowed: true, Reason: policy.Granted})
	}
}
