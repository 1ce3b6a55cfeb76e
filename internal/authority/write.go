package authority

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"

	"github.com/tokenward/tokenward/internal/token"
)

// maxAttempts is how often a write is tried again when a fresh random id was
// taken, or when the row changed under a change that can be made again.
const maxAttempts = 5

// txn is a transaction that remembers what it changes, so that the caches can
// be told when it has come about.
type txn struct {
	Tx
	changes []Change
}

// changed appends to the change feed.
func (t *txn) changed(ctx context.Context, kind ChangeKind, key string) error {
	t.changes = append(t.changes, Change{Kind: kind, Key: key})
	return t.AppendChange(ctx, kind, key)
}

func (t *txn) changedToken(ctx context.Context, d token.Digest) error {
	return t.changed(ctx, ChangeToken, hex.EncodeToString(d[:]))
}

// write runs f in one transaction, and forgets what the caches held of what f
// changed before it returns: whoever is told that a token is revoked can rely
// on it. After an error it forgets too, since the change may have come about.
//
// The caller's credential must still be good in that transaction. The gate saw
// it when the request's header came; a body may be sent as slowly as a thief
// likes, and what he was revoked for must not come about afterwards.
func (a *Authority) write(ctx context.Context, c *Caller, doing string, f func(context.Context, *txn) error) error {
	var t *txn
	err := a.store.Write(ctx, func(ctx context.Context, tx Tx) error {
		t = &txn{Tx: tx}
		if err := c.stillStands(ctx, tx, a.clock()); err != nil {
			return err
		}
		return f(ctx, t)
	})
	if t != nil {
		for _, c := range t.changes {
			a.forget(c)
		}
		if len(t.changes) > 0 {
			a.tail.nudge()
		}
	}
	if own := (*Error)(nil); errors.Is(err, ErrNotFound) && !errors.As(err, &own) {
		// A row that another one belongs to, an account that was deleted for one.
		return &Error{Code: CodeNotFound, Message: "what it belongs to is not there any more", Err: err}
	}
	return storeError(doing, err)
}

// storeError gives an error of the store its code; the authority's own pass.
func storeError(doing string, err error) error {
	var own *Error
	switch {
	case err == nil, errors.As(err, &own):
		return err
	case errors.Is(err, ErrConflict):
		return &Error{Code: CodeConflict, Message: "it was changed by someone else at the same time; read it again and repeat", Err: err}
	case errors.Is(err, ErrExists):
		return &Error{Code: CodeExists, Message: "it already exists", Err: err}
	}
	return unavailable(doing, err)
}

// newID is a fresh id. That it is unique is up to the index that it goes into.
func newID() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
