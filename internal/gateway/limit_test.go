package gateway

import (
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// turnstile is a Limiter that says what it is told to.
type turnstile struct {
	mu              sync.Mutex
	address, caller Allowance
	token           Allowance
	addresses       []netip.Addr
	callers         []string
}

func (l *turnstile) Address(a netip.Addr) Allowance {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.addresses = append(l.addresses, a)
	return l.address
}

func (l *turnstile) Caller(h *holder) (owner, token Allowance) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h == nil {
		return Allowance{}, Allowance{}
	}
	l.callers = append(l.callers, h.name)
	return l.caller, l.token
}

const limited = "429 971 Please wait and consider throttling your request speed"

func limitedWorld(t *testing.T) (*world, *turnstile, string) {
	l := &turnstile{
		address: Allowance{Quota: 200, Window: time.Second, Remaining: 199, Reset: 5 * time.Millisecond},
		caller:  Allowance{Quota: 1200, Window: 5 * time.Minute, Remaining: 50, Reset: 29500 * time.Millisecond},
	}
	w := newWorld(t, func(c *Config[*holder]) { c.Limits = l })
	secret := w.ring.add(t, holder{of: catalog.TargetUser, name: "alice"}, policy.Condition{}, allow("DNS Read", "account.zone."+zone))
	return w, l, secret
}

func (r *reply) limits() string {
	return r.Header.Get("Ratelimit") + " " + r.Header.Get("Ratelimit-Policy") + " " + r.Header.Get("Retry-After")
}

// TestEveryAnswerSaysWhereTheLimitStands, in the form of contract 4.6. Of who is
// not known the address's limit is told.
func TestEveryAnswerSaysWhereTheLimitStands(t *testing.T) {
	w, _, secret := limitedWorld(t)
	caller, address := `"default";r=50;t=30 "default";q=1200;w=300 `, `"default";r=199;t=1 "default";q=200;w=1 `
	for _, c := range []struct {
		target, auth, want string
		status             int
	}{
		{zoneURL, bearer(secret), caller, 200},
		{"/client/v4/zones/" + otherZone + "/dns_records", bearer(secret), caller, 403},
		{"/client/v4/nowhere", bearer(secret), caller, 404},
		{zoneURL, "X-A: b", address, 400},
		{zoneURL, bearer("abc-def"), address, 400},
		{zoneURL, bearer(mistyped(secret)), address, 403},
	} {
		if got := w.get(c.target, c.auth); got.limits() != c.want || got.StatusCode != c.status {
			t.Errorf("%s: %d %s, want %d %s", c.target, got.StatusCode, got.limits(), c.status, c.want)
		}
	}
}

func TestOneTooManyIsRefusedBeforeAnythingIsDone(t *testing.T) {
	w, l, secret := limitedWorld(t)
	l.caller = Allowance{Exceeded: true, Quota: 1200, Window: 5 * time.Minute, Reset: 300 * time.Second}
	got := w.get(zoneURL, bearer(secret))
	if v := got.verdict(t); v != limited || got.limits() != `"default";r=0;t=300 "default";q=1200;w=300 300` {
		t.Errorf("a caller over the limit: %s, %s", v, got.limits())
	}
	if len(w.reached()) > 0 {
		t.Error("a handler was called")
	}
	l.address = Allowance{Exceeded: true, Quota: 200, Window: time.Second, Reset: time.Millisecond}
	l.callers, w.ring.last = nil, Attempt{}
	got = w.get(zoneURL, bearer(secret))
	if v := got.verdict(t); v != limited || got.Header.Get("Retry-After") != "1" {
		t.Errorf("an address over the limit: %s, %s", v, got.limits())
	}
	if w.ring.last.Op != nil || len(l.callers) > 0 {
		t.Error("the credential was looked up")
	}
}

// TestATokensOwnLimitIsToldBesideItsOwners: both by name, and when either is
// exceeded the client waits until it is not.
func TestATokensOwnLimitIsToldBesideItsOwners(t *testing.T) {
	w, l, secret := limitedWorld(t)
	l.token = Allowance{Quota: 10, Window: time.Minute, Remaining: 9, Reset: time.Minute}
	const both = `"default";r=50;t=30, "token";r=9;t=60 "default";q=1200;w=300, "token";q=10;w=60 `
	if got := w.get(zoneURL, bearer(secret)); got.StatusCode != 200 || got.limits() != both {
		t.Errorf("within both: %d %s", got.StatusCode, got.limits())
	}
	for _, c := range []struct {
		what         string
		owner, token bool
		wait         string
	}{{"the token's", false, true, "60"}, {"the owner's", true, false, "30"}, {"both", true, true, "60"}} {
		l.caller.Exceeded, l.token.Exceeded = c.owner, c.token
		if got := w.get(zoneURL, bearer(secret)); got.verdict(t) != limited || got.limits() != both+c.wait {
			t.Errorf("over %s: %s, %s", c.what, got.verdict(t), got.limits())
		}
	}
}

// TestEveryRequestCounts, the refused ones too, for whoever sent it.
func TestEveryRequestCounts(t *testing.T) {
	w, l, secret := limitedWorld(t)
	w.get(zoneURL, bearer(secret))
	w.get(coreURL, bearer(secret))
	w.get("/client/v4/nowhere", bearer(secret))
	w.get(zoneURL)
	if len(l.callers) != 3 || len(l.addresses) != 4 || l.addresses[0].String() != "127.0.0.1" {
		t.Errorf("counted %v and %v", l.callers, l.addresses)
	}
}

func TestWithoutALimiterNothingIsSaid(t *testing.T) {
	w := newWorld(t, nil)
	got := w.get(zoneURL)
	if got.limits() != "  " {
		t.Errorf("the headers are %q", got.limits())
	}
}
