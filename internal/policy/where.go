package policy

import (
	"strconv"
	"strings"
)

// where is the place in the policies that is being looked at. It is put into words
// only when something is wrong there: most policies that are resolved are good ones,
// on their way into the cache.
type where struct {
	policy int
	path   [3]string // below the policy
	n      int       // how much of it there is
}

// enter goes to a member of what stands there, and leave back.
func (w *where) enter(member string) {
	w.path[w.n] = member
	w.n++
}

func (w *where) leave() { w.n-- }

// pointer is that place as a JSON pointer (RFC 6901 section 3).
func (w *where) pointer() string {
	s := "/policies/" + strconv.Itoa(w.policy)
	for _, member := range w.path[:w.n] {
		s += "/" + escapePointer(member)
	}
	return s
}

// escapePointer writes a member name for a JSON pointer (RFC 6901 section 3).
func escapePointer(s string) string { return pointerEscapes.Replace(s) }

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")
