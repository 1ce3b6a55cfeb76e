package policy

import (
	"math/rand/v2"
	"testing"
)

// nameRules is every rule of one group on a zone, its account and patterns of names
// in them.
func nameRules(v *Vocabulary) (rules []Rule) {
	account, zone := MakeRef(v.Kind("api.account"), accountA), MakeRef(v.Kind("api.account.zone"), zone1)
	above, kind := NewPath(account), v.Kind("dns.name")
	patterns := []Pattern{
		{Ref: account}, {Ref: zone, Above: above}, {Ref: MakeRef(zone.Kind, zone3), Above: above}, {Ref: Ref{Kind: zone.Kind}},
		{Ref: Ref{Kind: kind}, In: zone, Above: above}, {Ref: Ref{Kind: kind}, In: account, Above: above},
	}
	for _, name := range []string{"TXT:a.*", "*:a.*", "TXT:*.a", "TXT:*", "TXT:a.b", "*:*.a.*"} {
		patterns = append(patterns, Pattern{Ref: Ref{Kind: kind, Name: name}, In: zone, Above: above})
	}
	for _, name := range []string{"TXT:a.*", "A:a.b", "A:*.a.*"} {
		patterns = append(patterns, Pattern{Ref: Ref{Kind: kind, Name: name}, In: account, Above: above})
	}
	for _, p := range patterns {
		for _, e := range []Effect{Deny, Allow} {
			rules = append(rules, Rule{Effect: e, Pattern: p, Groups: *groupSet(dnsWrite)})
		}
	}
	return rules
}

// nameWorld is the accesses that such rules are about: every small name in two
// zones, and all of the names of a zone at once.
type nameWorld struct {
	v        *Vocabulary
	accesses []Access
	each     int // the accesses from here on are to all names of a zone
}

func newNameWorld(v *Vocabulary) *nameWorld {
	w := &nameWorld{v: v}
	account, kind := MakeRef(v.Kind("api.account"), accountA), v.Kind("dns.name")
	zones := []Path{NewPath(MakeRef(v.Kind("api.account.zone"), zone1), account), NewPath(MakeRef(v.Kind("api.account.zone"), zone3), account)}
	for _, zone := range zones {
		for _, typ := range []string{"A:", "TXT:"} {
			for _, n := range allNames([]string{"a", "b", "*"}, 3) {
				w.accesses = append(w.accesses, Access{Accepted: groupSet(dnsWrite), Path: zone.Holding(Ref{Kind: kind, Name: typ + n})})
			}
		}
	}
	w.each = len(w.accesses)
	for _, zone := range zones {
		w.accesses = append(w.accesses, Access{Accepted: groupSet(dnsWrite), Path: zone}, Access{Accepted: groupSet(dnsWrite), Path: zone, Each: kind})
	}
	return w
}

// of is what rules allow, an access each.
func (w *nameWorld) of(t *testing.T, rules []Rule) []bool {
	set, err := Compile(w.v, rules, Condition{})
	if err != nil {
		t.Fatal(err)
	}
	out := make([]bool, len(w.accesses))
	for i := range w.accesses {
		out[i] = set.Evaluate(&w.accesses[i]).Allowed
	}
	return out
}

func (n *tally) compareNames(t *testing.T, v *Vocabulary, parent, child []Rule, has, wants []bool) {
	t.Helper()
	excess, ok := Within(v, parent, child)
	slow, slowOK := slowWithin(v, parent, child)
	if ok != slowOK || excess != slow {
		t.Fatalf("parent %+v\nchild %+v\n%v %v, slowly %v %v", parent, child, excess, ok, slow, slowOK)
	}
	truly := true
	for i := range wants {
		truly = truly && (has[i] || !wants[i])
	}
	n.cases++
	switch {
	case ok && !truly:
		t.Fatalf("parent %+v\nchild %+v\nis within, yet it allows more", parent, child)
	case ok:
		n.yes++
	case truly:
		n.missed++
	default:
		n.no++
	}
}

