package authority

import (
	"context"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// DeniedBy is the id of the policy of the caller's token that took away what it
// attempted; "" when no policy did, or when that is not to be told.
//
// It is told only where the token's owner may do it themself: a policy may be
// tied to an account, and to learn that it met a zone of somebody else's would
// be to learn where that zone lies.
//
// A decision carries a number, because a check has no time for more. Should the
// token have been changed since, the number may be another policy's: one that
// does not deny is not named.
func (a *Authority) DeniedBy(ctx context.Context, c Caller, at *Attempt, d policy.Decision) string {
	if d.Reason != policy.DeniedByPolicy || d.Policy == 0 || c.record == nil || !a.ownerMay(ctx, &c, at) {
		return ""
	}
	owner := Owner{Kind: OwnerUser, ID: c.record.owner.Ref.String()}
	if c.record.owner.Account {
		owner.Kind = OwnerAccount
	}
	t, err := a.store.Token(ctx, owner, c.record.id)
	if err != nil || int(d.Policy) > len(t.Policies) {
		return ""
	}
	if p := t.Policies[d.Policy-1]; p.Effect == policy.Deny {
		return p.ID
	}
	return ""
}

// ownerMay reports whether the owner of the caller's token may do something,
// whatever the token's own policies say.
func (a *Authority) ownerMay(ctx context.Context, c *Caller, at *Attempt) bool {
	access := accessTo(at.Op, at.Path, c.addr)
	if at.Op.UserOnly || at.Op.Target == catalog.TargetUser {
		if c.person == nil {
			return false
		}
		access.Path = a.kinds.userPath(c.person.id)
	}
	if !c.inOwnAccount(at.Op, &access.Path) {
		return false
	}
	if err := a.locate(ctx, &access.Path, a.feed.fresh(c.now)); err != nil {
		return false
	}
	if c.record.owner.Account {
		account, ok := access.Path.Find(a.kinds.account)
		return ok && account == c.record.owner.Ref
	}
	return c.person != nil && c.rights().allow(&access)
}
