package narrowing_test

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/tokenward/tokenward/internal/narrowing"
	"github.com/tokenward/tokenward/internal/policy"
)

// TestNeverWiderAndNothingUsedIsLost narrows random tokens by random use, and
// tries every group on every resource: what is allowed afterwards was allowed
// before, and what was needed and allowed still is.
func TestNeverWiderAndNothingUsedIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const tokens = 4000
	narrowed := 0
	for seed := range tokens {
		c := &chance{world: w, Rand: rand.New(rand.NewPCG(uint64(seed), 7)), owner: w.user()}
		if seed%3 == 0 {
			c.owner = w.account()
		}
		before, needs := c.policies(), c.needs()
		got, err := narrowing.Find(&narrowing.Token{Catalog: w.catalog, Owner: c.owner, Policies: before}, needs)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		c.compare(t, before, needs, &got)
		if t.Failed() {
			t.Fatalf("seed %d\ntoken  %+v\nneeds  %+v\nresult %+v", seed, before, needs, got.Policies)
		}
		if !reflect.DeepEqual(before, got.Policies) {
			narrowed++
		}
		c.Shuffle(len(needs), func(i, j int) { needs[i], needs[j] = needs[j], needs[i] })
		again, err := narrowing.Find(&narrowing.Token{Catalog: w.catalog, Owner: c.owner, Policies: before}, needs)
		if err != nil || !reflect.DeepEqual(got.Policies, again.Policies) {
			t.Fatalf("seed %d: in another order %+v, %v; want %+v", seed, again.Policies, err, got.Policies)
		}
	}
	if narrowed < tokens/2 {
		t.Errorf("only %d of %d tokens became narrower", narrowed, tokens)
	}
}

// judged are policies, ready to be asked.
type judged struct {
	rules []policy.Rule
	set   *policy.Set
}

func (c *chance) judge(t *testing.T, policies []policy.Policy) judged {
	t.Helper()
	rules, faults := policy.Resolve(c.v, c.owner, policies)
	if len(faults) > 0 {
		t.Fatalf("%+v: %v", policies, faults)
	}
	set, err := policy.Compile(c.v, rules, policy.Condition{})
	if err != nil {
		t.Fatal(err)
	}
	return judged{rules, set}
}

func (j judged) allows(path *policy.Path, accepted *policy.GroupSet) bool {
	return j.set.Evaluate(&policy.Access{Accepted: accepted, Path: *path}).Allowed
}

func (c *chance) compare(t *testing.T, policies []policy.Policy, needs []narrowing.Need, got *narrowing.Result) {
	t.Helper()
	before, after := c.judge(t, policies), c.judge(t, got.Policies)
	if excess, ok := policy.Within(c.v, before.rules, after.rules); !ok {
		t.Errorf("the ceiling says it is wider: %+v", excess)
	}
	for _, p := range policies {
		if p.Effect == policy.Deny && !slices.ContainsFunc(got.Policies, func(q policy.Policy) bool { return reflect.DeepEqual(p, q) }) {
			t.Errorf("a policy that denies is gone: %+v", p)
		}
	}
	for _, short := range paths {
		path := c.path(short)
		for _, name := range names {
			var only policy.GroupSet
			only.Add(c.groups[name])
			if after.allows(&path, &only) && !before.allows(&path, &only) {
				t.Errorf("%s on %s is allowed now", name, short)
			}
		}
		for i := range needs {
			n := &needs[i]
			if !about(n, &path) || !before.allows(&path, &n.Accepted) {
				continue
			}
			if !after.allows(&path, &n.Accepted) {
				t.Errorf("need %d on %s is lost", i, short)
			}
			if slices.Contains(got.Lost, i) {
				t.Errorf("need %d is said to be lost, and %s is allowed", i, short)
			}
		}
	}
}

// about reports whether a need may have been on a path.
func about(n *narrowing.Need, path *policy.Path) bool {
	if n.Path.Len() == 0 {
		return true
	}
	if !n.Open {
		return *path == n.Path
	}
	for i := range n.Path.Len() {
		ref := n.Path.At(i)
		if got, ok := path.Find(ref.Kind); !ok || got != ref {
			return false
		}
	}
	return path.Leaf() == n.Path.Leaf()
}
