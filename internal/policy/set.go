package policy

// Set is a token's rules and condition, compiled for Evaluate. It is immutable
// and safe for concurrent use. The zero Set allows nothing.
//
// A cache holds many sets and a check meets one of them at random, so what a
// check costs is the memory it has to wait for. All of a set is therefore in one
// slice: first the ranges of the condition, then the group lists, then the
// patterns, those of resources sorted by id. A check reads the lines at the
// slice's start, and one or two lines of patterns for each ref of the path that
// the set can know.
type Set struct {
	words  []uint64
	kinds  uint64 // kinds of the ids that patterns of resources are filed under
	more   *more  // what few sets have
	wilds  uint32 // where patterns of whole kinds start: one word each
	refs   uint32 // where patterns of resources start: three words each
	lists  uint16 // where group lists start
	notIn  uint8  // how many ranges are exceptions; they come first
	in     uint8  // how many ranges follow them
	within bool   // the address must be in one of those, even if there are none
	denies bool   // there is a deny rule
}

// more is the part of a set that patterns with names or with two refs need.
type more struct {
	names []named // sorted by compareRefs
	ins   []Ref
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
func (m meta) in() int      { return int(m >> 48) }

const refWords = 3 // a pattern of a resource: id, id, meta

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
	for n := 1; n <= int(w[0]&0xffff); n++ {
		if in.Has(GroupNo(w[n/4] >> (n % 4 * 16))) {
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
