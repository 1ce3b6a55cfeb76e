package narrowing

import (
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/policy"
)

// grants are what is left of a rule: groups by spot.
type grants struct {
	spots  []spot // in the order in which they came
	groups map[spot]policy.GroupSet
}

// leave leaves a group of a rule at a spot.
func (f *finder) leave(at ruleSpot, no policy.GroupNo) {
	g := f.given[at.rule]
	if g == nil {
		g = &grants{groups: make(map[spot]policy.GroupSet)}
		f.given[at.rule] = g
	}
	set, known := g.groups[at.spot]
	if !known {
		g.spots = append(g.spots, at.spot)
		f.spots[at.spot.ref] = append(f.spots[at.spot.ref], at)
	}
	set.Add(no)
	g.groups[at.spot] = set
}

// fit gives up detail where policies would become longer than they may be, or than
// anybody would read.
func (f *finder) fit() {
	named := make([]int, len(f.Policies))
	all := 0
	for i, g := range f.given {
		if g == nil {
			continue
		}
		if len(g.spots) > MaxNamed {
			f.widen(i, f.union(i))
		}
		named[f.rules[i].Policy] += len(g.spots)
		all += len(g.spots)
	}
	parts := 0
	for i := range f.Policies {
		if named[i] > policy.MaxPolicyResources || all > policy.MaxRules {
			f.widenPolicy(i)
		}
		parts += max(1, len(f.parts(i)))
	}
	if parts > policy.MaxPolicies {
		for i := range f.Policies {
			f.widenPolicy(i)
		}
	}
}

// union is all groups that are left of a rule.
func (f *finder) union(rule int) policy.GroupSet {
	var out policy.GroupSet
	for _, set := range f.given[rule].groups {
		out = out.Or(&set)
	}
	return out
}

// widen leaves groups on all that a rule names.
func (f *finder) widen(rule int, groups policy.GroupSet) {
	g, own := f.given[rule], spotOf(&f.rules[rule].Pattern)
	f.many[rule] = len(g.spots) > 1 || g.spots[0] != own
	g.spots, g.groups = []spot{own}, map[spot]policy.GroupSet{own: groups}
}

// widenPolicy leaves all groups that are left of a policy on all that is left of
// it, as one policy.
func (f *finder) widenPolicy(index int) {
	var groups policy.GroupSet
	var left []int
	for i, g := range f.given {
		if g != nil && f.rules[i].Policy == index {
			all := f.union(i)
			groups, left = groups.Or(&all), append(left, i)
		}
	}
	for _, i := range left {
		f.widen(i, groups)
	}
}

// part is what becomes one policy: the same groups on some spots.
type part struct {
	groups policy.GroupSet
	spots  []spot
}

// parts are what is left of a policy.
func (f *finder) parts(index int) []part {
	at := make(map[spot]policy.GroupSet)
	var spots []spot
	for i, g := range f.given {
		if g == nil || f.rules[i].Policy != index {
			continue
		}
		for _, s := range g.spots {
			set, known := at[s]
			if !known {
				spots = append(spots, s)
			}
			more := g.groups[s]
			at[s] = set.Or(&more)
		}
	}
	var out []part
	for _, s := range spots {
		i := slices.IndexFunc(out, func(p part) bool { return p.groups == at[s] })
		if i < 0 {
			i = len(out)
			out = append(out, part{groups: at[s]})
		}
		out[i].spots = append(out[i].spots, s)
	}
	return out
}

// resources are spots as a policy names them, in order. A key can stand in it once:
// beside all of a resource, what lies in it goes without saying.
func (f *finder) resources(spots []spot) []policy.Resource {
	var out []policy.Resource
	spots = slices.SortedFunc(slices.Values(spots), func(a, b spot) int { return strings.Compare(f.key(a), f.key(b)) })
	for _, s := range spots {
		if s.in.Kind != 0 && slices.Contains(spots, spot{ref: s.in}) {
			continue
		}
		r := f.resource(s)
		i := slices.IndexFunc(out, func(o policy.Resource) bool { return o.Key == r.Key })
		if i < 0 {
			out = append(out, r)
		} else {
			out[i].Nested = append(out[i].Nested, r.Nested...)
		}
	}
	return out
}
