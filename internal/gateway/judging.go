package gateway

import (
	"context"

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
	j.gate.judged(context.WithoutCancel(ctx), caller, *j.attempt, j.on, j.decision)
}
