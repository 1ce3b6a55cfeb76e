package v4

// IPs is the answer of GET /ips: the networks that requests come from, for those
// who let in nobody else.
type IPs struct {
	IPv4 List[string] `json:"ipv4_cidrs"`
	IPv6 List[string] `json:"ipv6_cidrs"`
	ETag string       `json:"etag"` // another one when the networks are others
}
