package dns_test

import (
	"testing"

	"github.com/tokenward/tokenward/internal/dns"
)

// TestComponentsNameWhereTheyAreSent: a priority and content stand beside the
// data, all else in it.
func TestComponentsNameWhereTheyAreSent(t *testing.T) {
	for recordType, want := range map[string][]string{
		"A": {"+content"}, "MX": {"+priority", "+content"}, "URI": {"+priority", "weight", "target"},
		"SRV": {"priority", "weight", "port", "target"}, "CAA": {"flags", "tag", "value"},
	} {
		var got []string
		for _, c := range dns.Components(recordType) {
			name := c.Name
			if c.Beside {
				name = "+" + name
			}
			got = append(got, name)
		}
		if len(got) != len(want) {
			t.Fatalf("%s has %q, want %q", recordType, got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s has %q, want %q", recordType, got, want)
			}
		}
	}
	if dns.Components("NONE") != nil {
		t.Error("a type there is not has components")
	}
	for _, recordType := range dns.Types() {
		if r := (dns.Record{Type: recordType, Content: "192.0.2.1"}); recordType != "AAAA" && r.Proxiable() != dns.CanBeProxied(recordType) {
			t.Errorf("%s: can be proxied: %v", recordType, dns.CanBeProxied(recordType))
		}
	}
}