// TestPatternsWithinAllowNothingThatTheParentDoesNot compares all documents of one
// or two rules about names, and draws larger ones.
func TestPatternsWithinAllowNothingThatTheParentDoesNot(t *testing.T) {
	v := testVocabulary(t)
	w, rules := newNameWorld(v), nameRules(v)
	docs := upTo2(rules)
	held := make([][]bool, len(docs))
	for i := range docs {
		held[i] = w.of(t, docs[i])
	}
	var n tally
	for i := range docs {
		for k := range docs {
			if (i*7+k)%5 == 0 { // one in five
				n.compareNames(t, v, docs[i], docs[k], held[i], held[k])
			}
		}
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	draw := func(most int) (doc []Rule) {
		for range 1 + rnd.IntN(most) {
			doc = append(doc, rules[rnd.IntN(len(rules))])
		}
		return doc
	}
	for range 5_000 {
		parent, child := draw(7), draw(4)
		both := append(parent[:len(parent):len(parent)], child...)
		n.compareNames(t, v, parent, child, w.of(t, parent), w.of(t, child))
		n.compareNames(t, v, both, child, w.of(t, both), w.of(t, child))
	}
	t.Logf("%+v", n)
	if n.cases < 30_000 || n.yes < n.cases/20 || n.no < n.cases/20 {
		t.Errorf("too little was compared: %+v", n)
	}
}

// TestWithinOfPatterns reads like the manual of the ceiling for records.
func TestWithinOfPatterns(t *testing.T) {
	v := testVocabulary(t)
	allow := func(res string) Policy { return grant(t, v, Allow, res, dnsWrite) }
	deny := func(res string) Policy { return grant(t, v, Deny, res, dnsWrite) }
	docs := func(p ...Policy) []Policy { return p }
	for _, row := range []struct {
		promise       string
		parent, child []Policy
		within        bool
	}{
		{"a zone holds its records", docs(allow("zone/1")), docs(allow("zone/1>name/TXT:a.*")), true},
		{"an account does", docs(allow("account/A")), docs(allow("zone/1>name/TXT:a.*")), true},
		{"and not another's", docs(allow("account/A")), docs(allow("zone/2>name/TXT:a.*")), false},
		{"all records are not the zone", docs(allow("zone/1>name/*:*")), docs(allow("zone/1")), false},
		{"all records hold some", docs(allow("zone/1>name/*:*")), docs(allow("zone/1>name/TXT:a.*")), true},
		{"a pattern holds itself", docs(allow("zone/1>name/TXT:a.*")), docs(allow("zone/1>name/TXT:a.*")), true},
		{"a pattern holds a name of it", docs(allow("zone/1>name/TXT:a.*")), docs(allow("zone/1>name/TXT:a.b.c")), true},
		{"a narrower pattern", docs(allow("zone/1>name/*:*.c")), docs(allow("zone/1>name/TXT:*.b.c")), true},
		{"no wider one", docs(allow("zone/1>name/TXT:*.b.c")), docs(allow("zone/1>name/TXT:*.c")), false},
		{"no other type", docs(allow("zone/1>name/TXT:a.*")), docs(allow("zone/1>name/A:a.*")), false},
		{"nor every type", docs(allow("zone/1>name/TXT:a.*")), docs(allow("zone/1>name/*:a.*")), false},
		{"records of the account hold a zone's", docs(allow("account/A>name/TXT:a.*")), docs(allow("zone/1>name/TXT:a.*")), true},
		{"and not the other way", docs(allow("zone/1>name/TXT:a.*")), docs(allow("account/A>name/TXT:a.*")), false},
		{"two patterns hold two", docs(allow("zone/1>name/A:*"), allow("zone/1>name/TXT:*")), docs(allow("zone/1>name/TXT:a.*"), allow("zone/1>name/A:a.*")), true},
		{"a parent's deny of some keeps it from giving the zone", docs(allow("zone/1"), deny("zone/1>name/TXT:a.*")), docs(allow("zone/1")), false},
		{"unless the child renounces them", docs(allow("zone/1"), deny("zone/1>name/TXT:a.*")), docs(allow("zone/1"), deny("zone/1>name/*:a.*")), true},
		{"from giving a pattern that could meet it", docs(allow("zone/1"), deny("zone/1>name/TXT:a.*")), docs(allow("zone/1>name/*:*.b")), false},
		{"but not one that cannot", docs(allow("zone/1"), deny("zone/1>name/TXT:a.*")), docs(allow("zone/1>name/TXT:b.*"), allow("zone/1>name/A:a.*")), true},
		{"a deny elsewhere does not matter", docs(allow("account/A"), deny("zone/3>name/TXT:a.*")), docs(allow("zone/1>name/TXT:a.*")), true},
	} {
		if excess, ok := Within(v, placed(t, v, row.parent), placed(t, v, row.child)); ok != row.within {
			t.Errorf("%s: %v, %v", row.promise, excess, ok)
		}
	}
}
