package e2e

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cloudflare/cloudflare-go/v7/dns"
)

// ddclient runs the command once for one host name, over HTTPS.
func (s *server) ddclient(t *testing.T, c certificates, secret, zone, host, addr string) result {
	t.Helper()
	base, err := url.Parse(s.Boot.BaseURL)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	conf := filepath.Join(dir, "ddclient.conf")
	text := fmt.Sprintf("ssl=yes\nssl_ca_file=%s\nusev4=ipv4, ipv4=%s\nprotocol=cloudflare\nserver=%s%s\nlogin=token\npassword=%s\nzone=%s\n%s\n",
		c.ca, addr, base.Host, base.Path, secret, zone, host)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return run(t, nil, "ddclient", "-daemon=0", "-foreground", "-verbose", "-noquiet", "-file", conf, "-cache", filepath.Join(dir, "cache"))
}

func TestDdclientUpdatesARecordOfItsZone(t *testing.T) {
	t.Parallel()
	s, c := newTLSServer(t)
	api, made := s.rootV7(), s.dnsToken(t, "ddclient")
	record := api.newRecord(t, s.zone(0), aRecord("home.example.com", "192.0.2.1"))
	r := s.ddclient(t, c, made.secret, "example.com", "home.example.com", "192.0.2.99")
	if r.code != 0 || !strings.Contains(r.stderr+r.stdout, "IPv4 address set to 192.0.2.99") {
		r.fails(t, "ddclient did not set the address")
	}
	got, err := api.getRecord(t, s.zone(0), record.ID)
	if err != nil || got.Content != "192.0.2.99" || got.TTL != dns.TTL(300) {
		t.Errorf("the record is %v, error %v", got, err)
	}
}

func TestDdclientCannotUpdateAnotherZone(t *testing.T) {
	t.Parallel()
	s, c := newTLSServer(t)
	api, made := s.rootV7(), s.dnsToken(t, "ddclient")
	record := api.newRecord(t, s.zone(1), aRecord("home.example.net", "192.0.2.1"))
	r := s.ddclient(t, c, made.secret, "example.net", "home.example.net", "192.0.2.99")
	if !strings.Contains(r.stderr+r.stdout, "No zone ID found") {
		r.fails(t, "ddclient found a zone that its token may not see")
	}
	got, err := api.getRecord(t, s.zone(1), record.ID)
	if err != nil || got.Content != "192.0.2.1" {
		t.Errorf("the record is %v, error %v", got, err)
	}
}
