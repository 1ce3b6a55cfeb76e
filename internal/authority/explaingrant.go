package authority

import (
	"cmp"
	"slices"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// way is one that an access could be allowed in: by a group on a path.
type way struct {
	path   policy.Path
	group  policy.GroupNo
	given  bool  // an allow policy of the token says so
	denies []int // policies of the token that take it away
	lacks  bool  // the token's owner does not hold the group there
}

// permit finds what must change in a token's policies: which policies must go, and
// the grant to add, nil for none. v is the verdict on the token. ok is false when
// nothing would help.
func (x *explainer) permit(t *Token, v *verdict) (denies []int, grant *policy.Policy, ok bool, err error) {
	ways, err := x.ways(t, v)
	if err != nil {
		return nil, nil, false, err
	}
	// What was given and taken away needs no other grant. Those that open least
	// come first; that order stays.
	slices.SortStableFunc(ways, func(a, b way) int {
		return cmp.Or(falseFirst(!a.given, !b.given), cmp.Compare(len(a.denies), len(b.denies)), falseFirst(a.lacks, b.lacks))
	})
	for _, w := range ways {
		if w.given {
			return w.denies, nil, true, nil
		}
		if grant, ok := x.grant(&w); ok {
			return w.denies, grant, true, nil
		}
	}
	return nil, nil, false, nil
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// ways are those in which an operation's groups could allow it, by the one that
// opens least first.
func (x *explainer) ways(t *Token, v *verdict) ([]way, error) {
	rules, err := x.w.rules(t)
	if err != nil {
		return nil, err
	}
	op := x.attempt.Op
	narrow := x.w.catalog.Narrowest(op.Accepted)
	var out []way
	for _, path := range x.places(v) {
		judged := path
		if v.access.Each != 0 {
			judged = path.Holding(policy.Ref{Kind: v.access.Each})
		}
		given, err := x.says(rules, -1, &judged)
		if err != nil {
			return nil, err
		}
		taken := make([]policy.GroupSet, len(t.Policies))
		for i := range t.Policies {
			if t.Policies[i].Effect == policy.Deny {
				if taken[i], err = x.says(rules, i, &judged); err != nil {
					return nil, err
				}
			}
		}
		for _, no := range narrow {
			w := way{path: path, group: no, given: given.Has(no), lacks: x.lacks(v, &judged, no)}
			for i := range taken {
				if taken[i].Has(no) {
					w.denies = append(w.denies, i)
				}
			}
			out = append(out, w)
		}
	}
	return out, nil
}

// places are where an operation's groups may be held: on its resource, or, for
// what belongs to nobody, on the user and on their accounts.
func (x *explainer) places(v *verdict) []policy.Path {
	if x.attempt.Op.Target != catalog.TargetAnywhere {
		return []policy.Path{v.access.Path}
	}
	var out []policy.Path
	if v.caller.person != nil {
		out = append(out, x.a.kinds.userPath(v.caller.person.id))
	}
	for _, account := range x.a.homes(&v.caller) {
		out = append(out, x.a.kinds.accountPath(account))
	}
	return out
}

// says is which of the operation's groups rules speak of on a path: those of the
// one policy, whatever its effect, or with -1 all that allow.
func (x *explainer) says(rules []policy.Rule, index int, path *policy.Path) (policy.GroupSet, error) {
	var some []policy.Rule
	for _, r := range rules {
		if r.Policy == index || index < 0 && r.Effect == policy.Allow {
			r.Effect = policy.Allow
			some = append(some, r)
		}
	}
	set, err := policy.Compile(x.w.vocabulary, some, policy.Condition{})
	if err != nil {
		return policy.GroupSet{}, unavailable("compile policies to explain", err)
	}
	return set.Granting(path, x.attempt.Op.Accepted), nil
}

// lacks reports whether the owner, a user, does not hold a group.
func (x *explainer) lacks(v *verdict, path *policy.Path, no policy.GroupNo) bool {
	if v.caller.person == nil {
		return false
	}
	var one policy.GroupSet
	one.Add(no)
	return !v.caller.rights().allow(&policy.Access{Accepted: &one, Path: *path, Addr: v.caller.addr})
}

// grant is the smallest policy that gives a way's group there: on the narrowest
// resource of the path that it can be given on. Ids of custom catalogues may come
// again in another place, and so do names of records, so there what holds the
// resource is named too.
func (x *explainer) grant(w *way) (*policy.Policy, bool) {
	owner := x.w.kinds.owner(x.token.Owner)
	for i := range w.path.Len() {
		ref := w.path.At(i)
		if !x.w.vocabulary.Reach(ref.Kind).Has(w.group) {
			continue
		}
		on := policy.Pattern{Ref: ref}
		if up := w.path.At(i + 1); !up.Any() && (ref.Any() || ref.Kind == x.a.kinds.record || x.attempt.Op.API() != nil) {
			on.In = up
		}
		p := policy.Policy{
			Effect: policy.Allow, Groups: []string{x.w.vocabulary.GroupByNo(w.group).ID},
			Resources: []policy.Resource{x.w.named(&on)},
		}
		if _, faults := policy.Resolve(x.w.vocabulary, owner, []policy.Policy{p}); len(faults) == 0 {
			return &p, true
		}
	}
	return nil, false
}
