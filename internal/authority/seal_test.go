package authority_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

// TestWithoutItsKeyASecondFactorIsNotPassed: no key, another key, and a row that
// was another user's.
func TestWithoutItsKeyASecondFactorIsNotPassed(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	b := w.browser("198.51.100.7")
	_, secret, codes := w.withSecondFactor(b, w.admin)
	other := w.session(w.stranger(1).mustSignIn(w.reader))
	half, err := b.signIn(w.admin, password)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string][]byte{"no key": nil, "another key": bytes.Repeat([]byte{7}, authority.SecretKeyLength)} {
		without, err := authority.New(authority.Config{Store: w.store, Catalog: w.Catalog(), Clock: w.clock.Now, SecretKey: key})
		if err != nil {
			t.Fatal(err)
		}
		in, err := without.SecondFactor(t.Context(), b.visitor(), half.UserID, half.Epoch, w.app(secret), b.device)
		if !hasCode(err, authority.CodeUnavailable) || in != (authority.SignedIn{}) || !strings.Contains(err.Error(), "secret key") {
			t.Errorf("%s: %+v, %v", name, in, err)
		}
		if _, err := without.SecondFactor(t.Context(), b.visitor(), half.UserID, half.Epoch, codes[len(key)%9], b.device); err != nil {
			t.Errorf("%s: a recovery code: %v", name, err)
		}
		if key == nil {
			_, _, err = without.BeginSecondFactor(t.Context(), other, password)
			wantCode(t, err, authority.CodeUnavailable)
		}
	}
	if _, err := authority.New(authority.Config{Store: w.store, Catalog: w.Catalog(), SecretKey: []byte("short")}); err == nil {
		t.Error("a key of another length was taken")
	}
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		f, err := tx.SecondFactor(ctx, w.admin.id)
		f.UserID = w.reader.id
		return errors.Join(err, tx.InsertSecondFactor(ctx, f))
	})
	if half, err = b.signIn(w.reader, password); err != nil || !half.NeedsCode {
		t.Fatalf("%+v, %v", half, err)
	}
	_, err = b.code(half, w.app(secret))
	wantCode(t, err, authority.CodeUnavailable)
}

// TestTheDatabaseHoldsNothingToSignInWith: whoever has a copy of it gets in with
// nothing that is in it, in whichever form it was written.
func TestTheDatabaseHoldsNothingToSignInWith(t *testing.T) {
	t.Parallel()
	w := signInWorld(t)
	b := w.browser("198.51.100.7")
	_, secret, codes := w.withSecondFactor(b, w.admin)
	half, err := b.signIn(w.admin, password)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.code(half, codes[0]); err != nil {
		t.Fatal(err)
	}
	_, _ = w.stranger(1).signIn(w.admin, password+"!")
	w.FlushFailedSignIns(t.Context())
	files, err := filepath.Glob(filepath.Join(w.dir, "world.db*"))
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data...)
	}
	if !bytes.Contains(all, []byte(w.admin.email)) || !bytes.Contains(all, []byte("second_factor_on")) {
		t.Fatal("these are not the files of the database")
	}
	hidden := append(codes, secret, strings.ToLower(secret), b.device, password, w.app(secret))
	for _, code := range codes {
		hidden = append(hidden, strings.ReplaceAll(code, "-", ""))
	}
	for i, s := range hidden {
		if len(s) > 6 && bytes.Contains(all, []byte(s)) {
			t.Errorf("secret %d is in the database", i)
		}
	}
}
