package policy

import (
	"fmt"
	"net/netip"
	"strings"
)

// MaxCIDRs is the number of ranges in one list of a condition.
const MaxCIDRs = 200

// Condition limits the addresses a token may be used from (contract 3.2). The
// zero value limits nothing. Ranges are kept as written, host bits included,
// because clients compare what they get back with what they sent.
type Condition struct {
	In    []string // nil: any address; empty but not nil: no address
	NotIn []string // exceptions; they win over In
}

// IsZero reports whether the condition limits nothing and says nothing.
func (c *Condition) IsZero() bool { return c.In == nil && c.NotIn == nil }

// ranges is a condition, parsed.
type ranges struct {
	limited   bool // an In list is there, even an empty one
	in, notIn []netip.Prefix
}

// parse reads the condition's ranges; faults name the member by JSON pointer.
func (c *Condition) parse() (ranges, []Fault) {
	in, faults := parseCIDRs("/condition/request_ip/in", c.In)
	notIn, more := parseCIDRs("/condition/request_ip/not_in", c.NotIn)
	return ranges{limited: c.In != nil, in: in, notIn: notIn}, append(faults, more...)
}

// Check is the condition's faults, none for a good one.
func (c *Condition) Check() []Fault {
	_, faults := c.parse()
	return faults
}

func parseCIDRs(pointer string, list []string) ([]netip.Prefix, []Fault) {
	if len(list) > MaxCIDRs {
		return nil, []Fault{{pointer, fmt.Sprintf("at most %d ranges are possible, here are %d", MaxCIDRs, len(list))}}
	}
	var faults []Fault
	out := make([]netip.Prefix, 0, len(list))
	for i, s := range list {
		p, err := parseCIDR(s)
		if err != nil {
			faults = append(faults, Fault{fmt.Sprintf("%s/%d", pointer, i), err.Error()})
			continue
		}
		out = append(out, p)
	}
	return out, faults
}

// parseCIDR reads a range in CIDR notation. An IPv4 range written as IPv6
// (::ffff:192.0.2.0/120) becomes the IPv4 range it means: addresses are
// unmapped before they are compared, so it would match nothing, and in a
// not_in list that is a hole.
func parseCIDR(s string) (netip.Prefix, error) {
	if len(s) > 64 {
		return netip.Prefix{}, fmt.Errorf("not an IP range in CIDR notation: longer than 64 characters")
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		if _, aerr := netip.ParseAddr(s); aerr == nil && !strings.Contains(s, "%") {
			return netip.Prefix{}, fmt.Errorf("%q is a single address: write it with /32 (IPv4) or /128 (IPv6)", s)
		}
		return netip.Prefix{}, fmt.Errorf("%q is not an IP range in CIDR notation, such as 198.51.100.0/24 or 2001:db8::/32", s)
	}
	if p.Addr().Is4In6() {
		if p.Bits() < 96 {
			return netip.Prefix{}, fmt.Errorf("%q mixes IPv4 and IPv6: write the IPv4 range, or an IPv6 range of its own", s)
		}
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), nil
}
