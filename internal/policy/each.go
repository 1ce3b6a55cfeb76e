package policy

import (
	"cmp"
	"slices"
)

// evaluateEach judges an access to all resources of a kind with types at once. It
// is allowed by a group that policies give on every one of them, now and later,
// and take away on none. That a policy speaks of some is no reason to refuse where
// it changes nothing.
func (s *Set) evaluateEach(a *Access) Decision {
	every := a.Path.Holding(Ref{Kind: a.Each})
	given, denied := s.gather(&every, a.Accepted)
	someGiven, someDenied := s.gatherSome(&every, a.Accepted)
	spoken := given.Or(&someGiven)
	some := spoken.Minus(&denied)
	all := given.Minus(&denied)
	all = all.Minus(&someDenied)
	switch {
	case spoken.Empty():
		return Decision{}
	case some.Empty():
		return Decision{Reason: DeniedByPolicy, Policy: s.first(Deny, &every, &spoken)}
	case all.Empty():
		return Decision{Reason: PartOfZone}
	}
	return Decision{Allowed: true, Reason: Granted, Policy: s.first(Allow, &every, &all)}
}

// gatherSome is gather for the rules about some of the resources that a path of
// all of them stands for.
func (s *Set) gatherSome(every *Path, groups *GroupSet) (given, denied GroupSet) {
	if s.more == nil {
		return given, denied
	}
	sc := scan{set: s, path: every, groups: groups, given: &given, denied: &denied}
	for i := range s.more.typed {
		if t := &s.more.typed[i]; t.meta.kind() == every.refs[0].Kind {
			sc.meet(t.meta)
		}
	}
	return given, denied
}

// GrantingSome is Granting for an access that is to some of the resources of a kind
// with types: the groups that are given on any of them, and not taken away on all.
func (s *Set) GrantingSome(a *Access) GroupSet {
	every := a.Path.Holding(Ref{Kind: a.Each})
	given, denied := s.gather(&every, a.Accepted)
	some, _ := s.gatherSome(&every, a.Accepted)
	given = given.Or(&some)
	return given.Minus(&denied)
}

// Part is a pattern by which a policy gives or takes away groups on resources of a
// kind with types.
type Part struct {
	Effect  Effect
	Pattern string // "TXT:_acme-challenge.*"
}

// Parts lists what the policies say of an access to each resource of a kind with
// types: first, as "*:*", what they say of all of them, then the rest by policy and
// by name. It does not look at the condition.
func (s *Set) Parts(a *Access) []Part {
	every := a.Path.Holding(Ref{Kind: a.Each})
	var out []Part
	for _, e := range []Effect{Allow, Deny} {
		if s.first(e, &every, a.Accepted) != 0 {
			out = append(out, Part{e, everyRecord})
		}
	}
	if s.more == nil {
		return out
	}
	sc := scan{set: s, path: &every, groups: a.Accepted}
	byPolicy := slices.Clone(s.more.typed)
	slices.SortStableFunc(byPolicy, func(a, b typedRule) int { return cmp.Compare(a.meta.rule(), b.meta.rule()) })
	for i := range byPolicy {
		t := &byPolicy[i]
		if t.meta.kind() == a.Each && sc.reaches(t.meta) && s.meets(t.meta, a.Accepted) {
			out = append(out, Part{t.meta.effect(), t.id})
		}
	}
	return out
}
