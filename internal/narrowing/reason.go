package narrowing

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/policy"
)

// maxOperations is how many operations a reason names.
const maxOperations = 5

// Reason is why a group is left in a policy.
type Reason struct {
	Policy     int    // index into the result's policies
	Group      string // id
	Count      int64  // requests that need it
	LastOn     time.Time
	Operations []string // ids of some that need it, the most used first
	Others     []string // ids of groups that the token has too and that would each do as well
}

// reasons is a result that is read again, as the check would, to say what each of
// its groups is for.
type reasons struct {
	*finder
	rules    []policy.Rule // of the result
	unjudged []bool        // by policy of the result
	found    map[reasonAt]*reason
}

type reasonAt struct {
	policy int
	group  policy.GroupNo
}

type reason struct {
	count  int64
	lastOn time.Time
	ops    map[string]int64
	others policy.GroupSet // for all of it
}

// explain finds the reasons for a result. It reports whether the result meets
// every need that the token's policies meet today: if the search went wrong,
// nobody is to lose what they use.
func (f *finder) explain(places []*place, out *Result) bool {
	rules, faults := policy.ResolveKnown(f.v, f.Owner, out.Policies)
	if len(faults) > 0 {
		return false
	}
	r := reasons{finder: f, rules: rules, unjudged: make([]bool, len(out.Policies)), found: make(map[reasonAt]*reason)}
	for _, c := range out.Changes {
		for _, i := range c.Into {
			r.unjudged[i] = c.Unjudged
		}
	}
	for _, beside := range []bool{false, true} {
		for _, p := range places {
			if !r.place(p, beside) {
				return false
			}
		}
	}
	out.Reasons = r.list()
	return true
}

// place finds what meets a place's needs, those of requests or those beside them.
func (r *reasons) place(p *place, beside bool) bool {
	says := make(map[int]policy.GroupSet) // by policy
	var denied policy.GroupSet
	for i := range r.rules {
		rule := &r.rules[i]
		if s := spotOf(&rule.Pattern); !s.covers(&p.path) && (!p.vague() || p.path.Len() > 0 && !r.mayCover(s, &p.path)) {
			continue
		}
		groups := rule.Groups.And(r.v.Reach(rule.Pattern.Ref.Kind))
		switch set := says[rule.Policy]; {
		case rule.Effect == policy.Allow:
			says[rule.Policy] = set.Or(&groups)
		case !p.vague():
			denied = denied.Or(&groups)
		}
	}
	for _, i := range p.needs {
		if n := &r.needs[i]; n.Beside == beside && !r.lost[i] && !r.need(p, n, says, &denied) {
			return false
		}
	}
	return true
}

// need finds the group that meets a need, the one that opens least if there are
// several. What a policy meets that stays anyway needs no reason, and what stands
// beside requests no other than those of requests.
func (r *reasons) need(p *place, n *Need, says map[int]policy.GroupSet, denied *policy.GroupSet) bool {
	best := reasonAt{policy: -1}
	for index := range says {
		set := says[index]
		set = set.And(&n.Accepted)
		set = set.Minus(denied)
		for no := range set.All {
			if r.unjudged[index] {
				return true
			}
			at := reasonAt{index, no}
			if n.Beside && r.found[at] != nil {
				return true
			}
			if best.policy < 0 || cmp.Or(cmp.Compare(r.rank[no], r.rank[best.group]), cmp.Compare(index, best.policy)) < 0 {
				best = at
			}
		}
	}
	if best.policy < 0 {
		return false
	}
	others := n.Accepted.And(&p.offered)
	found := r.found[best]
	if found == nil {
		found = &reason{ops: make(map[string]int64), others: others}
		r.found[best] = found
	}
	found.count += n.Count
	if n.LastOn.After(found.lastOn) {
		found.lastOn = n.LastOn
	}
	found.ops[n.Operation] += n.Count
	found.others = found.others.And(&others)
	return true
}

// list writes the reasons down, policy by policy, for what is needed most first.
func (r *reasons) list() []Reason {
	var out []Reason
	for at, found := range r.found {
		ops := slices.SortedFunc(maps.Keys(found.ops), func(a, b string) int {
			return cmp.Or(cmp.Compare(found.ops[b], found.ops[a]), strings.Compare(a, b))
		})
		one := Reason{
			Policy: at.policy, Group: r.v.GroupByNo(at.group).ID, Count: found.count, LastOn: found.lastOn,
			Operations: ops[:min(len(ops), maxOperations)],
		}
		others := slices.SortedFunc(found.others.All, func(a, b policy.GroupNo) int { return cmp.Compare(r.rank[a], r.rank[b]) })
		for _, no := range others {
			if no != at.group {
				one.Others = append(one.Others, r.v.GroupByNo(no).ID)
			}
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(a.Policy, b.Policy), cmp.Compare(b.Count, a.Count), strings.Compare(a.Group, b.Group))
	})
	return out
}
