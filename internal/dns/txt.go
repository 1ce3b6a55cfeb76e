package dns

import "strings"

// maxString is how long one character string may be (RFC 1035, 3.3).
const maxString = 255

// textStrings gives the character strings that TXT content publishes. Content
// that begins with a double quote is a row of quoted strings, with the escapes
// of a zone file; any other content is one string, taken literally: that is how
// clients send it that do not know of quotes. Strings that are too long are
// split.
func textStrings(content string) ([]string, error) {
	content = strings.Trim(content, " \t")
	if !strings.HasPrefix(content, `"`) {
		if strings.ContainsAny(content, "\n\r\x00") {
			return nil, errSyntax
		}
		return chunks(content), nil
	}
	var all []string
	for content != "" {
		end := closingQuote(content)
		if end < 0 {
			return nil, errSyntax
		}
		text, err := unquote(content[:end+1])
		if err != nil {
			return nil, err
		}
		all = append(all, chunks(text)...)
		content = strings.TrimLeft(content[end+1:], " \t")
	}
	return all, nil
}

// closingQuote finds the quote that closes the one that s begins with, or -1.
func closingQuote(s string) int {
	if !strings.HasPrefix(s, `"`) {
		return -1
	}
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return i
		case c == '\\':
			i++
		case c == '\n' || c == '\r' || c == 0:
			return -1
		}
	}
	return -1
}

// chunks splits a string into character strings. The empty string is one, too.
func chunks(s string) []string {
	all := []string{}
	for len(s) > maxString {
		all, s = append(all, s[:maxString]), s[maxString:]
	}
	return append(all, s)
}

// textWire is the TXT rdata: each string behind its length.
func textWire(content string) ([]byte, error) {
	all, err := textStrings(content)
	if err != nil {
		return nil, err
	}
	var wire []byte
	for _, s := range all {
		wire = append(append(wire, byte(len(s))), s...)
	}
	return wire, nil
}

// plainText is what a reader of the TXT record sees: its strings joined. Other
// content is returned as it is. Filters compare it, so that a client finds its
// record whether it quoted the content when it wrote it or not.
func plainText(content string) string {
	all, err := textStrings(content)
	if err != nil {
		return content
	}
	return strings.Join(all, "")
}
