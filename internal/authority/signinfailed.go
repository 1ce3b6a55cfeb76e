package authority

import (
	"context"
	"sync"
)

// failedPerMinute is how many failed sign-ins are written in a minute, at most.
const failedPerMinute = 100

// failedSignIns is a sample of the sign-ins of users that failed: for each user
// and reason the first in a minute. What is tried at addresses that nobody has
// is only counted.
type failedSignIns struct {
	mu      sync.Mutex
	minute  int64
	noted   map[string]struct{} // user and reason, in this minute
	pending []Event             // to be written
}

// Why a sign-in failed, in its event.
const (
	failedPassword = "wrong password"
	failedCode     = "wrong code"
	failedTooMany  = "too many wrong guesses"
)

// noteFailed samples a sign-in that failed; u is the zero User when nobody has
// the address.
func (a *Authority) noteFailed(c *Caller, u *User, why string) {
	if u.ID == "" {
		a.denied.unknown.Add(1)
		return
	}
	f := &a.failedSignIn
	f.mu.Lock()
	defer f.mu.Unlock()
	if minute := c.now.Unix() / 60; minute != f.minute || f.noted == nil {
		f.minute, f.noted = minute, make(map[string]struct{})
	}
	key := u.ID + why
	if _, ok := f.noted[key]; ok {
		return
	}
	if len(f.noted) >= failedPerMinute || len(f.pending) >= failedPerMinute {
		a.denied.dropped.Add(1)
		return
	}
	f.noted[key] = struct{}{}
	e := c.signInEvent("sign_in_failed", u)
	e.Success = false
	e.Metadata = map[string]string{"reason": why}
	f.pending = append(f.pending, e)
}

// signInEvent is the event of what a user does to sign in. The caller is nobody
// yet.
func (c *Caller) signInEvent(action string, u *User) Event {
	e := c.userEvent(action, "create", u.ID)
	e.Actor.Type, e.Actor.ID, e.Actor.Email, e.Actor.Context = "user", u.ID, u.Email, BySession.String()
	return e
}

// flushFailedSignIns writes the failed sign-ins that wait. What cannot be
// written is dropped.
func (a *Authority) flushFailedSignIns(ctx context.Context) {
	f := &a.failedSignIn
	f.mu.Lock()
	batch := f.pending
	f.pending = nil
	f.mu.Unlock()
	if len(batch) == 0 {
		return
	}
	err := a.store.Write(ctx, func(ctx context.Context, tx Tx) error {
		for _, e := range batch {
			if err := tx.AppendEvent(ctx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		a.denied.dropped.Add(int64(len(batch)))
		a.log.Error("write failed sign-ins", "events", len(batch), "err", err)
	}
}
