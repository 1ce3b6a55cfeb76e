package dns

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/miekg/dns"
)

var errNotUTF8 = errors.New("must be UTF-8 text")

// maxRdata is how much one record may publish. It is upstream's documented
// limit; the protocol's own is 65535 octets.
const maxRdata = 4096

// value is what a record says: a canonical word for each component of its kind.
type value struct {
	recordType string
	kind       *kind
	words      []string
	// sent holds the spelling of string members that came as data, which is
	// what data shows again: clients compare it with what they sent.
	sent map[string]string
}

// Rdata is what the record publishes, in wire format with names in lower case.
// Two records of one name and type are identical when their Rdata is.
func (r Record) Rdata() ([]byte, error) {
	v, faults := parseContent(r.Type, r.Content, r.Priority)
	if len(faults) > 0 {
		return nil, invalid(faults)
	}
	return v.rdata()
}

// parseContent reads content. A priority that is not part of it comes beside.
func parseContent(recordType, content string, priority *uint16) (value, []Fault) {
	v := value{recordType: recordType, kind: kinds[recordType]}
	words, err := v.split(content)
	if err != nil {
		return v, []Fault{v.contentFault("it " + err.Error() + ".")}
	}
	fields := v.kind.fields
	switch {
	case v.kind.lead && len(words) == len(fields)-1 && priority != nil:
		words = append([]string{fmt.Sprint(*priority)}, words...)
	case v.kind.lead && len(words) == len(fields)-1:
		faults := v.setWords(fields[1:], words)
		return v, append([]Fault{required("/priority", "priority")}, faults...)
	case v.kind.lead && v.kind.data == showNone, len(words) != len(fields):
		return v, []Fault{v.contentFault("it must have " + fieldNames(v.kind) + ".")}
	}
	faults := v.setWords(fields, words)
	if len(faults) == 0 {
		faults = v.verify()
	}
	return v, faults
}

// split gives the words of content, of which the last may be several.
func (v *value) split(content string) ([]string, error) {
	if !utf8.ValidString(content) {
		return nil, errNotUTF8
	}
	fields := v.kind.fields
	if fields[0].form == formTXT {
		return []string{content}, nil
	}
	words, err := splitWords(content)
	if err != nil {
		return nil, err
	}
	if v.recordType == "LOC" {
		return expandLocation(words), nil
	}
	last := fields[len(fields)-1].form
	if n := len(fields) - 1; last.takesRest() && len(words) >= n {
		glue := ""
		if last == formParams {
			glue = " "
		}
		words = append(words[:n:n], strings.Join(words[n:], glue))
	}
	return words, nil
}

// setWords makes words canonical and keeps them.
func (v *value) setWords(fields []field, words []string) (faults []Fault) {
	v.words = make([]string, len(words))
	for i, f := range fields {
		word, err := f.word(words[i])
		if err != nil {
			faults = append(faults, v.contentFault(f.name+" must be "+f.sentence()+"."))
			continue
		}
		v.words[i] = word
	}
	return faults
}

// verify lets miekg/dns read the whole.
func (v *value) verify() []Fault {
	wire, err := v.rdata()
	switch {
	case err != nil:
		return []Fault{v.contentFault("it is not what the type needs.")}
	case len(wire) > maxRdata:
		return []Fault{{numValue, "/content", fmt.Sprintf("Content for %s record must not be larger than %d bytes.", v.recordType, maxRdata)}}
	}
	return nil
}

// contentFault is the type's sentence for wrong content, or one that says why.
func (v *value) contentFault(why string) Fault {
	number, message := v.kind.number, v.kind.wrong
	if number == 0 {
		number = numValue
	}
	if message == "" {
		message = fmt.Sprintf("Content for %s record is invalid: %s", v.recordType, why)
	}
	return Fault{number, "/content", message}
}

func fieldNames(k *kind) string {
	var names []string
	for _, f := range k.fields {
		names = append(names, f.name)
	}
	return strings.Join(names, ", ")
}

// content is the canonical content. The priority of kinds that lead with one is
// beside it.
func (v *value) content() string {
	words := v.words
	if v.kind.lead {
		words = words[1:]
	}
	return strings.TrimRight(strings.Join(words, " "), " ")
}

// rdata is the value in wire format.
func (v *value) rdata() ([]byte, error) {
	if v.kind.fields[0].form == formTXT {
		return textWire(v.words[0])
	}
	words := make([]string, len(v.words))
	for i, f := range v.kind.fields {
		words[i] = f.canonical(v.words[i])
	}
	rr, err := dns.NewRR(". 0 IN " + v.recordType + " " + strings.Join(words, " "))
	if err != nil {
		return nil, err
	}
	if rr == nil || rr.Header().Rrtype != v.kind.code {
		return nil, errSyntax
	}
	const header = 11 // the root's name, type, class, TTL and length
	wire := make([]byte, dns.Len(rr)+header)
	end, err := dns.PackRR(rr, wire, 0, nil, false)
	if err != nil {
		return nil, err
	}
	return wire[header:end], nil
}
