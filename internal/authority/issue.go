package authority

import (
	"context"
	"errors"
	"fmt"

	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// ops of the verbs, by owner.
func tokenOp(o Owner, user, account string) string {
	if o.Kind == OwnerAccount {
		return account
	}
	return user
}

// mayTokens judges whether the caller may do an operation on an owner's tokens.
// A user's tokens are nobody's business but the user's.
func (a *Authority) mayTokens(ctx context.Context, c *Caller, o Owner, user, account string) error {
	switch o.Kind {
	case OwnerUser:
		if c.context != BySystem && (c.person == nil || c.person.id != o.ID) {
			return forbidden(policy.Decision{Reason: policy.WrongOwner})
		}
		return a.may(ctx, c, user, a.kinds.userPath(o.ID))
	case OwnerAccount:
		return a.may(ctx, c, account, a.kinds.accountPath(o.ID))
	}
	return forbidden(policy.Decision{})
}

// Issue creates a token. The Secret it returns is in no other place and cannot
// be had again.
//
// Errors: CodeForbidden when the caller may not create tokens there;
// CodeInvalid with all faults of the draft, or when it gives more than the
// caller may give; CodeQuota when the owner has as many tokens as it may have.
func (a *Authority) Issue(ctx context.Context, c Caller, o Owner, d Draft) (Token, token.Secret, error) {
	if err := a.MayIssue(ctx, c, o, d); err != nil {
		return Token{}, token.Secret{}, err
	}
	kind := token.User
	if o.Kind == OwnerAccount {
		kind = token.Account
	}
	for range maxAttempts {
		t, secret, err := a.insertToken(ctx, &c, o, d, kind)
		if own := (*Error)(nil); errors.As(err, &own) && own.Code == CodeExists {
			continue // a random id was taken; try with fresh ones
		}
		return t, secret, err
	}
	return Token{}, token.Secret{}, unavailable("issue a token", errors.New("no free id was found"))
}

func (a *Authority) insertToken(ctx context.Context, c *Caller, o Owner, d Draft, kind token.Kind) (Token, token.Secret, error) {
	secret := a.format.New(kind)
	t := Token{
		ID: newID(), Owner: o, Status: StatusActive, IssuedOn: seconds(c.now),
		CreatorID: c.UserID(), CreatorEmail: c.Email(), Digest: secret.Digest(), Version: 1,
	}
	d.apply(&t, c.now)
	err := a.write(ctx, c, "issue a token", func(ctx context.Context, tx *txn) error {
		if err := stillThere(ctx, tx, o); err != nil {
			return err
		}
		if err := a.withinQuota(ctx, tx, c, o); err != nil {
			return err
		}
		if err := tx.InsertToken(ctx, t); err != nil {
			return fmt.Errorf("insert token: %w", err)
		}
		if err := tx.changedToken(ctx, t.Digest); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, c.NewEvent("token_create", "create").about(nil, &t))
	})
	if err != nil {
		return Token{}, token.Secret{}, err
	}
	return t, secret, nil
}

// stillThere refuses an account that was deleted a moment ago: what is in the
// caches may give rights in it still.
func stillThere(ctx context.Context, tx *txn, o Owner) error {
	if o.Kind != OwnerAccount {
		return nil
	}
	_, err := tx.Account(ctx, o.ID)
	return rowError("account", "read account", err)
}

// withinQuota counts inside the transaction, so that two at once cannot both
// take the last place.
func (a *Authority) withinQuota(ctx context.Context, tx *txn, c *Caller, o Owner) error {
	if c.context == BySystem {
		return nil
	}
	_, n, err := tx.Tokens(ctx, TokenQuery{Owner: o})
	if err != nil {
		return fmt.Errorf("count tokens: %w", err)
	}
	if limit := a.quota[o.Kind]; n >= limit {
		return &Error{Code: CodeQuota, Message: fmt.Sprintf("the limit of %d tokens is reached; delete one that is not needed", limit)}
	}
	return nil
}
