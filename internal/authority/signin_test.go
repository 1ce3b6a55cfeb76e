package authority_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

func TestSignInMakesACallerWhoMayWhatTheUserMay(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	b := w.browser("198.51.100.7")
	in, err := w.SignIn(t.Context(), b.visitor(), "  Admin@Example.com ", password, "")
	if err != nil || in.UserID != w.admin.id || in.NeedsCode || in.Device == "" {
		t.Fatalf("%+v, %v", in, err)
	}
	c := w.session(in)
	if c.Context() != authority.BySession || c.Email() != w.admin.email || c.TokenID() != "" {
		t.Errorf("the caller is %v %s", c.Context(), c.Email())
	}
	if _, err := w.Account(t.Context(), c, acme); err != nil {
		t.Errorf("read an account: %v", err)
	}
	_, err = w.Account(t.Context(), c, rival)
	wantCode(t, err, authority.CodeForbidden)
	if _, err := w.EditUser(t.Context(), c, authority.UserDraft{}); err != nil {
		t.Errorf("edit the user: %v", err)
	}
	e := w.events("sign_in")
	if len(e) != 1 || e[0].Actor.Context != "dash" || e[0].Actor.ID != w.admin.id || e[0].Actor.IP != "198.51.100.7" || !e[0].Success {
		t.Errorf("the events are %+v", e)
	}
}

func TestABrowserThatIsKnownKeepsItsDevice(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	b := w.browser("198.51.100.7")
	first := b.mustSignIn(w.admin)
	if again := b.mustSignIn(w.admin); again.Device != "" {
		t.Error("a known browser was given another device")
	}
	if other := b.mustSignIn(w.reader); other.Device == "" {
		t.Error("the device of one user stood for another's")
	}
	b.device = first.Device
	w.clock.Advance(365 * 24 * time.Hour)
	if late := b.mustSignIn(w.admin); late.Device == "" {
		t.Error("a device was known after its end")
	}
}

func TestDevicesOfAUserAreBounded(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	first, last := w.stranger(1), w.stranger(2)
	first.mustSignIn(w.admin)
	for n := range 25 {
		w.clock.Advance(time.Second)
		last = w.stranger(n)
		last.mustSignIn(w.admin)
	}
	list, err := w.db.Devices(t.Context(), w.admin.id)
	if err != nil || len(list) != 20 {
		t.Errorf("%d devices, %v", len(list), err)
	}
	if first.mustSignIn(w.admin).Device == "" || last.mustSignIn(w.admin).Device != "" {
		t.Error("the oldest is not the one that was forgotten")
	}
}

// TestNobodyLearnsWhoIsAUser: an address that nobody has, a wrong password, a
// suspended user and one without a password are one answer.
func TestNobodyLearnsWhoIsAUser(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	if _, err := w.SuspendUser(t.Context(), w.system(), w.both.email, true); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.CreateUser(t.Context(), w.system(), "new@example.com"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ email, password string }{
		{"nobody@example.com", password},
		{w.admin.email, password + "!"},
		{w.admin.email, ""},
		{w.admin.email, strings.Repeat(password, 100)},
		{w.both.email, password},
		{"new@example.com", ""},
		{"new@example.com", password},
		{"", password},
		{strings.Repeat("x", 1<<16) + "@example.com", password},
	} {
		in, err := w.SignIn(t.Context(), w.browser("198.51.100.7").visitor(), c.email, c.password, "")
		if in != (authority.SignedIn{}) || !hasCode(err, authority.CodeUnauthenticated) || err.Error() != "wrong e-mail address or password" {
			t.Errorf("%.20q, %.20q: %+v, %v", c.email, c.password, in, err)
		}
	}
}

// TestAnAddressThatNobodyHasCostsAsMuchWork: each hash takes 64 MiB of memory,
// which is what is counted here. It runs alone.
func TestAnAddressThatNobodyHasCostsAsMuchWork(t *testing.T) {
	w := newWorld(t)
	hash := authority.HashPassword(password)
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		u, err := tx.User(ctx, w.admin.id)
		u.PasswordHash = hash
		return errors.Join(err, tx.UpdateUser(ctx, u))
	})
	for _, email := range []string{w.admin.email, w.reader.email, "nobody@example.com", strings.Repeat("x", 200)} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := w.SignIn(t.Context(), w.browser("198.51.100.7").visitor(), email, "not the password", "")
		runtime.ReadMemStats(&after)
		wantCode(t, err, authority.CodeUnauthenticated)
		if mib := (after.TotalAlloc - before.TotalAlloc) >> 20; mib < 64 || mib >= 128 {
			t.Errorf("%.20s: one password was to be hashed, and it took %d MiB", email, mib)
		}
	}
}

func TestNobodySignsInWhenTheStoreFails(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	b := w.browser("198.51.100.7")
	in := b.mustSignIn(w.admin)
	half := w.halfOf(w.reader)
	for _, method := range []string{"UserByEmail", "Device", "SecondFactor", "User", "Write", "AppendEvent"} {
		w.store.Fail(method, errAway)
		if got, err := b.signIn(w.admin, password); !hasCode(err, authority.CodeUnavailable) || got != (authority.SignedIn{}) {
			t.Errorf("sign in with %s failing: %+v, %v", method, got, err)
		}
		if got, err := b.code(half, "123456"); method != "UserByEmail" && (err == nil || got != (authority.SignedIn{})) {
			t.Errorf("the code with %s failing: %+v, %v", method, got, err)
		}
		w.store.Fail(method, nil)
	}
	w.clock.Advance(time.Minute) // the cache is trusted no more
	w.store.Fail("User", errAway)
	c, err := w.Session(t.Context(), in.UserID, in.Epoch, home, authority.EventRequest{})
	if !hasCode(err, authority.CodeUnavailable) || c.Context() != authority.Nobody {
		t.Errorf("the session with User failing: %v, %v", c.Context(), err)
	}
}

