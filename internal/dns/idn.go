package dns

import (
	"strings"

	"golang.org/x/net/idna"
)

// punycode maps names as browsers do (UTS 46, not transitional). Labels that
// host names do not have, such as _dmarc, pass: wrongName judges them.
var punycode = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(false))

// toASCII writes the labels of a name that are not ASCII in Punycode and leaves
// the others alone. It reports whether the name could be written so.
func toASCII(name string) (string, bool) {
	if isASCII(name) {
		return name, true
	}
	labels := strings.Split(name, ".")
	for i, label := range labels {
		if isASCII(label) {
			continue
		}
		ascii, err := punycode.ToASCII(label)
		if err != nil || !isASCII(ascii) {
			return "", false
		}
		labels[i] = ascii
	}
	return strings.Join(labels, "."), true
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
