package e2e

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
)

// rounds is how often clients are set against each other.
const rounds = 15

// atOnce runs calls that wait for each other before they begin, and gives their
// errors by place.
func atOnce(calls ...func() error) []error {
	var ready, done sync.WaitGroup
	ready.Add(len(calls))
	errs := make([]error, len(calls))
	for i, call := range calls {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			errs[i] = call()
		})
	}
	done.Wait()
	return errs
}

// lost fails the test unless err is one that clients do not repeat by
// themselves: that another change came first, or that the token is gone.
func lost(t *testing.T, what string, err error, gone bool) {
	t.Helper()
	status, code := codeV7(err)
	if status != http.StatusBadRequest || code != 1001 {
		if !gone || status != http.StatusNotFound {
			t.Errorf("%s: status %d, code %d: %v", what, status, code, err)
		}
	}
}

// alive says which of a token's secrets work.
func alive(t *testing.T, client func(string) tokensV7, secrets ...string) (live []string) {
	t.Helper()
	for _, secret := range secrets {
		_, status, err := client(secret).verify(t.Context())
		switch httpStatus, code := codeV7(err); {
		case err == nil && status == "active":
			live = append(live, secret)
		case httpStatus != http.StatusUnauthorized || code != 1000:
			t.Errorf("verify: status %q, error %v", status, err)
		}
	}
	return live
}

// TestV7RollsAtOnceLeaveOneSecret: whoever is told a secret by the last roll that
// did well has the one that works.
func TestV7RollsAtOnceLeaveOneSecret(t *testing.T) {
	ownersV7(t, func(t *testing.T, s *server, client func(string) tokensV7) {
		tokens := client(s.Boot.Token.Value)
		made := mustCreate(t, tokens, s.readsZone("rolled by many"))
		secrets := []string{made.secret}
		for range rounds {
			fresh := make([]string, 4)
			var calls []func() error
			for i := range fresh {
				calls = append(calls, func() (err error) {
					fresh[i], err = tokens.roll(t.Context(), made.id)
					return err
				})
			}
			var told []string
			for i, err := range atOnce(calls...) {
				if err != nil {
					lost(t, "roll", err, false)
					continue
				}
				told = append(told, fresh[i])
			}
			live := alive(t, client, append(secrets, told...)...)
			if len(told) == 0 || len(live) != 1 || live[0] == secrets[len(secrets)-1] {
				t.Fatalf("%d rolls did well, then %d secrets work; want one of the new ones", len(told), len(live))
			}
			secrets = []string{live[0]}
		}
	})
}

// TestV7RollAndUpdateAtOnceUndoNothing: an update does not bring back an old
// secret, nor a roll an old definition, and two updates are not mixed.
func TestV7RollAndUpdateAtOnceUndoNothing(t *testing.T) {
	ownersV7(t, func(t *testing.T, s *server, client func(string) tokensV7) {
		tokens, definitions := client(s.Boot.Token.Value), s.definitions()
		before := s.readsZone("before")
		made := mustCreate(t, tokens, before)
		secret := made.secret
		for i := range rounds {
			first, second := definitions[i%len(definitions)], s.limited()
			first.name, second.name = fmt.Sprintf("first %d", i), fmt.Sprintf("second %d", i)
			first.in, first.notIn = nil, []string{"203.0.113.9/32"} // this machine can verify
			var fresh string
			errs := atOnce(
				func() (err error) { fresh, err = tokens.roll(t.Context(), made.id); return err },
				func() error { _, err := tokens.update(t.Context(), made.id, first); return err },
				func() error { _, err := tokens.update(t.Context(), made.id, second); return err },
			)
			for n, err := range errs {
				if err != nil {
					lost(t, fmt.Sprintf("change %d", n), err, false)
				}
			}
			live := alive(t, client, secret)
			if errs[0] == nil {
				live = alive(t, client, secret, fresh)
				secret = fresh
			}
			if len(live) != 1 || live[0] != secret {
				t.Fatalf("%d secrets work, want the one of the last roll", len(live))
			}
			got, err := tokens.get(t.Context(), made.id)
			if err != nil {
				t.Fatal(err)
			}
			after := map[string]definition{before.name: before}
			for n, d := range []definition{first, second} {
				if errs[n+1] == nil {
					delete(after, before.name)
					after[d.name] = d
				}
			}
			now, there := after[got.Name]
			if !there {
				t.Fatalf("the token is %q, want one of %d definitions", got.Name, len(after))
			}
			checkToken(t, "after the round", got.JSON.RawJSON(), now, "active")
			before = now
		}
	})
}

// TestV7DeletedTokenStaysDeleted: whatever happens to it at the same time.
func TestV7DeletedTokenStaysDeleted(t *testing.T) {
	ownersV7(t, func(t *testing.T, s *server, client func(string) tokensV7) {
		tokens := client(s.Boot.Token.Value)
		for range rounds {
			made := mustCreate(t, tokens, s.readsZone("short-lived"))
			var fresh string
			errs := atOnce(
				func() error { _, err := tokens.delete(t.Context(), made.id); return err },
				func() (err error) { fresh, err = tokens.roll(t.Context(), made.id); return err },
				func() error { _, err := tokens.update(t.Context(), made.id, s.readsZone("x")); return err },
				func() error { _, err := tokens.delete(t.Context(), made.id); return err },
			)
			for n, err := range errs {
				if err != nil {
					lost(t, fmt.Sprintf("change %d", n), err, true)
				}
			}
			if errs[0] != nil && errs[3] != nil {
				// Both lost to another change, so that it is still there.
				if _, err := tokens.delete(t.Context(), made.id); err != nil {
					t.Fatal(err)
				}
			}
			if errs[0] == nil && errs[3] == nil {
				t.Error("the token was deleted twice")
			}
			if errs[1] == nil {
				if live := alive(t, client, fresh); len(live) != 0 {
					t.Error("a roll at the same time has brought back a deleted token")
				}
			}
			if live := alive(t, client, made.secret); len(live) != 0 {
				t.Error("a deleted token works")
			}
			if status, _ := codeV7(func() error { _, err := tokens.get(t.Context(), made.id); return err }()); status != http.StatusNotFound {
				t.Errorf("a deleted token is answered with %d", status)
			}
		}
	})
}
