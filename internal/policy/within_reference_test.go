package policy

// slowWithin is Within with every rule compared with every other.
func slowWithin(v *Vocabulary, parent, child []Rule) (Excess, bool) {
	for i := range child {
		c := &child[i]
		if c.Effect != Allow {
			continue
		}
		rest := c.gives(v)
		rest = rest.Minus(included(v, child, Deny, &c.Pattern))
		over := rest.Minus(included(v, parent, Allow, &c.Pattern))
		for k := range parent {
			d := &parent[k]
			if d.Effect != Deny || slowApart(v, &d.Pattern, &c.Pattern) {
				continue
			}
			lost := d.gives(v)
			lost = lost.And(&rest)
			lost = lost.Minus(included(v, child, Deny, &d.Pattern))
			over = over.Or(&lost)
		}
		if !over.Empty() {
			return Excess{Rule: i, Groups: over}, false
		}
	}
	return Excess{}, true
}

func included(v *Vocabulary, rules []Rule, e Effect, q *Pattern) *GroupSet {
	var all GroupSet
	for i := range rules {
		if r := &rules[i]; r.Effect == e && includes(v, &r.Pattern, q) {
			g := r.gives(v)
			all = all.Or(&g)
		}
	}
	return &all
}

// includes reports whether every resource that q reaches is reached by p.
func includes(v *Vocabulary, p, q *Pattern) bool {
	if v.typed(p.Ref.Kind) && !p.Ref.Any() {
		if q.Ref.Kind != p.Ref.Kind || q.Ref.Any() || !naiveIncludes(p.Ref.Name, q.Ref.Name) {
			return false
		}
	} else if p.Ref.Any() {
		if !v.Below(q.Ref.Kind, p.Ref.Kind) {
			return false
		}
	} else if !liesIn(q, p.Ref) {
		return false
	}
	return p.In.Kind == 0 || liesIn(q, p.In)
}

func liesIn(p *Pattern, r Ref) bool {
	for i := range p.ties() {
		if got, ok := p.tie(i); ok && got == r {
			return true
		}
	}
	return false
}

// slowApart reports whether two patterns are tied to different resources of a kind;
// patterns of names are, when no small name is in both.
func slowApart(v *Vocabulary, p, q *Pattern) bool {
	if a, b := p.Ref, q.Ref; v.typed(a.Kind) && a.Kind == b.Kind && !a.Any() && !b.Any() && !naiveOverlaps(a.Name, b.Name) {
		return true
	}
	for i := range p.ties() {
		for k := range q.ties() {
			a, aok := p.tie(i)
			b, bok := q.tie(k)
			if aok && bok && a.Kind == b.Kind && a != b && !v.typed(a.Kind) {
				return true
			}
		}
	}
	return false
}

// naiveIncludes reports whether every small name of q is one of p.
func naiveIncludes(p, q string) bool {
	for _, typ := range []string{"A:", "TXT:"} {
		for _, n := range shortNames {
			if naiveMatch(q, typ+n) && !naiveMatch(p, typ+n) {
				return false
			}
		}
	}
	return true
}

func naiveOverlaps(p, q string) bool {
	for _, typ := range []string{"A:", "TXT:"} {
		for _, n := range shortNames {
			if naiveMatch(q, typ+n) && naiveMatch(p, typ+n) {
				return true
			}
		}
	}
	return false
}

// shortNames are enough for patterns that speak of one label, and for names of two.
var shortNames = allNames([]string{"a", "b", "*"}, 4)
