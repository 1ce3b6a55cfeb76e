package dns

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
)

// Export gives a zone's records as a zone file (RFC 1035, 5): by type, name and
// content, with complete names, and comments and tags behind the records (see
// attributes). Before them stand an SOA record and the zone's name servers,
// which are the zone's own and no records.
//
// What a zone file has no place for is left out: the settings ipv4_only and
// ipv6_only, and private_routing.
func (s *Service) Export(ctx context.Context, in *authority.RecordScope) ([]byte, error) {
	all, err := s.seen(ctx, in, func(Record) bool { return true })
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b Record) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Content, b.Content), cmp.Compare(a.ID, b.ID))
	})
	var b bytes.Buffer
	now := s.clock().UTC()
	fmt.Fprintf(&b, ";;\n;; Domain:     %s.\n;; Exported:   %s\n;;\n", in.Zone().Name, now.Format("2006-01-02 15:04:05"))
	b.WriteString(";; Change the SOA and NS records before another server uses this file.\n;;\n")
	writeHead(&b, in.Zone(), now.Unix())
	section := ""
	for i := range all {
		if all[i].Type != section {
			section = all[i].Type
			fmt.Fprintf(&b, "\n;; %s Records\n", section)
		}
		b.WriteString(all[i].line())
	}
	return b.Bytes(), nil
}

// writeHead writes what belongs to the zone itself. An import passes over it.
func writeHead(b *bytes.Buffer, zone *authority.Zone, serial int64) {
	servers := zone.NameServers
	if len(servers) == 0 {
		servers = []string{"ns." + zone.Name}
	}
	fmt.Fprintf(b, ";; SOA Record\n%s.\t3600\tIN\tSOA\t%s. dns.%s. %d 10000 2400 604800 3600\n\n;; Name Servers\n",
		zone.Name, servers[0], zone.Name, uint32(serial))
	for _, server := range servers {
		fmt.Fprintf(b, "%s.\t86400\tIN\tNS\t%s.\n", zone.Name, server)
	}
}

// line is the record's line of a zone file.
func (r *Record) line() string {
	v, faults := parseContent(r.Type, r.Content, r.Priority)
	if len(faults) > 0 { // kept from before it was refused
		return ";; cannot be written: " + strings.Join(strings.Fields(r.Name+" "+r.Type+" "+r.Content), " ") + "\n"
	}
	line := fmt.Sprintf("%s.\t%d\tIN\t%s\t%s", r.Name, r.TTL, r.Type, v.zoneText())
	a := attributesOf(r)
	if text := a.text(); text != "" {
		line += " ; " + text
	}
	return line + "\n"
}

// zoneText is the value as a zone file has it: names end with a dot.
func (v *value) zoneText() string {
	words := make([]string, 0, len(v.words))
	for i, word := range v.words {
		switch v.kind.fields[i].form {
		case formHost, formHostOrRoot:
			word = strings.TrimSuffix(word, ".") + "."
		case formTXT:
			all, _ := textStrings(word) // it was read before
			for j := range all {
				all[j] = quote(all[j])
			}
			word = strings.Join(all, " ")
		}
		words = append(words, word)
	}
	return strings.TrimRight(strings.Join(words, " "), " ")
}
