package dashboard

import (
	"cmp"
	"strings"

	"github.com/tokenward/tokenward/internal/dns"
)

// words are what a form says about a component beyond what package dns knows.
type words struct {
	label, hint, example string
	choices              []string // value:meaning
}

// explained says what a type of record is for.
func explained(recordType string) string {
	return map[string]string{
		"A":      "Points a name to an IPv4 address.",
		"AAAA":   "Points a name to an IPv6 address.",
		"CAA":    "Says which certificate authorities may issue certificates for the name.",
		"CERT":   "Holds a certificate.",
		"CNAME":  "Makes a name another name for a host.",
		"DNSKEY": "Holds a public key that signs a zone.", "DS": "Vouches for the key of a signed zone below this one.",
		"HTTPS":      "Says how to reach a web server: its protocols, ports and addresses.",
		"LOC":        "Says where on Earth something is.",
		"MX":         "Says which server takes mail for the name; the lowest priority is tried first.",
		"NAPTR":      "Rewrites names to addresses of services, for telephony.",
		"NS":         "Hands a part of the zone to other name servers.",
		"OPENPGPKEY": "Holds the OpenPGP key of a mail address.",
		"PTR":        "Points an address back to a name.",
		"SMIMEA":     "Ties a certificate to a mail address.", "SRV": "Says on which host and port a service is.",
		"SSHFP": "Holds the fingerprint of a host's SSH key.", "SVCB": "Says how to reach a service.",
		"TLSA": "Ties a certificate to a TLS service.",
		"TXT":  "Holds text: proofs of ownership, SPF, DKIM and others.",
		"URI":  "Points a name to a URI.",
	}[recordType]
}

// wordsOf are the words about a component of a type.
func wordsOf(recordType string, c *dns.Component) words {
	w, ok := recordWords()[recordType+" "+c.Name]
	if !ok {
		w = recordWords()[c.Name]
	}
	w.label = cmp.Or(w.label, strings.ToUpper(c.Name[:1])+strings.ReplaceAll(c.Name[1:], "_", " "))
	return w
}

func recordWords() map[string]words {
	algorithms := []string{"8:RSA with SHA-256", "10:RSA with SHA-512", "13:ECDSA P-256", "14:ECDSA P-384", "15:Ed25519", "16:Ed448"}
	return map[string]words{
		"A content":          {label: "IPv4 address", example: "192.0.2.1"},
		"AAAA content":       {label: "IPv6 address", example: "2001:db8::1"},
		"CNAME content":      {label: "Target", example: "www.example.com"},
		"NS content":         {label: "Name server", example: "ns1.example.com"},
		"PTR content":        {label: "Host name", example: "host.example.com"},
		"TXT content":        {label: "Text", hint: "As it is to be published. Quotes are only needed to cut it into several strings."},
		"OPENPGPKEY content": {label: "Key", hint: "In Base64."},
		"MX content":         {label: "Mail server", example: "mail.example.com"},
		"priority":           {hint: "0 to 65535; the lowest is tried first.", example: "10"},
		"SRV name":           {},
		"weight":             {hint: "0 to 65535, among equal priorities.", example: "5"},
		"port":               {example: "5060"},
		"target":             {example: "host.example.com"},
		"URI target":         {example: "https://example.com/"},
		"HTTPS priority":     {hint: "0 makes it an alias of the target; else the lowest is tried first.", example: "1"},
		"SVCB priority":      {hint: "0 makes it an alias of the target; else the lowest is tried first.", example: "1"},
		"HTTPS target":       {hint: "A full stop alone is the name itself.", example: "."},
		"SVCB target":        {hint: "A full stop alone is the name itself.", example: "."},
		"HTTPS value":        {label: "Parameters", example: `alpn="h3,h2"`},
		"SVCB value":         {label: "Parameters", example: `alpn="h3,h2"`},
		"CAA flags":          {choices: []string{"0:0, not critical", "128:128, critical"}},
		"CAA tag": {choices: []string{"issue:issue: who may issue certificates", "issuewild:issuewild: who may issue wildcards",
			"iodef:iodef: where to report", "issuemail:issuemail: who may issue for mail"}},
		"CAA value":        {label: "Certificate authority, or address", example: "ca.example.net"},
		"key_tag":          {label: "Key tag"},
		"DS algorithm":     {choices: algorithms},
		"DNSKEY algorithm": {choices: algorithms},
		"digest_type":      {label: "Digest type", choices: []string{"2:SHA-256", "4:SHA-384", "1:SHA-1"}},
		"DNSKEY flags":     {choices: []string{"257:257, key-signing key", "256:256, zone-signing key"}},
		"protocol":         {choices: []string{"3:3, DNSSEC"}},
		"public_key":       {label: "Public key", hint: "In Base64."},
		"CERT type":        {choices: []string{"1:PKIX", "2:SPKI", "3:PGP", "4:IPKIX", "5:ISPKI", "6:IPGP", "253:URI"}},
		"CERT certificate": {hint: "In Base64."},
		"SSHFP algorithm":  {choices: []string{"4:Ed25519", "3:ECDSA", "1:RSA", "6:Ed448", "2:DSA"}},
		"SSHFP type":       {label: "Fingerprint type", choices: []string{"2:SHA-256", "1:SHA-1"}},
		"fingerprint":      {hint: "Hexadecimal digits."},
		"usage":            {choices: []string{"3:3, this certificate (DANE-EE)", "2:2, this authority (DANE-TA)", "1:1, this certificate, also trusted (PKIX-EE)", "0:0, this authority, also trusted (PKIX-TA)"}},
		"selector":         {choices: []string{"1:1, its public key", "0:0, the whole certificate"}},
		"matching_type":    {label: "Matching type", choices: []string{"1:1, SHA-256", "2:2, SHA-512", "0:0, as it is"}},
		"certificate":      {label: "Certificate or digest", hint: "Hexadecimal digits."},
		"digest":           {hint: "Hexadecimal digits."},
		"lat_degrees":      {label: "Latitude, degrees"}, "lat_minutes": {label: "Latitude, minutes"}, "lat_seconds": {label: "Latitude, seconds"},
		"lat_direction": {label: "Latitude, half", choices: []string{"N:North", "S:South"}},
		"long_degrees":  {label: "Longitude, degrees"}, "long_minutes": {label: "Longitude, minutes"}, "long_seconds": {label: "Longitude, seconds"},
		"long_direction": {label: "Longitude, half", choices: []string{"E:East", "W:West"}},
		"altitude":       {hint: "Metres above sea level."},
		"size":           {hint: "Diameter in metres."},
		"precision_horz": {label: "Precision, horizontal", hint: "Metres."},
		"precision_vert": {label: "Precision, vertical", hint: "Metres."},
		"flags":          {},
		"regex":          {label: "Regular expression"},
		"replacement":    {hint: "A full stop alone for none.", example: "."},
		"service":        {example: "SIP+D2U"},
		"order":          {hint: "0 to 65535; the lowest is taken first."},
		"preference":     {hint: "0 to 65535; the lowest is taken first."},
	}
}
