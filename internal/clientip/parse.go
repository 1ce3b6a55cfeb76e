package clientip

import (
	"fmt"
	"net/netip"
	"strings"
)

// parsePeer takes the address of a TCP peer, with or without a port. Its zone is
// dropped: it says on which of our links the peer is, not who it is.
func parsePeer(s string) (netip.Addr, bool) {
	addr, ok := parseAddr(s)
	return addr.WithZone(""), ok
}

// parseHop takes one element of a forwarding header. A zone means nothing
// outside the host that wrote it and makes the hop malformed. So does an empty
// element: no proxy has a reason to write one.
func parseHop(s string) (netip.Addr, bool) {
	addr, ok := parseAddr(strings.Trim(s, " \t"))
	return addr, ok && addr.Zone() == ""
}

// parseAddr takes 192.0.2.1, 192.0.2.1:80, 2001:db8::1, [2001:db8::1] and
// [2001:db8::1]:80, and unmaps IPv4-in-IPv6.
func parseAddr(s string) (netip.Addr, bool) {
	// Without asking first, each address without a port would make an error.
	if strings.HasPrefix(s, "[") || strings.Count(s, ":") == 1 {
		if ap, err := netip.ParseAddrPort(s); err == nil {
			return ap.Addr().Unmap(), true
		}
	}
	inner, bracketed := strings.CutPrefix(s, "[")
	if bracketed {
		var closed bool
		if inner, closed = strings.CutSuffix(inner, "]"); !closed {
			return netip.Addr{}, false
		}
	}
	addr, err := netip.ParseAddr(inner)
	if err != nil || bracketed && addr.Is4() {
		return netip.Addr{}, false
	}
	return addr.Unmap(), true
}

// parseTrusted takes an address or a CIDR prefix. Host bits are refused: in
// 10.0.0.1/8 either the address or the length is a slip, and a trusted hop may
// claim any address.
func parseTrusted(s string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(s); err == nil && addr.Zone() == "" {
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("clientip: trusted hop %q is neither an address nor a CIDR prefix", s)
	}
	if p != p.Masked() {
		return netip.Prefix{}, fmt.Errorf("clientip: trusted hop %q has host bits: write %s, or the address alone", s, p.Masked())
	}
	if p.Addr().Is4In6() {
		// Addresses are unmapped before they are looked up here.
		if p.Bits() < 96 {
			return netip.Prefix{}, fmt.Errorf("clientip: trusted hop %q: write IPv4 prefixes as IPv4", s)
		}
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p, nil
}

// isToken reports whether s may be a header name (RFC 9110, 5.6.2).
func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		alnum := '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !alnum && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return s != ""
}
