package middleware

import "context"

// Identity is whose request it is.
type Identity struct {
	TokenID   string
	TokenName string
	Owner     string // "user:ID" or "account:ID"; "" for a public operation
	Account   string // in which the resource lies, "" where it is not known
}

// FromContext is whose request it is that a handler behind [Guard.Protect] has.
// It is false anywhere else, and for an operation that is open to everyone.
func FromContext(ctx context.Context) (Identity, bool) {
	p, ok := ctx.Value(passKey{}).(*pass)
	if !ok || p.identity.Owner == "" {
		return Identity{}, false
	}
	return p.identity, true
}

type passKey struct{}

// pass is what Protect found out about a request.
type pass struct {
	shown    shown
	identity Identity
}
