package e2e

import (
	"errors"
	"net/http"
	"testing"

	classic "github.com/cloudflare/cloudflare-go"
)

// v0 makes a classic cloudflare-go client that shows a token. It does not
// repeat a call that failed, and does not hold itself to four calls a second.
func (s *server) v0(t *testing.T, token string) *classic.API {
	t.Helper()
	api, err := classic.NewWithAPIToken(token, s.v0Options()...)
	if err != nil {
		t.Fatal(err)
	}
	return api
}

func (s *server) v0Options() []classic.Option {
	return []classic.Option{
		classic.BaseURL(s.Boot.BaseURL), classic.HTTPClient(&http.Client{Transport: s.calls}),
		classic.UsingRateLimit(10_000), classic.UsingRetryPolicy(0, 0, 0),
	}
}

// rootV0 is a classic client with every permission.
func (s *server) rootV0(t *testing.T) *classic.API { return s.v0(t, s.Boot.Token.Value) }

// refusedV0 fails the test unless err has the client's type E, which it chooses
// by the HTTP status, and that code.
func refusedV0[E interface {
	error
	InternalErrorCodeIs(code int) bool
}](t *testing.T, err error, code int) {
	t.Helper()
	var e E
	if !errors.As(err, &e) || !e.InternalErrorCodeIs(code) {
		t.Errorf("error %T %v, want %T with code %d", err, err, e, code)
	}
}
