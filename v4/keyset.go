package v4

import (
	"fmt"
	"strings"
	"unicode"
)

// keySet remembers the names of an object's members.
type keySet struct {
	rule keyRule
	on   bool
	seen map[string]string // folded, unless they are data, to as written
}

// add reports whether name may stand beside the names before it. If not, earlier
// is the one that it clashes with.
func (s *keySet) add(name string) (earlier string, ok bool) {
	if !s.on {
		return "", true
	}
	key := name
	if s.rule == memberNames {
		key = foldName(name)
	}
	if earlier, clash := s.seen[key]; clash {
		return earlier, false
	}
	if s.seen == nil {
		s.seen = make(map[string]string)
	}
	s.seen[key] = name
	return "", true
}

func repeated(earlier, name string) string {
	if earlier == name {
		return "must be given only once"
	}
	return fmt.Sprintf("must not stand beside %q: names may not differ in case alone", clip(earlier))
}

// foldName maps names that encoding/json takes for one another to one name.
func foldName(name string) string { return strings.Map(foldRune, name) }

// foldRune is the smallest rune that is the same as c but for case.
func foldRune(c rune) rune {
	for {
		next := unicode.SimpleFold(c)
		if next <= c {
			return next
		}
		c = next
	}
}
