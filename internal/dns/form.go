package dns

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/miekg/dns"
)

// form is how one component is written.
type form uint8

const (
	formNumber     form = iota
	formAlgorithm       // a number, or a mnemonic of DNSSEC algorithms
	formCertType        // a number, or a mnemonic of RFC 4398
	formIPv4            //
	formIPv6            //
	formHost            // a name; its case is kept, the trailing dot is not
	formHostOrRoot      // or ".": no such service
	formTag             // letters and digits
	formText            // a character string: quoted in content, plain in data
	formURI             // a character string that is not empty
	formTXT             // all of a TXT record's strings, verbatim
	formHex             //
	formBase64          //
	formParams          // the service parameters of RFC 9460, none or many words
	formNorthSouth      //
	formEastWest        //
	formSeconds         // three decimals
	formAltitude        // two decimals
	formMetres          // two decimals
)

var errForm = errors.New("is not valid")

// isQuoted: the component is a quoted string in content.
func (f form) isQuoted() bool { return f == formText || f == formURI }

// isHost: the component is a name, which is kept in Punycode only.
func (f form) isHost() bool { return f == formHost || f == formHostOrRoot }

// takesRest: the component takes all the words that are left.
func (f form) takesRest() bool {
	return f == formHex || f == formBase64 || f == formParams
}

// isNumber: the component is a number in data.
func (f form) isNumber() bool {
	switch f {
	case formNumber, formAlgorithm, formCertType, formSeconds, formAltitude, formMetres:
		return true
	}
	return false
}

// word gives the canonical word for one as content writes it. What it returns
// is its own canonical word.
func (f field) word(s string) (string, error) {
	switch f.form {
	case formNumber, formAlgorithm, formCertType:
		return f.number(s)
	case formSeconds, formAltitude, formMetres:
		return f.decimal(s)
	case formIPv4, formIPv6:
		return address(s, f.form == formIPv6)
	case formHost, formHostOrRoot:
		return host(s, f.form == formHostOrRoot)
	case formTag:
		return s, check(isTag(s))
	case formText, formURI:
		plain, err := unquote(s)
		return quote(plain), errors.Join(err, check(utf8.ValidString(plain) && (plain != "" || f.form == formText)))
	case formTXT:
		_, err := textStrings(s)
		return s, err
	case formHex:
		_, err := hex.DecodeString(s)
		return s, errors.Join(err, check(s != ""))
	case formBase64:
		_, err := base64.StdEncoding.Strict().DecodeString(s)
		return s, errors.Join(err, check(s != ""))
	case formNorthSouth:
		s = strings.ToUpper(s)
		return s, check(s == "N" || s == "S")
	case formEastWest:
		s = strings.ToUpper(s)
		return s, check(s == "E" || s == "W")
	}
	return s, nil // formParams: miekg/dns judges them
}

// check turns a condition into an error.
func check(ok bool) error {
	if ok {
		return nil
	}
	return errForm
}

func (f field) number(s string) (string, error) {
	if f.form == formAlgorithm {
		if n, ok := dns.StringToAlgorithm[strings.ToUpper(s)]; ok {
			return strconv.Itoa(int(n)), nil
		}
	}
	if f.form == formCertType {
		if n, ok := dns.StringToCertType[strings.ToUpper(s)]; ok {
			return strconv.Itoa(int(n)), nil
		}
	}
	n, err := strconv.ParseUint(s, 10, 16)
	return strconv.FormatUint(n, 10), errors.Join(err, check(n <= uint64(f.max)))
}

// decimal reads a number of RFC 1876: seconds of an angle, or metres, which may
// say so.
func (f field) decimal(s string) (string, error) {
	places, least, most := 2, 0.0, float64(f.max)
	switch f.form {
	case formSeconds:
		places, most = 3, 59.999
	case formAltitude:
		least, most = -100000, 42849672.95
	}
	if f.form != formSeconds {
		s = strings.TrimRight(s, "mM")
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || !(least <= n && n <= most) {
		return "", errForm
	}
	scale := math.Pow10(places)
	n = math.Round(n*scale) / scale
	if n == 0 {
		n = 0 // and not -0
	}
	return strconv.FormatFloat(n, 'f', places, 64), nil
}

func address(s string, six bool) (string, error) {
	a, err := netip.ParseAddr(strings.TrimSpace(s))
	if err != nil || a.Zone() != "" || a.Is4() == six {
		return "", errForm
	}
	return a.String(), nil
}

func host(s string, root bool) (string, error) {
	if s == "." {
		return s, check(root)
	}
	s, ok := toASCII(strings.TrimSuffix(s, "."))
	return s, check(ok && isHost(s))
}

// isTag: RFC 8659, 4.1.
func isTag(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isNameChar(c, false) || c == '-' || c == '_' {
			return false
		}
	}
	return s != "" && len(s) <= maxString
}

// canonical is the word as it is compared: DNS compares names without regard to
// case (RFC 4343), and property tags likewise (RFC 8659, 4.1).
func (f field) canonical(word string) string {
	switch f.form {
	case formHost, formHostOrRoot:
		return strings.ToLower(strings.TrimSuffix(word, ".")) + "."
	case formTag:
		return strings.ToLower(word)
	}
	return word
}
