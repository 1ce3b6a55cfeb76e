package policy

// Excess is what a child's rules would allow and the parent's do not.
type Excess struct {
	Rule   int      // index into the child's rules
	Groups GroupSet // the groups in question, never empty
}

// Within reports whether everything that child allows is allowed by parent: the
// issuing ceiling. It returns the first thing that is not.
//
// Denies subtract on both sides: what the child takes away itself is within,
// and what the parent takes away must be taken away by the child too. Patterns
// are compared by what they say and by where their resources are known to lie
// (Pattern.Above); when that does not settle the question the answer is no.
//
// Its work is linear in the rules, times the few sets of kinds that denies are tied
// to, but for patterns of names: those are compared one by one, and there are at most
// MaxPatterns of them in a token.
func Within(v *Vocabulary, parent, child []Rule) (Excess, bool) {
	given := newCover(v, parent, Allow)
	renounced := newCover(v, child, Deny)
	denials := newDenials(v, parent, renounced)
	for i := range child {
		c := &child[i]
		if c.Effect != Allow {
			continue
		}
		has, not := given.of(&c.Pattern), renounced.of(&c.Pattern)
		rest := c.gives(v)
		rest = rest.Minus(&not)
		over := rest.Minus(&has)
		taken := denials.from(&c.Pattern, &rest)
		over = over.Or(&taken)
		if !over.Empty() {
			return Excess{Rule: i, Groups: over}, false
		}
	}
	return Excess{}, true
}

// gives is the rule's groups that can act on what its pattern reaches.
func (r *Rule) gives(v *Vocabulary) GroupSet {
	return r.Groups.And(v.Reach(r.Pattern.Ref.Kind))
}
