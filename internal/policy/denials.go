package policy

// denials is what a parent's deny rules take away and the child's do not, by
// what the rules are tied to.
type denials struct {
	v     *Vocabulary
	no    map[Ref]uint64                 // numbers for refs, to compare bonds fast
	tied  map[ties]map[bonds]GroupSet    // those of all that lies there
	typed map[domain]GroupSet            // those of patterns of names
	meets map[[2]ties]map[bonds]GroupSet // what meeting found
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

// ties is the kinds of the refs in bonds, zero for none.
type ties [MaxDepth]KindNo

func (b *bonds) ties() (kinds ties) {
	for i := range b {
		kinds[i] = KindNo(b[i] >> 32)
	}
	return kinds
}

// of is the bonds to resources of some kinds only.
func (b *bonds) of(kinds ties) (some bonds) {
	for i := range b {
		if KindNo(b[i]>>32) == kinds[i] {
			some[i] = b[i]
		}
	}
	return some
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
	if at.typed != 0 {
		if d.typed == nil {
			d.typed = make(map[domain]GroupSet)
		}
		said := d.typed[at]
		d.typed[at] = said.Or(lost)
		return
	}
	if d.tied == nil {
		d.tied = make(map[ties]map[bonds]GroupSet)
	}
	kinds := at.bonds.ties()
	if d.tied[kinds] == nil {
		d.tied[kinds] = make(map[bonds]GroupSet)
	}
	said := d.tied[kinds][at.bonds]
	d.tied[kinds][at.bonds] = said.Or(lost)
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
	if len(d.tied)+len(d.typed) == 0 {
		return taken
	}
	at := d.domain(p)
	kinds := at.bonds.ties()
	for theirs := range d.tied {
		lost := d.meeting(theirs, kinds)[at.bonds.of(theirs)]
		taken = taken.Or(&lost)
	}
	for their, lost := range d.typed {
		if lost.Meets(groups) && !their.apart(&at) {
			taken = taken.Or(&lost)
		}
	}
	return taken.And(groups)
}

// meeting is what denials that are tied to some kinds take away, by what they are tied
// to of those kinds that a pattern is tied to as well: they and the pattern are apart
// unless that is the same.
func (d *denials) meeting(theirs, kinds ties) map[bonds]GroupSet {
	pair := [2]ties{theirs, kinds}
	if found, ok := d.meets[pair]; ok {
		return found
	}
	found := make(map[bonds]GroupSet)
	for at, lost := range d.tied[theirs] {
		same := at.of(kinds)
		said := found[same]
		found[same] = said.Or(&lost)
	}
	if d.meets == nil {
		d.meets = make(map[[2]ties]map[bonds]GroupSet)
	}
	d.meets[pair] = found
	return found
}
