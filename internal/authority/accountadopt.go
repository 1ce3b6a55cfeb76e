package authority

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tokenward/tokenward/internal/policy"
)

// IsAccountID reports whether s has the form of an account's id.
func IsAccountID(s string) bool {
	id, ok := policy.ParseID(s)
	return ok && id != policy.ID{}
}

// AdoptAccount makes an account known that exists elsewhere, under the id that it
// has there. The user with that address becomes its first member and Super
// Administrator. It is for this program, on behalf of whoever starts it; what is
// known already stays as it is.
//
// Errors: CodeForbidden for anybody else; CodeInvalid; CodeNotFound for the user.
func (a *Authority) AdoptAccount(ctx context.Context, c Caller, d AccountDraft, email string) (Account, error) {
	if c.context != BySystem {
		return Account{}, forbidden(policy.Decision{Reason: policy.NeedsPerson})
	}
	if err := a.checkAdopted(d); err != nil {
		return Account{}, err
	}
	known, err := a.store.Account(ctx, d.ID)
	if err == nil {
		return known, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return Account{}, storeError("read account", err)
	}
	user, err := a.store.UserByEmail(ctx, normalEmail(email))
	if err != nil {
		return Account{}, rowError("user "+email, "look for user", err)
	}
	acct, m, err := adopted(&d, user.ID, c.now.UTC())
	if err != nil {
		return Account{}, err
	}
	err = a.write(ctx, &c, "adopt an account", func(ctx context.Context, tx *txn) error {
		return a.createAccount(ctx, tx, &c, acct, m)
	})
	if err != nil {
		return Account{}, fmt.Errorf("adopt account %s: %w", d.ID, err)
	}
	return acct, nil
}

func (a *Authority) checkAdopted(d AccountDraft) error {
	if ref := policy.MakeRef(a.kinds.account, d.ID); ref.Name != "" || ref.Any() {
		return invalid([]policy.Fault{{Pointer: "/id", Message: "id must be 32 lowercase hex digits"}})
	}
	return nil
}

// adopted makes an account under the id of its draft, of which a user is Super
// Administrator.
func adopted(d *AccountDraft, userID string, now time.Time) (Account, Membership, error) {
	if err := d.check(nil); err != nil {
		return Account{}, Membership{}, err
	}
	acct := Account{ID: d.ID, Name: d.Name, Type: d.Type, CreatedOn: now, ModifiedOn: now, Version: 1}
	m := Membership{
		ID: newID(), UserID: userID, AccountID: acct.ID, Roles: []string{RoleSuperAdministrator},
		Status: MembershipAccepted, CreatedOn: now, Version: 1,
	}
	return acct, m, nil
}

// adoption is an account, and its Super Administrator.
type adoption struct {
	account Account
	member  Membership
}

// adoptAll makes the accounts of drafts, each once.
func (a *Authority) adoptAll(drafts []AccountDraft, userID string, now time.Time) ([]adoption, error) {
	var out []adoption
	for i := range drafts {
		d := &drafts[i]
		if slices.ContainsFunc(out, func(o adoption) bool { return o.account.ID == d.ID }) {
			continue
		}
		if err := a.checkAdopted(*d); err != nil {
			return nil, err
		}
		acct, m, err := adopted(d, userID, now)
		if err != nil {
			return nil, err
		}
		out = append(out, adoption{acct, m})
	}
	return out, nil
}

func idsOf(accounts []adoption) []string {
	out := make([]string, len(accounts))
	for i := range accounts {
		out[i] = accounts[i].account.ID
	}
	return out
}
