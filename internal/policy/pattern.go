package policy

// Pattern names the resources a rule is about: one resource, or every resource
// of a kind (Ref.Any), and in both cases only those that lie in In, if In is
// set. Of a kind with types it is those that Ref's name stands for. A resource's pattern reaches everything that lies in the resource.
type Pattern struct {
	Ref Ref
	In  Ref
	// Above is what is known of where Ref lies, for comparing patterns with
	// each other. It limits nothing.
	Above Path
}

// names is the pattern of names that the rule is about, where its resource's kind
// has types and not all of them are meant.
func (p *Pattern) names(v *Vocabulary) (namePattern, bool) {
	if !v.typed(p.Ref.Kind) || p.Ref.Any() {
		return namePattern{}, false
	}
	return patternOf(p.Ref.Name), true
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
