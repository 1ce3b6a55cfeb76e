package authority

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// Lengths of a password. There are no rules about its characters (NIST SP
// 800-63B section 5.1.1.2).
const (
	MinPassword = 12   // characters
	MaxPassword = 1024 // bytes
)

// Newcomer is what somebody who follows an invitation says of themself.
type Newcomer struct {
	Password  string
	FirstName string
	LastName  string
}

// AcceptInvitation sets the password of a user who has none, gives them their
// API key, and accepts the membership that the link invites to. The link is the
// credential: the caller may be nobody. It works once, and the key it returns is
// in no other place; the zero Secret where keys are switched off for the user.
// SignedIn signs the user in, who has just chosen the password.
//
// Errors: CodeNotFound for a link that does not exist, was used or has expired,
// which are one answer; CodeInvalid with all faults.
func (a *Authority) AcceptInvitation(ctx context.Context, c Caller, secret string, n Newcomer) (User, SignedIn, token.Secret, error) {
	u, _, err := a.follow(ctx, a.store, &c, LinkInvitation, secret)
	if err != nil {
		return User{}, SignedIn{}, token.Secret{}, err
	}
	d := UserDraft{FirstName: &n.FirstName, LastName: &n.LastName}
	if err := joinFaults(d.apply(&u), checkPassword(n.Password, u.Email)); err != nil {
		return User{}, SignedIn{}, token.Secret{}, err
	}
	hash, key, device := HashPassword(n.Password), a.format.New(token.APIKey), newDeviceOf(u.ID, c.now)
	var in SignedIn
	err = a.write(ctx, &c, "accept an invitation", func(ctx context.Context, tx *txn) error {
		link, before, err := a.useLink(ctx, tx, &c, LinkInvitation, secret)
		if err != nil {
			return err
		}
		u = before
		u.PasswordHash, u.FirstName, u.LastName, u.ModifiedOn = hash, n.FirstName, n.LastName, c.now.UTC()
		if !u.KeyOff {
			u.KeyDigest, u.HasKey = key.Digest(), true
		}
		if err := tx.userChanged(ctx, &u, c.linkEvent("user_accept", &u).changing(&before, &u)); err != nil {
			return err
		}
		if in, err = a.byLink(ctx, tx, &u, device); err != nil {
			return err
		}
		return a.acceptLinked(ctx, tx, &c, &u, link.MembershipID)
	})
	if err != nil {
		return User{}, SignedIn{}, token.Secret{}, err
	}
	u.Version++
	if u.KeyOff {
		return u, in, token.Secret{}, nil
	}
	return u, in, key, nil
}

// byLink signs in a user who followed a link and has just set their password, as
// far as a second factor lets them. The browser is known from then on: it is how
// somebody gets in whom strangers' guesses keep waiting.
func (a *Authority) byLink(ctx context.Context, tx *txn, u *User, device *newDevice) (SignedIn, error) {
	if err := tx.forgetDevices(ctx, u.ID); err != nil {
		return SignedIn{}, err
	}
	if err := tx.addDevice(ctx, device); err != nil {
		return SignedIn{}, err
	}
	f, err := a.secondFactor(ctx, tx, u.ID)
	if err != nil {
		return SignedIn{}, err
	}
	in := SignedIn{UserID: u.ID, Epoch: u.Epoch}
	if f.On() {
		in = half(u)
	}
	in.Device = device.cookie()
	return in, nil
}

// acceptLinked accepts the membership that an invitation is for, if it is still
// offered.
func (a *Authority) acceptLinked(ctx context.Context, tx *txn, c *Caller, u *User, id string) error {
	if id == "" {
		return nil
	}
	before, err := tx.Membership(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read membership %s: %w", id, err)
	}
	if before.Status != MembershipPending || before.UserID != u.ID {
		return nil
	}
	after := before
	after.Status = MembershipAccepted
	if err := tx.UpdateMembership(ctx, after); err != nil {
		return fmt.Errorf("update membership %s: %w", id, err)
	}
	e := c.memberEvent("member_update", "update", &before, &after)
	e.Actor = c.linkEvent("", u).Actor
	return tx.memberChanged(ctx, e, u.ID)
}

// follow finds what a link leads to, without using it up. An invitation leads
// nowhere for a user who has a password: it must not set another.
func (a *Authority) follow(ctx context.Context, r Reader, c *Caller, kind LinkKind, secret string) (User, Link, error) {
	none := notFound("link")
	s, err := linkFormat.Parse(secret)
	if err != nil {
		return User{}, Link{}, none
	}
	l, err := r.Link(ctx, s.Digest())
	if errors.Is(err, ErrNotFound) {
		return User{}, Link{}, none
	}
	if err != nil {
		return User{}, Link{}, unavailable("look up a link", err)
	}
	if l.Kind != kind || !c.now.Before(l.ExpiresOn) || !l.Digest.Equal(s.Digest()) {
		return User{}, Link{}, none
	}
	u, err := r.User(ctx, l.UserID)
	if errors.Is(err, ErrNotFound) {
		return User{}, Link{}, none
	}
	if err != nil {
		return User{}, Link{}, unavailable("look up the user of a link", err)
	}
	if u.Suspended || kind == LinkInvitation && u.PasswordHash != "" {
		return User{}, Link{}, none
	}
	return u, l, nil
}

// useLink finds what a link leads to and uses it up, with all others of its
// kind. Of two who use it at once one comes too late.
func (a *Authority) useLink(ctx context.Context, tx *txn, c *Caller, kind LinkKind, secret string) (Link, User, error) {
	u, l, err := a.follow(ctx, tx, c, kind, secret)
	if err != nil {
		return Link{}, User{}, err
	}
	if err := tx.deleteLinks(ctx, u.ID, kind); err != nil {
		return Link{}, User{}, err
	}
	return l, u, nil
}

// checkPassword says what is wrong with a new password.
func checkPassword(password, email string) error {
	problem := ""
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		problem = fmt.Sprintf("password must have at least %d characters", MinPassword)
	case len(password) > MaxPassword:
		problem = fmt.Sprintf("password must have at most %d bytes", MaxPassword)
	case normalEmail(password) == email:
		problem = "password must not be the e-mail address"
	default:
		return nil
	}
	return invalid([]policy.Fault{{Pointer: "/password", Message: problem}})
}

// joinFaults is one error with the faults of several.
func joinFaults(errs ...error) error {
	var faults []policy.Fault
	for _, err := range errs {
		var own *Error
		if errors.As(err, &own) {
			faults = append(faults, own.Faults...)
		}
	}
	if len(faults) > 0 {
		return invalid(faults)
	}
	return nil
}

// linkEvent is the event of what somebody did by a link: whoever follows it acts
// as the user.
func (c *Caller) linkEvent(action string, u *User) Event {
	e := c.userEvent(action, "update", u.ID)
	e.Actor.Type, e.Actor.ID, e.Actor.Email, e.Actor.Context = "user", u.ID, u.Email, "link"
	return e
}
