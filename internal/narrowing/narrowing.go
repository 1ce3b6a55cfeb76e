package narrowing

import (
	"errors"
	"fmt"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// MaxNamed is how many resources are named in the place of one that a policy
// names. Above it that one stays: a list which nobody can read is no better.
const MaxNamed = 100

// Token is what is to be narrowed.
type Token struct {
	Catalog  *catalog.Catalog
	Owner    policy.Owner
	Policies []policy.Policy
}

// Need is something that the token must be able to do afterwards.
type Need struct {
	Accepted policy.GroupSet // of which any one is enough
	// Path is the resource and what it lies in. The zero Path is anywhere: what
	// the token has of the groups, it keeps wherever it has it.
	Path policy.Path
	Open bool // the resource may lie in others that Path does not name
	// Beside: no request asked for it. It is there so that what others answer stays
	// as it is.
	Beside bool

	// For the reasons that are given.
	Operation string
	Count     int64
	LastOn    time.Time
}

// Result is what was found.
type Result struct {
	Policies []policy.Policy // all of them; those that are new have no id
	Changes  []Change        // one for each policy that the token has
	Reasons  []Reason        // for what is left of those that allow
	Lost     []int           // needs, by index, that the token's policies do not meet today
}

// Find finds the narrowest policies that meet the needs. Of groups that would do,
// those that only read come first, then those that are enough for most, then those
// that open least. Policies that name DNS records stay as they are: what is used of
// them is not known.
//
// Its work grows with needs times resources that the policies name. It fails when
// the policies cannot be resolved.
func Find(t *Token, needs []Need) (Result, error) {
	v := t.Catalog.Vocabulary()
	rules, faults := policy.ResolveKnown(v, t.Owner, t.Policies)
	if len(faults) > 0 {
		return Result{}, fmt.Errorf("narrowing: %s: %s", faults[0].Pointer, faults[0].Message)
	}
	f := newFinder(t, v, rules, needs)
	places := f.places()
	for _, p := range places {
		f.meet(p)
	}
	f.fit()
	out := f.result()
	if !f.explain(places, &out) {
		return Result{}, errors.New("narrowing: a need is not met")
	}
	return out, nil
}

// finder is one search.
type finder struct {
	*Token
	v     *policy.Vocabulary
	rules []policy.Rule
	kept  []bool // by policy: it stays as it is
	rank  map[policy.GroupNo]int
	needs []Need

	lost   []bool // by need: it is not met today
	partly []bool // by need: it is met on some DNS records

	given []*grants // by rule: what is left of it
	spots map[policy.Ref][]ruleSpot
	many  []bool // by rule: it stays because too much would have to be named
}

// ruleSpot is a spot at which something is left of a rule.
type ruleSpot struct {
	rule int
	spot spot
}

func newFinder(t *Token, v *policy.Vocabulary, rules []policy.Rule, needs []Need) *finder {
	f := &finder{
		Token: t, v: v, rules: rules, needs: needs, lost: make([]bool, len(needs)), partly: make([]bool, len(needs)), kept: make([]bool, len(t.Policies)),
		given: make([]*grants, len(rules)), many: make([]bool, len(rules)), spots: make(map[policy.Ref][]ruleSpot),
		rank: make(map[policy.GroupNo]int),
	}
	kinds := v.Kinds()
	var groups policy.GroupSet
	for i := range rules {
		r := &rules[i]
		named := len(kinds[r.Pattern.Ref.Kind-1].Types) > 0
		f.kept[r.Policy] = f.kept[r.Policy] || r.Effect != policy.Allow || named
		groups = groups.Or(&r.Groups)
	}
	for i, no := range t.Catalog.Narrowest(&groups) {
		f.rank[no] = i
	}
	return f
}

// gives is the rule's groups that can act on what its pattern reaches.
func (f *finder) gives(i int) policy.GroupSet {
	r := &f.rules[i]
	return r.Groups.And(f.v.Reach(r.Pattern.Ref.Kind))
}

// reads reports whether a group only reads.
func (f *finder) reads(no policy.GroupNo) bool {
	return f.Catalog.GroupByNo(no).Level == catalog.LevelRead
}
