package authority_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"golang.org/x/crypto/argon2"

	"github.com/tokenward/tokenward/internal/authority"
)

// password is everybody's in the tests of signing in.
const password = "correct horse battery staple"

// signInWorld is a world whose people have a password, and a key for second
// factors.
func signInWorld(t testing.TB, with ...func(*authority.Config)) *world {
	t.Helper()
	key := make([]byte, authority.SecretKeyLength)
	rand.Read(key)
	w := newWorld(t, append([]func(*authority.Config){func(c *authority.Config) { c.SecretKey = key }}, with...)...)
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		for _, s := range []someone{w.admin, w.reader, w.both, w.guest} {
			u, err := tx.User(ctx, s.id)
			u.PasswordHash = cheapHash(password)
			if err := errors.Join(err, tx.UpdateUser(ctx, u)); err != nil {
				return err
			}
		}
		return nil
	})
	w.poll()
	return w
}

// cheapHash is a hash that is quick to check.
func cheapHash(password string) string {
	salt := make([]byte, 16)
	rand.Read(salt)
	b64 := base64.RawStdEncoding
	key := argon2.IDKey([]byte(password), salt, 1, 8, 1, 32)
	return fmt.Sprintf("$argon2id$v=%d$m=8,t=1,p=1$%s$%s", argon2.Version, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// browser is where somebody sits: it has an address, and keeps the device cookie.
type browser struct {
	w      *world
	addr   netip.Addr
	device string
}

func (w *world) browser(addr string) *browser { return &browser{w: w, addr: netip.MustParseAddr(addr)} }

// stranger is a browser nobody has seen before, at an address of its own.
func (w *world) stranger(n int) *browser {
	return w.browser(fmt.Sprintf("203.0.%d.%d", n>>8, n&0xff))
}

func (b *browser) visitor() authority.Caller {
	return b.w.Visitor(b.addr, authority.EventRequest{Method: "POST", URI: "/sign-in"})
}

// signIn tries a password, and keeps the cookie that it gets.
func (b *browser) signIn(who someone, password string) (authority.SignedIn, error) {
	in, err := b.w.SignIn(context.Background(), b.visitor(), who.email, password, b.device)
	b.keep(in)
	return in, err
}

// code goes on with a code.
func (b *browser) code(half authority.SignedIn, code string) (authority.SignedIn, error) {
	in, err := b.w.SecondFactor(context.Background(), b.visitor(), half.UserID, half.Epoch, code, b.device)
	b.keep(in)
	return in, err
}

func (b *browser) keep(in authority.SignedIn) {
	if in.Device != "" {
		b.device = in.Device
	}
}

// mustSignIn signs in; there must be no second factor.
func (b *browser) mustSignIn(who someone) authority.SignedIn {
	b.w.t.Helper()
	in, err := b.signIn(who, password)
	if err != nil || in.NeedsCode || in.UserID != who.id {
		b.w.t.Fatalf("sign in as %s: %+v, %v", who.email, in, err)
	}
	return in
}

// session is the caller of a session that must be live.
func (w *world) session(in authority.SignedIn) authority.Caller {
	w.t.Helper()
	c, err := w.Session(context.Background(), in.UserID, in.Epoch, home, authority.EventRequest{})
	if err != nil {
		w.t.Fatalf("the session is over: %v", err)
	}
	return c
}

// over fails the test unless a session is.
func (w *world) over(what string, in authority.SignedIn) {
	w.t.Helper()
	c, err := w.Session(context.Background(), in.UserID, in.Epoch, home, authority.EventRequest{})
	if !hasCode(err, authority.CodeUnauthenticated) || c.Context() != authority.Nobody {
		w.t.Errorf("%s: the session is %v, and the error %v", what, c.Context(), err)
	}
}

// withSecondFactor signs in, and sets up a second factor. It returns the session,
// the secret of the app and the recovery codes.
func (w *world) withSecondFactor(b *browser, who someone) (authority.SignedIn, string, []string) {
	w.t.Helper()
	in := b.mustSignIn(who)
	c := w.session(in)
	_, secret, err := w.BeginSecondFactor(context.Background(), c, password)
	if err != nil {
		w.t.Fatal(err)
	}
	codes, err := w.ConfirmSecondFactor(context.Background(), c, w.app(secret))
	if err != nil {
		w.t.Fatal(err)
	}
	w.clock.Advance(30 * time.Second) // on to a step whose code was not used
	in.Epoch = c.NextEpoch()
	return in, secret, codes
}

// app is the code that an app shows now.
func (w *world) app(secret string) string { return w.appAt(secret, w.clock.Now()) }

func (w *world) appAt(secret string, at time.Time) string {
	w.t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		w.t.Fatal(err)
	}
	return code
}

// not is a code that is not the one given.
func not(code string) string {
	last := code[len(code)-1]
	return code[:len(code)-1] + string('0'+(last-'0'+1)%10)
}

// secretOf is the secret at the end of a link.
func secretOf(url string) string { return url[strings.LastIndexByte(url, '/')+1:] }

// resetLink is the secret of a link for a new password.
func (w *world) resetLink(who someone) string {
	w.t.Helper()
	sent, err := w.PasswordReset(context.Background(), w.system(), who.email)
	if err != nil {
		w.t.Fatal(err)
	}
	return secretOf(sent.URL)
}
