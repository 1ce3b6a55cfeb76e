package policy

// cover is what rules of one effect say, put together by pattern. A pattern is
// included in few others that can be named: those of the resources it is tied
// to and of the kinds above its own. So what includes it is looked up, where
// comparing each rule of a child with each of its parent would take minutes for
// the largest tokens.
//
// Patterns of names are compared one by one with those that lie in the same
// resource.
type cover struct {
	v     *Vocabulary
	says  map[place]GroupSet
	typed map[Ref][]spoken // by what their resources lie in
}

// spoken is what a rule says about some resources of a kind with types.
type spoken struct {
	kind    KindNo
	pattern namePattern
	groups  GroupSet
}

// place is a pattern without what is known beside it.
type place struct{ ref, in Ref }

func newCover(v *Vocabulary, rules []Rule, e Effect) cover {
	c := cover{v: v}
	for i := range rules {
		r := &rules[i]
		if (r.Effect == Allow) != (e == Allow) {
			continue
		}
		if c.says == nil {
			c.says = make(map[place]GroupSet)
		}
		at := place{ref: r.Pattern.Ref}
		if r.Pattern.In.Kind != 0 {
			at.in = r.Pattern.In
		}
		g := r.gives(v)
		if p, ok := r.Pattern.names(v); ok {
			if c.typed == nil {
				c.typed = make(map[Ref][]spoken)
			}
			c.typed[at.in] = append(c.typed[at.in], spoken{at.ref.Kind, p, g})
			continue
		}
		said := c.says[at]
		c.says[at] = said.Or(&g)
	}
	return c
}

// of is the groups that the rules say of everything that p reaches. It may miss
// what holds only by accident of what exists; it never claims more.
func (c *cover) of(p *Pattern) GroupSet {
	var all GroupSet
	if len(c.typed) > 0 {
		c.addTyped(p, &all)
	}
	if len(c.says) == 0 {
		return all
	}
	for k := p.Ref.Kind; k != 0; k = c.v.Parent(k) {
		c.add(Ref{Kind: k}, p, &all)
	}
	for i := range p.ties() {
		if r, ok := p.tie(i); ok {
			c.add(r, p, &all)
		}
	}
	return all
}

// add adds what is said of ref, in any of the resources that hold p or without.
func (c *cover) add(ref Ref, p *Pattern, all *GroupSet) {
	said := c.says[place{ref: ref}]
	*all = all.Or(&said)
	for i := range p.ties() {
		if in, ok := p.tie(i); ok {
			said = c.says[place{ref, in}]
			*all = all.Or(&said)
		}
	}
}

// addTyped adds what is said of some resources of a kind with types where p
// reaches no others.
func (c *cover) addTyped(p *Pattern, all *GroupSet) {
	names, ok := p.names(c.v)
	if !ok {
		return
	}
	add := func(in Ref) {
		for i := range c.typed[in] {
			if s := &c.typed[in][i]; s.kind == p.Ref.Kind && s.pattern.includes(&names) {
				*all = all.Or(&s.groups)
			}
		}
	}
	add(Ref{})
	for i := range p.ties() {
		if in, ok := p.tie(i); ok {
			add(in)
		}
	}
}
