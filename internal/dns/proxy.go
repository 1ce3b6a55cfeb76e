package dns

import (
	"fmt"
	"net/netip"
)

// Proxiable says whether the record could be proxied: an alias, or an address
// that the Internet can reach. Addresses for documentation and the discard
// prefix count as reachable: they are what people write for a host that only
// the proxy answers for.
func (r Record) Proxiable() bool {
	switch r.Type {
	case "CNAME":
		return true
	case "A", "AAAA":
		return !isInternal(r.Content) || r.PrivateRouting != nil && *r.PrivateRouting
	}
	return false
}

// isInternal: an address that means something on one host or one network only.
func isInternal(content string) bool {
	a, err := netip.ParseAddr(content)
	if err != nil {
		return true
	}
	a = a.Unmap()
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified()
}

func checkProxied(r Record) []Fault {
	switch {
	case !r.Proxied || r.Proxiable():
		return nil
	case r.Type == "A" || r.Type == "AAAA":
		return []Fault{{numProxyTarget, "/proxied", fmt.Sprintf("Target %s is not allowed for a proxied record.", r.Content)}}
	}
	return []Fault{{numNotProxiable, "/proxied", "This record type cannot be proxied."}}
}
