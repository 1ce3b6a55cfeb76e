package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestInadynUpdatesRecordsOfItsZone: inadyn knows one address only, the upstream
// API's. So the test runs itself again where that name is this machine.
func TestInadynUpdatesRecordsOfItsZone(t *testing.T) {
	if os.Getenv(insideVariable) == "" {
		t.Parallel()
		runInside(t)
		return
	}
	s, c := newTLSServer(t, "--listen", "127.0.0.1:443")
	api, made := s.rootV7(), s.dnsToken(t, "inadyn")
	there := api.newRecord(t, s.zone(0), aRecord("home.example.com", "192.0.2.1"))

	inadyn(t, c, made.secret, "example.com", "home.example.com", "198.51.100.7", "Successful alias table update for home.example.com")
	got, err := api.getRecord(t, s.zone(0), there.ID)
	if err != nil || got.Content != "198.51.100.7" {
		t.Errorf("the record is %v, error %v", got, err)
	}
	inadyn(t, c, made.secret, "example.com", "fresh.example.com", "198.51.100.8", "Successful alias table update for fresh.example.com")
	if found := api.contents(t, s.zone(0), "fresh.example.com"); len(found) != 1 || found[0] != "198.51.100.8" {
		t.Errorf("the new record: %v", found)
	}
	inadyn(t, c, made.secret, "example.net", "home.example.net", "198.51.100.9", "Zone 'example.net' not found.")
	if found := api.contents(t, s.zone(1), "home.example.net"); len(found) != 0 {
		t.Errorf("a record in a zone that the token may not touch: %v", found)
	}
}

// inadyn runs the command once, and fails the test unless it says something.
func inadyn(t *testing.T, c certificates, secret, zone, host, addr, says string) {
	t.Helper()
	dir := t.TempDir()
	conf := filepath.Join(dir, "inadyn.conf")
	text := fmt.Sprintf(`ca-trust-file = %q
provider cloudflare.com {
	username = %q
	password = %q
	hostname = %q
	ttl = 300
	proxied = false
	checkip-command = "echo %s"
}
`, c.ca, zone, secret, host, addr)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r := run(t, nil, "inadyn", "--once", "--foreground", "--loglevel=debug", "--config", conf,
		"--cache-dir", dir, "--pidfile", filepath.Join(dir, "pid"))
	if !strings.Contains(r.stdout+r.stderr, says) {
		r.fails(t, "inadyn does not say: "+says)
	}
}
