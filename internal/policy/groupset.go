package policy

import "math/bits"

// MaxGroups is the number of permission groups a vocabulary may hold.
const MaxGroups = 1024

// GroupNo is a permission group's number in a vocabulary.
type GroupNo uint16

// GroupSet is a set of permission groups of one vocabulary. The zero value is
// the empty set.
type GroupSet [MaxGroups / 64]uint64

// Add puts g into the set. A number of MaxGroups or more is not a group and
// changes nothing.
func (s *GroupSet) Add(g GroupNo) {
	if g < MaxGroups {
		s[g/64] |= 1 << (g % 64)
	}
}

// Has reports whether g is in the set.
func (s *GroupSet) Has(g GroupNo) bool {
	return g < MaxGroups && s[g/64]&(1<<(g%64)) != 0
}

// Empty reports whether the set has no member.
func (s *GroupSet) Empty() bool {
	return *s == GroupSet{}
}

// Len is the number of members.
func (s *GroupSet) Len() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// Meets reports whether the two sets have a member in common.
func (s *GroupSet) Meets(t *GroupSet) bool {
	for i, w := range s {
		if w&t[i] != 0 {
			return true
		}
	}
	return false
}

// And is the intersection of s and t.
func (s *GroupSet) And(t *GroupSet) GroupSet {
	var r GroupSet
	for i, w := range s {
		r[i] = w & t[i]
	}
	return r
}

// Or is the union of s and t.
func (s *GroupSet) Or(t *GroupSet) GroupSet {
	var r GroupSet
	for i, w := range s {
		r[i] = w | t[i]
	}
	return r
}

// Minus is s without the members of t.
func (s *GroupSet) Minus(t *GroupSet) GroupSet {
	var r GroupSet
	for i, w := range s {
		r[i] = w &^ t[i]
	}
	return r
}

// All yields the members in ascending order.
func (s *GroupSet) All(yield func(GroupNo) bool) {
	for i, w := range s {
		for w != 0 {
			b := bits.TrailingZeros64(w)
			if !yield(GroupNo(i*64 + b)) {
				return
			}
			w &^= 1 << b
		}
	}
}
