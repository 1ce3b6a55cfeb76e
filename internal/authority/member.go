package authority

import (
	"context"
	"fmt"
	"slices"
)

// Limits of members. Upstream names none.
const (
	MaxMembers          = 1000 // of an account, invitations included
	MaxMemberRoles      = 20   // roles of a member, and in each of its policies
	MaxMemberPolicies   = 20
	MaxPolicyScopes     = 100 // resource groups in a policy of a member
	MaxResourceGroups   = 100 // of an account
	MaxResourceObjects  = 100 // of a resource group
	MaxAccountsOfPerson = 100 // that a user has joined or is invited to
)

// Member is a membership as the account sees it.
type Member struct {
	Membership
	User User
	// Groups are the resource groups that the policies name.
	Groups []ResourceGroup
}

// MemberDraft is what a member is to be: roles of the whole account, or
// policies on parts of it.
type MemberDraft struct {
	Email     string // of an invitation
	Roles     []string
	Policies  []MemberPolicy
	Status    MembershipStatus // of an invitation; "" is pending
	APIAccess Choice
	// SetAPIAccess says that APIAccess was given; only a Super Administrator
	// may give it.
	SetAPIAccess bool
}

// Member reads a member of an account.
func (a *Authority) Member(ctx context.Context, c Caller, accountID, id string) (Member, error) {
	if err := a.may(ctx, &c, OpMemberGet, a.kinds.accountPath(accountID)); err != nil {
		return Member{}, err
	}
	m, err := memberOf(ctx, a.store, accountID, id)
	if err != nil {
		return Member{}, err
	}
	return a.member(ctx, m)
}

// memberOf finds a membership in an account: one of another account is not
// there.
func memberOf(ctx context.Context, r Reader, accountID, id string) (Membership, error) {
	m, err := r.Membership(ctx, id)
	if err == nil && m.AccountID != accountID {
		err = ErrNotFound
	}
	return m, rowError("member", "read member", err)
}

// member adds to a membership what its account sees of it.
func (a *Authority) member(ctx context.Context, m Membership) (Member, error) {
	u, err := a.store.User(ctx, m.UserID)
	if err != nil {
		return Member{}, storeError("read the user of a member", err)
	}
	out := Member{Membership: m, User: u}
	if len(m.Policies) > 0 {
		if out.Groups, err = a.store.ResourceGroups(ctx, m.AccountID); err != nil {
			return Member{}, storeError("read resource groups", err)
		}
	}
	return out, nil
}

// MemberQuery selects members of an account. Less may be nil: oldest first.
type MemberQuery struct {
	Status     MembershipStatus // "" for all
	Less       func(a, b *Member) int
	Descending bool
	Offset     int
	Limit      int
}

// Members reads a page of an account's members, and how many match in all.
func (a *Authority) Members(ctx context.Context, c Caller, accountID string, q MemberQuery) ([]Member, int, error) {
	if err := a.may(ctx, &c, OpMemberList, a.kinds.accountPath(accountID)); err != nil {
		return nil, 0, err
	}
	rows, err := a.store.Members(ctx, accountID)
	if err != nil {
		return nil, 0, storeError("list members", err)
	}
	var found []Member
	for _, m := range rows {
		if q.Status != "" && m.Status != q.Status {
			continue
		}
		full, err := a.member(ctx, m)
		if err != nil {
			return nil, 0, err
		}
		found = append(found, full)
	}
	if q.Less != nil {
		slices.SortStableFunc(found, func(a, b Member) int { return q.Less(&a, &b) })
	}
	return page(found, q.Descending, q.Offset, q.Limit), len(found), nil
}

// UpdateMember replaces what a member may do in an account.
//
// Errors: CodeInvalid with all faults, when the draft gives more than the
// caller holds, and for the last Super Administrator; CodeForbidden for who is
// not Super Administrator and changes one; CodeNotFound; CodeConflict.
func (a *Authority) UpdateMember(ctx context.Context, c Caller, accountID, id string, d MemberDraft) (Member, error) {
	if err := a.may(ctx, &c, OpMemberUpdate, a.kinds.accountPath(accountID)); err != nil {
		return Member{}, err
	}
	before, err := memberOf(ctx, a.store, accountID, id)
	if err != nil {
		return Member{}, err
	}
	if err := a.checkMember(ctx, accountID, &d); err != nil {
		return Member{}, err
	}
	after := before
	after.Roles, after.Policies = d.Roles, withIDs(d.Policies, before.Policies)
	if d.SetAPIAccess {
		after.APIAccess = d.APIAccess
	}
	judged, err := a.memberCeiling(ctx, &c, &before, &after)
	if err != nil {
		return Member{}, err
	}
	if err := a.keepsOwnAccess(ctx, &c, &before, &after); err != nil {
		return Member{}, err
	}
	err = a.write(ctx, &c, "update a member", func(ctx context.Context, tx *txn) error {
		if err := judged.still(ctx, tx); err != nil {
			return err
		}
		if before.super() && !after.super() {
			if err := notLastSuper(ctx, tx, &before); err != nil {
				return err
			}
		}
		if err := tx.UpdateMembership(ctx, after); err != nil {
			return fmt.Errorf("update membership %s: %w", after.ID, err)
		}
		return tx.memberChanged(ctx, c.memberEvent("member_update", "update", &before, &after), after.UserID)
	})
	if err != nil {
		return Member{}, err
	}
	after.Version++
	return a.member(ctx, after)
}

// RemoveMember takes a member out of an account. The member's own tokens and
// key stop working there at once; account tokens that the member created stay.
func (a *Authority) RemoveMember(ctx context.Context, c Caller, accountID, id string) error {
	if err := a.may(ctx, &c, OpMemberDelete, a.kinds.accountPath(accountID)); err != nil {
		return err
	}
	m, err := memberOf(ctx, a.store, accountID, id)
	if err != nil {
		return err
	}
	if m.holdsSuper() {
		if err := a.holdsAll(ctx, &c, accountID); err != nil {
			return err
		}
	}
	return a.write(ctx, &c, "remove a member", func(ctx context.Context, tx *txn) error {
		return removeMember(ctx, tx, m, c.memberEvent("member_remove", "delete", &m, nil))
	})
}

// removeMember deletes a membership, with the invitations that it could still be
// accepted by.
func removeMember(ctx context.Context, tx *txn, m Membership, e Event) error {
	if err := notLastSuper(ctx, tx, &m); err != nil {
		return err
	}
	links, err := tx.Links(ctx, m.UserID, LinkInvitation)
	if err != nil {
		return fmt.Errorf("read invitations: %w", err)
	}
	for _, l := range links {
		if l.MembershipID == m.ID {
			if err := tx.DeleteLink(ctx, l.Digest); err != nil {
				return fmt.Errorf("delete an invitation: %w", err)
			}
		}
	}
	if err := tx.DeleteMembership(ctx, m.ID, m.Version); err != nil {
		return fmt.Errorf("delete membership %s: %w", m.ID, err)
	}
	return tx.memberChanged(ctx, e, m.UserID)
}

// withIDs gives policies ids: those that they name where the member had them
// already, else new ones.
func withIDs(policies, before []MemberPolicy) []MemberPolicy {
	out := slices.Clone(policies)
	for i := range out {
		known := slices.ContainsFunc(before, func(p MemberPolicy) bool { return p.ID == out[i].ID })
		taken := slices.ContainsFunc(out[:i], func(p MemberPolicy) bool { return p.ID == out[i].ID })
		if !known || taken {
			out[i].ID = newID()
		}
	}
	return out
}
