package authority

import (
	"context"
	"net/netip"

	"github.com/tokenward/tokenward/internal/policy"
)

// Session is the caller of a request in a session of a user, which was made with
// an epoch.
//
// Errors: CodeUnauthenticated when the session is over: the user is suspended or
// deleted, has signed out everywhere, or has another password or second factor.
func (a *Authority) Session(ctx context.Context, userID string, epoch int64, addr netip.Addr, r EventRequest) (Caller, error) {
	id, ok := policy.ParseID(userID)
	if !ok || epoch < 0 {
		return Caller{}, sessionOver()
	}
	now := a.clock()
	w := a.current.Load()
	p, err := a.person(ctx, w, id, a.feed.fresh(now))
	if err != nil {
		return Caller{}, err
	}
	if p == nil || p.suspended || p.epoch != epoch {
		return Caller{}, sessionOver()
	}
	return Caller{world: w, context: BySession, person: p, epoch: epoch, now: now, addr: addr, request: r}, nil
}

func sessionOver() error {
	return &Error{Code: CodeUnauthenticated, Message: "the session is over: sign in again"}
}

// NextEpoch is what the caller's session goes on with after a verb of this
// caller that ended all sessions, this one too: ConfirmSecondFactor and
// DisableSecondFactor. That nobody else had moved the epoch was judged in the
// verb's own transaction; whoever moves it afterwards ends the session.
func (c *Caller) NextEpoch() int64 {
	if c.context != BySession {
		return -1
	}
	return c.epoch + 1
}

// signedIn refuses a caller who did not sign in: a token or a key must not
// change what somebody signs in by.
func (c *Caller) signedIn() error {
	if c.context != BySession || c.person == nil || c.person.suspended {
		return forbidden(policy.Decision{Reason: policy.NeedsPerson})
	}
	return nil
}

// SignOut writes down that whoever sat before a session ended it. The session
// itself is not kept here.
func (a *Authority) SignOut(ctx context.Context, c Caller) error {
	if err := c.signedIn(); err != nil {
		return err
	}
	return a.write(ctx, &c, "sign out", func(ctx context.Context, tx *txn) error {
		return tx.AppendEvent(ctx, c.userEvent("sign_out", "delete", c.person.id))
	})
}

// SignOutEverywhere ends all sessions of the caller's user, this one too.
func (a *Authority) SignOutEverywhere(ctx context.Context, c Caller) error {
	if err := c.signedIn(); err != nil {
		return err
	}
	return a.write(ctx, &c, "sign out everywhere", func(ctx context.Context, tx *txn) error {
		return a.endSessions(ctx, tx, c.person.id, c.userEvent("sign_out_everywhere", "delete", c.person.id))
	})
}

// endSessions moves a user's epoch.
func (a *Authority) endSessions(ctx context.Context, tx *txn, userID string, e Event) error {
	u, err := tx.User(ctx, userID)
	if err != nil {
		return rowError("user", "read user", err)
	}
	u.Epoch++
	return tx.userChanged(ctx, &u, e)
}
