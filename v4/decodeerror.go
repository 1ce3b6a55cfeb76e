package v4

import (
	"strconv"
	"strings"
)

// DecodeError says what is wrong with a body and where. It never quotes a value:
// that could be a secret.
type DecodeError struct {
	Pointer string // JSON pointer (RFC 6901) to the member, "" for the whole body
	Problem string // what to change, as in "must be a string, not a number"
	Err     error  // the cause, for the log; nil mostly
}

// Error is a sentence for the client, as in "/policies/0/effect must be a
// string, not a number".
func (e *DecodeError) Error() string {
	if e.Pointer == "" {
		return "the body " + e.Problem
	}
	return e.Pointer + " " + e.Problem
}

// Unwrap is the cause.
func (e *DecodeError) Unwrap() error { return e.Err }

// step is one step down into a body: a member's name, or the index of an element
// when array is set.
type step struct {
	name  string
	index int
	array bool
}

// maxStepBytes bounds what an error repeats of a member's name.
const maxStepBytes = 128

// pointer prints path as a JSON pointer.
func pointer(path []step) string {
	var b strings.Builder
	for _, s := range path {
		b.WriteByte('/')
		if s.array {
			b.WriteString(strconv.Itoa(s.index))
			continue
		}
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(clip(s.name)))
	}
	return b.String()
}

// clip cuts name to what an error repeats of it.
func clip(name string) string {
	if len(name) <= maxStepBytes {
		return name
	}
	return strings.ToValidUTF8(name[:maxStepBytes], "") + "…"
}
