package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

const (
	unavailable = "503 7010 The request could not be authorized now, try again"
	internal    = "500 10002 Internal error"
)

// TestStoreErrorIsNotAnInvalidToken, even when the authorizer says both that it
// failed and that it allows.
func TestStoreErrorIsNotAnInvalidToken(t *testing.T) {
	w, auth := zoneReader(t)
	w.ring.hook = func(token.Credential, Attempt) error { return errors.New("disk full") }
	for _, target := range []string{coreURL, verifyURL, productURL, zoneURL, "/client/v4/nothing"} {
		got := w.get(target, auth)
		if v := got.verdict(t); v != unavailable || w.reached() != nil || got.Header.Get("Retry-After") != "1" {
			t.Errorf("%s: %s", target, v)
		}
		if ray := got.Header.Get("Cf-Ray"); !strings.Contains(w.log.String(), ray) {
			t.Errorf("%s: the log does not name %s", target, ray)
		}
	}
}

// TestPanickingAuthorizerDenies.
func TestPanickingAuthorizerDenies(t *testing.T) {
	w, auth := zoneReader(t)
	w.ring.hook = func(token.Credential, Attempt) error { panic("no") }
	got := w.get(zoneURL, auth)
	if v := got.verdict(t); v != internal || w.reached() != nil {
		t.Error(v)
	}
	if log := w.log.String(); !strings.Contains(log, got.Header.Get("Cf-Ray")) || !strings.Contains(log, "Authorize") {
		t.Errorf("the log has no stack: %s", log)
	}
}

// zeroAuthorizer answers with the zero Decision.
type zeroAuthorizer struct{}

func (zeroAuthorizer) Authorize(context.Context, token.Credential, Attempt) (int, policy.Decision, error) {
	return 1, policy.Decision{}, nil
}

// TestZeroDecisionDenies every operation of the catalogue.
func TestZeroDecisionDenies(t *testing.T) {
	handlers := make(map[string]Handler[int])
	for op := range catalog.V4().Operations() {
		handlers[op.ID] = func(http.ResponseWriter, *http.Request, Pass[int]) { t.Error("a handler was reached") }
	}
	g, err := New(Config[int]{Catalog: catalog.V4(), Authorizer: zeroAuthorizer{}, Handlers: handlers})
	if err != nil {
		t.Fatal(err)
	}
	secret := token.Format{}.New(token.User).Reveal()
	n := 0
	for op := range catalog.V4().Operations() {
		path := strings.NewReplacer("{account_id}", account, "{zone_id}", zone).Replace(op.Template)
		if strings.Contains(path, "{") {
			continue
		}
		n++
		r := httptest.NewRequest(op.Method, DefaultPrefix+path, nil)
		r.Header.Set("Authorization", "Bearer "+secret)
		rec := httptest.NewRecorder()
		g.ServeHTTP(rec, r)
		if want := denials[lacks].of(op.Family).status; rec.Code != want {
			t.Errorf("%s: %d, want %d", op.ID, rec.Code, want)
		}
	}
	if n < 500 {
		t.Errorf("only %d operations were tried", n)
	}
}

// TestPanickingHandler is answered when it has not begun to answer, and cut off
// when it has.
func TestPanickingHandler(t *testing.T) {
	w := newWorld(t, func(c *Config[*holder]) {
		c.Handlers[opRecords] = func(rw http.ResponseWriter, _ *http.Request, _ Pass[*holder]) {
			rw.Header().Set("Content-Length", "3")
			rw.Header().Set("Content-Type", "text/plain")
			panic("before")
		}
		c.Handlers[opZone] = func(rw http.ResponseWriter, _ *http.Request, _ Pass[*holder]) {
			io.WriteString(rw, `{"result":`)
			http.NewResponseController(rw).Flush()
			panic("half way")
		}
		c.Handlers[opZones] = func(http.ResponseWriter, *http.Request, Pass[*holder]) { panic(http.ErrAbortHandler) }
	})
	s := w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{},
		allow("DNS Read", "account.zone."+zone), allow("Zone Read", "account.zone."+zone))
	if v := w.get(zoneURL, bearer(s)).verdict(t); v != internal {
		t.Error(v)
	}
	for _, path := range []string{"/zones/" + zone, "/zones"} {
		req, _ := http.NewRequest("GET", w.server.URL+DefaultPrefix+path, nil)
		req.Header.Set("Authorization", "Bearer "+s)
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_, err = io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		if err == nil {
			t.Errorf("%s: half an answer looks like a whole one", path)
		}
	}
	if log := w.log.String(); strings.Count(log, `"msg":"panic"`) != 2 {
		t.Errorf("an aborted handler is no failure, the others are: %s", log)
	}
}

