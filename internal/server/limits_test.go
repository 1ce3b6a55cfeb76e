package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/ratelimit"
)

// TestAUsersCredentialsCountTogether, and an account's token for itself.
func TestAUsersCredentialsCountTogether(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	limiter := ratelimit.New(ratelimit.Config{Requests: 5, Window: time.Minute, PerAddress: 1000, Clock: func() time.Time { return now }})
	w := newWorld(t, config{limits: limiter})
	status := func(as credential) int { return w.call(t, call{as: as, method: "GET", path: "/zones"}).status }

	deploy := w.dnsToken(t, "deploy", "DNS Read") // alice's first
	own := w.call(t, call{as: w.key("alice"), method: "POST", path: "/user/tokens", body: []byte(`{"name":"mine","policies":[]}`)})
	var made struct{ Value string }
	own.decode(t, &made)
	for range 3 {
		if got := status(bearer(made.Value)); got != http.StatusOK {
			t.Fatalf("within the limit: %d", got)
		}
	}
	over := w.call(t, call{as: w.key("alice"), method: "GET", path: "/zones"})
	if code, text := over.first(); over.status != 429 || code != 971 || text != "Please wait and consider throttling your request speed" {
		t.Errorf("over the limit: %d %s", over.status, over.raw)
	}
	if h := over.header; h.Get("Retry-After") != "60" || h.Get("Ratelimit") != `"default";r=0;t=60` || h.Get("Ratelimit-Policy") != `"default";q=5;w=60` {
		t.Errorf("the headers are %v", h)
	}
	if got := status(bearer(made.Value)); got != 429 {
		t.Errorf("another credential of the same user: %d", got)
	}
	for range 5 {
		if got := status(deploy); got != http.StatusOK {
			t.Errorf("an account's token: %d", got)
		}
	}
	if got := status(deploy); got != 429 {
		t.Errorf("an account's token over its limit: %d", got)
	}
	if got := status(w.key("bob")); got != http.StatusOK {
		t.Errorf("somebody else: %d", got)
	}
	now = now.Add(time.Minute)
	if got := status(w.key("alice")); got != http.StatusOK {
		t.Errorf("after the block: %d", got)
	}
}

// TestATokenThatMayDoNothingUsesUpNobodysLimit: who found the secret of a token
// that was ended, or that holds only elsewhere, must not block its owner.
func TestATokenThatMayDoNothingUsesUpNobodysLimit(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	limiter := ratelimit.New(ratelimit.Config{Requests: 7, Window: time.Minute, PerAddress: 1000, Clock: func() time.Time { return now }})
	w := newWorld(t, config{limits: limiter})
	found := func(draft obj) credential {
		draft["name"], draft["policies"] = "found", []obj{}
		var made struct{ Value string }
		a := w.ok(t, w.key("alice"), "POST", "/user/tokens", draft)
		a.decode(t, &made)
		return bearer(made.Value)
	}
	exposed := found(obj{})
	w.exposes(t, secretOf(exposed))
	for name, dead := range map[string]credential{
		"exposed": exposed, "disabled": found(obj{"status": "disabled"}),
		"not yet valid":        found(obj{"not_before": "2126-01-01T00:00:00Z"}),
		"from another address": found(obj{"condition": obj{"request_ip": obj{"in": []string{"2001:db8:77::/48"}}}}),
	} {
		for range 8 {
			if got := w.call(t, call{as: dead, method: "GET", path: "/user"}); got.status != 403 || got.header.Get("Ratelimit-Policy") != `"default";q=1000;w=1` {
				t.Errorf("%s: %d %s", name, got.status, got.header.Get("Ratelimit-Policy"))
			}
		}
	}
	a := w.ok(t, w.key("alice"), "GET", "/user", nil)
	if got := a.header.Get("Ratelimit"); got != `"default";r=2;t=60` {
		t.Errorf("of 7, after 5 of the owner's: %s", got)
	}
}

// TestAnAddressIsLimitedWithoutACredential, and nothing outside of the API is.
func TestAnAddressIsLimitedWithoutACredential(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	limiter := ratelimit.New(ratelimit.Config{PerAddress: 3, Clock: func() time.Time { return now }})
	w := newWorld(t, config{limits: limiter})
	for range 3 {
		w.call(t, call{as: stranger(), method: "GET", path: "/zones"})
	}
	if got := w.call(t, call{method: "GET", path: "/zones"}); got.status != 429 || got.header.Get("Retry-After") != "1" {
		t.Errorf("the fourth: %d %s", got.status, got.raw)
	}
	if got := w.call(t, call{method: "GET", path: "/zones", from: "198.51.100.9"}); got.status == 429 {
		t.Error("another address is limited")
	}
	res, err := http.Get(w.http.URL + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK || res.Header.Get("Ratelimit") != "" {
		t.Errorf("health: %d %v", res.StatusCode, res.Header)
	}
}

// TestADenialNamesTheDenyPolicyThatTheTokenHas, by the id that GET shows.
func TestADenialNamesTheDenyPolicyThatTheTokenHas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	key := "com.cloudflare.api.account.zone." + w.ids["zone/A"]
	var group string
	for _, g := range w.authority.Catalog().Groups() {
		if g.Name == "DNS Read" {
			group = g.ID
		}
	}
	policy := func(effect string) string {
		return `{"effect":"` + effect + `","permission_groups":[{"id":"` + group + `"}],"resources":{"` + key + `":"*"}}`
	}
	a := w.call(t, call{as: w.key("alice"), method: "POST", path: "/user/tokens",
		body: []byte(`{"name":"t","policies":[` + policy("allow") + "," + policy("deny") + `]}`)})
	var made struct {
		Value    string
		Policies []struct{ ID, Effect string }
	}
	a.decode(t, &made)
	got := w.call(t, call{as: bearer(made.Value), method: "GET", path: "/zones/" + w.ids["zone/A"] + "/dns_records"})
	if got.status != 403 || len(got.envelope.Errors) != 1 || len(got.envelope.Errors[0].Chain) != 3 {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	for _, p := range made.Policies {
		if named := strings.Contains(string(got.raw), p.ID); named != (p.Effect == "deny") {
			t.Errorf("the %s policy is named: %v", p.Effect, named)
		}
	}
}

// TestADenialOfABodyNamesTheGroupsToo: the gate lets POST /zones pass, and the
// account is in the body.
func TestADenialOfABodyNamesTheGroupsToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	got := w.call(t, call{as: w.dnsToken(t, "siem", "Account Settings Read"), method: "POST", path: "/zones",
		body: []byte(`{"name":"new.example","account":{"id":"` + w.ids["account/1"] + `"}}`)})
	const want = "Needs any one of the permission groups DNS Write (zone), Zone Write (zone)"
	if got.status != 403 || len(got.envelope.Errors[0].Chain) != 1 || got.envelope.Errors[0].Chain[0].Message != want {
		t.Errorf("%d %s", got.status, got.raw)
	}
}
