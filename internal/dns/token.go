package dns

import (
	"errors"
	"fmt"
	"strings"
)

var errSyntax = errors.New("has unbalanced quotes, or an unquoted character that a zone file would not take")

// splitWords splits content at white space outside of double quotes. Words keep
// their quotes and escapes (RFC 1035, 5.1). The characters that mean something
// to a zone file outside of quotes, comments and parentheses, are refused: they
// would cut the content short or join it with the next line.
func splitWords(content string) ([]string, error) {
	var words []string
	start, quoted := -1, false
	for i := 0; i < len(content); i++ {
		c := content[i]
		switch {
		case isControl(c):
			return nil, errSyntax
		case c == '\\':
			if i++; i == len(content) || isControl(content[i]) {
				return nil, errSyntax
			}
			if start < 0 {
				start = i - 1
			}
		case c == '"':
			if quoted = !quoted; start < 0 {
				start = i
			}
		case quoted:
		case c == ' ' || c == '\t':
			if start >= 0 {
				words, start = append(words, content[start:i]), -1
			}
		case c == ';' || c == '(' || c == ')':
			return nil, errSyntax
		case start < 0:
			start = i
		}
	}
	if quoted {
		return nil, errSyntax
	}
	if start >= 0 {
		words = append(words, content[start:])
	}
	return words, nil
}

func isControl(c byte) bool { return c < ' ' && c != '\t' || c == 0x7f }

// quote writes bytes as a quoted character string.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, "\\%03d", c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// unquote gives the bytes that a word stands for, quoted or not.
func unquote(word string) (string, error) {
	if strings.HasPrefix(word, `"`) {
		if len(word) < 2 || !strings.HasSuffix(word, `"`) {
			return "", errSyntax
		}
		word = word[1 : len(word)-1]
	}
	var b strings.Builder
	for i := 0; i < len(word); i++ {
		switch c := word[i]; c {
		case '"':
			return "", errSyntax
		case '\\':
			plain, n, err := unescape(word[i+1:])
			if err != nil {
				return "", err
			}
			b.WriteByte(plain)
			i += n
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

// unescape reads what follows a backslash: three decimal digits, or the
// character itself. It gives the byte and how many characters it took.
func unescape(rest string) (plain byte, n int, err error) {
	if rest == "" {
		return 0, 0, errSyntax
	}
	if !isDigit(rest[0]) {
		return rest[0], 1, nil
	}
	if len(rest) < 3 || !isDigit(rest[1]) || !isDigit(rest[2]) {
		return 0, 0, errSyntax
	}
	value := int(rest[0]-'0')*100 + int(rest[1]-'0')*10 + int(rest[2]-'0')
	if value > 255 {
		return 0, 0, errSyntax
	}
	return byte(value), 3, nil
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
