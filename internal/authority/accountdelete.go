package authority

import (
	"context"
	"fmt"
)

// DeleteAccount deletes an account with its memberships, invitations, resource
// groups and account tokens: they are dead when it returns. User tokens stay with
// their users and reach nothing there any more. Events stay, too.
//
// An account with zones stays: whoever deletes it should say of each zone that it
// is to go.
//
// Errors: CodeForbidden for who does not hold everything in the account;
// CodeNotFound; CodeInvalid while there are zones.
func (a *Authority) DeleteAccount(ctx context.Context, c Caller, id string) error {
	if err := a.may(ctx, &c, OpAccountDelete, a.kinds.accountPath(id)); err != nil {
		return err
	}
	if err := a.holdsAll(ctx, &c, id); err != nil {
		return err
	}
	return a.write(ctx, &c, "delete an account", func(ctx context.Context, tx *txn) error {
		acct, err := tx.Account(ctx, id)
		if err != nil {
			return rowError("account", "read account", err)
		}
		if err := noZones(ctx, tx, id); err != nil {
			return err
		}
		if err := a.empty(ctx, tx, &c, id); err != nil {
			return err
		}
		if err := tx.DeleteAccount(ctx, id, acct.Version); err != nil {
			return fmt.Errorf("delete account %s: %w", id, err)
		}
		if err := tx.changed(ctx, ChangeAccount, id); err != nil {
			return err
		}
		// The account's own log cannot be read any more: who deleted it keeps this.
		e := c.NewEvent("account_delete", "delete")
		e.AccountID, e.UserID, e.Resource = id, c.UserID(), EventResource{"account", id}
		e.Old = auditAccount(&acct)
		return tx.AppendEvent(ctx, e)
	})
}

func noZones(ctx context.Context, tx *txn, accountID string) error {
	first := ""
	err := tx.Zones(ctx, []string{accountID}, func(z Zone) bool {
		first = z.Name
		return false
	})
	switch {
	case err != nil:
		return fmt.Errorf("look for zones: %w", err)
	case first != "":
		return &Error{Code: CodeInvalid, Message: fmt.Sprintf("the account has zones, such as %s: delete them or move them to another account first", first)}
	}
	return nil
}

// empty takes everything but zones out of an account.
func (a *Authority) empty(ctx context.Context, tx *txn, c *Caller, accountID string) error {
	if err := a.revokeAll(ctx, tx, c, Owner{OwnerAccount, accountID}); err != nil {
		return err
	}
	members, err := tx.Members(ctx, accountID)
	if err != nil {
		return fmt.Errorf("read the members: %w", err)
	}
	for _, m := range members {
		if err := dropMember(ctx, tx, m, c.memberEvent("member_remove", "delete", &m, nil)); err != nil {
			return err
		}
	}
	groups, err := tx.ResourceGroups(ctx, accountID)
	if err != nil {
		return fmt.Errorf("read resource groups: %w", err)
	}
	for _, g := range groups {
		if err := tx.DeleteResourceGroup(ctx, g.ID, g.Version); err != nil {
			return fmt.Errorf("delete resource group %s: %w", g.ID, err)
		}
		if err := tx.AppendEvent(ctx, c.groupEvent("resource_group_delete", "delete", &g, nil)); err != nil {
			return err
		}
	}
	return nil
}
