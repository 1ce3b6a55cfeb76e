package tokenform

import (
	"fmt"
	"strings"
	"unicode"
)

// shellWord writes a string as one word of a POSIX shell. What cannot be in an
// argument, NUL, is left out.
func shellWord(s string) string {
	s = strings.ReplaceAll(s, "\x00", "")
	plain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("/._:=-", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// hclString writes a string as a quoted template of HCL that has nothing to
// fill in. "$" and "%" begin a template only before a brace; they are written as
// codes wherever the next character is not an ordinary one, so that no rule about
// doubled ones is needed to read the result.
func hclString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	runes := []rune(strings.ToValidUTF8(s, "\uFFFD"))
	for i, r := range runes {
		ordinary := i+1 < len(runes) && (runes[i+1] == ' ' || unicode.IsLetter(runes[i+1]) || unicode.IsDigit(runes[i+1]))
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f, (r == '$' || r == '%') && !ordinary:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// oneLine is s without what could end a comment's line, or hide in it.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
}
