package policy

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestAccessToEachRecordIsNeverWiderThanToOne draws documents and holds what they
// say of all names of a zone at once against what they say of each small one.
func TestAccessToEachRecordIsNeverWiderThanToOne(t *testing.T) {
	v := testVocabulary(t)
	w, rules := newNameWorld(v), nameRules(v)
	rnd := rand.New(rand.NewPCG(5, 6))
	names := w.each / 2 // of one zone
	seen := map[Reason]int{}
	for range 5_000 {
		var doc []Rule
		for range 1 + rnd.IntN(5) {
			doc = append(doc, rules[rnd.IntN(len(rules))])
		}
		set, err := Compile(v, doc, Condition{})
		if err != nil {
			t.Fatal(err)
		}
		for zone := range 2 {
			all, some := true, false
			for i := range names {
				allowed := set.Evaluate(&w.accesses[zone*names+i]).Allowed
				all, some = all && allowed, some || allowed
			}
			d := set.Evaluate(&w.accesses[w.each+zone*2+1])
			seen[d.Reason]++
			switch {
			case d.Allowed && !all, some && !d.Allowed && d.Reason != PartOfZone, d.Allowed != (d.Reason == Granted):
				t.Fatalf("%+v\nzone %d: %+v, all %v, some %v", doc, zone, d, all, some)
			}
		}
	}
	for _, r := range []Reason{NoGrant, Granted, DeniedByPolicy, PartOfZone} {
		if seen[r] < 100 {
			t.Errorf("%v came out %d times", r, seen[r])
		}
	}
}

func TestSomeRecordsAreNotAll(t *testing.T) {
	v := testVocabulary(t)
	zone := steps("zone/1 account/A")
	allow := func(res string, g ...GroupNo) Policy { return grant(t, v, Allow, res, g...) }
	deny := func(res string, g ...GroupNo) Policy { return grant(t, v, Deny, res, g...) }
	for _, row := range []struct {
		promise string
		doc     []Policy
		want    Reason
	}{
		{"nothing", nil, NoGrant},
		{"the zone", []Policy{allow("zone/1", dnsWrite)}, Granted},
		{"all of its records", []Policy{allow("zone/1>name/*:*", dnsWrite)}, Granted},
		{"some", []Policy{allow("zone/1>name/TXT:a.*", dnsWrite)}, PartOfZone},
		{"some in every zone of the account", []Policy{allow("account/A>name/TXT:a.*", dnsWrite)}, PartOfZone},
		{"some of another zone", []Policy{allow("zone/3>name/TXT:a.*", dnsWrite)}, NoGrant},
		{"all but some", []Policy{allow("zone/1", dnsWrite), deny("zone/1>name/TXT:a.*", dnsWrite)}, PartOfZone},
		{"all but some by another group", []Policy{allow("zone/1", dnsWrite, zoneRead), deny("zone/1>name/TXT:a.*", dnsWrite)}, Granted},
		{"all but all", []Policy{allow("zone/1", dnsWrite), deny("zone/1>name/*:*", dnsWrite)}, DeniedByPolicy},
		{"some but all", []Policy{allow("zone/1>name/A:*", dnsWrite), deny("zone/1>name/*:*", dnsWrite)}, DeniedByPolicy},
		{"some but the zone", []Policy{allow("zone/1>name/A:*", dnsWrite), deny("zone/1", dnsWrite)}, DeniedByPolicy},
		{"the zone and some", []Policy{allow("zone/1", dnsWrite), allow("zone/1>name/A:*", dnsWrite)}, Granted},
		{"less than nothing", []Policy{deny("zone/1>name/A:*", dnsWrite)}, NoGrant},
	} {
		set := compileFor(t, v, owners(v)[0], row.doc)
		a := Access{Accepted: groupSet(dnsWrite, zoneRead), Path: zone.path(v), Each: v.Kind("dns.name")}
		if d := set.Evaluate(&a); d.Reason != row.want || d.Allowed != (row.want == Granted) {
			t.Errorf("%s: %+v, want %v", row.promise, d, row.want)
		}
		if a.Path = (Path{}); set.Evaluate(&a).Allowed {
			t.Errorf("%s: allows something that is nowhere", row.promise)
		}
	}
}

