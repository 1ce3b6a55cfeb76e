package authority

import (
	"context"
	"fmt"
	"slices"

	"github.com/tokenward/tokenward/internal/policy"
)

// super: the membership makes a Super Administrator of the whole account, with
// nothing taken away.
func (m *Membership) super() bool {
	denies := slices.ContainsFunc(m.Policies, func(p MemberPolicy) bool { return p.Effect == policy.Deny })
	return m.Status == MembershipAccepted && !denies && m.holdsSuper()
}

// holdsSuper: the membership gives the role, on whatever, accepted or not.
func (m *Membership) holdsSuper() bool {
	return slices.Contains(m.Roles, RoleSuperAdministrator) || slices.ContainsFunc(m.Policies, func(p MemberPolicy) bool {
		return p.Effect == policy.Allow && slices.Contains(p.Groups, RoleSuperAdministrator)
	})
}

// notLastSuper refuses to lose a Super Administrator whom nobody could replace.
// It reads inside the transaction, so that of the last two who leave at once
// one stays.
func notLastSuper(ctx context.Context, tx *txn, m *Membership) error {
	if !m.super() {
		return nil
	}
	members, err := tx.Members(ctx, m.AccountID)
	if err != nil {
		return fmt.Errorf("read the other members: %w", err)
	}
	for i := range members {
		if members[i].ID == m.ID || !members[i].super() {
			continue
		}
		u, err := tx.User(ctx, members[i].UserID)
		if err != nil {
			return fmt.Errorf("read another Super Administrator: %w", err)
		}
		if !u.Suspended {
			return nil
		}
	}
	return &Error{Code: CodeInvalid, Message: "the last Super Administrator of an account cannot be removed or downgraded; make another member one first"}
}
