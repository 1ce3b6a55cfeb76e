package authority

import (
	"context"
	"fmt"
	"strings"

	"github.com/tokenward/tokenward/internal/policy"
)

// normalEmail is an e-mail address as it is stored and looked up.
func normalEmail(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// User reads the user whom the caller acts for.
func (a *Authority) User(ctx context.Context, c Caller) (User, error) {
	if c.person == nil {
		return User{}, forbidden(policy.Decision{Reason: policy.WrongOwner})
	}
	if err := a.may(ctx, &c, OpUserGet, a.kinds.userPath(c.person.id)); err != nil {
		return User{}, err
	}
	u, err := a.store.User(ctx, c.person.id)
	return u, rowError("user", "read user", err)
}

// Account reads an account.
func (a *Authority) Account(ctx context.Context, c Caller, id string) (Account, error) {
	if err := a.may(ctx, &c, OpAccountGet, a.kinds.accountPath(id)); err != nil {
		return Account{}, err
	}
	acct, err := a.store.Account(ctx, id)
	return acct, rowError("account", "read account", err)
}

// AccountQuery selects accounts.
type AccountQuery struct {
	Name       string // a part of the name, in any case; "" for all
	Descending bool   // by name
	Offset     int
	Limit      int
}

// Accounts reads a page of the accounts that the caller may see, and how many
// there are in all: those that Account would give, and for an account's token
// its own, which it knows anyway and which clients look up first (contract
// section 0, rule 8). A user without a token between sees every account that
// they have joined, also one in which they may only work on a zone.
func (a *Authority) Accounts(ctx context.Context, c Caller, q AccountQuery) ([]Account, int, error) {
	if err := c.stands(); err != nil {
		return nil, 0, err
	}
	var seen []string
	for _, id := range a.homes(&c) {
		d, err := a.allows(ctx, &c, OpAccountGet, a.kinds.accountPath(id))
		if err != nil {
			return nil, 0, err
		}
		if d.Allowed || id == c.AccountID() || c.record == nil {
			seen = append(seen, id)
		}
	}
	rows, err := a.store.Accounts(ctx, seen)
	if err != nil {
		return nil, 0, storeError("list accounts", err)
	}
	var found []Account
	for _, r := range rows {
		if strings.Contains(strings.ToLower(r.Name), strings.ToLower(q.Name)) {
			found = append(found, r)
		}
	}
	return page(found, q.Descending, q.Offset, q.Limit), len(found), nil
}

// homes are the accounts that a caller can have anything to do with.
func (a *Authority) homes(c *Caller) []string {
	switch {
	case c.AccountID() != "":
		return []string{c.AccountID()}
	case c.person != nil:
		return c.rights().accounts
	}
	return nil
}

// page cuts a page out of a sorted list.
func page[T any](rows []T, descending bool, offset, limit int) []T {
	if offset < 0 || offset >= len(rows) || limit <= 0 {
		return nil
	}
	out := make([]T, 0, min(limit, len(rows)-offset))
	for i := offset; i < len(rows) && len(out) < limit; i++ {
		at := i
		if descending {
			at = len(rows) - 1 - i
		}
		out = append(out, rows[at])
	}
	return out
}

// createAccount adds an account with a first member.
func (a *Authority) createAccount(ctx context.Context, tx *txn, c *Caller, acct Account, m Membership) error {
	if err := tx.InsertAccount(ctx, acct); err != nil {
		return fmt.Errorf("insert account: %w", err)
	}
	if err := tx.InsertMembership(ctx, m); err != nil {
		return fmt.Errorf("insert membership: %w", err)
	}
	if err := tx.changed(ctx, ChangeUser, m.UserID); err != nil {
		return err
	}
	e := c.NewEvent("account_create", "create")
	e.AccountID, e.Resource = acct.ID, EventResource{"account", acct.ID}
	e.New = auditJSON(map[string]any{"name": acct.Name, "type": acct.Type, "first_member": m.UserID})
	return tx.AppendEvent(ctx, e)
}
