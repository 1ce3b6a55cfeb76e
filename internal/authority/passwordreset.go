package authority

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// resetLife is how long a link to set a new password works.
const resetLife = time.Hour

// maxResets is how many links for a new password a user can have at a time, so
// that nobody's mailbox is filled by a stranger.
const maxResets = 3

// ResetPassword sets a new password by a link. It works once, and takes all
// other such links of the user with it. It ends the user's sessions, forgets
// their browsers, and signs them in in this one, as far as a second factor lets
// them.
//
// Errors: as AcceptInvitation.
func (a *Authority) ResetPassword(ctx context.Context, c Caller, secret, password string) (User, SignedIn, error) {
	u, _, err := a.follow(ctx, a.store, &c, LinkPasswordReset, secret)
	if err != nil {
		return User{}, SignedIn{}, err
	}
	if err := joinFaults(checkPassword(password, u.Email)); err != nil {
		return User{}, SignedIn{}, err
	}
	hash, device := HashPassword(password), newDeviceOf(u.ID, c.now)
	var in SignedIn
	err = a.write(ctx, &c, "reset a password", func(ctx context.Context, tx *txn) error {
		_, before, err := a.useLink(ctx, tx, &c, LinkPasswordReset, secret)
		if err != nil {
			return err
		}
		u = before
		u.PasswordHash, u.Epoch, u.ModifiedOn = hash, before.Epoch+1, c.now.UTC()
		if in, err = a.byLink(ctx, tx, &u, device); err != nil {
			return err
		}
		return tx.userChanged(ctx, &u, c.linkEvent("password_reset", &u))
	})
	if err != nil {
		return User{}, SignedIn{}, err
	}
	u.Version++
	return u, in, nil
}

// PasswordReset makes a link to set a new password, for whoever holds the data
// folder.
func (a *Authority) PasswordReset(ctx context.Context, c Caller, email string) (Sent, error) {
	if err := onlySystem(&c); err != nil {
		return Sent{}, err
	}
	u, err := a.store.UserByEmail(ctx, normalEmail(email))
	if err != nil {
		return Sent{}, rowError("user "+email, "look for user", err)
	}
	link, err := a.newReset(ctx, &c, u.ID)
	if err != nil {
		return Sent{}, err
	}
	return a.send(ctx, link, u.Email), nil
}

// ForgotPassword sends a link to set a new password to an address, if it is a
// user's and there is a way to send mail. Nobody learns which: the answer is the
// same, and the work is done after it.
func (a *Authority) ForgotPassword(ctx context.Context, c Caller, email string) {
	if a.mailer == nil {
		return
	}
	select {
	case a.asked <- struct{}{}:
	default: // as many as there may be at a time
		a.log.Warn("too many ask for a new password at once")
		return
	}
	ctx = context.WithoutCancel(ctx)
	a.background.Go(func() {
		defer func() { <-a.asked }()
		u, err := a.store.UserByEmail(ctx, normalEmail(email))
		if err != nil || u.Suspended {
			return
		}
		link, err := a.newReset(ctx, &c, u.ID)
		var own *Error
		if errors.As(err, &own) && own.Code == CodeQuota {
			return // and no line in the log, which anybody could fill so
		}
		if err != nil {
			a.log.Warn("make a link for a new password", "user", u.ID, "err", err)
			return
		}
		a.send(ctx, link, u.Email)
	})
}

// maxAsked is how many may be served at a time who ask for a new password.
const maxAsked = 16

// newReset makes a link to set a new password. Those that have expired go.
func (a *Authority) newReset(ctx context.Context, c *Caller, userID string) (*newLink, error) {
	link := newLinkOf(LinkPasswordReset, userID, "", c.now, resetLife)
	err := a.write(ctx, c, "make a link for a new password", func(ctx context.Context, tx *txn) error {
		list, err := tx.Links(ctx, userID, LinkPasswordReset)
		if err != nil {
			return fmt.Errorf("read the links of user %s: %w", userID, err)
		}
		live := slices.DeleteFunc(slices.Clone(list), func(l Link) bool { return !c.now.Before(l.ExpiresOn) })
		for _, l := range list {
			if !c.now.Before(l.ExpiresOn) {
				if err := tx.DeleteLink(ctx, l.Digest); err != nil {
					return fmt.Errorf("delete an expired link: %w", err)
				}
			}
		}
		if c.context != BySystem && len(live) >= maxResets {
			return quota("links for a new password", maxResets)
		}
		if err := tx.InsertLink(ctx, link.Link); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, c.userEvent("password_reset_request", "create", userID))
	})
	return link, err
}
