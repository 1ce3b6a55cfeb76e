package authority

import (
	"context"
	"fmt"
	"slices"

	"github.com/tokenward/tokenward/internal/policy"
)

// memberCeiling refuses a membership that gives more than the caller holds, or a
// member with Account Settings Write could make themself Super Administrator.
// before is nil for a new member.
//
// Whoever is Super Administrator, or is to be, only a Super Administrator may
// change; and only one may say whether a member has API access.
//
// It returns what the judgement rests on, for the write to hold on to.
func (a *Authority) memberCeiling(ctx context.Context, c *Caller, before, after *Membership) (judgement, error) {
	access := before != nil && before.APIAccess != after.APIAccess || before == nil && after.APIAccess != Unset
	if access || after.holdsSuper() || before != nil && before.holdsSuper() {
		return judgement{}, a.holdsAll(ctx, c, after.AccountID)
	}
	if len(after.Policies) == 0 {
		return judgement{}, a.mayGive(ctx, c, after, nil)
	}
	groups, err := a.store.ResourceGroups(ctx, after.AccountID)
	if err != nil {
		return judgement{}, storeError("read resource groups", err)
	}
	return judgement{after.AccountID, groups}, a.mayGive(ctx, c, after, groups)
}

// judgement is the resource groups of an account that a membership was judged
// with.
type judgement struct {
	accountID string
	groups    []ResourceGroup
}

// still answers ErrConflict when a resource group has changed since: the member
// would be given what nobody judged.
func (j judgement) still(ctx context.Context, r Reader) error {
	if j.accountID == "" {
		return nil
	}
	now, err := r.ResourceGroups(ctx, j.accountID)
	if err != nil {
		return fmt.Errorf("read resource groups again: %w", err)
	}
	same := func(a, b ResourceGroup) bool { return a.ID == b.ID && a.Version == b.Version }
	if !slices.EqualFunc(now, j.groups, same) {
		return ErrConflict
	}
	return nil
}

// mayGive refuses a membership whose rules are not within what the caller holds.
// What holds only for a member's own tokens takes the groups for all tokens.
func (a *Authority) mayGive(ctx context.Context, c *Caller, m *Membership, groups []ResourceGroup) error {
	rules, own := a.worldOf(c).memberRules(m, groups)
	return a.within(ctx, c, slices.Concat(rules, own))
}

// holdsAll refuses who does not hold everything in an account: who is not its
// Super Administrator, nor acts with a token that has everything.
func (a *Authority) holdsAll(ctx context.Context, c *Caller, account string) error {
	if err := a.within(ctx, c, a.worldOf(c).allOf(account)); err != nil {
		if own, ok := err.(*Error); ok && own.Code == CodeInvalid {
			return forbidden(policy.Decision{Reason: policy.OwnerLacks})
		}
		return err
	}
	return nil
}

// within holds rules against each thing that limits the caller.
func (a *Authority) within(ctx context.Context, c *Caller, rules []policy.Rule) error {
	if c.context == BySystem {
		return nil
	}
	child, err := a.placed(ctx, a.worldOf(c), rules)
	if err != nil {
		return err
	}
	limits, err := a.holdings(ctx, c)
	if err != nil {
		return err
	}
	for _, limit := range limits {
		parent, err := a.placed(ctx, a.worldOf(c), limit)
		if err != nil {
			return err
		}
		if excess, ok := policy.Within(a.worldOf(c).vocabulary, parent, child); !ok {
			return a.worldOf(c).exceeds(excess)
		}
	}
	return nil
}
