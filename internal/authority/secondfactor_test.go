package authority_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

func TestSecondFactorIsAskedForOnceItIsConfirmed(t *testing.T) {
	t.Parallel()
	w := signInWorld(t, func(c *authority.Config) { c.PublicURL = func() string { return "https://tokens.example.com:8443" } })
	b := w.browser("198.51.100.7")
	c := w.session(b.mustSignIn(w.admin))
	_, _, err := w.BeginSecondFactor(t.Context(), c, "not the password")
	wantCode(t, err, authority.CodeInvalid)
	_, first, err := w.BeginSecondFactor(t.Context(), c, password)
	if err != nil {
		t.Fatal(err)
	}
	uri, secret, err := w.BeginSecondFactor(t.Context(), c, password) // again, with another secret
	if err != nil || first == secret {
		t.Fatal(err)
	}
	wantURI(t, uri, secret, w.admin.email)
	w.secondFactorIs(c, false, 0)
	b.mustSignIn(w.admin) // it is not on yet

	_, err = w.ConfirmSecondFactor(t.Context(), c, w.app(first))
	wantCode(t, err, authority.CodeInvalid)
	code := w.app(secret)
	codes, err := w.ConfirmSecondFactor(t.Context(), c, code)
	if err != nil || len(codes) != 10 {
		t.Fatal(codes, err)
	}
	goesOn := w.session(authority.SignedIn{UserID: w.admin.id, Epoch: c.NextEpoch()})
	w.secondFactorIs(goesOn, true, 10)
	_, err = w.ConfirmSecondFactor(t.Context(), goesOn, code)
	wantCode(t, err, authority.CodeInvalid)
	_, _, err = w.BeginSecondFactor(t.Context(), goesOn, password)
	wantCode(t, err, authority.CodeInvalid)

	half, err := b.signIn(w.admin, password)
	if err != nil || !half.NeedsCode || half.Device != "" {
		t.Fatalf("%+v, %v", half, err)
	}
	w.over("half a sign-in", half)
	if n := len(w.events("sign_in")); n != 2 {
		t.Errorf("half a sign-in was written down: %d events", n)
	}
	_, err = b.code(half, code)
	wantCode(t, err, authority.CodeInvalid) // the code that confirmed it was used
	w.clock.Advance(30 * time.Second)
	in, err := b.code(half, " "+w.app(secret)[:3]+" "+w.app(secret)[3:])
	if err != nil || in.NeedsCode || in.Device != "" {
		t.Fatalf("%+v, %v", in, err)
	}
	w.session(in)
	e := w.events("sign_in")
	if len(e) != 3 || e[0].Metadata["second_factor"] != "app" || len(w.events("second_factor_on")) != 1 {
		t.Errorf("the events are %+v", e)
	}
}

// wantURI holds a URI against what apps read (the key URI format).
func wantURI(t *testing.T, uri, secret, email string) {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/tokenward tokens.example.com:"+email || q.Get("issuer") != "tokenward tokens.example.com" ||
		q.Get("secret") != secret || len(secret) != 32 || q.Get("period") != "30" || q.Get("digits") != "6" || q.Get("algorithm") != "SHA1" {
		t.Errorf("the URI is %s", strings.ReplaceAll(uri, secret, "..."))
	}
}

func (w *world) secondFactorIs(c authority.Caller, on bool, left int) {
	w.t.Helper()
	gotOn, gotLeft, err := w.SecondFactorState(context.Background(), c)
	if err != nil || gotOn != on || gotLeft != left {
		w.t.Errorf("the second factor is on %v with %d codes left, %v; want %v with %d", gotOn, gotLeft, err, on, left)
	}
}

func TestSecondFactorIsSwitchedOffByItsUserOrByWhoHoldsTheDataFolder(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	b := w.browser("198.51.100.7")
	in, _, _ := w.withSecondFactor(b, w.admin)
	half, err := b.signIn(w.admin, password)
	if err != nil {
		t.Fatal(err)
	}
	c := w.session(in)
	wantCode(t, w.DisableSecondFactor(t.Context(), c, "not the password"), authority.CodeInvalid)
	if err := w.DisableSecondFactor(t.Context(), c, password); err != nil {
		t.Fatal(err)
	}
	w.over("it was switched off", in)
	goesOn := w.session(authority.SignedIn{UserID: w.admin.id, Epoch: c.NextEpoch()})
	w.secondFactorIs(goesOn, false, 0)
	wantCode(t, w.DisableSecondFactor(t.Context(), goesOn, password), authority.CodeInvalid)
	_, err = w.NewRecoveryCodes(t.Context(), goesOn, password)
	wantCode(t, err, authority.CodeInvalid)
	_, err = b.code(half, "123456")
	wantCode(t, err, authority.CodeUnauthenticated)
	b.mustSignIn(w.admin)

	in, _, _ = w.withSecondFactor(b, w.admin)
	if _, err := w.ResetSecondFactor(t.Context(), w.system(), strings.ToUpper(w.admin.email)); err != nil {
		t.Fatal(err)
	}
	w.over("it was reset", in)
	b.mustSignIn(w.admin)
	if e := w.events("second_factor_off"); len(e) != 2 || e[0].Actor.Context != "system" || e[1].Actor.Context != "dash" {
		t.Errorf("the events are %+v", e)
	}
	_, err = w.ResetSecondFactor(t.Context(), w.system(), w.admin.email)
	wantCode(t, err, authority.CodeInvalid)
	_, err = w.ResetSecondFactor(t.Context(), w.system(), "nobody@example.com")
	wantCode(t, err, authority.CodeNotFound)
}

// TestALinkDoesNotGetAroundASecondFactor: a mailbox is not a second factor.
func TestALinkDoesNotGetAroundASecondFactor(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	b := w.browser("198.51.100.7")
	_, secret, _ := w.withSecondFactor(b, w.admin)
	_, half, err := w.ResetPassword(t.Context(), b.visitor(), w.resetLink(w.admin), "another correct horse")
	if err != nil || !half.NeedsCode || half.Device == "" {
		t.Fatalf("%+v, %v", half, err)
	}
	w.over("half a sign-in", half)
	b.keep(half)
	in, err := b.code(half, w.app(secret))
	if err != nil {
		t.Fatal(err)
	}
	w.session(in)
}
