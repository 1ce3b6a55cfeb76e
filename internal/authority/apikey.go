package authority

import (
	"context"

	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// KeyState is what there is to know of a user's API key.
type KeyState struct {
	Exists bool
	Off    bool // whoever runs the server has switched it off for the user
}

// Key says whether the caller's user has an API key.
func (a *Authority) Key(ctx context.Context, c Caller) (KeyState, error) {
	u, err := a.personInPerson(ctx, &c)
	return KeyState{u.HasKey, u.KeyOff}, err
}

// personInPerson reads the caller's user, if no token stands between: what it
// guards could otherwise be had by a stolen token.
func (a *Authority) personInPerson(ctx context.Context, c *Caller) (User, error) {
	if c.person == nil || c.record != nil || c.person.suspended {
		return User{}, forbidden(policy.Decision{Reason: policy.NeedsPerson})
	}
	u, err := a.store.User(ctx, c.person.id)
	return u, rowError("user", "read user", err)
}

// ChangeKey gives the caller's user a new API key; the old one is dead when it
// returns. The Secret is in no other place and cannot be had again.
//
// It takes the password, so that whoever got hold of a key cannot lock out its
// owner (contract 4.5 asks for it to show a key).
//
// Errors: CodeForbidden for a token; CodeInvalid for a wrong password, for a
// user who has none, and where keys are switched off for the user; CodeTooMany
// after too many wrong passwords.
func (a *Authority) ChangeKey(ctx context.Context, c Caller, password string) (token.Secret, error) {
	before, err := a.personInPerson(ctx, &c)
	if err != nil {
		return token.Secret{}, err
	}
	if before.KeyOff {
		return token.Secret{}, &Error{Code: CodeInvalid, Message: "API keys are switched off for this user"}
	}
	if err := a.ownPassword(&c, &before, password, "/password"); err != nil {
		return token.Secret{}, err
	}
	return a.changeKey(ctx, &c, before)
}

func (a *Authority) changeKey(ctx context.Context, c *Caller, before User) (token.Secret, error) {
	secret := a.format.New(token.APIKey)
	after := before
	after.KeyDigest, after.HasKey, after.ModifiedOn = secret.Digest(), true, c.now.UTC()
	err := a.write(ctx, c, "change an API key", func(ctx context.Context, tx *txn) error {
		return tx.userChanged(ctx, &after, c.userEvent("api_key_change", "update", after.ID).changing(&before, &after))
	})
	if err != nil {
		return token.Secret{}, err
	}
	return secret, nil
}

// RemoveKey takes the API key of the caller's user away. There may be none.
func (a *Authority) RemoveKey(ctx context.Context, c Caller) error {
	before, err := a.personInPerson(ctx, &c)
	if err != nil || !before.HasKey {
		return err
	}
	after := before
	after.KeyDigest, after.HasKey, after.ModifiedOn = token.Digest{}, false, c.now.UTC()
	return a.write(ctx, &c, "remove an API key", func(ctx context.Context, tx *txn) error {
		return tx.userChanged(ctx, &after, c.userEvent("api_key_remove", "delete", after.ID).changing(&before, &after))
	})
}
