package policy

import (
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestConditionsOfTheContract is the contract's rules of client addresses (3.2).
// "?" is an unknown address.
func TestConditionsOfTheContract(t *testing.T) {
	for _, row := range []struct {
		promise string
		cond    Condition
		allow   string
		deny    string
	}{
		{"no condition, any address", Condition{}, "192.0.2.1 2001:db8::1 ?", ""},
		{"in: only those", Condition{In: []string{"192.0.2.0/24", "2001:db8::/32"}}, "192.0.2.0 192.0.2.255 2001:db8::1", "192.0.3.0 2001:db9::1 ?"},
		{"not_in: all but those", Condition{NotIn: []string{"192.0.2.0/24"}}, "192.0.3.0 2001:db8::1", "192.0.2.77 ?"},
		{"not_in wins over in", Condition{In: []string{"192.0.2.0/24"}, NotIn: []string{"192.0.2.7/32"}}, "192.0.2.6 192.0.2.8", "192.0.2.7 ?"},
		{"not_in wins though wider", Condition{In: []string{"192.0.2.7/32"}, NotIn: []string{"192.0.2.0/24"}}, "", "192.0.2.7 ?"},
		{"in: [] blocks everyone", Condition{In: []string{}}, "", "192.0.2.1 2001:db8::1 ::1 ?"},
		{"not_in: [] limits nothing", Condition{NotIn: []string{}}, "192.0.2.1 ?", ""},
		{"host bits are allowed", Condition{In: []string{"123.123.123.100/24", "2001:db8::5/64"}}, "123.123.123.1 2001:db8::1", "123.123.124.100"},
		{"a mapped address is its IPv4 one", Condition{In: []string{"192.0.2.0/24"}}, "::ffff:192.0.2.1 ::ffff:192.0.2.1%eth0", "::ffff:198.51.100.1"},
		{"and does not slip past not_in", Condition{NotIn: []string{"192.0.2.0/24"}}, "", "::ffff:192.0.2.1"},
		{"a mapped range is its IPv4 one", Condition{NotIn: []string{"::ffff:192.0.2.0/120"}}, "192.0.3.1", "192.0.2.1 ::ffff:192.0.2.1"},
		{"all IPv4, written mapped", Condition{In: []string{"::ffff:0:0/96"}}, "192.0.2.1", "2001:db8::1"},
		{"all IPv4 is not all", Condition{In: []string{"0.0.0.0/0"}}, "192.0.2.1 ::ffff:192.0.2.1", "2001:db8::1 ?"},
		{"all IPv6 is not all", Condition{In: []string{"::/0"}}, "2001:db8::1", "192.0.2.1 ::ffff:192.0.2.1 ?"},
		{"a zone does not matter", Condition{In: []string{"fe80::/10"}}, "fe80::1%eth0 fe80::1", "2001:db8::1%eth0"},
		{"nor slip past not_in", Condition{NotIn: []string{"fe80::/10"}}, "", "fe80::1%eth0"},
	} {
		t.Run(row.promise, func(t *testing.T) {
			set, err := Compile(testVocabulary(t), nil, row.cond)
			if err != nil {
				t.Fatal(err)
			}
			for want, list := range map[bool]string{true: row.allow, false: row.deny} {
				for s := range strings.FieldsSeq(list) {
					addr, _ := netip.ParseAddr(s)
					if got := set.AllowsFrom(addr); got != want {
						t.Errorf("%s: allowed is %v", s, got)
					}
				}
			}
		})
	}
}

func TestConditionFaults(t *testing.T) {
	const cidr = " is not an IP range in CIDR notation, such as 198.51.100.0/24 or 2001:db8::/32"
	for s, want := range map[string]string{
		"192.0.2.1":              `"192.0.2.1" is a single address: write it with /32 (IPv4) or /128 (IPv6)`,
		"2001:db8::1":            `"2001:db8::1" is a single address: write it with /32 (IPv4) or /128 (IPv6)`,
		"":                       `""` + cidr,
		"x":                      `"x"` + cidr,
		"192.0.2.1/33":           `"192.0.2.1/33"` + cidr,
		"192.0.2.1/":             `"192.0.2.1/"` + cidr,
		"192.0.2.1/024":          `"192.0.2.1/024"` + cidr,
		"192.0.2.01/24":          `"192.0.2.01/24"` + cidr,
		"192.0.2/24":             `"192.0.2/24"` + cidr,
		" 192.0.2.1/24":          `" 192.0.2.1/24"` + cidr,
		"fe80::1%eth0/64":        `"fe80::1%eth0/64"` + cidr,
		"fe80::1%eth0":           `"fe80::1%eth0"` + cidr,
		"::ffff:192.0.2.1/95":    `"::ffff:192.0.2.1/95" mixes IPv4 and IPv6: write the IPv4 range, or an IPv6 range of its own`,
		strings.Repeat("1", 100): "not an IP range in CIDR notation: longer than 64 characters",
	} {
		got := (&Condition{In: []string{"192.0.2.0/24", s}}).Check()
		if !reflect.DeepEqual(got, []Fault{{"/condition/request_ip/in/1", want}}) {
			t.Errorf("%q", got)
		}
	}
	both := Condition{In: []string{"a"}, NotIn: []string{"b", "c"}}
	var at []string
	for _, f := range both.Check() {
		at = append(at, f.Pointer)
	}
	if !slices.Equal(at, []string{"/condition/request_ip/in/0", "/condition/request_ip/not_in/0", "/condition/request_ip/not_in/1"}) {
		t.Errorf("faults at %q", at)
	}
	full := Condition{In: make([]string, MaxCIDRs), NotIn: make([]string, MaxCIDRs+1)}
	for i := range full.In {
		full.In[i] = fmt.Sprintf("10.0.0.%d/32", i)
	}
	if got := full.Check(); len(got) != 1 || got[0].Pointer != "/condition/request_ip/not_in" {
		t.Errorf("%q", got)
	}
}

func TestConditionIsZeroOnlyWhenItSaysNothing(t *testing.T) {
	for _, c := range []Condition{{In: []string{}}, {NotIn: []string{}}} {
		if c.IsZero() {
			t.Errorf("%#v", c)
		}
	}
	if !new(Condition).IsZero() {
		t.Error("the zero Condition")
	}
}
