package authority

import (
	"context"
	"fmt"
	"time"

	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// Update replaces a token's definition: what the draft leaves out is cleared,
// but for the status (contract 3.5). The secret stays.
//
// Errors: as Issue; CodeNotFound; CodeConflict when somebody else changed the
// token at the same time.
func (a *Authority) Update(ctx context.Context, c Caller, o Owner, id string, d Draft) (Token, error) {
	before, err := a.mayUpdate(ctx, &c, o, id, &d)
	if err != nil {
		return Token{}, err
	}
	if d.Version != 0 && d.Version != before.Version {
		return Token{}, storeError("update a token", ErrConflict)
	}
	after := before
	d.apply(&after, c.now)
	err = a.replace(ctx, &c, "update a token", &before, &after, c.NewEvent("token_update", "update"))
	return after, err
}

// Roll gives a token a new secret; the old one is dead when Roll returns. Each
// call makes another one, and of two at the same time one gets CodeConflict. A
// token whose secret was found in public is active again afterwards.
func (a *Authority) Roll(ctx context.Context, c Caller, o Owner, id string) (token.Secret, error) {
	if err := a.mayTokens(ctx, &c, o, OpUserTokenRoll, OpAcctTokenRoll); err != nil {
		return token.Secret{}, err
	}
	before, err := a.tokenOf(ctx, &c, o, tokenOp(o, OpUserTokenRoll, OpAcctTokenRoll), id)
	if err != nil {
		return token.Secret{}, err
	}
	rules, err := a.worldOf(&c).rules(&before)
	if err != nil {
		return token.Secret{}, err
	}
	if err := a.ceiling(ctx, &c, o, rules); err != nil {
		return token.Secret{}, err
	}
	kind := token.User
	if o.Kind == OwnerAccount {
		kind = token.Account
	}
	secret := a.format.New(kind)
	after := before
	after.Digest, after.ModifiedOn = secret.Digest(), seconds(c.now)
	if after.Status == StatusExposed {
		after.Status, after.ExposedOn = StatusActive, time.Time{}
	}
	if err := a.replace(ctx, &c, "roll a token", &before, &after, c.NewEvent("token_roll", "update")); err != nil {
		return token.Secret{}, err
	}
	return secret, nil
}

// replace writes a token over what it was when it was read.
func (a *Authority) replace(ctx context.Context, c *Caller, doing string, before, after *Token, e Event) error {
	err := a.write(ctx, c, doing, func(ctx context.Context, tx *txn) error {
		if err := tx.UpdateToken(ctx, *after); err != nil {
			return fmt.Errorf("update token %s: %w", after.ID, err)
		}
		if err := tx.changedToken(ctx, before.Digest); err != nil {
			return err
		}
		if after.Digest != before.Digest {
			if err := tx.changedToken(ctx, after.Digest); err != nil {
				return err
			}
		}
		return tx.AppendEvent(ctx, e.about(before, after))
	})
	if err == nil {
		after.Version++
	}
	return err
}

// Revoke deletes a token for good; it is dead when Revoke returns.
func (a *Authority) Revoke(ctx context.Context, c Caller, o Owner, id string) error {
	if err := a.mayTokens(ctx, &c, o, OpUserTokenDelete, OpAcctTokenDelete); err != nil {
		return err
	}
	// A change at the same moment must not make a revocation fail: it is read
	// and deleted in one transaction.
	return a.write(ctx, &c, "revoke a token", func(ctx context.Context, tx *txn) error {
		t, err := tx.Token(ctx, o, id)
		if err == nil && a.ownOnly(&c, o, tokenOp(o, OpUserTokenDelete, OpAcctTokenDelete)) && t.CreatorID != c.UserID() {
			err = ErrNotFound
		}
		if err != nil {
			return tokenError("read token", err)
		}
		if err := tx.DeleteToken(ctx, t.ID, t.Version); err != nil {
			return fmt.Errorf("delete token %s: %w", t.ID, err)
		}
		if err := tx.changedToken(ctx, t.Digest); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, c.NewEvent("token_revoke", "delete").about(&t, nil))
	})
}

// Verify tells a caller about the token it showed: the record and its status
// now. The gate has settled that it may know.
func (a *Authority) Verify(ctx context.Context, c Caller) (Token, Status, error) {
	if c.record == nil {
		return Token{}, "", forbidden(policy.Decision{Reason: policy.UnknownCredential})
	}
	t, err := a.token(ctx, recordOwner(c.record), c.record.id)
	if err != nil {
		return Token{}, "", err
	}
	return t, t.StatusAt(c.now), nil
}

// Token reads one of an owner's tokens.
func (a *Authority) Token(ctx context.Context, c Caller, o Owner, id string) (Token, error) {
	if err := a.mayTokens(ctx, &c, o, OpUserTokenGet, OpAcctTokenGet); err != nil {
		return Token{}, err
	}
	return a.tokenOf(ctx, &c, o, tokenOp(o, OpUserTokenGet, OpAcctTokenGet), id)
}

// Tokens reads a page of an owner's tokens, and how many there are in all.
func (a *Authority) Tokens(ctx context.Context, c Caller, q TokenQuery) ([]Token, int, error) {
	if err := a.mayTokens(ctx, &c, q.Owner, OpUserTokenList, OpAcctTokenList); err != nil {
		return nil, 0, err
	}
	if a.ownOnly(&c, q.Owner, tokenOp(q.Owner, OpUserTokenList, OpAcctTokenList)) {
		q.CreatorID = c.UserID()
	}
	list, n, err := a.store.Tokens(ctx, q)
	return list, n, storeError("list tokens", err)
}

func (a *Authority) token(ctx context.Context, o Owner, id string) (Token, error) {
	t, err := a.store.Token(ctx, o, id)
	return t, tokenError("read token "+id, err)
}

// tokenOf reads a token that the caller may reach by an operation: to who sees
// only their own, another's is not there.
func (a *Authority) tokenOf(ctx context.Context, c *Caller, o Owner, op, id string) (Token, error) {
	t, err := a.token(ctx, o, id)
	if err == nil && a.ownOnly(c, o, op) && t.CreatorID != c.UserID() {
		return Token{}, notFound("token")
	}
	return t, err
}

// ownOnly reports whether the caller reaches an account's tokens by the role API
// Token Provisioning alone: it sees and manages those that it created (contract
// 4.1, list_self).
func (a *Authority) ownOnly(c *Caller, o Owner, op string) bool {
	if o.Kind != OwnerAccount || c.person == nil || c.rights().own == nil {
		return false
	}
	access := policy.Access{Accepted: a.ops[op].Accepted, Path: a.kinds.accountPath(o.ID), Addr: c.addr}
	return !c.rights().set.Evaluate(&access).Allowed
}
