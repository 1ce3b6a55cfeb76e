package authority

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tokenward/tokenward/internal/policy"
)

// Joined is a membership as its user sees it.
type Joined struct {
	Membership
	Account Account
}

// ExpiresOn is when an invitation can no longer be accepted.
func (m *Membership) ExpiresOn() time.Time { return m.CreatedOn.Add(invitationLife) }

// JoinedQuery selects memberships of the caller's user. Match and Less may be
// nil: all, oldest first.
type JoinedQuery struct {
	Match      func(*Joined) bool
	Less       func(a, b *Joined) int
	Descending bool
	Offset     int
	Limit      int
}

// Memberships reads a page of the memberships of the caller's user, and how many
// match in all. op is the operation that they are wanted for.
func (a *Authority) Memberships(ctx context.Context, c Caller, op string, q JoinedQuery) ([]Joined, int, error) {
	if err := a.maySelf(ctx, &c, op); err != nil {
		return nil, 0, err
	}
	rows, err := a.store.Memberships(ctx, c.person.id)
	if err != nil {
		return nil, 0, storeError("list memberships", err)
	}
	accounts, err := accountsOf(ctx, a.store, rows)
	if err != nil {
		return nil, 0, storeError("read the accounts of memberships", err)
	}
	var found []Joined
	for _, m := range rows {
		acct, ok := accounts[m.AccountID]
		if j := (Joined{m, acct}); ok && (q.Match == nil || q.Match(&j)) {
			found = append(found, j)
		}
	}
	if q.Less != nil {
		slices.SortStableFunc(found, func(a, b Joined) int { return q.Less(&a, &b) })
	}
	return page(found, q.Descending, q.Offset, q.Limit), len(found), nil
}

// accountsOf reads the accounts of memberships, by id. One that was deleted since
// the memberships were read is missing.
func accountsOf(ctx context.Context, r Reader, rows []Membership) (map[string]Account, error) {
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].AccountID
	}
	if len(ids) == 1 { // as most have: a check waits for this
		acct, err := r.Account(ctx, ids[0])
		if errors.Is(err, ErrNotFound) {
			return nil, nil
		}
		return map[string]Account{ids[0]: acct}, err
	}
	list, err := r.Accounts(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Account, len(list))
	for i := range list {
		out[list[i].ID] = list[i]
	}
	return out, nil
}

// maySelf judges an operation on the caller's own user.
func (a *Authority) maySelf(ctx context.Context, c *Caller, op string) error {
	if c.person == nil {
		return forbidden(policy.Decision{Reason: policy.WrongOwner})
	}
	return a.may(ctx, c, op, a.kinds.userPath(c.person.id))
}

// Membership reads a membership of the caller's user.
func (a *Authority) Membership(ctx context.Context, c Caller, op, id string) (Joined, error) {
	if err := a.maySelf(ctx, &c, op); err != nil {
		return Joined{}, err
	}
	m, err := ownMembership(ctx, a.store, &c, id)
	if err != nil {
		return Joined{}, err
	}
	return a.joinedTo(ctx, m)
}

func (a *Authority) joinedTo(ctx context.Context, m Membership) (Joined, error) {
	acct, err := a.store.Account(ctx, m.AccountID)
	return Joined{m, acct}, rowError("account", "read the account of a membership", err)
}

// ownMembership finds a membership of the caller's user: another's is not there.
func ownMembership(ctx context.Context, r Reader, c *Caller, id string) (Membership, error) {
	m, err := r.Membership(ctx, id)
	if err == nil && m.UserID != c.person.id {
		err = ErrNotFound
	}
	return m, rowError("membership", "read membership", err)
}

// Answer accepts or rejects an invitation. Rejecting a membership that was
// accepted leaves the account.
//
// Errors: CodeInvalid for an invitation that has expired or was rejected, and
// for the last Super Administrator.
func (a *Authority) Answer(ctx context.Context, c Caller, op, id string, status MembershipStatus) (Joined, error) {
	if err := a.maySelf(ctx, &c, op); err != nil {
		return Joined{}, err
	}
	if status != MembershipAccepted && status != MembershipRejected {
		return Joined{}, invalid([]policy.Fault{{Pointer: "/status", Message: `status must be "accepted" or "rejected"`}})
	}
	var after Membership
	err := a.write(ctx, &c, "answer an invitation", func(ctx context.Context, tx *txn) error {
		before, err := ownMembership(ctx, tx, &c, id)
		if err != nil {
			return err
		}
		after = before
		if before.Status == status {
			return nil
		}
		if err := before.answerable(c.now, status); err != nil {
			return err
		}
		if err := notLastSuper(ctx, tx, &before); err != nil {
			return err
		}
		after.Status = status
		if err := tx.UpdateMembership(ctx, after); err != nil {
			return fmt.Errorf("update membership %s: %w", id, err)
		}
		after.Version++
		return tx.memberChanged(ctx, c.memberEvent("member_update", "update", &before, &after), after.UserID)
	})
	if err != nil {
		return Joined{}, err
	}
	return a.joinedTo(ctx, after)
}

func (m *Membership) answerable(now time.Time, status MembershipStatus) error {
	switch {
	case status == MembershipAccepted && m.Status == MembershipRejected:
		return &Error{Code: CodeInvalid, Message: "the invitation was rejected; ask for another one"}
	case status == MembershipAccepted && !now.Before(m.ExpiresOn()):
		return &Error{Code: CodeInvalid, Message: "the invitation has expired; ask for another one"}
	}
	return nil
}

// Leave takes the caller's user out of an account. Their tokens and key stop
// working there at once; account tokens that they created stay.
func (a *Authority) Leave(ctx context.Context, c Caller, id string) error {
	if err := a.maySelf(ctx, &c, OpMembershipLeave); err != nil {
		return err
	}
	return a.write(ctx, &c, "leave an account", func(ctx context.Context, tx *txn) error {
		m, err := ownMembership(ctx, tx, &c, id)
		if err != nil {
			return err
		}
		return removeMember(ctx, tx, m, c.memberEvent("member_remove", "delete", &m, nil))
	})
}

// wholeAccount is what a membership gives on the whole of its account.
func (a *Authority) wholeAccount(m *Membership) policy.GroupSet {
	rules, _ := a.current.Load().memberRules(m, nil)
	var given, denied policy.GroupSet
	for i := range rules {
		if rules[i].Pattern.Ref.Kind != a.kinds.account {
			continue
		}
		if rules[i].Effect == policy.Allow {
			given = given.Or(&rules[i].Groups)
		} else {
			denied = denied.Or(&rules[i].Groups)
		}
	}
	return given.Minus(&denied)
}
