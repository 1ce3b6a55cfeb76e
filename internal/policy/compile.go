package policy

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// maxSparse is the number of groups from which on a GroupSet is smaller and
// faster than a list.
const maxSparse = 48

// Compile makes the Set of rules and a condition. The rules must come from v.
// It fails when the condition does not parse (Condition.Check says why) or when
// the rules are more than a set can number.
func Compile(v *Vocabulary, rules []Rule, cond Condition) (*Set, error) {
	parsed, faults := cond.parse()
	if len(faults) > 0 {
		return nil, fmt.Errorf("policy: compile condition: %s: %s", faults[0].Pointer, faults[0].Message)
	}
	c := compiler{v: v, lists: make(map[GroupSet]meta), inNo: make(map[Ref]int)}
	s := &Set{cond: parsed}
	for i := range rules {
		if err := c.rule(&rules[i]); err != nil {
			return nil, err
		}
		s.denies = s.denies || rules[i].Effect != Allow
	}
	slices.SortStableFunc(c.names, func(a, b named) int { return compareRefs(&a.ref, &b.ref) })
	slices.SortStableFunc(c.refs, func(a, b [refWords]uint64) int { return slices.Compare(a[:2], b[:2]) })
	s.words = make([]uint64, 0, len(c.groups)+len(c.wilds)+refWords*len(c.refs))
	s.words = append(s.words, c.groups...)
	s.wilds = uint32(len(s.words))
	s.words = append(s.words, c.wilds...)
	s.refs = uint32(len(s.words))
	for i := range c.refs {
		s.words = append(s.words, c.refs[i][:]...)
	}
	if len(c.names)+len(c.ins) > 0 {
		s.more = &more{names: c.names, ins: c.ins}
	}
	return s, nil
}

type compiler struct {
	v      *Vocabulary
	lists  map[GroupSet]meta // lists written already; rules of one policy share one
	groups []uint64
	wilds  []uint64
	refs   [][refWords]uint64
	names  []named
	ins    []Ref
	inNo   map[Ref]int // where in ins
}

func (c *compiler) rule(r *Rule) error {
	gives := r.gives(c.v)
	if gives.Empty() {
		return nil
	}
	if r.Policy < 0 || r.Policy >= 1<<16-1 {
		return fmt.Errorf("policy: compile: %d is not a policy's index", r.Policy)
	}
	if c.v.KindName(r.Pattern.In.Kind) == "" && r.Pattern.In.Kind != 0 {
		return fmt.Errorf("policy: compile: %d is not a resource kind", r.Pattern.In.Kind)
	}
	m, err := c.list(gives)
	if err != nil {
		return err
	}
	m |= meta(r.Policy+1) << 16
	if r.Effect == Allow {
		m |= 1 << 44
	}
	return c.pattern(&r.Pattern, m)
}

// pattern files a rule under the id that an access will bring: its resource's,
// or that of the resource it must lie in, or under none.
func (c *compiler) pattern(p *Pattern, m meta) error {
	switch {
	case p.Ref.Any() && p.In.Kind == 0:
		c.wilds = append(c.wilds, uint64(m|meta(p.Ref.Kind)<<32))
		return nil
	case p.Ref.Any():
		c.file(p.In, m|meta(p.Ref.Kind)<<38)
		return nil
	case p.In.Kind != 0:
		in, err := c.in(p.In)
		if err != nil {
			return err
		}
		m |= in
	}
	c.file(p.Ref, m)
	return nil
}

func (c *compiler) file(r Ref, m meta) {
	m |= meta(r.Kind) << 32
	if r.Name != "" {
		c.names = append(c.names, named{r, m})
		return
	}
	hi, lo := binary.BigEndian.Uint64(r.ID[:8]), binary.BigEndian.Uint64(r.ID[8:])
	c.refs = append(c.refs, [refWords]uint64{hi, lo, uint64(m)})
}

func (c *compiler) in(r Ref) (meta, error) {
	i, ok := c.inNo[r]
	if !ok {
		i = len(c.ins)
		c.ins = append(c.ins, r)
		c.inNo[r] = i
	}
	if i >= 1<<16-1 {
		return 0, fmt.Errorf("policy: compile: more than %d resources with nested ones", 1<<16-1)
	}
	return meta(i+1) << 48, nil
}

// list writes a group list, starting at a whole word, and returns where.
func (c *compiler) list(set GroupSet) (meta, error) {
	if m, ok := c.lists[set]; ok {
		return m, nil
	}
	start := len(c.groups) * 4
	if start >= 1<<16 {
		return 0, fmt.Errorf("policy: compile: the policies name too many different sets of permission groups")
	}
	m := meta(start)
	if n := set.Len(); n > maxSparse {
		m |= 1 << 45
		c.groups = append(c.groups, set[:]...)
	} else {
		c.groups = append(c.groups, make([]uint64, (n+4)/4)...)
		w := c.groups[start/4:]
		w[0] = uint64(n)
		i := 1
		for g := range set.All {
			w[i/4] |= uint64(g) << (i % 4 * 16)
			i++
		}
	}
	c.lists[set] = m
	return m, nil
}