// halfOf is half a sign-in of somebody with a second factor.
func (w *world) halfOf(who someone) authority.SignedIn {
	w.t.Helper()
	b := w.browser("198.51.100.99")
	w.withSecondFactor(b, who)
	half, err := b.signIn(who, password)
	if err != nil || !half.NeedsCode {
		w.t.Fatalf("%+v, %v", half, err)
	}
	return half
}

func TestNobodyElseHasTheVerbsOfASession(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	_, users := w.issue(w.admin.owner(), allow("API Tokens Write", user(w.admin.id)))
	_, ours := w.issue(accountOwner(acme), allow("Account Settings Write", account(acme)))
	for who, c := range map[string]authority.Caller{
		"nobody": {}, "a visitor": w.browser("198.51.100.7").visitor(), "an API key": w.as(w.admin.credential()),
		"a user's token": w.as(users), "an account's token": w.as(ours), "the system": w.system(),
	} {
		ctx, out := t.Context(), map[string]error{}
		out["SignOut"], out["SignOutEverywhere"] = w.SignOut(ctx, c), w.SignOutEverywhere(ctx, c)
		_, out["ChangePassword"] = w.ChangePassword(ctx, c, password, password+"!")
		_, _, out["SecondFactorState"] = w.SecondFactorState(ctx, c)
		_, _, out["BeginSecondFactor"] = w.BeginSecondFactor(ctx, c, password)
		_, out["ConfirmSecondFactor"] = w.ConfirmSecondFactor(ctx, c, "123456")
		out["DisableSecondFactor"] = w.DisableSecondFactor(ctx, c, password)
		_, out["NewRecoveryCodes"] = w.NewRecoveryCodes(ctx, c, password)
		if who != "the system" {
			_, out["ResetSecondFactor"] = w.ResetSecondFactor(ctx, c, w.admin.email)
		}
		for verb, err := range out {
			if !hasCode(err, authority.CodeForbidden) {
				t.Errorf("%s by %s: %v", verb, who, err)
			}
		}
		if c.NextEpoch() >= 0 {
			t.Errorf("%s has an epoch", who)
		}
	}
	_, err := w.SignIn(t.Context(), authority.Caller{}, w.admin.email, password, "")
	wantCode(t, err, authority.CodeForbidden)
	_, err = w.SecondFactor(t.Context(), authority.Caller{}, w.admin.id, -1, "123456", "")
	wantCode(t, err, authority.CodeForbidden)
}

// TestFailedSignInsAreASample: what strangers try does not fill the log, and
// what they tried is not in it.
func TestFailedSignInsAreASample(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	for n := range 30 {
		_, _ = w.stranger(n).signIn(w.admin, "not the password")
	}
	w.FlushFailedSignIns(t.Context())
	got := map[string]int{}
	for _, e := range w.events("sign_in_failed") {
		got[e.Metadata["reason"]]++
		if e.Success || e.UserID != w.admin.id || e.Actor.Context != "dash" || len(e.Metadata) != 1 {
			t.Errorf("the event is %+v", e)
		}
	}
	if got["wrong password"] != 1 || got["too many wrong guesses"] != 1 || len(got) != 2 {
		t.Errorf("the reasons are %v", got)
	}
	w.clock.Advance(time.Minute)
	_, _ = w.stranger(1).signIn(w.admin, "not the password")
	w.FlushFailedSignIns(t.Context())
	if n := len(w.events("sign_in_failed")); n != 3 {
		t.Errorf("a minute later there are %d events, want one more", n)
	}
}

// mailbox keeps what is sent.
type mailbox chan [3]string

func (m mailbox) Send(_ context.Context, to, subject, text string) error {
	m <- [3]string{to, subject, text}
	return nil
}

func TestUserIsToldOfASignInFromABrowserThatIsNotKnown(t *testing.T) {
	t.Parallel()
	box := make(mailbox, 10)
	w := signInWorld(t, func(c *authority.Config) { c.Mailer = box })
	b := w.browser("198.51.100.7")
	b.mustSignIn(w.admin)
	mail := <-box
	if mail[0] != w.admin.email || mail[1] != "A new sign-in" || !strings.Contains(mail[2], "198.51.100.7") || strings.Contains(mail[2], b.device) {
		t.Errorf("the mail is %q", mail)
	}
	b.mustSignIn(w.admin)
	w.stranger(1).mustSignIn(w.reader)
	if mail := <-box; mail[0] != w.reader.email {
		t.Errorf("a known browser made a mail: %q", mail)
	}
}

func TestUserIsToldOfGuessesByWhoeverHasThePassword(t *testing.T) {
	t.Parallel()
	box := make(mailbox, 10)
	w := signInWorld(t, func(c *authority.Config) { c.Mailer = box })
	_, secret, _ := w.withSecondFactor(w.browser("198.51.100.7"), w.admin)
	<-box // of the first sign-in
	thief := w.stranger(1)
	half, err := thief.signIn(w.admin, password)
	if err != nil {
		t.Fatal(err)
	}
	for range 12 { // once, however often
		_, _ = thief.code(half, not(w.app(secret)))
	}
	w.stranger(2).mustSignIn(w.reader)
	first, second := <-box, <-box
	if second[0] == w.admin.email {
		first, second = second, first
	}
	if first[0] != w.admin.email || first[1] != "Somebody may have your password" || !strings.Contains(first[2], "203.0.0.1") || second[0] != w.reader.email {
		t.Errorf("the mails are %q and %q", first, second)
	}
}
