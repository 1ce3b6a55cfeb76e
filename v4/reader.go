package v4

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// kind is what a JSON value is, in words that fit after "must be".
type kind string

const (
	kindObject kind = "an object"
	kindArray  kind = "an array"
	kindString kind = "a string"
	kindNumber kind = "a number"
	kindBool   kind = "true or false"
	kindNull   kind = "null"
)

// reader walks over a body that is valid JSON and valid UTF-8: it looks for the
// ends of values and not for mistakes.
type reader struct {
	data   []byte
	pos    int
	strict bool
	path   []step
	depth  int
}

func (r *reader) fail(problem string) error {
	return &DecodeError{Pointer: pointer(r.path), Problem: problem}
}

func (r *reader) wrongType(want kind) error {
	return r.fail(fmt.Sprintf("must be %s, not %s", want, r.kind()))
}

// peek is the first byte of what comes after white space.
func (r *reader) peek() byte {
	for {
		switch c := r.data[r.pos]; c {
		case ' ', '\t', '\r', '\n':
			r.pos++
		default:
			return c
		}
	}
}

// kind is what the next value is.
func (r *reader) kind() kind {
	switch r.peek() {
	case '{':
		return kindObject
	case '[':
		return kindArray
	case '"':
		return kindString
	case 't', 'f':
		return kindBool
	case 'n':
		return kindNull
	}
	return kindNumber
}

// keyRule says which names the members of an object may have together.
type keyRule int

const (
	memberNames keyRule = iota // names of ours: when strict, unique also but for case
	dataKeys                   // the client's own: when strict, unique
	uniqueKeys                 // the client's own: unique
)

// object calls each with every member's name; each reads its value.
func (r *reader) object(rule keyRule, each func(name string) error) error {
	if r.kind() != kindObject {
		return r.wrongType(kindObject)
	}
	seen := keySet{rule: rule, on: r.strict || rule == uniqueKeys}
	return r.elements('}', func(int) error {
		name, err := r.str()
		if err != nil {
			return err
		}
		r.peek()
		r.pos++ // the colon
		return r.within(step{name: name}, func() error {
			if earlier, ok := seen.add(name); !ok {
				return r.fail(repeated(earlier, name))
			}
			return each(name)
		})
	})
}

// array calls each with the index of every element; each reads it.
func (r *reader) array(each func(i int) error) error {
	if r.kind() != kindArray {
		return r.wrongType(kindArray)
	}
	return r.elements(']', func(i int) error {
		return r.within(step{index: i, array: true}, func() error { return each(i) })
	})
}

// elements steps into an object or array, calls each where an element begins,
// and steps out behind the closing byte.
func (r *reader) elements(closing byte, each func(i int) error) error {
	if r.depth++; r.depth > MaxDepth {
		return r.fail(fmt.Sprintf("must not be nested here: %d levels are the limit", MaxDepth))
	}
	r.pos++ // the opening byte
	for i := 0; r.peek() != closing; i++ {
		if r.data[r.pos] == ',' {
			r.pos++
			r.peek()
		}
		if err := each(i); err != nil {
			return err
		}
	}
	r.pos++
	r.depth--
	return nil
}

func (r *reader) within(s step, read func() error) error {
	r.path = append(r.path, s)
	err := read()
	r.path = r.path[:len(r.path)-1]
	return err
}

// str reads a string.
func (r *reader) str() (string, error) {
	quoted, err := r.quoted()
	if err != nil {
		return "", err
	}
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1]), nil
	}
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		return "", r.fail("must be a valid string")
	}
	if strings.IndexByte(s, 0) >= 0 {
		return "", r.fail("must not have the character U+0000")
	}
	return s, nil
}

// quoted reads a string and leaves it as it is written.
func (r *reader) quoted() ([]byte, error) {
	if r.kind() != kindString {
		return nil, r.wrongType(kindString)
	}
	start := r.pos
	for r.pos++; r.data[r.pos] != '"'; r.pos++ {
		if r.data[r.pos] == '\\' {
			r.pos++
		}
	}
	r.pos++
	quoted := r.data[start:r.pos]
	if halfSurrogate(quoted) {
		return nil, r.fail(`must not have half of a surrogate pair (\ud800 to \udfff)`)
	}
	return quoted, nil
}

// word reads a number, true, false or null.
func (r *reader) word() string {
	r.peek()
	start := r.pos
	for r.pos < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,]}"), r.data[r.pos]) < 0 {
		r.pos++
	}
	return string(r.data[start:r.pos])
}

// skip reads a value and forgets it. What holds for all values holds for it too.
func (r *reader) skip() error {
	switch r.kind() {
	case kindObject:
		return r.object(memberNames, func(string) error { return r.skip() })
	case kindArray:
		return r.array(func(int) error { return r.skip() })
	case kindString:
		_, err := r.quoted()
		return err
	}
	r.word()
	return nil
}

// raw reads a value and leaves it as it is written.
func (r *reader) raw() ([]byte, error) {
	r.peek()
	start := r.pos
	if err := r.skip(); err != nil {
		return nil, err
	}
	return r.data[start:r.pos], nil
}

// halfSurrogate reports whether a \u escape in a string, written as it is, has
// one half of a surrogate pair without the other. encoding/json turns each into
// U+FFFD, which makes different names the same.
func halfSurrogate(quoted []byte) bool {
	for i := 0; i < len(quoted); i++ {
		if quoted[i] != '\\' {
			continue
		}
		i++
		if quoted[i] != 'u' {
			continue
		}
		unit := escaped(quoted[i:])
		i += 4
		switch {
		case unit < 0xd800 || unit > 0xdfff:
		case unit > 0xdbff || quoted[i+1] != '\\':
			return true
		default:
			low := escaped(quoted[i+2:])
			if low < 0xdc00 || low > 0xdfff {
				return true
			}
			i += 6
		}
	}
	return false
}

// escaped is the code unit of an escape that b begins with, "u" and four hex
// digits; 0 when it does not.
func escaped(b []byte) uint64 {
	if len(b) < 5 || b[0] != 'u' {
		return 0
	}
	unit, _ := strconv.ParseUint(string(b[1:5]), 16, 16)
	return unit
}
