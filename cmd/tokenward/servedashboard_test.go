package main

import (
	"strings"
	"testing"
)

func TestOnlyADashboardThatIsServedIsAnnounced(t *testing.T) {
	for _, c := range []struct {
		cfg  serveConfig
		want []string
	}{
		{serveConfig{Dashboard: "off", Demo: true}, nil},
		{serveConfig{Dashboard: "on"}, []string{"http://localhost/"}},
		{serveConfig{Dashboard: "on", Demo: true, DataDir: "d"}, []string{"http://localhost/", firstEmail, "jq -r .password d/bootstrap.json"}},
	} {
		var out strings.Builder
		announceDashboard(&out, &c.cfg, "http://localhost")
		if c.want == nil && out.Len() > 0 {
			t.Errorf("%q is announced", out.String())
		}
		for _, part := range c.want {
			if !strings.Contains(out.String(), part) {
				t.Errorf("%q is not in %q", part, out.String())
			}
		}
	}
}

func TestCookiesAreSecureWherePeopleComeByHTTPS(t *testing.T) {
	for _, c := range []struct {
		cfg  serveConfig
		want bool
	}{
		{serveConfig{}, false},
		{serveConfig{PublicURL: "http://localhost:8484"}, false},
		{serveConfig{PublicURL: "https://tokens.example.com"}, true},
		{serveConfig{TLSCert: "cert.pem"}, true},
	} {
		if got := c.cfg.secure(); got != c.want {
			t.Errorf("%+v: %v", c.cfg, got)
		}
	}
}
