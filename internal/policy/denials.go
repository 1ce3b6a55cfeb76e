package policy

// denials is what a parent's deny rules take away and the child's do not, by
// what the rules are tied to.
type denials struct {
	v     *Vocabulary
	no    map[Ref]uint64 // numbers for refs, to compare bonds fast
	list  []denial
	index map[domain]int // where in list
}

type denial struct {
	domain
	groups GroupSet
}

// domain is what a pattern reaches, as far as that keeps it apart from others.
type domain struct {
	bonds bonds
	typed KindNo // the kind that names are of, zero where all are meant
	names namePattern
}

// apart reports whether nothing can be reached by patterns of both domains. That
// two patterns of names are written differently does not keep them apart.
func (d *domain) apart(e *domain) bool {
	if d.bonds.apart(&e.bonds) {
		return true
	}
	return d.typed != 0 && d.typed == e.typed && !d.names.overlaps(&e.names)
}

// bonds is the refs that a pattern is tied to, by the depth of their kinds: kind
// in the upper half, the ref's number in the lower, zero for none.
type bonds [MaxDepth]uint64

// apart reports whether nothing can be reached by patterns of both bonds: they
// are tied to different resources of one kind.
func (b *bonds) apart(c *bonds) bool {
	for i := range b {
		if b[i] != c[i] && b[i] != 0 && c[i] != 0 && b[i]>>32 == c[i]>>32 {
			return true
		}
	}
	return false
}

func newDenials(v *Vocabulary, parent []Rule, renounced cover) *denials {
	d := &denials{v: v}
	for i := range parent {
		r := &parent[i]
		if r.Effect == Allow {
			continue
		}
		same := renounced.of(&r.Pattern)
		lost := r.gives(v)
		if lost = lost.Minus(&same); !lost.Empty() {
			d.add(d.domain(&r.Pattern), &lost)
		}
	}
	return d
}

func (d *denials) add(at domain, lost *GroupSet) {
	if d.index == nil {
		d.index = make(map[domain]int)
	}
	i, ok := d.index[at]
	if !ok {
		i = len(d.list)
		d.index[at] = i
		d.list = append(d.list, denial{domain: at})
	}
	d.list[i].groups = d.list[i].groups.Or(lost)
}

func (d *denials) domain(p *Pattern) domain {
	at := domain{bonds: d.bonds(p)}
	if names, ok := p.names(d.v); ok {
		at.typed, at.names = p.Ref.Kind, names
	}
	return at
}

// bonds leaves out the pattern's own resource where it is a pattern of names.
func (d *denials) bonds(p *Pattern) bonds {
	var b bonds
	for i := range p.ties() {
		r, ok := p.tie(i)
		if !ok || int(r.Kind) >= len(d.v.depth) || d.v.typed(r.Kind) {
			continue
		}
		if at := d.v.depth[r.Kind] - 1; b[at] == 0 {
			b[at] = uint64(r.Kind)<<32 | d.number(r)
		}
	}
	return b
}

func (d *denials) number(r Ref) uint64 {
	n, ok := d.no[r]
	if !ok {
		if d.no == nil {
			d.no = make(map[Ref]uint64)
		}
		n = uint64(len(d.no) + 1)
		d.no[r] = n
	}
	return n
}

// from is which of the groups are taken away somewhere in what p reaches.
func (d *denials) from(p *Pattern, groups *GroupSet) GroupSet {
	var taken GroupSet
	if len(d.list) == 0 {
		return taken
	}
	at := d.domain(p)
	for i := range d.list {
		l := &d.list[i]
		if !l.apart(&at) && l.groups.Meets(groups) {
			lost := l.groups.And(groups)
			taken = taken.Or(&lost)
		}
	}
	return taken
}
