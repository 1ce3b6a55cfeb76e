package authority

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tokenward/tokenward/internal/policy"
)

// MaxAccountName is the length of an account's name, in characters.
const MaxAccountName = 100

// AccountDraft is what an account is to be. What is nil stays as it is.
type AccountDraft struct {
	ID           string // in an update: the account's, or ""
	Name         string
	Type         string // "" is "standard", or as it is
	APIOff       *bool
	AbuseContact *string
}

// CreateAccount adds an account, whose first member and Super Administrator the
// caller's user is. Only people can: a new account has no resource that a
// token's policies could name.
//
// Errors: CodeForbidden for a token; CodeInvalid with all faults; CodeQuota.
func (a *Authority) CreateAccount(ctx context.Context, c Caller, d AccountDraft) (Account, error) {
	if c.person == nil || c.record != nil || c.person.suspended {
		return Account{}, forbidden(policy.Decision{Reason: policy.NeedsPerson})
	}
	if err := d.check(nil); err != nil {
		return Account{}, err
	}
	now := c.now.UTC()
	acct := Account{ID: newID(), Name: d.Name, Type: d.Type, CreatedOn: now, ModifiedOn: now, Version: 1}
	d.apply(&acct)
	m := Membership{
		ID: newID(), UserID: c.person.id, AccountID: acct.ID, Roles: []string{RoleSuperAdministrator},
		Status: MembershipAccepted, CreatedOn: now, Version: 1,
	}
	err := a.write(ctx, &c, "create an account", func(ctx context.Context, tx *txn) error {
		theirs, err := tx.Memberships(ctx, m.UserID)
		if err != nil {
			return fmt.Errorf("read the user's memberships: %w", err)
		}
		if len(theirs) >= MaxAccountsOfPerson {
			return quota("accounts of a user", MaxAccountsOfPerson)
		}
		return a.createAccount(ctx, tx, &c, acct, m)
	})
	return acct, err
}

// UpdateAccount changes an account's name and settings; its type never changes.
// Only a Super Administrator may switch API access.
func (a *Authority) UpdateAccount(ctx context.Context, c Caller, id string, d AccountDraft) (Account, error) {
	if err := a.may(ctx, &c, OpAccountUpdate, a.kinds.accountPath(id)); err != nil {
		return Account{}, err
	}
	before, err := a.store.Account(ctx, id)
	if err != nil {
		return Account{}, rowError("account", "read account", err)
	}
	if err := d.check(&before); err != nil {
		return Account{}, err
	}
	after := before
	after.ModifiedOn = c.now.UTC()
	d.apply(&after)
	if before.APIOff != after.APIOff {
		if err := a.maySwitchAPI(ctx, &c, &after); err != nil {
			return Account{}, err
		}
	}
	err = a.write(ctx, &c, "update an account", func(ctx context.Context, tx *txn) error {
		if err := tx.UpdateAccount(ctx, after); err != nil {
			return fmt.Errorf("update account %s: %w", id, err)
		}
		if err := tx.changed(ctx, ChangeAccount, id); err != nil {
			return err
		}
		if err := tx.changedMembers(ctx, id, before.APIOff != after.APIOff); err != nil {
			return err
		}
		e := c.NewEvent("account_update", "update")
		e.AccountID, e.Resource = id, EventResource{"account", id}
		e.Old, e.New = auditAccount(&before), auditAccount(&after)
		return tx.AppendEvent(ctx, e)
	})
	after.Version++
	return after, err
}

// changedMembers writes a change for each member of an account, whose rights
// depend on it, if it is needed.
func (t *txn) changedMembers(ctx context.Context, accountID string, needed bool) error {
	if !needed {
		return nil
	}
	members, err := t.Members(ctx, accountID)
	if err != nil {
		return fmt.Errorf("read the members: %w", err)
	}
	for _, m := range members {
		if err := t.changed(ctx, ChangeUser, m.UserID); err != nil {
			return err
		}
	}
	return nil
}

func (d *AccountDraft) apply(acct *Account) {
	acct.Name = d.Name
	if d.APIOff != nil {
		acct.APIOff = *d.APIOff
	}
	if d.AbuseContact != nil {
		acct.AbuseContact = *d.AbuseContact
	}
}

func (d *AccountDraft) check(before *Account) error {
	var faults []policy.Fault
	add := func(pointer, format string, args ...any) {
		faults = append(faults, policy.Fault{Pointer: pointer, Message: fmt.Sprintf(format, args...)})
	}
	d.Name = strings.TrimSpace(d.Name)
	switch n := utf8.RuneCountInString(d.Name); {
	case n == 0:
		add("/name", "name must be given")
	case n > MaxAccountName:
		add("/name", "name is too long: at most %d characters are possible, here are %d", MaxAccountName, n)
	case strings.ContainsFunc(d.Name, unicode.IsControl):
		add("/name", "name has an invalid character")
	}
	switch {
	case before != nil && d.Type != "" && d.Type != before.Type:
		add("/type", "account type is not supported: it cannot change from %q", before.Type)
	case before == nil && d.Type == "":
		d.Type = "standard"
	case before == nil && d.Type != "standard" && d.Type != "enterprise":
		add("/type", `account type is not supported: use "standard" or "enterprise"`)
	}
	if before != nil && d.ID != "" && d.ID != before.ID {
		add("/id", "id must be that of the account in the path")
	}
	if d.AbuseContact != nil && *d.AbuseContact != "" {
		if emailProblem(*d.AbuseContact) != "" {
			add("/settings/abuse_contact_email", "abuse_contact_email must be an address, such as abuse@example.com")
		}
	}
	if len(faults) > 0 {
		return invalid(faults)
	}
	return nil
}

func auditAccount(acct *Account) []byte {
	return auditJSON(map[string]any{
		"name": acct.Name, "type": acct.Type, "api_access_enabled": !acct.APIOff, "abuse_contact_email": acct.AbuseContact,
	})
}
