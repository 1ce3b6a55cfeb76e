package policy

// Set is a token's rules and condition, compiled for Evaluate. It is immutable
// and safe for concurrent use. The zero Set allows nothing.
//
// A cache holds many sets and a check meets one of them at random, so what a
// check costs is the memory it has to wait for. All of a set is therefore in one
// slice, and what a check will read there follows from how many patterns of
// resources there are: first the first halves of their ids, sorted, then the rest
// of each, then the ranges of the condition, the group lists, and the patterns of
// whole kinds. A check reads a line or two of each.
type Set struct {
	words  []uint64
	kinds  uint64 // kinds of the ids that patterns of resources are filed under
	more   *more  // what few sets have
	refs   uint32 // how many patterns of resources: a word, then restWords each
	lists  uint32 // where group lists start, and ranges end
	wilds  uint32 // where patterns of whole kinds start: one word each, to the end
	notIn  uint8  // how many ranges are exceptions; they come first
	in     uint8  // how many ranges follow them
	within bool   // the address must be in one of those, even if there are none
	mixed  bool   // there is a deny rule, or one about resources of a kind with types
	typed  bool   // there is one of the latter
}

// more is the part of a set that patterns with names, with two refs or of names
// need.
type more struct {
	names []named // sorted by compareRefs
	ins   []Ref
	typed []typedRule      // sorted by compareTyped
	texts map[string]int32 // where the rules of each text begin in typed; nil where those are few
}

type named struct {
	ref  Ref
	meta meta
}

// meta is one pattern's word: what it says beside the id it is filed under.
//
//	bits  0-15  where its group list starts, in 16-bit units from the first one
//	bits 16-31  number of its policy, from 1
//	bits 32-37  kind of the id it is filed under
//	bits 38-43  kind that the access must name as well, 0 for none
//	bit  44     allow
//	bit  45     its groups are a GroupSet, not a list
//	bits 48-63  number, from 1, of the ref in more.ins that must hold it; 0 for none
type meta uint64

func (m meta) list() int    { return int(m & 0xffff) }
func (m meta) rule() uint16 { return uint16(m >> 16) }
func (m meta) kind() KindNo { return KindNo(m >> 32 & 0x3f) }
func (m meta) and() KindNo  { return KindNo(m >> 38 & 0x3f) }
func (m meta) allow() bool  { return m>>44&1 != 0 }
func (m meta) dense() bool  { return m>>45&1 != 0 }
func (m meta) effect() Effect {
	if m.allow() {
		return Allow
	}
	return Deny
}
func (m meta) in() int { return int(m >> 48) }

const restWords = 2 // of a pattern of a resource, beside the first half of its id: the second, meta

// meets reports whether the pattern's groups have a member in the set.
func (s *Set) meets(m meta, in *GroupSet) bool {
	w := s.words[int(s.lists)+m.list()/4:]
	if m.dense() {
		for i := range in {
			if w[i]&in[i] != 0 {
				return true
			}
		}
		return false
	}
	word := w[0]
	for i, n := 1, int(word&0xffff); i <= n; i++ {
		if word >>= 16; i%4 == 0 {
			word = w[i/4]
		}
		if in.Has(GroupNo(word)) {
			return true
		}
	}
	return false
}

// collect adds the pattern's groups that are among those asked for.
func (s *Set) collect(m meta, asked, into *GroupSet) {
	w := s.words[int(s.lists)+m.list()/4:]
	if m.dense() {
		for i := range into {
			into[i] |= w[i] & asked[i]
		}
		return
	}
	for n := 1; n <= int(w[0]&0xffff); n++ {
		if g := GroupNo(w[n/4] >> (n % 4 * 16)); asked.Has(g) {
			into.Add(g)
		}
	}
}
