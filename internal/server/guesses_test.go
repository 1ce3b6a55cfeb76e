package server_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// givePassword gives users of the world the password of the tests.
func (w *world) givePassword(t *testing.T, users ...string) {
	t.Helper()
	hash := authority.HashPassword(password)
	err := w.store.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error {
		for _, name := range users {
			u, err := tx.User(ctx, w.ids["user/"+name])
			if err != nil {
				return err
			}
			u.PasswordHash = hash
			if err := tx.UpdateUser(ctx, u); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestFiveWrongPasswordsAreEnough: after them no password is looked at for the
// rest of 15 minutes, the right one neither. Somebody else is not touched by it,
// and whose key it is can take it away.
func TestFiveWrongPasswordsAreEnough(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	const path = "/tokenward/user/api_key"
	w.givePassword(t, "bob", "carol")
	change := func(user, password string, status, code int) answer {
		t.Helper()
		return w.do(t, w.key(user), "PUT", path, obj{"password": password}, status, code)
	}
	carol := w.key("carol")
	for range 4 {
		change("bob", "wrong", 400, 1001)
	}
	w.clock.add(10 * time.Minute)
	change("bob", "wrong again", 400, 1001)
	over := change("bob", password, 429, 971)
	if got := over.header.Get("Retry-After"); got != "300" {
		t.Errorf("to be tried again in %q", got)
	}
	change("bob", "wrong", 429, 971)
	w.do(t, carol, "PUT", path, obj{"password": "wrong"}, 400, 1001)
	w.ok(t, w.key("bob"), "GET", path, nil)
	w.clock.add(5 * time.Minute)
	change("bob", password, 200, 0)
}

// TestRightPasswordsDoNotCount, however many there are.
func TestRightPasswordsDoNotCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	const path = "/tokenward/user/api_key"
	w.givePassword(t, "bob")
	key := w.key("bob")
	for range 4 {
		w.do(t, key, "PUT", path, obj{"password": "wrong"}, 400, 1001)
		var made struct{ Value string }
		a := w.call(t, call{as: key, method: "PUT", path: path, body: []byte(`{"password":"` + password + `"}`)})
		a.decode(t, &made)
		key = func(h http.Header) { h.Set("X-Auth-Email", w.emails["bob"]); h.Set("X-Auth-Key", made.Value) }
	}
	w.do(t, key, "PUT", path, obj{"password": "wrong"}, 400, 1001)
	w.do(t, key, "PUT", path, obj{"password": "wrong"}, 429, 971)
	w.ok(t, key, "DELETE", path, nil) // the way out for whose key somebody else guesses with
}
