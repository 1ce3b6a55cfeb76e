package policy

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

// Limits of an id that a catalogue describes.
const (
	MaxIDLength  = 128 // bytes of an id
	maxIDPattern = 256 // bytes of a pattern
)

// IDForm is what the ids of a kind look like, for kinds of custom catalogues.
// Every form gives an id one spelling, and no id holds what would end a path's
// segment or mean "every". It is immutable.
type IDForm struct {
	text    string
	shape   func(string) bool
	pattern *regexp.Regexp
	max     int
	// undotted: ids hold no dot, because a key with one would read as the key of
	// another kind.
	undotted bool
}

// ParseIDForm reads a form by name: "hex32" (32 lowercase hex digits), "int" (a
// number from 0, at most 19 digits, no leading zero), "uuid" (lowercase) or
// "slug" (lowercase letters and digits, with hyphens between them, at most 64).
func ParseIDForm(name string) (*IDForm, error) {
	shapes := map[string]func(string) bool{"hex32": isHex32, "int": isInt, "uuid": isUUID, "slug": isSlug}
	shape, ok := shapes[name]
	if !ok {
		return nil, fmt.Errorf("%.64q is none of hex32, int, uuid and slug", name)
	}
	return &IDForm{text: name, shape: shape, max: MaxIDLength}, nil
}

// NewIDPattern makes a form from a regular expression (RE2), which the whole id
// must match, and the length that ids have at most, 1 to MaxIDLength. Whatever
// the pattern says, ids are of [A-Za-z0-9._~:@+=-].
func NewIDPattern(pattern string, max int) (*IDForm, error) {
	if max < 1 || max > MaxIDLength {
		return nil, fmt.Errorf("ids of at most %d characters: it must be 1 to %d", max, MaxIDLength)
	}
	if pattern == "" || len(pattern) > maxIDPattern {
		return nil, fmt.Errorf("a pattern has 1 to %d characters", maxIDPattern)
	}
	// By itself first: "a)|(b" would be a pattern inside the parentheses.
	if _, err := regexp.Compile(pattern); err != nil {
		return nil, errors.New("the pattern is no regular expression: " + err.Error())
	}
	re, err := regexp.Compile(`^(?:` + pattern + `)$`)
	if err != nil {
		return nil, errors.New("the pattern is no regular expression: " + err.Error())
	}
	return &IDForm{text: fmt.Sprintf("pattern %s, at most %d characters", strconv.Quote(pattern), max), pattern: re, max: max}, nil
}

// String names the form.
func (f *IDForm) String() string { return f.text }

// Undotted is the form without the ids that hold a dot.
func (f *IDForm) Undotted() *IDForm {
	g := *f
	g.undotted = true
	return &g
}

// Fits reports whether id has the form.
func (f *IDForm) Fits(id string) bool {
	if id == "" || len(id) > f.max {
		return false
	}
	for i := range len(id) {
		if c := id[i]; !idByte(c) || c == '.' && f.undotted {
			return false
		}
	}
	if id == "." || id == ".." {
		return false
	}
	if f.pattern != nil {
		return f.pattern.MatchString(id)
	}
	return f.shape(id)
}

func idByte(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	switch c {
	case '.', '_', '~', ':', '@', '+', '=', '-':
		return true
	}
	return false
}

// isHex32 leaves out the id of 32 zeros, which names nothing elsewhere either.
func isHex32(s string) bool {
	id, ok := ParseID(s)
	return ok && id != ID{}
}

func isInt(s string) bool {
	if len(s) > 19 || s[0] == '0' && len(s) > 1 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
		} else if unhex[s[i]] > 15 {
			return false
		}
	}
	return true
}

func isSlug(s string) bool {
	if len(s) > 64 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}
