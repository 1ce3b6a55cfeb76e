package authority

import (
	"context"
	"errors"
	"fmt"

	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// What is here is for whoever holds the data folder: the caller must be System.

func onlySystem(c *Caller) error {
	if c.context != BySystem {
		return forbidden(policy.Decision{})
	}
	return nil
}

// CreateUser makes a user without a password, and the link to set one.
//
// Errors: CodeInvalid for a faulty address; CodeExists for one that is taken.
func (a *Authority) CreateUser(ctx context.Context, c Caller, email string) (User, Sent, error) {
	if err := onlySystem(&c); err != nil {
		return User{}, Sent{}, err
	}
	email = normalEmail(email)
	if problem := emailProblem(email); problem != "" {
		return User{}, Sent{}, invalid([]policy.Fault{{Pointer: "/email", Message: problem}})
	}
	u := User{ID: newID(), Email: email, CreatedOn: c.now, ModifiedOn: c.now, Version: 1}
	link := newLinkOf(LinkInvitation, u.ID, "", c.now, invitationLife)
	err := a.write(ctx, &c, "create a user", func(ctx context.Context, tx *txn) error {
		if _, err := tx.UserByEmail(ctx, email); err == nil {
			return &Error{Code: CodeExists, Message: "there is a user " + email + " already"}
		} else if !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("look for a user: %w", err)
		}
		if err := insertUser(ctx, tx, &c, u); err != nil {
			return err
		}
		return tx.InsertLink(ctx, link.Link)
	})
	if err != nil {
		return User{}, Sent{}, err
	}
	return u, a.send(ctx, link, email), nil
}

// Users lists all users by e-mail address.
func (a *Authority) Users(ctx context.Context, c Caller) ([]User, error) {
	if err := onlySystem(&c); err != nil {
		return nil, err
	}
	list, err := a.store.Users(ctx)
	return list, storeError("list users", err)
}

// SuspendUser stops every credential of a user, or lets them work again. Account
// tokens that the user created go on.
func (a *Authority) SuspendUser(ctx context.Context, c Caller, email string, suspended bool) (User, error) {
	action := "user_unsuspend"
	if suspended {
		action = "user_suspend"
	}
	return a.administer(ctx, &c, email, action, func(u *User) {
		u.Suspended = suspended
		u.Epoch++ // no session comes back with the user
	})
}

// SwitchKey lets a user have an API key, or keeps the one there is from working.
func (a *Authority) SwitchKey(ctx context.Context, c Caller, email string, on bool) (User, error) {
	return a.administer(ctx, &c, email, "api_key_switch", func(u *User) { u.KeyOff = !on })
}

// administer changes a user's row.
func (a *Authority) administer(ctx context.Context, c *Caller, email, action string, change func(*User)) (User, error) {
	if err := onlySystem(c); err != nil {
		return User{}, err
	}
	var after User
	err := a.write(ctx, c, action, func(ctx context.Context, tx *txn) error {
		before, err := tx.UserByEmail(ctx, normalEmail(email))
		if err != nil {
			return rowError("user "+email, "look for user", err)
		}
		after = before
		after.ModifiedOn = c.now
		change(&after)
		return tx.userChanged(ctx, &after, c.userEvent(action, "update", after.ID).changing(&before, &after))
	})
	after.Version++
	return after, err
}

// ChangeKeyOf gives a user a new API key, also where they are switched off: the
// old one is dead when it returns.
func (a *Authority) ChangeKeyOf(ctx context.Context, c Caller, email string) (token.Secret, error) {
	if err := onlySystem(&c); err != nil {
		return token.Secret{}, err
	}
	u, err := a.store.UserByEmail(ctx, normalEmail(email))
	if err != nil {
		return token.Secret{}, rowError("user "+email, "look for user", err)
	}
	return a.changeKey(ctx, &c, u)
}

// DeleteUser deletes a user with their memberships, tokens and what they sign in
// by. Account tokens that they created go on and name them.
//
// Errors: CodeNotFound; CodeInvalid for the last Super Administrator of an
// account.
func (a *Authority) DeleteUser(ctx context.Context, c Caller, email string) error {
	if err := onlySystem(&c); err != nil {
		return err
	}
	return a.write(ctx, &c, "delete a user", func(ctx context.Context, tx *txn) error {
		u, err := tx.UserByEmail(ctx, normalEmail(email))
		if err != nil {
			return rowError("user "+email, "look for user", err)
		}
		memberships, err := tx.Memberships(ctx, u.ID)
		if err != nil {
			return fmt.Errorf("read memberships: %w", err)
		}
		for _, m := range memberships {
			if err := removeMember(ctx, tx, m, c.memberEvent("member_remove", "delete", &m, nil)); err != nil {
				return err
			}
		}
		if err := a.revokeAll(ctx, tx, &c, Owner{OwnerUser, u.ID}); err != nil {
			return err
		}
		if err := tx.DeleteUser(ctx, u.ID, u.Version); err != nil {
			return fmt.Errorf("delete user %s: %w", u.ID, err)
		}
		if err := tx.changed(ctx, ChangeUser, u.ID); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, c.userEvent("user_delete", "delete", u.ID).changing(&u, nil))
	})
}

// revokeAll deletes all tokens of an owner.
func (a *Authority) revokeAll(ctx context.Context, tx *txn, c *Caller, o Owner) error {
	for {
		list, _, err := tx.Tokens(ctx, TokenQuery{Owner: o, Limit: 100})
		if err != nil {
			return fmt.Errorf("list tokens: %w", err)
		}
		if len(list) == 0 {
			return nil
		}
		for i := range list {
			t := &list[i]
			if err := tx.DeleteToken(ctx, t.ID, t.Version); err != nil {
				return fmt.Errorf("delete token %s: %w", t.ID, err)
			}
			if err := tx.changedToken(ctx, t.Digest); err != nil {
				return err
			}
			if err := tx.AppendEvent(ctx, c.NewEvent("token_revoke", "delete").about(t, nil)); err != nil {
				return err
			}
		}
	}
}
