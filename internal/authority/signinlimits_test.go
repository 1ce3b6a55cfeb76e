package authority_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/token"
)

// attack guesses at a user's password from ever new addresses until nobody is
// let through.
func (w *world) attack(who someone) {
	w.t.Helper()
	for n := range 100 {
		if _, err := w.stranger(n).signIn(who, "not the password"); hasCode(err, authority.CodeTooMany) {
			if n != 10 {
				w.t.Errorf("%d guesses were let through", n)
			}
			return
		}
	}
	w.t.Fatal("a hundred guesses were let through")
}

func TestStrangersCannotLockAUserOut(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	known := w.browser("198.51.100.7")
	known.mustSignIn(w.admin)
	w.attack(w.admin)

	// Not even the right password gets a browser in that is not known.
	_, err := w.browser("198.51.100.8").signIn(w.admin, password)
	var own *authority.Error
	if !errors.As(err, &own) || own.Code != authority.CodeTooMany || own.RetryAfter <= 0 || own.RetryAfter > 15*time.Minute {
		t.Errorf("a browser that is not known: %v", err)
	}
	// The one that is known goes on, wherever it is.
	for n := range 20 {
		known.addr = w.stranger(n).addr
		known.mustSignIn(w.admin)
	}
	// A cookie that was made up, and another user's, are none.
	_, err = (&browser{w, home, madeUp()}).signIn(w.admin, password)
	wantCode(t, err, authority.CodeTooMany)
	others := w.stranger(200)
	others.mustSignIn(w.reader)
	_, err = others.signIn(w.admin, password)
	wantCode(t, err, authority.CodeTooMany)
	// Others are not concerned, and it ends.
	w.stranger(201).mustSignIn(w.both)
	w.clock.Advance(own.RetryAfter)
	w.stranger(202).mustSignIn(w.admin)
}

// madeUp is a device's secret that nobody was given.
func madeUp() string {
	f, err := token.NewFormat("device")
	if err != nil {
		panic(err)
	}
	return f.New(token.User).Reveal()
}

// TestALinkByMailGetsALockedOutUserIn, and makes the browser known.
func TestALinkByMailGetsALockedOutUserIn(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	w.attack(w.admin)
	b := w.browser("198.51.100.7")
	const chosen = "another correct horse"
	_, in, err := w.ResetPassword(t.Context(), b.visitor(), w.resetLink(w.admin), chosen)
	if err != nil || in.NeedsCode || in.Device == "" {
		t.Fatalf("%+v, %v", in, err)
	}
	w.session(in)
	b.keep(in)
	if _, err := b.signIn(w.admin, chosen); err != nil {
		t.Errorf("the browser is not known: %v", err)
	}
	_, link, err := w.CreateUser(t.Context(), w.system(), "new@example.com")
	if err != nil {
		t.Fatal(err)
	}
	u, in, _, err := w.AcceptInvitation(t.Context(), b.visitor(), secretOf(link.URL), authority.Newcomer{Password: chosen})
	if err != nil || in.UserID != u.ID || in.Device == "" {
		t.Fatalf("%+v, %v", in, err)
	}
	w.session(in)
	if again, err := w.SignIn(t.Context(), b.visitor(), u.Email, chosen, in.Device); err != nil || again.Device != "" {
		t.Errorf("the browser of the new user is not known: %v", err)
	}
}

func TestAKnownBrowserMayNotGuessForEver(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	b := w.browser("198.51.100.7")
	b.mustSignIn(w.admin)
	for range 10 {
		_, err := b.signIn(w.admin, "not the password")
		wantCode(t, err, authority.CodeUnauthenticated)
	}
	_, err := b.signIn(w.admin, password)
	wantCode(t, err, authority.CodeTooMany)
	w.stranger(1).mustSignIn(w.admin) // which has a count of its own
}

func TestOneAddressMayNotGuessAtEverybody(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	at := func(n int) *browser { return w.browser(fmt.Sprintf("2001:db8:0:1::%x", n)) } // one subscriber
	people := []someone{w.admin, w.reader, w.both, w.guest}
	for n := range 30 {
		_, err := at(n+1).signIn(people[n%4], "not the password")
		wantCode(t, err, authority.CodeUnauthenticated)
	}
	_, err := at(99).signIn(w.guest, password)
	wantCode(t, err, authority.CodeTooMany)
	w.browser("2001:db8:0:2::1").mustSignIn(w.guest)
}

// TestAnAddressThatNobodyHasIsLockedTheSame, or a lock would show who is a user.
// The guesses that right passwords were do not count.
func TestAnAddressThatNobodyHasIsLockedTheSame(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	for n := range 40 {
		w.stranger(n).mustSignIn(w.admin)
	}
	w.attack(w.admin)
	w.attack(someone{email: "nobody@example.com"})
}

func TestOfManyGuessesAtOnceNoMoreAreLookedAt(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	var wrong, waiting atomic.Int64
	var wg sync.WaitGroup
	for n := range 60 {
		wg.Go(func() {
			switch _, err := w.stranger(n).signIn(w.admin, "not the password"); {
			case hasCode(err, authority.CodeUnauthenticated):
				wrong.Add(1)
			case hasCode(err, authority.CodeTooMany):
				waiting.Add(1)
			}
		})
	}
	wg.Wait()
	if wrong.Load() != 10 || waiting.Load() != 50 {
		t.Errorf("%d were looked at, %d told to wait", wrong.Load(), waiting.Load())
	}
}

// TestAVisitorWhoCameEarlyDoesNotBeginTheCountAnew: requests can be held back
// for as long as a body may take.
func TestAVisitorWhoCameEarlyDoesNotBeginTheCountAnew(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	early := w.browser("198.51.100.7").visitor()
	w.clock.Advance(time.Minute)
	w.attack(w.admin)
	_, err := w.SignIn(t.Context(), early, w.admin.email, password, "")
	wantCode(t, err, authority.CodeTooMany)
	w.clock.Advance(-time.Minute) // nor does a clock that is set back
	_, err = w.stranger(9).signIn(w.admin, password)
	wantCode(t, err, authority.CodeTooMany)
}

func TestWhoIsSignedInMayNotGuessThePasswordForEver(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	c := w.session(w.browser("198.51.100.7").mustSignIn(w.admin))
	for range 10 {
		wantCode(t, w.DisableSecondFactor(t.Context(), c, "not the password"), authority.CodeInvalid)
	}
	_, err := w.ChangePassword(t.Context(), c, password, "another correct horse")
	wantCode(t, err, authority.CodeTooMany)
}
