package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/netip"
	"strings"

	"github.com/tokenward/tokenward/v4"
)

const opIPs = "cloudflare-ips-cloudflare-ip-details"

// ips are the networks that GET /ips tells, and the tag by which clients see that
// they have changed.
func ips(networks []netip.Prefix) v4.IPs {
	var out v4.IPs
	for _, p := range networks {
		list := &out.IPv6
		if p.Addr().Is4() {
			list = &out.IPv4
		}
		*list = append(*list, p.String())
	}
	text := strings.Join(append(append([]string{}, out.IPv4...), out.IPv6...), " ")
	sum := sha256.Sum256([]byte(text))
	out.ETag = hex.EncodeToString(sum[:16])
	return out
}

// listIPs tells everyone the same, which whoever runs the server has written down
// for everyone.
func (a *API) listIPs(*http.Request, *Call) (reply[v4.IPs], error) {
	return reply[v4.IPs]{result: a.ips}, nil
}
