package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/ratelimit"
)

// limitedToken issues a token with a rate limit at a path.
func (w *world) limitedToken(t *testing.T, path string, requests, period int) (credential, string) {
	t.Helper()
	a := w.ok(t, w.key("alice"), "POST", path, obj{"name": "limited", "policies": []obj{}, "rate_limit": obj{"requests": requests, "period": period}})
	if want := `"rate_limit":{"requests":` + itoa(requests) + `,"period":` + itoa(period) + `}`; !strings.Contains(string(a.raw), want) {
		t.Errorf("the new token lacks %s: %s", want, a.raw)
	}
	var made struct{ ID, Value string }
	a.decode(t, &made)
	return bearer(made.Value), made.ID
}

// rates is what an answer says of limits, with its status.
func (a *answer) rates() string {
	return strings.TrimSpace(itoa(a.status) + " " + a.header.Get("Ratelimit") + " | " + a.header.Get("Ratelimit-Policy") + " | " + a.header.Get("Retry-After"))
}

// TestATokensOwnLimitComesOnTopOfItsOwners: the tighter of the two wins, other
// credentials of the owner are not touched by it, and neither is another token.
func TestATokensOwnLimitComesOnTopOfItsOwners(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	limiter := ratelimit.New(ratelimit.Config{Requests: 12, Window: time.Minute, PerAddress: 1000, Clock: func() time.Time { return now }})
	w := newWorld(t, config{limits: limiter})
	one, _ := w.limitedToken(t, "/user/tokens", 2, 30)
	two, _ := w.limitedToken(t, "/user/tokens", 1000, 30)
	ask := func(as credential) string {
		a := w.call(t, call{as: as, method: "GET", path: "/user/tokens/verify"})
		return a.rates()
	}
	for _, c := range []struct {
		what string
		as   credential
		want string
	}{
		{"the first", one, `200 "default";r=9;t=60, "token";r=1;t=30 | "default";q=12;w=60, "token";q=2;w=30 |`},
		{"the second", one, `200 "default";r=8;t=60, "token";r=0;t=30 | "default";q=12;w=60, "token";q=2;w=30 |`},
		{"one too many", one, `429 "default";r=8;t=60, "token";r=0;t=30 | "default";q=12;w=60, "token";q=2;w=30 | 30`},
		{"and again", one, `429 "default";r=8;t=60, "token";r=0;t=30 | "default";q=12;w=60, "token";q=2;w=30 | 30`},
		{"another token", two, `200 "default";r=7;t=60, "token";r=999;t=30 | "default";q=12;w=60, "token";q=1000;w=30 |`},
	} {
		if got := ask(c.as); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.what, got, c.want)
		}
	}
	a := w.call(t, call{as: one, method: "GET", path: "/user/tokens/verify"})
	if code, text := a.first(); code != 971 || text != "Please wait and consider throttling your request speed" {
		t.Errorf("over its own limit: %s", a.raw)
	}
	for range 7 {
		ask(two)
	}
	if got := ask(two); !strings.HasPrefix(got, "429 ") || !strings.HasSuffix(got, "| 60") {
		t.Errorf("over its owner's: %s", got)
	}
	now = now.Add(30 * time.Second)
	if got := ask(one); !strings.HasPrefix(got, "429 ") || !strings.HasSuffix(got, "| 30") {
		t.Errorf("its own block is over, its owner's is not: %s", got)
	}
}

// TestAnAccountsTokenHasBothLimits, and what it used stays used when it is edited
// or rolled.
func TestAnAccountsTokenHasBothLimits(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	limiter := ratelimit.New(ratelimit.Config{Requests: 100, Window: time.Minute, PerAddress: 1000, Clock: func() time.Time { return now }})
	w := newWorld(t, config{limits: limiter})
	limited, id := w.limitedToken(t, w.accountTokens(), 3, 30)
	other, _ := w.limitedToken(t, w.accountTokens(), 3, 30)
	verify := w.accountTokens() + "/verify"
	for range 3 {
		w.ok(t, limited, "GET", verify, nil)
	}
	w.do(t, limited, "GET", verify, nil, http.StatusTooManyRequests, 971)
	w.ok(t, other, "GET", verify, nil)

	edited := func(limit any) obj { return obj{"name": "edited", "policies": []obj{}, "rate_limit": limit} }
	w.ok(t, w.key("alice"), "PUT", w.accountTokens()+"/"+id, edited(obj{"requests": 2, "period": 30}))
	w.do(t, limited, "GET", verify, nil, http.StatusTooManyRequests, 971)
	var value string
	rolled := w.ok(t, w.key("alice"), "PUT", w.accountTokens()+"/"+id+"/value", obj{})
	rolled.decode(t, &value)
	w.do(t, bearer(value), "GET", verify, nil, http.StatusTooManyRequests, 971)
	w.ok(t, w.key("alice"), "PUT", w.accountTokens()+"/"+id, edited(obj{"requests": 4, "period": 30}))
	w.ok(t, bearer(value), "GET", verify, nil)
	w.do(t, bearer(value), "GET", verify, nil, http.StatusTooManyRequests, 971)
	w.ok(t, w.key("alice"), "PUT", w.accountTokens()+"/"+id, edited(nil))
	a := w.ok(t, bearer(value), "GET", verify, nil)
	if strings.Contains(a.header.Get("Ratelimit"), "token") {
		t.Errorf("a limit that was taken away is told: %s", a.rates())
	}
}

// TestATokensLimitIsReadBackAsItWasWritten, absent where there is none; an update
// that leaves it out takes it away, like a condition.
func TestATokensLimitIsReadBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{}) // limits are off: the member is kept all the same
	_, id := w.limitedToken(t, "/user/tokens", 100, 60)
	path := "/user/tokens/" + id
	member := func(a answer) string {
		var token map[string]json.RawMessage
		a.decode(t, &token)
		return string(token["rate_limit"])
	}
	const want = `{"requests":100,"period":60}`
	before := w.ok(t, w.key("alice"), "GET", path, nil)
	if got := member(before); got != want {
		t.Errorf("read: %s", got)
	}
	var whole map[string]any
	before.decode(t, &whole)
	if got := member(w.ok(t, w.key("alice"), "PUT", path, whole)); got != want {
		t.Errorf("written back as it was read: %s", got)
	}
	for _, gone := range []obj{{"name": "x", "policies": []obj{}}, {"name": "x", "policies": []obj{}, "rate_limit": nil}} {
		w.ok(t, w.key("alice"), "PUT", path, whole)
		if got := member(w.ok(t, w.key("alice"), "PUT", path, gone)); got != "" {
			t.Errorf("after %v: %s", gone, got)
		}
	}
	log := w.ok(t, w.key("alice"), "GET", "/user/audit_logs", nil)
	if !strings.Contains(string(log.raw), `rate_limit`) {
		t.Error("the audit log does not say that the limit changed")
	}
}
