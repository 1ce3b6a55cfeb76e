package gateway

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/clientip"
	"github.com/tokenward/tokenward/internal/policy"
)

// TestConfigIsChecked: a gate that could not do its work is not made, and every
// fault is named.
func TestConfigIsChecked(t *testing.T) {
	nothing := func(http.ResponseWriter, *http.Request, Pass[int]) {}
	_, err := New(Config[int]{
		Catalog: catalog.V4(), Authorizer: zeroAuthorizer{}, Prefix: "client/", MaxBody: -1,
		Handlers: map[string]Handler[int]{"zones-get": nothing, "no-such-operation": nothing, "zones-0-get": nil},
	})
	for _, want := range []string{"no-such-operation", "zones-0-get", `"client/"`, "-1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not named: %v", want, err)
		}
	}
	if err != nil && strings.Contains(err.Error(), "zones-get") {
		t.Errorf("a good handler is blamed: %v", err)
	}
	if _, err := New(Config[int]{}); err == nil {
		t.Error("the zero Config makes a gate")
	}
}

// TestRequestIDIsEverywhere: on the answer and in the pass; new for each request, whatever the client sent.
func TestRequestIDIsEverywhere(t *testing.T) {
	var inPass string
	w := newWorld(t, func(c *Config[*holder]) {
		c.Handlers[opZones] = func(_ http.ResponseWriter, _ *http.Request, p Pass[*holder]) {
			inPass = p.RequestID
		}
	})
	s := bearer(w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}))
	first := w.get("/client/v4/zones", s, "Cf-Ray: 0000000000000000-TW")
	first.checkHeaders(t) // though the handler wrote nothing
	ray := first.Header.Get("Cf-Ray")
	if ray == "0000000000000000-TW" || inPass != ray {
		t.Errorf("answer %q, pass %q", ray, inPass)
	}
	if again := w.get("/client/v4/zones", s).Header.Get("Cf-Ray"); again == ray {
		t.Error("two requests have one id")
	}
}

// TestHandlerChoosesItsContentType, and gets the rest.
func TestHandlerChoosesItsContentType(t *testing.T) {
	w := newWorld(t, func(c *Config[*holder]) {
		c.Handlers[opZones] = func(rw http.ResponseWriter, _ *http.Request, _ Pass[*holder]) {
			rw.Header().Set("Content-Type", "text/plain")
			rw.Header().Set("Cf-Ray", "an upstream's")
			rw.WriteHeader(http.StatusEarlyHints)
			rw.WriteHeader(http.StatusTeapot)
		}
	})
	s := bearer(w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}))
	req, _ := http.NewRequest("GET", w.server.URL+"/client/v4/zones", nil)
	req.Header.Set("Authorization", strings.TrimPrefix(s, "Authorization: "))
	got, err := http.DefaultClient.Do(req) // skips the 1xx
	if err != nil {
		t.Fatal(err)
	}
	got.Body.Close()
	if ray := got.Header.Values("Cf-Ray"); len(ray) != 1 || !rayForm.MatchString(ray[0]) {
		t.Errorf("cf-ray is %q", ray)
	}
	if got.StatusCode != http.StatusTeapot || got.Header.Get("Content-Type") != "text/plain" {
		t.Errorf("%d %v", got.StatusCode, got.Header)
	}
}

// TestFlushedAnswerHasItsHeaders: a handler that streams sends the status by
// flushing.
func TestFlushedAnswerHasItsHeaders(t *testing.T) {
	w := newWorld(t, func(c *Config[*holder]) {
		c.Handlers[opZones] = func(rw http.ResponseWriter, _ *http.Request, _ Pass[*holder]) {
			if err := http.NewResponseController(rw).Flush(); err != nil {
				t.Error(err)
			}
		}
	})
	s := bearer(w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}))
	w.get("/client/v4/zones", s).checkHeaders(t)
}

// TestOldHTTP: a client of HTTP/1.0 has no Host and no chunks.
func TestOldHTTP(t *testing.T) {
	w, auth := zoneReader(t)
	if got := w.raw("GET "+zoneURL+" HTTP/1.0", auth, "", ""); got.StatusCode != 200 || !strings.Contains(got.body, `"reader"`) {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	if got := w.raw("GET "+zoneURL+" HTTP/1.0", "", ""); got.verdict(t) != missing9106 {
		t.Error(got.body)
	}
}

// TestUpgradeIsIgnoredAndExpectIsMet: who may send a body and waits to be asked
// for it is asked, and who may not is not.
func TestUpgradeIsIgnoredAndExpectIsMet(t *testing.T) {
	w, auth := zoneReader(t)
	if got := w.get(zoneURL, auth, "Connection: upgrade", "Upgrade: websocket"); got.StatusCode != 200 {
		t.Errorf("upgrade: %d", got.StatusCode)
	}
	if got := w.get(zoneURL, auth, "Expect: 100-continue", "Content-Length: 2", "", "{}"); got.StatusCode != 100 {
		t.Errorf("expect: %d", got.StatusCode)
	}
	if got := w.get(zoneURL, "Expect: 100-continue", "Content-Length: 2", "", "{}"); got.StatusCode != 400 {
		t.Errorf("expect, without a credential: %d", got.StatusCode)
	}
}

// TestForwardedAddressNeedsATrustedHop: the condition sees the TCP peer unless
// the peer is trusted.
func TestForwardedAddressNeedsATrustedHop(t *testing.T) {
	trusting, err := clientip.New("X-Forwarded-For", []string{"127.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	for want, client := range map[string]*clientip.Resolver{
		fromHere: nil,
		"403 9109 Cannot use the access token from location: 203.0.113.9": trusting,
	} {
		w := newWorld(t, func(c *Config[*holder]) { c.Client = client })
		s := bearer(w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{In: []string{"198.51.100.0/24"}}))
		if got := w.get(coreURL, s, "X-Forwarded-For: 198.51.100.7, 203.0.113.9", "X-Real-IP: 198.51.100.7").verdict(t); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if client == nil {
			continue
		}
		if got := w.get(coreURL, s, "X-Forwarded-For: 198.51.100.7, not-an-address").verdict(t); got != "403 9109 Cannot use the access token from location: unknown" {
			t.Error(got)
		}
	}
}

// TestPrefixIsConfiguration.
func TestPrefixIsConfiguration(t *testing.T) {
	w := newWorld(t, func(c *Config[*holder]) { c.Prefix, c.Logger, c.Client = "/api", slog.New(slog.DiscardHandler), nil })
	s := bearer(w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}))
	if got := w.get("/api/zones", s); got.StatusCode != 200 {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	if got := w.get("/client/v4/zones", s); got.StatusCode != 404 {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
}
