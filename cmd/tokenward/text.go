package main

import (
	"strings"
	"unicode"
)

// plain is s on one line and without control characters: names and messages come
// from others and must not steer the terminal.
func plain(s string) string { return strings.Map(visible, s) }

// plainLines is plain, but keeps line breaks.
func plainLines(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return visible(r)
	}, s)
}

func visible(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return '\uFFFD'
}
