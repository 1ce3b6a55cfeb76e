package enforcewire

import "strings"

// HeaderText is a text as it can stand in a header: what is not visible ASCII is
// percent-encoded, and so is "%". A space stays inside of the text.
func HeaderText(s string) string {
	const hex = "0123456789ABCDEF"
	fits := func(i int) bool {
		return s[i] > ' ' && s[i] <= '~' && s[i] != '%' || s[i] == ' ' && i > 0 && i < len(s)-1
	}
	i := 0
	for i < len(s) && fits(i) {
		i++
	}
	if i == len(s) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; fits(i) {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}
