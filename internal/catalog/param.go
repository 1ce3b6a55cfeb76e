package catalog

import "strings"

// Limits of a path and of a template.
const (
	maxPath     = 8 << 10 // bytes of an escaped path
	maxValue    = 1024    // bytes of a decoded parameter; also R2's limit for a key
	maxParams   = 8
	maxSegments = 16 // of a template; a rest parameter may swallow more
)

// param is a parameter of a template.
type param struct {
	name  string
	shape shape
}

// shape is what a parameter may look like.
type shape uint8

const (
	shapeSegment shape = iota // one segment without anything that Match refuses
	shapeID                   // 32 lowercase hex digits
	shapeOpaque               // one segment, any escapes
	shapeRest                 // the rest of the path, slashes included
)

// shapeLetters spells shapes in the compiled form, in the order of the constants.
const shapeLetters = "sior"

// fits reports whether a decoded value may stand for a parameter of shape s.
// plain says that the value holds nothing that Match refuses outside of opaque
// parameters.
func (s shape) fits(value string, plain bool) Miss {
	switch {
	case !plain && (s == shapeSegment || s == shapeID):
		return BadPath
	case s == shapeRest && !cleanRest(value):
		return BadPath
	case len(value) > maxValue:
		return BadID
	case s == shapeID:
		if !isID(value) {
			return BadID
		}
	}
	return Hit
}

// isID reports whether policy.ParseID would take s, without decoding it.
func isID(s string) bool {
	if len(s) != 32 {
		return false
	}
	bad := uint8(0)
	for i := range len(s) {
		bad |= notHex[s[i]] // without a branch: random digits defeat prediction
	}
	return bad == 0
}

// notHex is 0 for a lowercase hex digit.
var notHex = notHexTable()

func notHexTable() [256]uint8 {
	var t [256]uint8
	for c := range t {
		if strings.IndexByte("0123456789abcdef", byte(c)) < 0 {
			t[c] = 1
		}
	}
	return t
}

// cleanRest reports whether every segment of a rest parameter's value is one
// that a path may hold. An escaped slash separates like any other here, so that
// the path rebuilt from the value has no "." or ".." to climb with.
func cleanRest(value string) bool {
	for start, i := 0, 0; i <= len(value); i++ {
		if i < len(value) && value[i] != '/' {
			continue
		}
		if dots(value[start:i]) {
			return false
		}
		start = i + 1
	}
	return true
}

// dots reports whether a segment is empty, "." or "..".
func dots(segment string) bool {
	return segment == "" || segment == "." || segment == ".."
}
