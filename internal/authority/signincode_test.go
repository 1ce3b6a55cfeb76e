package authority_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// TestCodesAreTakenOnceAndAroundTheirTime: one step to each side, and none that
// is not after the last that was taken.
func TestCodesAreTakenOnceAndAroundTheirTime(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	b := w.browser("198.51.100.7")
	_, secret, _ := w.withSecondFactor(b, w.admin)
	w.clock.Advance(10 * time.Minute)
	half, err := b.signIn(w.admin, password)
	if err != nil {
		t.Fatal(err)
	}
	now := w.clock.Now()
	for _, c := range []struct {
		step  int
		taken bool
	}{{-2, false}, {2, false}, {-1, true}, {-1, false}, {1, true}, {0, false}} {
		code := w.appAt(secret, now.Add(time.Duration(c.step)*30*time.Second))
		_, err := b.code(half, code)
		if c.taken && err != nil || !c.taken && !hasCode(err, authority.CodeInvalid) {
			t.Errorf("step %d: %v", c.step, err)
		}
	}
}

func TestOfTwoWhoShowOneCodeOneComesTooLate(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	b := w.browser("198.51.100.7")
	_, secret, codes := w.withSecondFactor(b, w.admin)
	for what, show := range map[string]func() string{
		"the app's":       func() string { return w.app(secret) }, // of this moment: the clock moves
		"a recovery code": func() string { return codes[3] },
	} {
		code := show()
		half, err := b.signIn(w.admin, password)
		if err != nil {
			t.Fatal(err)
		}
		var won, lost atomic.Int64
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				switch _, err := w.SecondFactor(context.Background(), b.visitor(), half.UserID, half.Epoch, code, b.device); {
				case err == nil:
					won.Add(1)
				case hasCode(err, authority.CodeInvalid):
					lost.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 || lost.Load() != 3 {
			t.Errorf("%s: %d won, %d lost", what, won.Load(), lost.Load())
		}
		w.clock.Advance(15 * time.Minute)
	}
}

func TestGuessesAtCodesAreLimitedAndLockOutNobodyElse(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	known := w.browser("198.51.100.7")
	_, secret, codes := w.withSecondFactor(known, w.admin)
	thief := w.stranger(1) // who has the password
	half, err := thief.signIn(w.admin, password)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		_, err := thief.code(half, not(w.app(secret)))
		wantCode(t, err, authority.CodeInvalid)
	}
	for _, code := range []string{w.app(secret), codes[0]} {
		_, err = w.stranger(2).code(half, code)
		wantCode(t, err, authority.CodeTooMany)
	}
	if half, err = known.signIn(w.admin, password); err != nil {
		t.Fatal(err)
	}
	if _, err := known.code(half, w.app(secret)); err != nil {
		t.Errorf("a known browser: %v", err)
	}
	w.FlushFailedSignIns(t.Context())
	if e := w.events("sign_in_failed"); len(e) != 2 {
		t.Errorf("the events are %+v", e)
	}
}

func TestRecoveryCodesWorkOnceEach(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	b := w.browser("198.51.100.7")
	in, _, codes := w.withSecondFactor(b, w.admin)
	seen := map[string]bool{}
	for _, code := range codes {
		seen[code] = true
	}
	if len(seen) != 10 || len(codes[0]) != 19 {
		t.Errorf("%d codes, of length %d", len(seen), len(codes[0]))
	}
	half, err := b.signIn(w.admin, password)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.code(half, " "+strings.ToUpper(strings.ReplaceAll(codes[4], "-", " "))); err != nil {
		t.Error(err)
	}
	_, err = b.code(half, codes[4])
	wantCode(t, err, authority.CodeInvalid)
	w.secondFactorIs(w.session(in), true, 9)
	if e := w.events("recovery_code_used"); len(e) != 1 || e[0].UserID != w.admin.id || w.events("sign_in")[0].Metadata["second_factor"] != "recovery code" {
		t.Errorf("the events are %+v", e)
	}
	_, err = w.NewRecoveryCodes(t.Context(), w.session(in), "not the password")
	wantCode(t, err, authority.CodeInvalid)
	fresh, err := w.NewRecoveryCodes(t.Context(), w.session(in), password)
	if err != nil || len(fresh) != 10 {
		t.Fatal(err)
	}
	w.secondFactorIs(w.session(in), true, 10)
	_, err = b.code(half, codes[5])
	wantCode(t, err, authority.CodeInvalid)
	if _, err := b.code(half, fresh[0]); err != nil {
		t.Error(err)
	}
}
