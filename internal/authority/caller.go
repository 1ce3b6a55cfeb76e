package authority

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// Context says what kind of credential a caller showed.
type Context uint8

// The contexts. The zero value is nobody, who may do nothing.
const (
	Nobody    Context = iota
	ByToken           // a bearer token
	ByKey             // a user's API key
	BySession         // a user who signed in to the dashboard
	BySystem          // this program, for whoever holds its data folder
)

// String is the context as audit records write it.
func (c Context) String() string {
	return [...]string{"", "api_token", "api_key", "dash", "system"}[c]
}

// Caller is who is asking, with what they may do. It is made by Authorize, and
// good for one request. The zero Caller may do nothing.
type Caller struct {
	world   *world // whose numbers record and person hold; nil for nobody and the system
	context Context
	record  *record      // of ByToken
	person  *person      // whom the credential acts for; nil for an account's token
	proof   token.Digest // of what was shown: the token's secret or the key
	epoch   int64        // of BySession: what the session was made with
	now     time.Time
	addr    netip.Addr
	request EventRequest
}

// Context is what kind of credential the caller showed.
func (c *Caller) Context() Context { return c.context }

// TokenID is the id of the caller's token, "" without one.
func (c *Caller) TokenID() string {
	if c.record == nil {
		return ""
	}
	return c.record.id
}

// TokenName is the name of the caller's token, "" without one.
func (c *Caller) TokenName() string {
	if c.record == nil {
		return ""
	}
	return c.record.name
}

// GoodFor is for how long the caller's token stays live if nobody changes it; ok
// is false for a token that does not end and for other credentials.
func (c *Caller) GoodFor() (d time.Duration, ok bool) {
	if c.record == nil || c.record.expiresOn == 0 {
		return 0, false
	}
	return time.UnixMicro(c.record.expiresOn).Sub(c.now), true
}

// UserID is the user whom the caller acts for, "" for an account's token.
func (c *Caller) UserID() string {
	if c.person == nil {
		return ""
	}
	return c.person.id
}

// AccountID is the account that owns the caller's token, "" for a user's
// credential.
func (c *Caller) AccountID() string {
	if c.record == nil || !c.record.owner.Account {
		return ""
	}
	return c.record.owner.Ref.String()
}

// Email is that of the user whom the caller acts for, "" for an account's
// token.
func (c *Caller) Email() string {
	if c.person == nil {
		return ""
	}
	return c.person.email
}

// Now is the time that the caller's request is judged at.
func (c *Caller) Now() time.Time { return c.now }

// Addr is the client's address, the zero Addr when it is not known.
func (c *Caller) Addr() netip.Addr { return c.addr }

// standing is Granted for a caller who may do something, or why this one may
// do nothing: it is nobody, or its token, whose status it may ask for, is not
// live.
func (c *Caller) standing() policy.Reason {
	switch {
	case c.context == Nobody:
		return policy.UnknownCredential
	case c.record != nil:
		return c.record.liveness(c.now)
	}
	return policy.Granted
}

// stands refuses a caller who may do nothing.
func (c *Caller) stands() error {
	if r := c.standing(); r != policy.Granted {
		return forbidden(policy.Decision{Reason: r})
	}
	return nil
}

// stillStands refuses a caller whose credential was revoked, rolled, changed or
// switched off since it was judged, whose session was ended, or whose user was
// suspended or deleted.
func (c *Caller) stillStands(ctx context.Context, r Reader, now time.Time) error {
	gone := forbidden(policy.Decision{Reason: policy.UnknownCredential})
	if c.record != nil {
		t, err := r.TokenStanding(ctx, recordOwner(c.record), c.record.id)
		switch {
		case errors.Is(err, ErrNotFound):
			return gone
		case err != nil:
			return fmt.Errorf("read the caller's token: %w", err)
		case !t.Digest.Equal(c.proof) || statusAt(t.Status, t.ExpiresOn, now) != StatusActive || t.Version != c.record.version:
			return gone
		}
	}
	if c.person == nil {
		return nil
	}
	u, err := r.User(ctx, c.person.id)
	switch {
	case errors.Is(err, ErrNotFound):
		return gone
	case err != nil:
		return fmt.Errorf("read the caller's user: %w", err)
	case u.Suspended || c.context == ByKey && (!u.HasKey || u.KeyOff || !u.KeyDigest.Equal(c.proof)):
		return gone
	case c.context == BySession && u.Epoch != c.epoch:
		return gone
	}
	return nil
}

// decide judges an access by everything that limits the caller: the token's own
// policies, for an account's token its account, and for a user's credential
// what the user may do today. All must allow; if the worst that one of them says is
// that it allows it on some records, that is the answer.
func (c *Caller) decide(access *policy.Access, kinds kinds) policy.Decision {
	if c.context == BySystem {
		return policy.Decision{Allowed: true, Reason: policy.Granted}
	}
	if r := c.standing(); r != policy.Granted {
		return policy.Decision{Reason: r}
	}
	d := policy.Decision{Allowed: true, Reason: policy.Granted}
	if c.record != nil {
		d = c.record.set.Evaluate(access)
		if !d.Allowed && d.Reason != policy.PartOfZone {
			return d
		}
		if c.record.owner.Account {
			if !access.Path.Holds(&c.record.owner.Ref) {
				return policy.Decision{Reason: policy.OwnerLacks}
			}
			return d
		}
	}
	if c.person == nil || c.person.suspended {
		return policy.Decision{Reason: policy.OwnerGone}
	}
	switch own := c.rights().judge(access); {
	case own.Allowed:
		return d
	case own.Reason == policy.PartOfZone:
		return policy.Decision{Reason: policy.PartOfZone}
	}
	return policy.Decision{Reason: c.whyLacking(&access.Path, kinds)}
}

// rights are what the caller's user may do with a credential of this kind.
func (c *Caller) rights() *rights {
	if c.context == BySession {
		return c.person.signedIn
	}
	return &c.person.rights
}

func (r *rights) judge(access *policy.Access) policy.Decision {
	d := r.set.Evaluate(access)
	if d.Allowed || r.own == nil {
		return d
	}
	if own := r.own.Evaluate(access); own.Allowed {
		return own
	}
	return d
}

func (r *rights) allow(access *policy.Access) bool { return r.judge(access).Allowed }

// whyLacking is the reason why a user may not do something in an account.
func (c *Caller) whyLacking(path *policy.Path, kinds kinds) policy.Reason {
	if len(c.person.off) == 0 || c.context == BySession {
		return policy.OwnerLacks
	}
	if at, ok := path.Find(kinds.account); ok && slices.Contains(c.person.off, at.String()) {
		return policy.APIOff
	}
	return policy.OwnerLacks
}
