package authority

import (
	"context"
	"fmt"
)

// ChangePassword gives the caller's user another password. It ends all sessions,
// but that this one goes on with the epoch returned, and takes back the links
// for a new password that are out.
//
// Errors: CodeInvalid for a wrong old password (pointer /old) and a new one that
// will not do (pointer /password); CodeTooMany.
func (a *Authority) ChangePassword(ctx context.Context, c Caller, old, password string) (int64, error) {
	before, err := a.provePerson(ctx, &c, old, "/old")
	if err != nil {
		return 0, err
	}
	if err := checkPassword(password, before.Email); err != nil {
		return 0, err
	}
	hash := HashPassword(password)
	err = a.write(ctx, &c, "change a password", func(ctx context.Context, tx *txn) error {
		after := before
		after.PasswordHash, after.Epoch, after.ModifiedOn = hash, before.Epoch+1, c.now.UTC()
		if err := tx.deleteLinks(ctx, after.ID, LinkPasswordReset); err != nil {
			return err
		}
		return tx.userChanged(ctx, &after, c.userEvent("password_change", "update", after.ID))
	})
	if err != nil {
		return 0, err
	}
	return before.Epoch + 1, nil
}

// provePerson reads the user of somebody who is signed in and knows the
// password, so that whoever finds a browser open cannot take the user over.
//
// Errors: CodeForbidden without a session; CodeInvalid with the pointer given;
// CodeTooMany.
func (a *Authority) provePerson(ctx context.Context, c *Caller, password, pointer string) (User, error) {
	if err := c.signedIn(); err != nil {
		return User{}, err
	}
	u, err := a.store.User(ctx, c.person.id)
	if err != nil {
		return User{}, rowError("user", "read user", err)
	}
	return u, a.ownPassword(c, &u, password, pointer)
}

// deleteLinks takes back all links of one kind.
func (t *txn) deleteLinks(ctx context.Context, userID string, kind LinkKind) error {
	all, err := t.Links(ctx, userID, kind)
	if err != nil {
		return fmt.Errorf("read the links of user %s: %w", userID, err)
	}
	for i := range all {
		if err := t.DeleteLink(ctx, all[i].Digest); err != nil {
			return fmt.Errorf("use up a link: %w", err)
		}
	}
	return nil
}
