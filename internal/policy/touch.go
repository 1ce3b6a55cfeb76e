package policy

import (
	"encoding/binary"

	"github.com/tokenward/tokenward/internal/prefetch"
)

// Move puts the set's words into others, which must be of the length that Words
// says. Whoever keeps them beside what else is known of a token spares a check
// the time to find them.
func (s *Set) Move(to []uint64) {
	copy(to, s.words)
	s.words = to[:len(s.words):len(s.words)]
}

// Words is how many words the set is made of, and of them how many patterns of
// resources: all that Touch needs to know of it.
func (s *Set) Words() (n, resources int) { return len(s.words), int(s.refs) }

// Touch starts to fetch what Evaluate will read for a path's resource of a set
// with so many patterns of resources and its words at p. It does not wait, decides
// nothing and does no harm when they are not there.
func Touch(p uintptr, resources int, path *Path) {
	const word = 8
	g := guess(resources, binary.BigEndian.Uint64(path.refs[0].ID[:8]))
	// What is looked for is a few places off the guess, to either side.
	prefetch.Four(p + uintptr(max(g-window/2, 0)*word))
	prefetch.Four(p + uintptr((resources+max(g-window/3, 0)*restWords)*word))
	prefetch.Four(p + uintptr(resources*(1+restWords)*word))
}
