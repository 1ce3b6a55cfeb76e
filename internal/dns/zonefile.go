package dns

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"github.com/tokenward/tokenward/internal/authority"
)

// MaxZoneFile is how large an imported zone file may be, in bytes. It is
// upstream's documented limit.
const MaxZoneFile = 256 << 10

// atFile is where the zone file is in a request.
const atFile = "/file"

// zoneFile reads the records of a zone file (RFC 1035, 5; RFC 2308, 4).
type zoneFile struct {
	zone     authority.Zone
	proxied  bool // those that can be and do not say
	comments []string
	drafts   []Draft
	passed   int // records that were passed over
	faults   []Fault
}

// read gives the records of a file as drafts. SOA records and the NS records of
// the zone itself are passed over: here the zone has its own. A TTL that is not
// stated is that of $TTL, else that of the line before, else automatic.
func (z *zoneFile) read(text string) ([]Draft, error) {
	if len(text) > MaxZoneFile {
		return nil, fileFault("A zone file must have at most %d bytes.", MaxZoneFile)
	}
	text, z.comments = numberComments(text)
	p := dns.NewZoneParser(strings.NewReader(text), z.zone.Name+".", "")
	p.SetDefaultTTL(ttlAutomatic)
	for rr, ok := p.Next(); ok; rr, ok = p.Next() {
		z.add(rr, z.comment(p.Comment()))
		if len(z.drafts) > MaxChanges || z.passed > MaxChanges { // a $GENERATE line makes thousands
			return nil, fileFault("A zone file must have at most %d records.", MaxChanges)
		}
		if len(z.faults) >= maxFaults {
			break
		}
	}
	if err := p.Err(); err != nil {
		return nil, fileFault("The zone file cannot be read: %s.", strings.TrimPrefix(err.Error(), "dns: "))
	}
	return z.drafts, invalid(z.faults)
}

func fileFault(format string, args ...any) error {
	return invalid([]Fault{{numValue, atFile, fmt.Sprintf(format, args...)}})
}

// numberComments puts a number in the place of each comment and gives the
// comments: the parser's lexer does not keep them as they are.
func numberComments(text string) (numbered string, comments []string) {
	var b strings.Builder
	quoted, escaped := false, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case escaped:
			escaped = false
		case c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case c == ';' && !quoted:
			comment, _, _ := strings.Cut(text[i+1:], "\n")
			b.WriteString("; " + strconv.Itoa(len(comments)))
			comments = append(comments, strings.TrimSuffix(comment, "\r"))
			i += len(comment)
			continue
		}
		b.WriteByte(c)
	}
	return b.String(), comments
}

// comment gives the comment behind a record: that of its last line, when the
// record takes several.
func (z *zoneFile) comment(numbers string) string {
	var all []string
	for _, word := range strings.Fields(strings.ReplaceAll(numbers, ";", " ")) {
		if n, err := strconv.Atoi(word); err == nil && 0 <= n && n < len(z.comments) {
			all = append(all, strings.TrimSpace(z.comments[n]))
		}
	}
	return strings.Join(all, " ")
}

// add makes a draft of a record.
func (z *zoneFile) add(rr dns.RR, comment string) {
	h := rr.Header()
	full := strings.TrimSuffix(h.Name, ".")
	name, inZone := z.within(full)
	if h.Rrtype == dns.TypeSOA || h.Rrtype == dns.TypeNS && name == z.zone.Name {
		z.passed++
		return
	}
	d, err := z.draft(rr, comment)
	d.Name = name
	switch {
	case err != nil:
		z.wrong(h, numValue, err.Error())
	case !inZone:
		z.wrong(h, numName, "the name is not in the zone "+z.zone.Name+".")
	case h.Class != dns.ClassINET:
		z.wrong(h, numValue, "the class must be IN.")
	default:
		z.drafts = append(z.drafts, d)
	}
}

// within gives a complete name as records have it, and whether it is in the
// zone.
func (z *zoneFile) within(full string) (string, bool) {
	name, ok := toASCII(full)
	name = strings.ToLower(name)
	return name, ok && (name == z.zone.Name || strings.HasSuffix(name, "."+z.zone.Name))
}

func (z *zoneFile) wrong(h *dns.RR_Header, number int, message string) {
	z.faults = append(z.faults, Fault{number, atFile, lineName(h.Name, dns.TypeToString[h.Rrtype]) + message})
}

// lineName begins a sentence about a line of a zone file.
func lineName(name, recordType string) string {
	return fmt.Sprintf("%s %s: ", strings.TrimSuffix(name, "."), recordType)
}

func (z *zoneFile) draft(rr dns.RR, comment string) (Draft, error) {
	h := rr.Header()
	recordType := dns.TypeToString[h.Rrtype]
	kind := kinds[recordType]
	if kind == nil {
		return Draft{}, errors.New("this record type is not supported.")
	}
	a, err := parseAttributes(comment)
	if err != nil {
		return Draft{}, fmt.Errorf("%w.", err)
	}
	ttl := int(h.Ttl)
	d := Draft{Type: recordType, TTL: &ttl, Comment: &a.comment, Tags: &a.tags, Proxied: a.proxied}
	if a.flatten {
		d.Settings = &Settings{FlattenCNAME: &a.flatten}
	}
	d.Content = strings.TrimPrefix(rr.String(), h.String())
	if kind.lead {
		priority, rest, _ := strings.Cut(d.Content, " ")
		n, err := strconv.ParseUint(priority, 10, 16)
		if err != nil {
			return Draft{}, errors.New("the priority must be a whole number.")
		}
		p := uint16(n)
		d.Priority, d.Content = &p, rest
	}
	if d.Proxied == nil && z.proxied {
		proxied := Record{Type: recordType, Content: d.Content}.Proxiable()
		d.Proxied = &proxied
	}
	return d, nil
}
