package e2e

import (
	"errors"
	"regexp"
	"testing"

	"github.com/cloudflare/cloudflare-go/v7/user"
)

// TestV7IsToldWhenToComeBack: a client over its limit gets an answer that it
// knows how to read, and all clients of one user share the limit.
func TestV7IsToldWhenToComeBack(t *testing.T) {
	t.Parallel()
	s := newServer(t, "--rate-limits=on", "--rate-limit-requests=3", "--rate-limit-window=10m")
	made := mustCreate(t, s.rootV7().userTokens(), s.readsZone("limited with its user"))
	for range 2 {
		if _, _, err := s.rootV7().userTokens().verify(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, secret := range []string{s.Boot.Token.Value, made.secret} {
		_, _, err := s.v7(secret).userTokens().verify(t.Context())
		refusedV7(t, err, 429, 971, "Please wait and consider throttling your request speed")
		var e *user.Error
		if !errors.As(err, &e) {
			t.Fatal(err)
		}
		for name, like := range map[string]string{
			"Retry-After": `^600$`, "Ratelimit": `^"default";r=0;t=\d+$`, "Ratelimit-Policy": `^"default";q=3;w=600$`,
		} {
			if got := e.Response.Header.Get(name); !regexp.MustCompile(like).MatchString(got) {
				t.Errorf("%s: %q, want %s", name, got, like)
			}
		}
	}
}

// TestV7LimitsCanBeSwitchedOff: the harness does so for all that are about something
// else.
func TestV7LimitsCanBeSwitchedOff(t *testing.T) {
	t.Parallel()
	s := newServer(t, "--rate-limit-requests=3")
	for range 10 {
		if _, _, err := s.rootV7().userTokens().verify(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}
