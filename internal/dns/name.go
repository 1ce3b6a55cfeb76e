package dns

import (
	"net/netip"
	"strings"
)

// Limits of names (RFC 1035, 2.3.4): a name is 255 octets on the wire, which is
// 253 characters without the trailing dot.
const (
	maxName  = 253
	maxLabel = 63
)

const (
	messageName    = "DNS name is invalid."
	messageUnicode = "DNS name is invalid: it has characters that an international name cannot have."
	messageLength  = "DNS name is invalid: a name has at most 253 characters, a label 63."
	messageStar    = "DNS name is invalid: * must be the whole first label."
)

// NormalizeName gives the complete name of a record: lower case, in Punycode, no
// trailing dot, within the zone. "@" and the zone's own name are the apex; a name that
// does not end with the zone's is relative to it, even with a trailing dot.
func NormalizeName(zone, name string) (string, error) {
	full, fault := normalizeName(zone, name)
	if fault != nil {
		return "", invalid([]Fault{*fault})
	}
	return full, nil
}

func normalizeName(zone, name string) (string, *Fault) {
	name, ok := toASCII(strings.TrimSuffix(name, "."))
	if !ok {
		return "", &Fault{numName, "/name", messageUnicode}
	}
	name = strings.ToLower(name)
	switch {
	case name == "":
		f := required("/name", "name")
		return "", &f
	case name == "@", name == zone:
		return zone, nil
	case !strings.HasSuffix(name, "."+zone):
		name += "." + zone
	}
	if message := wrongName(name); message != "" {
		return "", &Fault{numName, "/name", message}
	}
	return name, nil
}

// wrongName says what is wrong with a record's complete name, "" when nothing.
func wrongName(name string) string {
	if len(name) > maxName {
		return messageLength
	}
	for i, label := range strings.Split(name, ".") {
		switch {
		case label == "":
			return messageName
		case len(label) > maxLabel:
			return messageLength
		case label == "*" && i == 0:
			continue
		case strings.Contains(label, "*"):
			return messageStar
		}
		for j := 0; j < len(label); j++ {
			if label[j] >= 0x80 {
				return messageUnicode
			}
			if !isNameChar(label[j], strings.HasSuffix(name, ".arpa")) {
				return messageName
			}
		}
	}
	return ""
}

// isNameChar: letters, digits, hyphens and underscores (RFC 8552), and in the
// reverse tree the slash of classless delegations (RFC 2317).
func isNameChar(c byte, reverse bool) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || isDigit(c) || c == '-' || c == '_' || c == '/' && reverse
}

// isHost: a name that a record may point to. An address is not one, though all
// of its labels would do.
func isHost(name string) bool {
	if _, err := netip.ParseAddr(name); err == nil {
		return false
	}
	return wrongName(name) == ""
}
