package server_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/ratelimit"
	"github.com/tokenward/tokenward/internal/server"
)

// told is the answer of GET /ips.
type told struct {
	IPv4 []string `json:"ipv4_cidrs"`
	IPv6 []string `json:"ipv6_cidrs"`
	ETag string   `json:"etag"`
}

// TestTheNetworksAreToldToEveryone, without a credential, and to who shows a
// wrong one; nothing is told that nobody has configured.
func TestTheNetworksAreToldToEveryone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	for name, as := range map[string]credential{
		"nobody": nil, "a stranger": stranger(), "half a key": func(h http.Header) { h.Set("X-Auth-Key", "x") }, "alice": w.key("alice"),
	} {
		a := w.ok(t, as, "GET", "/ips?networks=other", nil)
		var got told
		a.decode(t, &got)
		if got.IPv4 == nil || got.IPv6 == nil || len(got.IPv4)+len(got.IPv6) > 0 || len(got.ETag) != 32 {
			t.Errorf("%s is told %s", name, a.raw)
		}
	}
	w.do(t, nil, "POST", "/ips", nil, 400, 9106)

	networks := []netip.Prefix{
		netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/25"), netip.MustParsePrefix("2001:db8::/32"),
	}
	const want = `{"result":{"ipv4_cidrs":["192.0.2.0/24","198.51.100.0/25"],"ipv6_cidrs":["2001:db8::/32"],`
	all, fewer := w.ips(t, networks), w.ips(t, networks[1:])
	if len(all) < len(want) || all[:len(want)] != want {
		t.Errorf("told %s", all)
	}
	if etag(t, all) == etag(t, fewer) || etag(t, all) != etag(t, w.ips(t, networks)) {
		t.Error("the tag does not say whether the networks have changed")
	}
}

// TestAskingForTheNetworksCountsForTheAddress, for there is nobody else.
func TestAskingForTheNetworksCountsForTheAddress(t *testing.T) {
	t.Parallel()
	clock := new(clock)
	w := newWorld(t, config{limits: ratelimit.New(ratelimit.Config{PerAddress: 2, Clock: clock.now})})
	for range 2 {
		w.ok(t, nil, "GET", "/ips", nil)
	}
	w.do(t, nil, "GET", "/ips", nil, http.StatusTooManyRequests, 971)
}

// ips is the answer of a server that tells networks.
func (w *world) ips(t *testing.T, networks []netip.Prefix) string {
	t.Helper()
	h, err := server.New(server.Config{
		Authority: w.authority, Records: dns.NewService(w.store, w.clock.now), Networks: networks,
	})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	defer s.Close()
	res, err := s.Client().Get(s.URL + "/client/v4/ips")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%d %v", res.StatusCode, err)
	}
	return string(b)
}

func etag(t *testing.T, answer string) string {
	t.Helper()
	var e struct{ Result told }
	if err := json.Unmarshal([]byte(answer), &e); err != nil {
		t.Fatal(err)
	}
	return e.Result.ETag
}
