package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Limits of a DNS name (RFC 1035, 2.3.4) without its trailing dot.
const (
	maxName  = 253
	maxLabel = 63
)

// maxBetween is how many labels a pattern can have between two stars. Nobody needs
// more, and to look for all that a long name can have there would take long.
const maxBetween = 4

// everyRecord is the id that stands for every resource of a kind with types.
const everyRecord = "*:*"

// namePattern is the id of a resource of a kind with types, or a pattern of
// such ids: "TXT:_acme-challenge.*". Its text is the name without the stars: a
// dot at the beginning or the end is where a star stood, and one or more labels
// come there. The empty text is every name.
type namePattern struct {
	typ  string // "" is every type
	text string
}

// patternOf takes the id of a rule's resource apart. It is one that wrongPattern
// finds nothing wrong with.
func patternOf(id string) namePattern {
	typ, name, _ := strings.Cut(id, ":")
	if typ == "*" {
		typ = ""
	}
	if name == "*" {
		return namePattern{typ: typ}
	}
	if strings.HasPrefix(name, "*.") {
		name = name[1:]
	}
	if strings.HasSuffix(name, ".*") {
		name = name[:len(name)-1]
	}
	return namePattern{typ, name}
}

// recordOf takes the id of a resource that is there apart. A star in its name
// is a label like any other: it is that of a wildcard record.
func recordOf(id string) namePattern {
	typ, name, _ := strings.Cut(id, ":")
	return namePattern{typ, name}
}

func (p *namePattern) startsOpen() bool { return strings.HasPrefix(p.text, ".") }
func (p *namePattern) endsOpen() bool   { return strings.HasSuffix(p.text, ".") }

// includes reports whether everything that q stands for is something that p
// stands for. Since the dots that stars left are compared too, a star includes a
// star and one or more labels, and labels include only themselves.
func (p *namePattern) includes(q *namePattern) bool {
	if p.typ != "" && p.typ != q.typ {
		return false
	}
	switch {
	case p.text == "":
		return true
	case q.text == "":
		return false
	case p.startsOpen() && p.endsOpen():
		return between(q.text, p.text)
	case p.startsOpen():
		return strings.HasSuffix(q.text, p.text)
	case p.endsOpen():
		return strings.HasPrefix(q.text, p.text)
	}
	return p.text == q.text
}

// between is strings.Contains for a part between two dots: somebody could
// choose names in which that takes long.
func between(name, part string) bool {
	for i := 0; i+len(part) <= len(name); i++ {
		if name[i] == '.' && name[i+len(part)-1] == '.' && name[i:i+len(part)] == part {
			return true
		}
	}
	return false
}

// overlaps reports whether there can be something that both stand for. Where one
// is open where the other is not, what the one ends in and the other begins with
// makes a name of both, unless one of them is open nowhere.
func (p *namePattern) overlaps(q *namePattern) bool {
	if p.typ != "" && q.typ != "" && p.typ != q.typ {
		return false
	}
	a, b := namePattern{text: p.text}, namePattern{text: q.text}
	if a.includes(&b) || b.includes(&a) {
		return true
	}
	return a.startsOpen() && b.endsOpen() || a.endsOpen() && b.startsOpen()
}

// wrongPattern says what is wrong with the id that a policy gives a resource of a
// kind with types, "" when nothing is. Each id has one spelling.
func wrongPattern(types []string, id string) string {
	typ, name, ok := strings.Cut(id, ":")
	switch {
	case !ok:
		return "its id must be TYPE:NAME, such as TXT:_acme-challenge.*, or *:* for all"
	case typ != "*" && slices.Contains(types, strings.ToUpper(typ)) && typ != strings.ToUpper(typ):
		return "the type must be in upper case"
	case typ != "*" && !slices.Contains(types, typ):
		return fmt.Sprintf("the type must be * or one of %s", strings.Join(types, ", "))
	case name == "*":
		return ""
	}
	rest, open := strings.CutPrefix(name, "*.")
	rest, open2 := strings.CutSuffix(rest, ".*")
	switch {
	case rest == "*":
		return "for every name write * alone"
	case strings.Contains(rest, "*"):
		return "* must be the whole first or the whole last label"
	case !open && !open2 && rest != "" && !strings.Contains(rest, "."):
		return "the name must be complete, with the zone's, or have * for the first or the last labels"
	}
	if open && open2 && strings.Count(rest, ".") >= maxBetween {
		return fmt.Sprintf("between two * there are at most %d labels", maxBetween)
	}
	return wrongName(rest)
}

// wrongName says what is wrong with a name, or a part of one, "" when nothing is:
// it must be as records have it, in one spelling.
func wrongName(name string) string {
	switch {
	case name == "":
		return "the name must not be empty"
	case len(name) > maxName:
		return fmt.Sprintf("a name has at most %d characters", maxName)
	case strings.HasSuffix(name, "."):
		return "the name must have no trailing dot"
	}
	reverse := strings.HasSuffix(name, ".arpa")
	for label := range strings.SplitSeq(name, ".") {
		switch {
		case label == "":
			return "the name must not have an empty label"
		case len(label) > maxLabel:
			return fmt.Sprintf("a label has at most %d characters", maxLabel)
		}
		for i := range len(label) {
			switch c := label[i]; {
			case 'A' <= c && c <= 'Z':
				return "the name must be in lower case"
			case c >= 0x80:
				return "the name must be in Punycode (xn--...)"
			case !isNameByte(c) && (c != '/' || !reverse): // classless delegations, RFC 2317
				return "the name must be of letters, digits, hyphens and underscores"
			}
		}
	}
	return ""
}

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

// isRecord reports whether a resource of a kind with types can have a type and a
// name. A wildcard record has a star for its first label.
func isRecord(types []string, typ, name string) bool {
	rest, _ := strings.CutPrefix(name, "*.")
	return slices.Contains(types, typ) && len(name) <= maxName && wrongName(rest) == ""
}
