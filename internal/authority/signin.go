package authority

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"

	"golang.org/x/crypto/argon2"

	"github.com/tokenward/tokenward/internal/policy"
)

// Visitor is the caller of a request of whom nobody knows yet who sent it. It may
// do what nobody may: sign in, and follow a link.
func (a *Authority) Visitor(addr netip.Addr, r EventRequest) Caller {
	return Caller{now: a.clock(), addr: addr, request: r}
}

// SignedIn is how far a sign-in came.
type SignedIn struct {
	UserID string
	// Epoch is what a session is made with, and what Session and SecondFactor are
	// given. It is negative while a code is missing, and Session takes no
	// negative one: half a sign-in is none.
	Epoch int64
	// NeedsCode says that the password was right and that the user has a second
	// factor: they are signed in when SecondFactor says so.
	NeedsCode bool
	// Device is a secret for a cookie by which the browser is known again; ""
	// when the one that was given stands.
	Device string
}

// half is a sign-in that a code is missing to.
func half(u *User) SignedIn { return SignedIn{UserID: u.ID, Epoch: ^u.Epoch, NeedsCode: true} }

// SignIn checks an e-mail address and a password. device is the secret of the
// device cookie, "" without one.
//
// Errors: CodeUnauthenticated for an address or a password that is wrong and for
// a suspended user, which are one answer and take as long; CodeTooMany after too
// many wrong ones.
func (a *Authority) SignIn(ctx context.Context, c Caller, email, password, device string) (SignedIn, error) {
	if c.now.IsZero() {
		return SignedIn{}, forbidden(policy.Decision{})
	}
	u, known, err := a.signingIn(ctx, &c, email, device)
	if err != nil {
		return SignedIn{}, err
	}
	if err := a.provePassword(ctx, &c, &u, known, email, password); err != nil {
		return SignedIn{}, err
	}
	f, err := a.secondFactor(ctx, a.store, u.ID)
	if err != nil {
		return SignedIn{}, err
	}
	if f.On() {
		return half(&u), nil
	}
	return a.arrive(ctx, &c, &u, known, nil)
}

// signingIn finds whose address it is, the zero User for nobody's, and whether
// the browser is one of theirs.
func (a *Authority) signingIn(ctx context.Context, c *Caller, email, device string) (User, *Device, error) {
	var u User
	if email = normalEmail(email); len(email) <= maxEmail {
		var err error
		if u, err = a.store.UserByEmail(ctx, email); errors.Is(err, ErrNotFound) {
			u = User{}
		} else if err != nil {
			return User{}, nil, unavailable("look up a user", err)
		}
	}
	known, err := a.knownDevice(ctx, u.ID, device, c.now)
	return u, known, err
}

// provePassword checks the password of whoever signs in. An address that nobody
// has, a user without a password and a suspended one cost the same work as any
// other, and are the same answer.
func (a *Authority) provePassword(ctx context.Context, c *Caller, u *User, known *Device, email, password string) error {
	if known == nil {
		leave, err := a.limits.enter(ctx)
		if err != nil {
			return err
		}
		defer leave()
	}
	right, err := a.guess(a.limits.passwordTries(addressKey(email), c.addr, known)...)
	if err != nil {
		a.noteFailed(c, u, failedTooMany)
		return err
	}
	hash := u.PasswordHash
	if hash == "" {
		hash = nobodysHash()
	}
	if len(password) > MaxPassword {
		password = ""
	}
	if !CheckPassword(hash, password) || u.ID == "" || u.PasswordHash == "" || u.Suspended {
		a.noteFailed(c, u, failedPassword)
		return wrongPassword()
	}
	right()
	return nil
}

// addressKey is an e-mail address as guesses at its password are counted. Those
// that are too long to be anybody's count together.
func addressKey(email string) string {
	if email = normalEmail(email); len(email) <= maxEmail {
		return email
	}
	return ""
}

func wrongPassword() error {
	return &Error{Code: CodeUnauthenticated, Message: "wrong e-mail address or password"}
}

// nobodysHash costs what a user's costs, and no password is known for it.
func nobodysHash() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf(costsForm+"%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		b64.EncodeToString(make([]byte, argonSalt)), b64.EncodeToString(make([]byte, argonKey)))
}

// arrive completes a sign-in, if the user is still the one that was looked at.
// spend uses up what it was proved with and says what that was; it may be nil.
func (a *Authority) arrive(ctx context.Context, c *Caller, seen *User, known *Device, spend func(context.Context, *txn) (string, error)) (SignedIn, error) {
	device := deviceToGive(seen.ID, known, c.now)
	err := a.write(ctx, c, "sign in", func(ctx context.Context, tx *txn) error {
		u, err := tx.User(ctx, seen.ID)
		if err != nil {
			return rowError("user", "read user", err)
		}
		if u.Suspended || u.Epoch != seen.Epoch {
			return sessionOver()
		}
		e := c.signInEvent("sign_in", &u)
		if spend != nil {
			by, err := spend(ctx, tx)
			if err != nil {
				return err
			}
			e.Metadata = map[string]string{"second_factor": by}
		}
		if err := tx.addDevice(ctx, device); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, e)
	})
	if err != nil {
		return SignedIn{}, err
	}
	if device != nil {
		a.tellOfSignIn(ctx, c, seen)
	}
	return SignedIn{UserID: seen.ID, Epoch: seen.Epoch, Device: device.cookie()}, nil
}
