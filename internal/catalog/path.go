package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// splitPath is an escaped path, cut at its slashes, each segment decoded once.
type splitPath struct {
	raw      string // without the leading slash and the trailing one
	segs     [maxSegments]segment
	n        int  // segments, of which segs holds the first maxSegments
	trailing bool // there was a trailing slash
	odd      bool // some segment is not plain
}

type segment struct {
	text  string // decoded; shares the path's memory unless it had escapes
	start int    // offset in raw
	plain bool   // nothing in it but what any parameter may hold
}

// Classes of raw bytes.
const (
	ordinary = iota
	separator
	escape
	beyond    // a byte of a multi-byte character, if UTF-8 is right
	semicolon // parameters of a segment to some servers, so two readings
	forbidden // controls, space, backslash, and "?" and "#" that end a path
)

// byteClass says what a raw byte of a path is.
var byteClass = classes()

func classes() [256]uint8 {
	t := [256]uint8{'/': separator, '%': escape, ';': semicolon, '\\': forbidden, '?': forbidden, '#': forbidden, 0x7f: forbidden}
	for c := range ' ' + 1 {
		t[c] = forbidden
	}
	for c := utf8.RuneSelf; c < len(t); c++ {
		t[c] = beyond
	}
	return t
}

// cut splits path. It is false for a spelling that nothing allows.
func (p *splitPath) cut(path string) bool {
	if path == "" || path[0] != '/' || len(path) > maxPath {
		return false
	}
	p.raw = path[1:]
	if p.raw == "" {
		return true
	}
	if p.raw[len(p.raw)-1] == '/' {
		p.raw, p.trailing = p.raw[:len(p.raw)-1], true
	}
	start, seen := 0, uint8(0)
	for i := 0; i < len(p.raw); i++ {
		c := byteClass[p.raw[i]]
		switch c {
		case ordinary:
		case separator:
			if !p.add(start, i, seen) {
				return false
			}
			start, seen = i+1, 0
		case forbidden:
			return false
		default:
			seen |= 1 << c
		}
	}
	return p.add(start, len(p.raw), seen)
}

// add records the segment raw[start:end], in which the classes seen occur.
func (p *splitPath) add(start, end int, seen uint8) bool {
	text, plain := p.raw[start:end], true
	if seen != 0 {
		var ok bool
		if text, ok = decode(text); !ok {
			return false
		}
		plain = isPlain(text)
	}
	if dots(text) {
		return false
	}
	if p.n < maxSegments {
		p.segs[p.n] = segment{text, start, plain}
	}
	p.n++
	p.odd = p.odd || !plain
	return true
}

// decode undoes percent escapes, once. It is false for a bad escape.
func decode(s string) (string, bool) {
	if strings.IndexByte(s, '%') < 0 {
		return s, true
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b = append(b, s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		hi, lo := unhex(s[i+1]), unhex(s[i+2])
		if hi > 15 || lo > 15 {
			return "", false
		}
		b = append(b, hi<<4|lo)
		i += 2
	}
	return string(b), true
}

func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 0xff
}

// isPlain reports whether a decoded segment holds nothing that some server
// behind us may read another way: separators, controls, broken UTF-8.
func isPlain(text string) bool {
	for i, r := range text {
		switch {
		case r == '/', r == '\\', r == ';', unicode.IsControl(r):
			return false
		case r == utf8.RuneError:
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return false
			}
		}
	}
	return true
}
