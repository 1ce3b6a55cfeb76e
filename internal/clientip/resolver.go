package clientip

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/textproto"
	"strings"
)

const (
	maxHeaderBytes = 8 << 10 // over all lines of the forwarding header
	maxHops        = 64
)

// Resolver finds the client's address. The zero value trusts nobody: the
// address is the TCP peer's. It may be used by many goroutines.
type Resolver struct {
	header  string // canonical; "" for none
	trusted []netip.Prefix
}

// New makes a Resolver that reads header when the TCP peer is one of trusted.
//
// The header is a comma-separated list of addresses such as X-Forwarded-For, or
// "" for none; Forwarded (RFC 7239) has a grammar of its own and is refused.
// The trusted hops are addresses or CIDR prefixes without host bits.
func New(header string, trusted []string) (*Resolver, error) {
	if header != "" && !isToken(header) {
		return nil, fmt.Errorf("clientip: %q is not a header name", header)
	}
	if strings.EqualFold(header, "Forwarded") {
		return nil, fmt.Errorf("clientip: the header Forwarded (RFC 7239) cannot be read: have the proxy send X-Forwarded-For and name that")
	}
	r := &Resolver{header: textproto.CanonicalMIMEHeaderKey(header)}
	for _, s := range trusted {
		p, err := parseTrusted(s)
		if err != nil {
			return nil, err
		}
		r.trusted = append(r.trusted, p)
	}
	return r, nil
}

// Addr is the client's address: remoteAddr (as in http.Request) when that peer
// is not a trusted hop, else the first address from the right of the forwarding
// header that is not. When every hop is trusted it is the leftmost.
//
// The zero Addr means no address: a peer without one (a Unix socket), a hop that
// does not parse, more than 8 KiB or 64 hops of header. IPv4-in-IPv6 addresses
// are unmapped, for "::ffff:192.0.2.1" would not match a rule on 192.0.2.1.
func (r *Resolver) Addr(remoteAddr string, h http.Header) netip.Addr {
	peer, ok := parsePeer(remoteAddr)
	if !ok {
		return netip.Addr{}
	}
	if r.header == "" || !r.trusts(peer) {
		return peer
	}
	lines := h.Values(r.header)
	if tooLong(lines) {
		return netip.Addr{}
	}
	return r.walk(peer, lines)
}

// walk goes from peer, which is trusted, to the left.
func (r *Resolver) walk(peer netip.Addr, lines []string) netip.Addr {
	client := peer
	for i := len(lines) - 1; i >= 0; i-- {
		for rest, more := lines[i], true; more; {
			var hop string
			rest, hop, more = cutLast(rest)
			addr, ok := parseHop(hop)
			if !ok {
				return netip.Addr{} // what is left of it cannot be vouched for
			}
			if !r.trusts(addr) {
				return addr
			}
			client = addr
		}
	}
	return client
}

func (r *Resolver) trusts(a netip.Addr) bool {
	for _, p := range r.trusted {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// tooLong bounds the work that a request may ask for.
func tooLong(lines []string) bool {
	size, hops := 0, 0
	for _, l := range lines {
		size += len(l)
		if size > maxHeaderBytes {
			return true
		}
		hops += 1 + strings.Count(l, ",")
	}
	return hops > maxHops
}

// cutLast splits list at its last comma. Without one, last is the whole list
// and more is false.
func cutLast(list string) (rest, last string, more bool) {
	if i := strings.LastIndexByte(list, ','); i >= 0 {
		return list[:i], list[i+1:], true
	}
	return "", list, false
}

// Told is the client's address as a proxy tells it that asks a question about a
// request: the lines of a list to which it has added the address of its own peer.
// It is the first from the right that is not a trusted hop; the zero Addr where
// there are no lines, and as for Addr.
func (r *Resolver) Told(lines []string) netip.Addr {
	if tooLong(lines) {
		return netip.Addr{}
	}
	return r.walk(netip.Addr{}, lines)
}
