package policy

import "encoding/binary"

// Evaluate judges an access: the condition first, then deny, then allow, and
// what nothing allows is denied (contract 3.3). Of the operation's accepted
// groups any one is enough; a deny rule removes its groups on its resources.
func (s *Set) Evaluate(a *Access) Decision {
	if !s.AllowsFrom(a.Addr) {
		return Decision{Reason: Location}
	}
	if a.Accepted == nil {
		return Decision{}
	}
	if s.mixed {
		return s.evaluateMixed(a)
	}
	if rule := s.first(Allow, &a.Path, a.Accepted); rule != 0 {
		return Decision{Allowed: true, Reason: Granted, Policy: rule}
	}
	return Decision{}
}

// evaluateMixed is for sets in which one rule that allows is not the whole answer.
func (s *Set) evaluateMixed(a *Access) Decision {
	if s.typed && a.Each != 0 {
		return s.evaluateEach(a)
	}
	given, denied := s.gather(&a.Path, a.Accepted)
	left := given.Minus(&denied)
	switch {
	case given.Empty():
		return Decision{}
	case left.Empty():
		// The policy to name is one that took away what another gave.
		return Decision{Reason: DeniedByPolicy, Policy: s.first(Deny, &a.Path, &given)}
	}
	return Decision{Allowed: true, Reason: Granted, Policy: s.first(Allow, &a.Path, &left)}
}

// first is the number of the first policy found that says one of the groups on
// the path, zero for none.
func (s *Set) first(e Effect, path *Path, groups *GroupSet) uint16 {
	sc := scan{set: s, path: path, groups: groups, effect: e}
	sc.run()
	return sc.policy
}

// gather is those of the groups that policies give on the path, and those that
// policies take away.
func (s *Set) gather(path *Path, groups *GroupSet) (given, denied GroupSet) {
	sc := scan{set: s, path: path, groups: groups, given: &given, denied: &denied}
	sc.run()
	return given, denied
}

// scan is one walk over the rules that reach a path. With given and denied it
// collects what they say; without, it stops at the first one of the effect that
// says one of the groups. (It is no iterator with a callback, because that one
// allocates.)
type scan struct {
	set    *Set
	path   *Path
	groups *GroupSet

	given, denied *GroupSet

	effect Effect
	policy uint16
}

func (sc *scan) run() {
	for i := range sc.path.refs[:sc.path.n] {
		r := &sc.path.refs[i]
		switch {
		case r.Any(), r.Name == "" && sc.set.kinds>>r.Kind&1 == 0:
		case r.Name != "":
			if sc.name(r) {
				return
			}
		default:
			if sc.id(r) {
				return
			}
		}
	}
	for _, w := range sc.set.words[sc.set.wilds:] {
		m := meta(w)
		if sc.path.has(m.kind()) && sc.meet(m) {
			return
		}
	}
	if sc.set.typed {
		sc.typed()
	}
}

// id meets the rules filed under r, which has an id.
func (sc *scan) id(r *Ref) bool {
	n := int(sc.set.refs)
	hi, lo := binary.BigEndian.Uint64(r.ID[:8]), binary.BigEndian.Uint64(r.ID[8:])
	rests := sc.set.words[n:]
	for i := search(sc.set.words, n, hi, lo); i < n && sc.set.words[i] == hi && rests[i*restWords] == lo; i++ {
		if m := meta(rests[i*restWords+1]); m.kind() == r.Kind && sc.meet(m) {
			return true
		}
	}
	return false
}

// name meets the rules filed under r, which has a name.
func (sc *scan) name(r *Ref) bool {
	if sc.set.more == nil {
		return false
	}
	names := sc.set.more.names
	for i := searchNames(names, r); i < len(names) && names[i].ref == *r; i++ {
		if sc.meet(names[i].meta) {
			return true
		}
	}
	return false
}

// meet notes what a rule says if it reaches the path, and reports whether the
// scan is over.
func (sc *scan) meet(m meta) bool {
	if !sc.reaches(m) {
		return false
	}
	if sc.given != nil {
		into := sc.denied
		if m.allow() {
			into = sc.given
		}
		sc.set.collect(m, sc.groups, into)
		return false
	}
	if m.allow() == (sc.effect == Allow) && sc.set.meets(m, sc.groups) {
		sc.policy = m.rule()
		return true
	}
	return false
}

// reaches checks what a pattern asks for beside the id it is filed under.
func (sc *scan) reaches(m meta) bool {
	if k := m.and(); k != 0 && !sc.path.has(k) {
		return false
	}
	if n := m.in(); n != 0 {
		return sc.path.Holds(&sc.set.more.ins[n-1])
	}
	return true
}
