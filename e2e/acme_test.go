package e2e

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fromTemplate is the secret of a token that the command makes. ca is the file with
// what certified the server, "" where it speaks plain HTTP.
func (s *server) fromTemplate(t *testing.T, ca string, args ...string) string {
	t.Helper()
	r := run(t, []string{"TOKENWARD_API_URL=" + s.Boot.BaseURL, "TOKENWARD_API_TOKEN=" + s.Boot.Token.Value, "SSL_CERT_FILE=" + ca},
		serverBinary, append([]string{"token", "create"}, args...)...)
	secret := strings.TrimSpace(r.stdout)
	if r.code != 0 || secret == "" {
		r.fails(t, "the token was not made")
	}
	return secret
}

// TestCertbotGetsACertificateByTheTemplatesToken drives its plugin for DNS, which
// looks for its zone by the names that a domain could lie in.
func TestCertbotGetsACertificateByTheTemplatesToken(t *testing.T) {
	t.Parallel()
	s, c := newTLSServer(t)
	secret := s.fromTemplate(t, c.ca, "--template", "acme-dns-01", "--zone", "example.com")
	directory, dir := startPebble(t, c, s.startNameserver(t, 0)), t.TempDir()
	credentials := filepath.Join(dir, "credentials.ini")
	if err := os.WriteFile(credentials, []byte("dns_cloudflare_api_token = "+secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := run(t, []string{"CLOUDFLARE_API_URL=" + s.Boot.BaseURL, "REQUESTS_CA_BUNDLE=" + c.ca, "PYTHONDONTWRITEBYTECODE=1"},
		"certbot", "certonly", "--server", directory, "--non-interactive", "--agree-tos", "--email", "hostmaster@example.com",
		"--config-dir", dir, "--work-dir", dir, "--logs-dir", dir, "--dns-cloudflare", "--dns-cloudflare-credentials", credentials,
		"--dns-cloudflare-propagation-seconds", "0", "--domain", "example.com", "--domain", "*.example.com")
	if r.code != 0 {
		r.fails(t, "certbot got no certificate")
	}
	s.certified(t, filepath.Join(dir, "live", "example.com", "fullchain.pem"))
}

// certified fails the test unless a file has a certificate for the domain and its
// wildcard, and the client has tidied up.
func (s *server) certified(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	if block == nil {
		t.Fatalf("%s is no certificate", path)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Sort(cert.DNSNames); !slices.Equal(cert.DNSNames, []string{"*.example.com", "example.com"}) {
		t.Errorf("the certificate is for %q", cert.DNSNames)
	}
	if left := s.rootV7().contents(t, s.zone(0), "_acme-challenge.example.com"); len(left) != 0 {
		t.Errorf("%d challenges are left", len(left))
	}
}
