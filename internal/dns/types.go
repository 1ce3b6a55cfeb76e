package dns

import "github.com/miekg/dns"

// kind is what a record type's data is made of: its components, in the order of
// the type's presentation format (the RFC named at each).
type kind struct {
	code   uint16
	fields []field
	// lead: the first component is the record's priority. It is a member of
	// the record of its own and not part of content.
	lead bool
	// data says which components the API shows as members of "data".
	data shown
	// number is the v4 number for content that is wrong, numValue if 0.
	number int
	// wrong is the sentence for it; "" takes the one of the component.
	wrong string
}

// shown says which components "data" shows.
type shown uint8

const (
	showNone     shown = iota // the type has content only
	showAll                   //
	showButFirst              // without the priority, which is its own member
)

// field is one component.
type field struct {
	name string // of the member of "data"
	form form
	max  int // of a number
}

var kinds = map[string]*kind{
	"A": {code: dns.TypeA, number: numA, // RFC 1035, 3.4.1
		fields: []field{{name: "content", form: formIPv4}},
		wrong:  "Content for A record must be a valid IPv4 address."},
	"AAAA": {code: dns.TypeAAAA, number: numAAAA, // RFC 3596
		fields: []field{{name: "content", form: formIPv6}},
		wrong:  "Content for AAAA record must be a valid IPv6 address."},
	"CNAME": {code: dns.TypeCNAME, number: numCNAME, // RFC 1035, 3.3.1
		fields: []field{{name: "content", form: formHost}},
		wrong:  "Content for CNAME record must be a hostname."},
	"NS": {code: dns.TypeNS, // RFC 1035, 3.3.11
		fields: []field{{name: "content", form: formHost}},
		wrong:  "Content for NS record must be a hostname."},
	"PTR": {code: dns.TypePTR, // RFC 1035, 3.3.12
		fields: []field{{name: "content", form: formHost}},
		wrong:  "Content for PTR record must be a hostname."},
	"TXT": {code: dns.TypeTXT, number: numTXT, // RFC 1035, 3.3.14
		fields: []field{{name: "content", form: formTXT}}},
	"OPENPGPKEY": {code: dns.TypeOPENPGPKEY, // RFC 7929
		fields: []field{{name: "content", form: formBase64}},
		wrong:  "Content for OPENPGPKEY record must be a Base64-encoded OpenPGP key."},
	"MX": {code: dns.TypeMX, lead: true, number: numMX, // RFC 1035, 3.3.9; RFC 7505
		fields: []field{{"priority", formNumber, 65535}, {name: "target", form: formHostOrRoot}},
		wrong:  "Content for MX record must be a hostname."},
	"SRV": {code: dns.TypeSRV, lead: true, data: showAll, // RFC 2782
		fields: []field{{"priority", formNumber, 65535}, {"weight", formNumber, 65535},
			{"port", formNumber, 65535}, {name: "target", form: formHostOrRoot}}},
	"URI": {code: dns.TypeURI, lead: true, data: showButFirst, // RFC 7553
		fields: []field{{"priority", formNumber, 65535}, {"weight", formNumber, 65535},
			{name: "target", form: formURI}}},
	"CAA": {code: dns.TypeCAA, data: showAll, // RFC 8659
		fields: []field{{"flags", formNumber, 255}, {name: "tag", form: formTag}, {name: "value", form: formText}}},
	"HTTPS": {code: dns.TypeHTTPS, data: showAll, fields: serviceBinding},
	"SVCB":  {code: dns.TypeSVCB, data: showAll, fields: serviceBinding},
	"DS": {code: dns.TypeDS, data: showAll, // RFC 4034, 5
		fields: []field{{"key_tag", formNumber, 65535}, {"algorithm", formAlgorithm, 255},
			{"digest_type", formNumber, 255}, {name: "digest", form: formHex}}},
	"DNSKEY": {code: dns.TypeDNSKEY, data: showAll, // RFC 4034, 2
		fields: []field{{"flags", formNumber, 65535}, {"protocol", formNumber, 255},
			{"algorithm", formAlgorithm, 255}, {name: "public_key", form: formBase64}}},
	"CERT": {code: dns.TypeCERT, data: showAll, // RFC 4398
		fields: []field{{"type", formCertType, 65535}, {"key_tag", formNumber, 65535},
			{"algorithm", formAlgorithm, 255}, {name: "certificate", form: formBase64}}},
	"SSHFP": {code: dns.TypeSSHFP, data: showAll, // RFC 4255
		fields: []field{{"algorithm", formNumber, 255}, {"type", formNumber, 255}, {name: "fingerprint", form: formHex}}},
	"TLSA":   {code: dns.TypeTLSA, data: showAll, fields: association},
	"SMIMEA": {code: dns.TypeSMIMEA, data: showAll, fields: association},
	"NAPTR": {code: dns.TypeNAPTR, data: showAll, // RFC 3403, 4.1
		fields: []field{{"order", formNumber, 65535}, {"preference", formNumber, 65535},
			{name: "flags", form: formText}, {name: "service", form: formText},
			{name: "regex", form: formText}, {name: "replacement", form: formHostOrRoot}}},
	"LOC": {code: dns.TypeLOC, data: showAll, fields: location},
}

// serviceBinding: RFC 9460.
var serviceBinding = []field{{"priority", formNumber, 65535}, {name: "target", form: formHostOrRoot},
	{name: "value", form: formParams}}

// association: RFC 6698 and RFC 8162.
var association = []field{{"usage", formNumber, 255}, {"selector", formNumber, 255},
	{"matching_type", formNumber, 255}, {name: "certificate", form: formHex}}

// location: RFC 1876. Content writes all twelve, without units.
var location = []field{
	{"lat_degrees", formNumber, 90}, {"lat_minutes", formNumber, 59}, {"lat_seconds", formSeconds, 60},
	{name: "lat_direction", form: formNorthSouth},
	{"long_degrees", formNumber, 180}, {"long_minutes", formNumber, 59}, {"long_seconds", formSeconds, 60},
	{name: "long_direction", form: formEastWest},
	{name: "altitude", form: formAltitude},
	{"size", formMetres, 90000000}, {"precision_horz", formMetres, 90000000}, {"precision_vert", formMetres, 90000000},
}

// shownFields are the components that "data" shows.
func (k *kind) shownFields() []field {
	switch k.data {
	case showAll:
		return k.fields
	case showButFirst:
		return k.fields[1:]
	}
	return nil
}

// takesPriority: the member "priority" means something for the type.
func takesPriority(recordType string) bool {
	k := kinds[recordType]
	return k != nil && k.lead
}