// TestPanicAfterAHint: an early hint (103) is not yet an answer, so the failure
// is told.
func TestPanicAfterAHint(t *testing.T) {
	w := newWorld(t, func(c *Config[*holder]) {
		c.Handlers[opZones] = func(rw http.ResponseWriter, _ *http.Request, _ Pass[*holder]) {
			rw.WriteHeader(http.StatusEarlyHints)
			panic("after a hint")
		}
	})
	req, _ := http.NewRequest("GET", w.server.URL+DefaultPrefix+"/zones", nil)
	req.Header.Set("Authorization", "Bearer "+w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}))
	resp, err := http.DefaultClient.Do(req) // skips the 1xx
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	if v := (reply{resp, string(body)}).verdict(t); v != internal {
		t.Error(v)
	}
}

// TestSecretsAreNotToldToAnybody: an authorizer and handlers that put the secret
// into errors and panics.
func TestSecretsAreNotToldToAnybody(t *testing.T) {
	var secret string
	w := newWorld(t, func(c *Config[*holder]) {
		c.Handlers[opRecords] = func(http.ResponseWriter, *http.Request, Pass[*holder]) { panic(fmt.Errorf("with %s.", secret)) }
	})
	secret = w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}, allow("DNS Read", "account.zone."+zone))
	unknown := w.ring.format.New(token.User).Reveal()
	key := strings.Repeat("0123456789abcdef", 3)[:37]
	hooks := map[string]func(token.Credential, Attempt) error{
		"none":        nil,
		"error":       func(c token.Credential, _ Attempt) error { return fmt.Errorf("%v: %s", c, c.Secret.Reveal()) },
		"panic":       func(c token.Credential, _ Attempt) error { panic("x" + c.Secret.Reveal()) },
		"panic whole": func(c token.Credential, a Attempt) error { panic(fmt.Sprintf("%+v %#v %+v", c, c, a)) },
	}
	for name, hook := range hooks {
		w.ring.hook = hook
		for _, headers := range [][]string{
			{bearer(secret)}, {bearer(unknown)}, {bearer(mistyped(secret))}, {bearer(secret), bearer(unknown)},
			{"Authorization: Token " + secret}, {"X-Auth-Key: " + key, "X-Auth-Email: alice@example.com"},
		} {
			got := w.get(zoneURL, headers...)
			for _, s := range []string{secret, unknown, mistyped(secret), key} {
				var header strings.Builder
				got.Header.Write(&header)
				if strings.Contains(got.body+header.String(), s) {
					t.Errorf("hook %s: the answer tells a secret: %s", name, got.body)
				}
				if strings.Contains(w.log.String(), s) {
					t.Fatalf("hook %s: the log tells a secret: %s", name, w.log)
				}
			}
		}
	}
	if !strings.Contains(w.log.String(), "[redacted]") {
		t.Error("the log had nothing to redact: the test has lost its subject")
	}
}

func TestScrub(t *testing.T) {
	s := strings.Repeat("a", 37)
	for text, want := range map[string]string{
		"":                          "",
		"roll token " + record:      "roll token " + record,
		s:                           "[redacted]",
		"x " + s + "-_: " + s + ".": "x [redacted]: [redacted].",
		"Bearer " + s + "\n":        "Bearer [redacted]\n",
		s[1:] + " ä " + s[1:] + "/": s[1:] + " ä " + s[1:] + "/",
	} {
		if got := scrub(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
