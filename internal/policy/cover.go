package policy

// cover is what rules of one effect say, put together by pattern. A pattern is
// included in few others that can be named: those of the resources it is tied
// to and of the kinds above its own. So what includes it is looked up, where
// comparing each rule of a child with each of its parent would take minutes for
// the largest tokens.
type cover struct {
	v    *Vocabulary
	says map[place]GroupSet
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
		g, said := r.gives(v), c.says[at]
		c.says[at] = said.Or(&g)
	}
	return c
}

// of is the groups that the rules say of everything that p reaches. It may miss
// what holds only by accident of what exists; it never claims more.
func (c *cover) of(p *Pattern) GroupSet {
	var all GroupSet
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
