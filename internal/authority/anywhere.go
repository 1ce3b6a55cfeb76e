package authority

import (
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// judgeAnywhere judges an operation on what belongs to nobody: it is allowed
// where the caller holds one of its groups on their own user or on an account
// of theirs. The reason of a denial is that of the last place, which access names
// then.
func (a *Authority) judgeAnywhere(c *Caller, op *catalog.Operation, access *policy.Access) policy.Decision {
	access.Accepted = op.Accepted
	d := policy.Decision{Reason: policy.NoGrant}
	if c.person != nil {
		access.Path = a.kinds.userPath(c.person.id)
		if d = c.decide(access, a.kinds); d.Allowed {
			return d
		}
	}
	for _, account := range a.homes(c) {
		access.Path = a.kinds.accountPath(account)
		if d = c.decide(access, a.kinds); d.Allowed {
			return d
		}
	}
	return d
}