// TestRulesAboutRecordsSayNothingOfTheirZone: other operations of the same groups
// act on the zone itself.
func TestRulesAboutRecordsSayNothingOfTheirZone(t *testing.T) {
	v := testVocabulary(t)
	for _, form := range []string{"zone/1>name/*:*", "zone/1>name/TXT:a.*", "account/A>name/*:*"} {
		set := compileFor(t, v, owners(v)[0], []Policy{grant(t, v, Allow, form, dnsWrite)})
		for _, tr := range []string{"zone/1 account/A", "account/A", "record/r1 zone/1 account/A"} {
			if d := set.Evaluate(access(v, tr, dnsWrite)); d.Allowed {
				t.Errorf("%s allows it on %s", form, tr)
			}
		}
		all := compileFor(t, v, owners(v)[0], []Policy{grant(t, v, Allow, "account/A", dnsWrite), grant(t, v, Deny, form, dnsWrite)})
		for _, tr := range []string{"zone/1 account/A", "account/A"} {
			if d := all.Evaluate(access(v, tr, dnsWrite)); !d.Allowed {
				t.Errorf("a deny on %s takes it away on %s", form, tr)
			}
		}
	}
}

func TestPartsListWhatDecides(t *testing.T) {
	v := testVocabulary(t)
	set := compileFor(t, v, owners(v)[0], []Policy{
		grant(t, v, Allow, "zone/1>name/TXT:a.*", dnsWrite), grant(t, v, Allow, "zone/3>name/TXT:b.*", dnsWrite),
		grant(t, v, Deny, "account/A>name/*:*.q", dnsWrite), grant(t, v, Allow, "zone/1", zoneRead),
	})
	a := Access{Accepted: groupSet(dnsWrite), Path: steps("zone/1 account/A").path(v), Each: v.Kind("dns.name")}
	got := set.Parts(&a)
	if len(got) != 2 || got[0] != (Part{Allow, "TXT:a.*"}) || got[1] != (Part{Deny, "*:*.q"}) {
		t.Errorf("%+v", got)
	}
	if given := set.GrantingSome(&a); given != *groupSet(dnsWrite) {
		t.Errorf("%v", given)
	}
	a.Accepted = groupSet(zoneRead)
	if got := set.Parts(&a); len(got) != 1 || got[0] != (Part{Allow, "*:*"}) {
		t.Errorf("%+v", got)
	}
}

// TestManyPatternsAreLookedUpAsFewAreTried holds sets of many patterns against what
// their labels say.
func TestManyPatternsAreLookedUpAsFewAreTried(t *testing.T) {
	v := testVocabulary(t)
	kind, zone := v.Kind("dns.name"), MakeRef(v.Kind("api.account.zone"), zone1)
	patterns, names := smallPatterns("*", "A", "TXT"), allNames([]string{"a", "b", "*"}, 4)
	patterns = append(patterns, "TXT:*.a.b.a.b.*", "*:*.b.a.b.*", "A:*.a.a.a.a", "*:b.a.b.a.b.a")
	names = append(names, "a.a.a.a.a", "b.a.b.a.b.a", "a.a.b.a.b.a", "a.b.a.b", "b.b.a.b.b", strings.Repeat("b.a.", 50)+"a")
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 20 {
		var rules []Rule
		for range 2*fewTyped + rnd.IntN(100) {
			rules = append(rules, Rule{
				Effect: Effect(rnd.IntN(2)), Groups: *groupSet(dnsWrite),
				Pattern: Pattern{Ref: Ref{Kind: kind, Name: patterns[rnd.IntN(len(patterns))]}, In: zone},
			})
		}
		if rnd.IntN(2) == 0 { // else a deny of every name decides nearly all
			rules = slices.DeleteFunc(rules, func(r Rule) bool { return r.Effect == Deny && strings.HasSuffix(r.Pattern.Ref.Name, ":*") })
		}
		set, err := Compile(v, rules, Condition{})
		if err != nil {
			t.Fatal(err)
		}
		for _, typ := range []string{"A:", "TXT:"} {
			for _, n := range names {
				given, denied := false, false
				for _, r := range rules {
					if r.Pattern.Ref.Name == everyRecord || naiveMatch(r.Pattern.Ref.Name, typ+n) {
						given, denied = given || r.Effect == Allow, denied || r.Effect == Deny
					}
				}
				a := Access{Accepted: groupSet(dnsWrite), Path: NewPath(Ref{Kind: kind, Name: typ + n}, zone)}
				if d := set.Evaluate(&a); d.Allowed != (given && !denied) {
					t.Fatalf("%s%s: %+v, given %v, denied %v", typ, n, d, given, denied)
				}
			}
		}
	}
}
