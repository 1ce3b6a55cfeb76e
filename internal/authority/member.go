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
	// SecondFactor says that the user has one. Of who has not accepted nothing
	// is said.
	SecondFactor bool
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
	list, err := a.members(ctx, m.AccountID, []Membership{m})
	if err != nil {
		return Member{}, err
	}
	if len(list) == 0 {
		return Member{}, notFound("member")
	}
	return list[0], a.addSecondFactors(ctx, list)
}

// MemberQuery selects members of an account. Match may be nil, for all, and Less
// may: oldest first.
type MemberQuery struct {
	Status     MembershipStatus // "" for all
	Match      func(*Member) bool
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
	if q.Status != "" {
		rows = slices.DeleteFunc(rows, func(m Membership) bool { return m.Status != q.Status })
	}
	n := len(rows)
	if q.Less == nil && q.Match == nil { // only what is shown is read
		list, err := a.members(ctx, accountID, page(rows, q.Descending, q.Offset, q.Limit))
		if err != nil {
			return nil, 0, err
		}
		return list, n, a.addSecondFactors(ctx, list)
	}
	found, err := a.members(ctx, accountID, rows)
	if err != nil {
		return nil, 0, err
	}
	if q.Match != nil {
		found = slices.DeleteFunc(found, func(m Member) bool { return !q.Match(&m) })
		n = len(found)
	}
	if q.Less != nil {
		slices.SortStableFunc(found, func(a, b Member) int { return q.Less(&a, &b) })
	}
	found = page(found, q.Descending, q.Offset, q.Limit)
	return found, n, a.addSecondFactors(ctx, found)
}

// addSecondFactors says of members who have accepted whether they have a second
// factor.
func (a *Authority) addSecondFactors(ctx context.Context, list []Member) error {
	for i := range list {
		if list[i].Status != MembershipAccepted {
			continue
		}
		f, err := a.secondFactor(ctx, a.store, list[i].UserID)
		if err != nil {
			return err
		}
		list[i].SecondFactor = f.On()
	}
	return nil
}

// members adds to memberships of an account what it sees of them.
func (a *Authority) members(ctx context.Context, accountID string, rows []Membership) ([]Member, error) {
	ids, policies := make([]string, len(rows)), false
	for i := range rows {
		ids[i] = rows[i].UserID
		policies = policies || len(rows[i].Policies) > 0
	}
	users, err := a.store.UsersByID(ctx, ids)
	if err != nil {
		return nil, storeError("read the users of members", err)
	}
	byID := make(map[string]User, len(users))
	for i := range users {
		byID[users[i].ID] = users[i]
	}
	var groups []ResourceGroup
	if policies {
		if groups, err = a.store.ResourceGroups(ctx, accountID); err != nil {
			return nil, storeError("read resource groups", err)
		}
	}
	var out []Member
	for _, m := range rows {
		u, ok := byID[m.UserID]
		if !ok { // left and was deleted since the rows were read
			continue
		}
		member := Member{Membership: m, User: u}
		if len(m.Policies) > 0 {
			member.Groups = groups
		}
		out = append(out, member)
	}
	return out, nil
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

// removeMember deletes a membership, but not that of the last Super
// Administrator.
func removeMember(ctx context.Context, tx *txn, m Membership, e Event) error {
	if err := notLastSuper(ctx, tx, &m); err != nil {
		return err
	}
	return dropMember(ctx, tx, m, e)
}

// dropMember deletes a membership, with the invitations that it could still be
// accepted by.
func dropMember(ctx context.Context, tx *txn, m Membership, e Event) error {
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
