package policy

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
)

// grant reads "allow zone/1 zone/2" or "deny account/A>zone/*".
func grant(tb testing.TB, v *Vocabulary, effect Effect, resources string, groups ...GroupNo) Policy {
	tb.Helper()
	p := Policy{Effect: effect, Resources: []Resource{resource(resources)}}
	for _, g := range groups {
		p.Groups = append(p.Groups, v.GroupByNo(g).ID)
	}
	return p
}

func access(v *Vocabulary, trail string, groups ...GroupNo) *Access {
	return &Access{Accepted: groupSet(groups...), Path: steps(trail).path(v)}
}

func TestZeroValuesDeny(t *testing.T) {
	v := testVocabulary(t)
	full := access(v, "zone/1 account/A", zoneRead)
	good := compileFor(t, v, owners(v)[0], []Policy{grant(t, v, Allow, "zone/*", zoneRead)})
	empty, err := Compile(v, nil, Condition{})
	if err != nil {
		t.Fatal(err)
	}
	if !good.Evaluate(full).Allowed {
		t.Fatal("the good set does not allow the full access")
	}
	for name, d := range map[string]Decision{
		"zero Decision":          {},
		"zero Set":               new(Set).Evaluate(full),
		"zero Set, zero Access":  new(Set).Evaluate(&Access{}),
		"zero Access":            good.Evaluate(&Access{}),
		"no accepted groups":     good.Evaluate(&Access{Path: full.Path}),
		"empty accepted groups":  good.Evaluate(&Access{Path: full.Path, Accepted: new(GroupSet)}),
		"zero Path":              good.Evaluate(&Access{Accepted: full.Accepted}),
		"set of no rules":        empty.Evaluate(full),
		"zero Set, every group":  new(Set).Evaluate(&Access{Path: full.Path, Accepted: &GroupSet{^uint64(0)}}),
		"ref of kind zero above": good.Evaluate(&Access{Accepted: full.Accepted, Path: full.Path.In(Ref{})}),
	} {
		if d.Allowed || d.Reason != NoGrant || d.Policy != 0 {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

// TestPoliciesOfTheContract is the contract's rules of deciding, one a row.
func TestPoliciesOfTheContract(t *testing.T) {
	v := testVocabulary(t)
	allow := func(res string, g ...GroupNo) Policy { return grant(t, v, Allow, res, g...) }
	deny := func(res string, g ...GroupNo) Policy { return grant(t, v, Deny, res, g...) }
	for _, row := range []struct {
		promise string
		doc     []Policy
		trail   string
		groups  []GroupNo
		want    Decision
	}{
		{"a zone group on a zone", []Policy{allow("zone/1", zoneRead)}, "zone/1 account/A", []GroupNo{zoneRead}, Decision{true, Granted, 1}},
		{"another zone", []Policy{allow("zone/1", zoneRead)}, "zone/2 account/B", []GroupNo{zoneRead}, Decision{}},
		{"another group", []Policy{allow("zone/1", zoneRead)}, "zone/1 account/A", []GroupNo{zoneWrite}, Decision{}},
		{"any accepted group is enough", []Policy{allow("zone/1", zoneRead)}, "zone/1 account/A", []GroupNo{zoneWrite, zoneRead}, Decision{true, Granted, 1}},
		{"a zone group on a flat account covers its zones", []Policy{allow("account/A", zoneRead)}, "zone/1 account/A", []GroupNo{zoneRead}, Decision{true, Granted, 1}},
		{"and not those of another", []Policy{allow("account/A", zoneRead)}, "zone/2 account/B", []GroupNo{zoneRead}, Decision{}},
		{"and one that does not exist yet", []Policy{allow("account/A", zoneRead)}, "zone/new account/A", []GroupNo{zoneRead}, Decision{true, Granted, 1}},
		{"an account group on an account's zone operations", []Policy{allow("account/A", accountRead)}, "zone/1 account/A", []GroupNo{accountRead}, Decision{true, Granted, 1}},
		{"a bucket group on a flat account", []Policy{allow("account/A", bucketRead)}, "bucket/b1 account/A", []GroupNo{bucketRead}, Decision{true, Granted, 1}},
		{"nested all", []Policy{allow("account/A>zone/*", zoneRead)}, "zone/1 account/A", []GroupNo{zoneRead}, Decision{true, Granted, 1}},
		{"nested all is not the account", []Policy{allow("account/A>zone/*", zoneRead)}, "account/A", []GroupNo{zoneRead}, Decision{}},
		{"nested all, another account", []Policy{allow("account/A>zone/*", zoneRead)}, "zone/2 account/B", []GroupNo{zoneRead}, Decision{}},
		{"nested all, account unknown", []Policy{allow("account/A>zone/*", zoneRead)}, "zone/1", []GroupNo{zoneRead}, Decision{}},
		{"nested one", []Policy{allow("account/A>zone/1", zoneRead)}, "zone/1 account/A", []GroupNo{zoneRead}, Decision{true, Granted, 1}},
		{"nested one that moved away", []Policy{allow("account/A>zone/1", zoneRead)}, "zone/1 account/B", []GroupNo{zoneRead}, Decision{}},
		{"nested two deep", []Policy{allow("account/A>record/*", recordWrite)}, "record/r1 zone/1 account/A", []GroupNo{recordWrite}, Decision{true, Granted, 1}},
		{"nested names", []Policy{allow("account/A>bucket/*", bucketRead)}, "bucket/b1 account/A", []GroupNo{bucketRead}, Decision{true, Granted, 1}},
		{"one zone does not cover one that does not exist yet", []Policy{allow("zone/1", zoneRead)}, "zone/new account/A", []GroupNo{zoneRead}, Decision{}},
		{"deny wins over allow", []Policy{allow("zone/1", zoneRead), deny("zone/1", zoneRead)}, "zone/1 account/A", []GroupNo{zoneRead}, Decision{false, DeniedByPolicy, 2}},
		{"deny first wins as well", []Policy{deny("zone/1", zoneRead), allow("zone/1", zoneRead)}, "zone/1 account/A", []GroupNo{zoneRead}, Decision{false, DeniedByPolicy, 1}},
		{"deny takes one zone out of all", []Policy{allow("zone/*", zoneRead), deny("zone/1", zoneRead)}, "zone/2 account/B", []GroupNo{zoneRead}, Decision{true, Granted, 1}},
		{"deny takes all of an account", []Policy{allow("zone/1", zoneRead), deny("account/A", zoneRead)}, "zone/1 account/A", []GroupNo{zoneRead}, Decision{false, DeniedByPolicy, 2}},
		{"deny takes its groups only", []Policy{allow("zone/1", zoneRead, zoneWrite), deny("zone/1", zoneWrite)}, "zone/1 account/A", []GroupNo{zoneRead, zoneWrite}, Decision{true, Granted, 1}},
		{"the policy named took what was given", []Policy{deny("zone/1", zoneRead), allow("zone/1", zoneWrite), deny("zone/1", zoneWrite)}, "zone/1 account/A", []GroupNo{zoneRead, zoneWrite}, Decision{false, DeniedByPolicy, 3}},
		{"deny alone is no grant", []Policy{deny("zone/1", zoneRead)}, "zone/1 account/A", []GroupNo{zoneRead}, Decision{}},
		{"another kind with the same id", []Policy{allow("account/A", accountRead)}, "user/" + accountA, []GroupNo{accountRead}, Decision{}},
	} {
		t.Run(row.promise, func(t *testing.T) {
			set := compileFor(t, v, owners(v)[0], row.doc)
			if got := set.Evaluate(access(v, row.trail, row.groups...)); got != row.want {
				t.Errorf("%+v, want %+v", got, row.want)
			}
		})
	}
}

func TestAccountGroupIsNeverGivenOnAZone(t *testing.T) {
	v := testVocabulary(t)
	// Resolve refuses it; rules that somebody makes by hand give nothing.
	if _, faults := Resolve(v, owners(v)[0], []Policy{grant(t, v, Allow, "account/A>zone/*", accountRead)}); len(faults) != 1 {
		t.Errorf("faults %v, want one", faults)
	}
	a := Ref{Kind: v.Kind("api.account"), ID: ID{1}}
	zone := v.Kind("api.account.zone")
	rules := []Rule{{Effect: Allow, Pattern: Pattern{Ref: Ref{Kind: zone}, In: a}, Groups: *groupSet(accountRead)}}
	set, err := Compile(v, rules, Condition{})
	if err != nil {
		t.Fatal(err)
	}
	if d := set.Evaluate(&Access{Accepted: groupSet(accountRead), Path: NewPath(Ref{Kind: zone, ID: ID{2}}, a)}); d.Allowed {
		t.Errorf("%+v", d)
	}
}

func TestAnEffectThatIsNeitherDenies(t *testing.T) {
	v := testVocabulary(t)
	zone := Ref{Kind: v.Kind("api.account.zone"), ID: ID{1}}
	rules := []Rule{
		{Effect: Allow, Pattern: Pattern{Ref: zone}, Groups: *groupSet(zoneRead)},
		{Effect: 7, Pattern: Pattern{Ref: zone}, Groups: *groupSet(zoneRead), Policy: 1},
	}
	set, err := Compile(v, rules, Condition{})
	if err != nil {
		t.Fatal(err)
	}
	if d := set.Evaluate(&Access{Accepted: groupSet(zoneRead), Path: NewPath(zone)}); d.Reason != DeniedByPolicy {
		t.Errorf("%+v", d)
	}
	if _, ok := Within(v, rules, rules[:1]); ok {
		t.Error("what the parent takes away is within")
	}
}

func TestConditionIsJudgedBeforePolicies(t *testing.T) {
	v := testVocabulary(t)
	set, err := Compile(v, nil, Condition{In: []string{"192.0.2.0/24"}})
	if err != nil {
		t.Fatal(err)
	}
	a := access(v, "zone/1 account/A", zoneRead)
	a.Addr = netip.MustParseAddr("198.51.100.1")
	if d := set.Evaluate(a); d.Reason != Location || d.Allowed {
		t.Errorf("%+v", d)
	}
}

func TestCompileRefusesWhatItCannotNumber(t *testing.T) {
	v := testVocabulary(t)
	zone := Ref{Kind: v.Kind("api.account.zone"), ID: ID{1}}
	good := Rule{Effect: Allow, Pattern: Pattern{Ref: zone}, Groups: *groupSet(zoneRead)}
	for name, spoil := range map[string]func(*Rule){
		"policy below zero":  func(r *Rule) { r.Policy = -1 },
		"policy too high":    func(r *Rule) { r.Policy = 1<<16 - 1 },
		"no kind to be in":   func(r *Rule) { r.Pattern.In = Ref{Kind: 200, ID: ID{1}} },
		"no kind, all of it": func(r *Rule) { r.Pattern = Pattern{Ref: Ref{Kind: zone.Kind}, In: Ref{Kind: 65, ID: ID{1}}} },
	} {
		rule := good
		spoil(&rule)
		if _, err := Compile(v, []Rule{rule}, Condition{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := Compile(v, []Rule{good}, Condition{In: []string{"x"}}); err == nil {
		t.Error("bad condition: no error")
	}
}

// TestManyPatternsOfNamesAndParents holds that a large token keeps its meaning:
// 1,000 names in 1,000 nested places of each policy.
func TestManyPatternsOfNamesAndParents(t *testing.T) {
	v := testVocabulary(t)
	owner := owners(v)[0]
	rnd := rand.New(rand.NewPCG(5, 6))
	var doc []Policy
	for n := range 5 {
		p := Policy{Effect: Allow, Groups: []string{v.GroupByNo(bucketRead).ID}}
		for i := range MaxPolicyResources {
			p.Resources = append(p.Resources, Resource{
				Key:    "api.account." + digits(fmt.Sprintf("%x", 0x1000+i)),
				Nested: []string{fmt.Sprintf("edge.bucket.b%d_%d", n, i)},
			})
		}
		rnd.Shuffle(len(p.Resources), func(i, j int) { p.Resources[i], p.Resources[j] = p.Resources[j], p.Resources[i] })
		doc = append(doc, p)
	}
	set := compileFor(t, v, owner, doc)
	for n := range doc {
		for i := range MaxPolicyResources {
			for _, at := range []int{i, (i + 1) % MaxPolicyResources} {
				path := NewPath(MakeRef(v.Kind("edge.bucket"), fmt.Sprintf("b%d_%d", n, i)),
					MakeRef(v.Kind("api.account"), digits(fmt.Sprintf("%x", 0x1000+at))))
				got := set.Evaluate(&Access{Accepted: groupSet(bucketRead), Path: path})
				if got.Allowed != (at == i) || got.Allowed && int(got.Policy) != n+1 {
					t.Fatalf("bucket %d of policy %d in account %d: %+v", i, n+1, at, got)
				}
			}
		}
	}
}

func TestReasonsHaveWords(t *testing.T) {
	seen := []string{}
	for r := NoGrant; r <= PartOfZone; r++ {
		if s := r.String(); s == "" || slices.Contains(seen, s) {
			t.Errorf("reason %d: %q", r, s)
		} else {
			seen = append(seen, s)
		}
	}
	if (PartOfZone + 1).String() != "unknown reason" {
		t.Error("an unknown reason has words")
	}
}
