package dns

import "fmt"

// sentence says what the component must be, after "must be".
func (f field) sentence() string {
	switch f.form {
	case formNumber, formAlgorithm, formCertType:
		return fmt.Sprintf("a whole number between 0 and %d", f.max)
	case formHost, formHostOrRoot:
		return "a hostname"
	case formTag:
		return "letters and digits"
	case formText:
		return "text, in balanced quotes if in any"
	case formIPv4:
		return "an IPv4 address"
	case formIPv6:
		return "an IPv6 address"
	case formParams:
		return "service parameters (RFC 9460): key=value, separated by spaces"
	case formURI:
		return "a URI"
	case formTXT:
		return "text, or strings in balanced quotes"
	case formHex:
		return "hexadecimal digits"
	case formBase64:
		return "Base64"
	case formNorthSouth:
		return "N or S"
	case formEastWest:
		return "E or W"
	case formSeconds:
		return "a number between 0 and 59.999"
	case formAltitude:
		return "a number between -100000 and 42849672.95"
	case formMetres:
		return fmt.Sprintf("a number between 0 and %d", f.max)
	}
	return "valid"
}
