package policy

import (
	"reflect"
	"slices"
	"strconv"
	"testing"
)

// TestCompileKnownIsResolveKnownAndCompile: what a check judges by is what a token was
// given by, to the word, also where the catalogue has lost a group or a kind since.
func TestCompileKnownIsResolveKnownAndCompile(t *testing.T) {
	seen := map[string]int{}
	cond := Condition{In: []string{"198.51.100.0/24", "2001:db8::/32"}, NotIn: []string{"198.51.100.7/32"}}
	eachLargeWorld(t, func(t *testing.T, w *largeWorld) {
		for range 30 {
			doc, what := w.forgotten(w.document(w.rnd.IntN(3)))
			rules, wantFaults := ResolveKnown(w.v, w.owner, doc)
			set, faults, err := CompileKnown(w.v, w.owner, doc, cond)
			if err != nil || !reflect.DeepEqual(faults, wantFaults) {
				t.Fatalf("%s: %v, %v, want the faults %v", what, faults, err, wantFaults)
			}
			if len(faults) > 0 {
				what += ", refused"
			}
			seen[what]++
			if (set == nil) != (len(faults) > 0) {
				t.Fatalf("%s: a set beside faults, or neither: %v", what, faults)
			}
			if set == nil {
				continue
			}
			if want, err := Compile(w.v, rules, cond); err != nil || !reflect.DeepEqual(set, want) {
				t.Fatalf("%s: %+v\ncompiled to %+v, want %+v, %v", what, doc, set, want, err)
			}
		}
	})
	for _, what := range []string{"", "group", "kind", "group, refused", "kind, refused"} {
		if seen[what] < 10 {
			t.Errorf("only %d documents of sort %q", seen[what], what)
		}
	}
}

// forgotten is the document after the catalogue has lost, or not, a group or a kind
// that one of its policies names.
func (w *largeWorld) forgotten(doc []Policy) ([]Policy, string) {
	p := &doc[w.rnd.IntN(len(doc))]
	switch w.rnd.IntN(3) {
	case 0:
		p.Groups = append(slices.Clone(p.Groups), digits("9"))
		return doc, "group"
	case 1:
		p.Resources = append(slices.Clone(p.Resources), Resource{Key: "api.lost." + digits("9")})
		return doc, "kind"
	}
	return doc, ""
}

// TestTheFirstOfManyPoliciesIsNamed: those that say the same of one resource keep their
// order.
func TestTheFirstOfManyPoliciesIsNamed(t *testing.T) {
	v := testVocabulary(t)
	owner := owners(v)[0]
	group, account := v.GroupByNo(0), "api.account."+digits("5")
	doc := make([]Policy, MaxPolicies)
	for i := range doc {
		doc[i] = Policy{Effect: Allow, Groups: []string{group.ID}, Resources: []Resource{
			{Key: "api.account." + digits(strconv.Itoa(11+i*37%89))}, {Key: account},
		}}
	}
	set := compileFor(t, v, owner, doc)
	path := NewPath(MakeRef(v.Kind("api.account"), digits("5")))
	if d := set.Evaluate(&Access{Accepted: groupSet(0), Path: path}); !d.Allowed || d.Policy != 1 {
		t.Errorf("%+v, want the first policy", d)
	}
}

// TestCompileKnownRefusesWhatCannotBe: neither a set nor a fault would be read as none.
func TestCompileKnownRefusesWhatCannotBe(t *testing.T) {
	v := testVocabulary(t)
	owner := owners(v)[0]
	good := Policy{Effect: Allow, Groups: []string{v.GroupByNo(0).ID}, Resources: []Resource{{Key: "api.account." + digits("1")}}}
	for name, try := range map[string]struct {
		owner    Owner
		policies []Policy
		cond     Condition
	}{
		"no owner":          {Owner{}, []Policy{good}, Condition{}},
		"too many policies": {owner, slices.Repeat([]Policy{good}, MaxPolicies+1), Condition{}},
		"no such range":     {owner, nil, Condition{In: []string{"everywhere"}}},
	} {
		if set, faults, err := CompileKnown(v, try.owner, try.policies, try.cond); set != nil || len(faults) == 0 && err == nil {
			t.Errorf("%s: %+v, %v, %v", name, set, faults, err)
		}
	}
}
