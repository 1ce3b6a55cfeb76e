package dns_test

import (
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/dns"
)

func TestNamesAreMadeCompleteWithinTheZone(t *testing.T) {
	for name, want := range map[string]string{
		"www":                   "www.example.com",
		"WWW.Example.COM":       "www.example.com",
		"www.example.com.":      "www.example.com",
		"@":                     "example.com",
		"example.com":           "example.com",
		"example.com.":          "example.com",
		"api.gateway.test":      "api.gateway.test.example.com",
		"www.example.org":       "www.example.org.example.com",
		"notexample.com":        "notexample.com.example.com",
		"*":                     "*.example.com",
		"*.sub.example.com":     "*.sub.example.com",
		"_sip._tcp":             "_sip._tcp.example.com",
		"xn--bcher-kva":         "xn--bcher-kva.example.com",
		"bücher":                "xn--bcher-kva.example.com",
		"BÜCHER.example.com.":   "xn--bcher-kva.example.com",
		"_dmarc.bücher":         "_dmarc.xn--bcher-kva.example.com",
		"*.straße":              "*.xn--strae-oqa.example.com",
		"www。bücher":            "www.xn--bcher-kva.example.com",
		"-odd-":                 "-odd-.example.com",
		strings.Repeat("a", 63): strings.Repeat("a", 63) + ".example.com",
	} {
		got, err := dns.NormalizeName("example.com", name)
		if err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", name, got, err, want)
		}
	}
}

func TestWrongNamesAreRefusedWithASentence(t *testing.T) {
	const invalid = "DNS name is invalid. (9000)"
	for name, want := range map[string]string{
		"":                              "name is a required field. (9100)",
		".":                             "name is a required field. (9100)",
		"a..b":                          invalid,
		".www":                          invalid,
		"my host":                       invalid,
		"user@host":                     invalid,
		"@.example.com":                 invalid,
		"a/b":                           invalid,
		"bü\u00adcher\u202e":            "DNS name is invalid: it has characters that an international name cannot have. (9000)",
		"＊x":                            "DNS name is invalid: * must be the whole first label. (9000)",
		"www.*":                         "DNS name is invalid: * must be the whole first label. (9000)",
		"w*":                            "DNS name is invalid: * must be the whole first label. (9000)",
		strings.Repeat("a", 64):         "DNS name is invalid: a name has at most 253 characters, a label 63. (9000)",
		strings.Repeat("a.", 125) + "a": "DNS name is invalid: a name has at most 253 characters, a label 63. (9000)",
	} {
		if got, err := dns.NormalizeName("example.com", name); err == nil || err.Error() != want {
			t.Errorf("%q: %q, %v; want %q", name, got, err, want)
		}
	}
}
