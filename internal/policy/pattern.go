package policy

// Pattern names the resources a rule is about: one resource, or every resource
// of a kind (Ref.Any), and in both cases only those that lie in In, if In is
// set. A resource's pattern reaches everything that lies in the resource.
type Pattern struct {
	Ref Ref
	In  Ref
	// Above is what is known of where Ref lies, for comparing patterns with
	// each other. It limits nothing.
	Above Path
}

// Covers reports whether the pattern reaches the resource that path names.
func (p *Pattern) Covers(path *Path) bool {
	r, ok := path.Find(p.Ref.Kind)
	if !ok || p.Ref.Kind == 0 || (!p.Ref.Any() && r != p.Ref) {
		return false
	}
	return p.In.Kind == 0 || path.holds(p.In)
}

func (p *Path) holds(r Ref) bool {
	got, ok := p.Find(r.Kind)
	return ok && got == r && !r.Any()
}

// ties is how many refs the pattern is tied to: Ref, In and those above. All
// that the pattern reaches is each of them or lies in it; the ties that are Any,
// or of no kind, say nothing. Where Above contradicts In the pattern reaches
// nothing today, but resources move: then In alone is the tie.
func (p *Pattern) ties() int {
	if r, ok := p.Above.Find(p.In.Kind); ok && r != p.In {
		return 2
	}
	return 2 + p.Above.Len()
}

func (p *Pattern) tie(i int) (r Ref, ok bool) {
	switch i {
	case 0:
		r = p.Ref
	case 1:
		r = p.In
	default:
		r = p.Above.At(i - 2)
	}
	return r, r.Kind != 0 && !r.Any()
}
