package policy

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// maxSparse is the number of groups from which on a GroupSet is smaller and
// faster than a list.
const maxSparse = 48

// Compile makes the Set of rules and a condition. The rules must come from v.
// It fails when the condition does not parse (Condition.Check says why) or when
// the rules are more than a set can number.
func Compile(v *Vocabulary, rules []Rule, cond Condition) (*Set, error) {
	c := newCompiler(v, len(rules))
	for i := range rules {
		if err := c.rule(&rules[i]); err != nil {
			return nil, err
		}
	}
	return c.set(&cond)
}

// set is the Set of all rules so far.
func (c *compiler) set(cond *Condition) (*Set, error) {
	parsed, faults := cond.parse()
	if len(faults) > 0 {
		return nil, fmt.Errorf("policy: compile condition: %s: %s", faults[0].Pointer, faults[0].Message)
	}
	s := &Set{notIn: uint8(len(parsed.notIn)), in: uint8(len(parsed.in)), within: parsed.limited} // at most MaxCIDRs each
	slices.SortStableFunc(c.names, func(a, b named) int { return compareRefs(&a.ref, &b.ref) })
	slices.SortStableFunc(c.typed, compareTyped)
	slices.SortFunc(c.refs, compareFiled)
	c.write(s, &parsed)
	if len(c.names)+len(c.ins)+len(c.typed) > 0 {
		s.more = &more{names: c.names, ins: c.ins, typed: c.typed, texts: textsOf(c.typed)}
	}
	s.typed, s.mixed = c.anyTyped, c.anyDeny || c.anyTyped
	return s, nil
}

// write fills the set's words, in the order that Set says.
func (c *compiler) write(s *Set, cond *ranges) {
	n := len(c.refs)
	s.refs = uint32(n)
	s.lists = uint32((1+restWords)*n + rangeWords*(len(cond.notIn)+len(cond.in)))
	s.wilds = s.lists + uint32(len(c.groups))
	w := make([]uint64, 0, int(s.wilds)+len(c.wilds))
	for i := range c.refs {
		w = append(w, c.refs[i].hi)
		s.kinds |= 1 << c.refs[i].meta.kind()
	}
	for i := range c.refs {
		w = append(w, c.refs[i].lo, uint64(c.refs[i].meta))
	}
	for _, list := range [...][]netip.Prefix{cond.notIn, cond.in} {
		for _, r := range list {
			w = appendRange(w, r)
		}
	}
	w = append(w, c.groups...)
	s.words = append(w, c.wilds...)
}

// filed is a pattern of a resource that has an id, in two halves.
type filed struct {
	hi, lo uint64
	meta   meta
	at     int // among all: those of one id stay in their order
}

// compareFiled settles nearly all by the first half.
func compareFiled(a, b filed) int {
	switch {
	case a.hi < b.hi:
		return -1
	case a.hi > b.hi:
		return 1
	}
	return cmp.Or(cmp.Compare(a.lo, b.lo), cmp.Compare(a.at, b.at))
}

type compiler struct {
	v      *Vocabulary
	lists  map[GroupSet]meta // lists written already
	last   GroupSet          // the one written last: policies often share theirs
	lastAt meta
	groups []uint64
	wilds  []uint64
	refs   []filed
	names  []named
	ins    []Ref
	inNo   map[Ref]int // where in ins

	typed    []typedRule
	anyTyped bool // those of every name are not in typed
	anyDeny  bool
}

// newCompiler makes one for about n rules.
func newCompiler(v *Vocabulary, n int) compiler {
	return compiler{v: v, lists: make(map[GroupSet]meta), refs: make([]filed, 0, n)}
}

func (c *compiler) rule(r *Rule) error {
	return c.policy(r.Policy, r.Effect, &r.Groups, []place{{r.Pattern.Ref, r.Pattern.In}})
}

// policy adds what a policy gives or takes away in some places.
func (c *compiler) policy(no int, e Effect, groups *GroupSet, places []place) error {
	c.anyDeny = c.anyDeny || e != Allow && len(places) > 0
	var says meta
	for i := range places {
		p := &places[i]
		if i == 0 || p.ref.Kind != places[i-1].ref.Kind {
			var err error
			if says, err = c.says(no, e, groups, p.ref.Kind); err != nil {
				return err
			}
		}
		if says == 0 {
			continue
		}
		if err := c.pattern(p, says); err != nil {
			return err
		}
	}
	return nil
}

// says is the part of a pattern's word that comes from its policy, zero when none of
// the policy's groups can act on what resources of the kind reach.
func (c *compiler) says(no int, e Effect, groups *GroupSet, kind KindNo) (meta, error) {
	gives := groups.And(c.v.Reach(kind))
	if gives.Empty() {
		return 0, nil
	}
	if no < 0 || no >= 1<<16-1 {
		return 0, fmt.Errorf("policy: compile: %d is not a policy's index", no)
	}
	m, err := c.list(gives)
	if err != nil {
		return 0, err
	}
	m |= meta(no+1) << 16
	if e == Allow {
		m |= 1 << 44
	}
	return m, nil
}

// pattern files a rule under the id that an access will bring: its resource's,
// or that of the resource it must lie in, or under none.
func (c *compiler) pattern(p *place, m meta) error {
	if c.v.KindName(p.in.Kind) == "" && p.in.Kind != 0 {
		return fmt.Errorf("policy: compile: %d is not a resource kind", p.in.Kind)
	}
	isTyped := c.v.typed(p.ref.Kind)
	c.anyTyped = c.anyTyped || isTyped
	switch {
	case p.ref.Any() && p.in.Kind == 0:
		c.wilds = append(c.wilds, uint64(m|meta(p.ref.Kind)<<32))
		return nil
	case p.ref.Any():
		c.file(&p.in, m|meta(p.ref.Kind)<<38)
		return nil
	case p.in.Kind != 0:
		in, err := c.in(p.in)
		if err != nil {
			return err
		}
		m |= in
	}
	if isTyped {
		name := strings.Clone(p.ref.Name)
		c.typed = append(c.typed, typedRule{patternOf(name), name, m | meta(p.ref.Kind)<<32})
		return nil
	}
	c.file(&p.ref, m)
	return nil
}

// file keeps a copy of a name, here as in pattern and in: it may be cut from the
// document that the token was read from, and all of that would stay in memory.
func (c *compiler) file(r *Ref, m meta) {
	m |= meta(r.Kind) << 32
	if r.Name != "" {
		c.names = append(c.names, named{Ref{Kind: r.Kind, ID: r.ID, Name: strings.Clone(r.Name)}, m})
		return
	}
	hi, lo := binary.BigEndian.Uint64(r.ID[:8]), binary.BigEndian.Uint64(r.ID[8:])
	c.refs = append(c.refs, filed{hi, lo, m, len(c.refs)})
}

func (c *compiler) in(r Ref) (meta, error) {
	i, ok := c.inNo[r]
	if !ok {
		if c.inNo == nil { // in most sets nothing is nested
			c.inNo = make(map[Ref]int)
		}
		i = len(c.ins)
		r.Name = strings.Clone(r.Name)
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
	if set == c.last {
		return c.lastAt, nil
	}
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
	c.last, c.lastAt = set, m
	return m, nil
}
