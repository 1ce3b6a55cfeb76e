package policy

import (
	"math/rand/v2"
	"testing"
)

// smallRules is every rule of the small world with some group sets.
func smallRules(v *Vocabulary, above bool) []Rule {
	account, zone, bucket := v.Kind("api.account"), v.Kind("api.account.zone"), v.Kind("edge.bucket")
	a, b := MakeRef(account, accountA), MakeRef(account, accountB)
	z1, z2, b1 := MakeRef(zone, zone1), MakeRef(zone, zone2), MakeRef(bucket, bucket1)
	in := func(r Ref) Path {
		if above {
			return NewPath(r)
		}
		return Path{}
	}
	patterns := []Pattern{
		{Ref: a}, {Ref: b}, {Ref: Ref{Kind: account}},
		{Ref: z1, Above: in(a)}, {Ref: z2, Above: in(b)}, {Ref: Ref{Kind: zone}},
		{Ref: Ref{Kind: zone}, In: a}, {Ref: Ref{Kind: zone}, In: b},
		{Ref: z1, In: a, Above: in(a)}, {Ref: z1, In: b, Above: in(a)},
		{Ref: b1, Above: in(a)}, {Ref: Ref{Kind: bucket}, In: a},
	}
	var rules []Rule
	for _, p := range patterns {
		for _, g := range []*GroupSet{groupSet(zoneRead), groupSet(accountRead, bucketRead)} {
			for _, e := range []Effect{Deny, Allow} {
				r := Rule{Effect: e, Pattern: p, Groups: *g}
				if gives := r.gives(v); !gives.Empty() {
					rules = append(rules, r)
				}
			}
		}
	}
	return rules
}

// holdings is what rules allow: a bit for each access of one group.
type holdings [2]uint64

type holder struct {
	v     *Vocabulary
	paths []Path
}

// newHolder knows the accesses of the small world, but for those that know less
// of where a resource lies than Pattern.Above does.
func newHolder(v *Vocabulary) holder {
	h := holder{v: v}
	for _, tr := range smallTrails() {
		if tr[0].id != zone1 || tr[1].id == accountA {
			h.paths = append(h.paths, tr.path(v))
		}
	}
	return h
}

func (h *holder) of(t *testing.T, rules []Rule) (held holdings) {
	set, err := Compile(h.v, rules, Condition{})
	if err != nil {
		t.Fatal(err)
	}
	bit := 0
	for i := range h.paths {
		for _, g := range []GroupNo{accountRead, zoneRead, bucketRead} {
			if set.Evaluate(&Access{Accepted: groupSet(g), Path: h.paths[i]}).Allowed {
				held[bit/64] |= 1 << (bit % 64)
			}
			bit++
		}
	}
	return held
}

// tally counts the outcomes of a comparison.
type tally struct{ cases, yes, no, missed int }

// compare holds that a yes is never wrong, and that the fast Within says what
// the slow one does.
func (n *tally) compare(t *testing.T, v *Vocabulary, parent, child []Rule, has, wants holdings) {
	t.Helper()
	excess, ok := Within(v, parent, child)
	slow, slowOK := slowWithin(v, parent, child)
	if ok != slowOK || excess != slow {
		t.Fatalf("parent %+v\nchild %+v\n%v %v, slowly %v %v", parent, child, excess, ok, slow, slowOK)
	}
	truly := wants[0]&^has[0] == 0 && wants[1]&^has[1] == 0
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
	if !ok && (excess.Groups.Empty() || child[excess.Rule].Effect != Allow) {
		t.Fatalf("excess %+v of child %+v", excess, child)
	}
}

// upTo2 lists every document of one or two of the rules.
func upTo2(rules []Rule) [][]Rule {
	var docs [][]Rule
	for i := range rules {
		docs = append(docs, rules[i:i+1])
		for k := range i {
			docs = append(docs, []Rule{rules[k], rules[i]})
		}
	}
	return docs
}

// TestWhatIsWithinIsAllowedByTheParent compares all small documents with each
// other, and again some of them when it is not known where zones lie.
func TestWhatIsWithinIsAllowedByTheParent(t *testing.T) {
	v := testVocabulary(t)
	h := newHolder(v)
	var n tally
	for _, above := range []bool{true, false} {
		docs := upTo2(smallRules(v, above))
		held := make([]holdings, len(docs))
		for i := range docs {
			held[i] = h.of(t, docs[i])
		}
		for i := range docs {
			for k := range docs {
				if (i+k)%3 != 0 && !above {
					continue // one in three
				}
				n.compare(t, v, docs[i], docs[k], held[i], held[k])
			}
		}
	}
	t.Logf("%+v", n)
	if n.cases < 250_000 || n.yes < n.cases/50 || n.no < n.cases/50 {
		t.Errorf("too little was compared: %+v", n)
	}
}

// TestWhatIsWithinIsAllowedByTheParentOfManyRules draws larger documents.
func TestWhatIsWithinIsAllowedByTheParentOfManyRules(t *testing.T) {
	v := testVocabulary(t)
	h := newHolder(v)
	rules := append(smallRules(v, true), smallRules(v, false)...)
	rnd := rand.New(rand.NewPCG(7, 8))
	draw := func(most int) []Rule {
		doc := make([]Rule, 1+rnd.IntN(most))
		for i := range doc {
			doc[i] = rules[rnd.IntN(len(rules))]
			if rnd.IntN(2) == 0 {
				doc[i].Effect = Allow
			}
		}
		return doc
	}
	var n tally
	for range 10_000 {
		parent, child := draw(8), draw(4)
		n.compare(t, v, parent, child, h.of(t, parent), h.of(t, child))
		both := append(parent[:len(parent):len(parent)], child...)
		n.compare(t, v, both, child, h.of(t, both), h.of(t, child))
	}
	t.Logf("%+v", n)
	if n.yes < 1_000 || n.no < 1_000 {
		t.Errorf("too little was compared: %+v", n)
	}
}

func TestEveryDocumentIsWithinItself(t *testing.T) {
	v := testVocabulary(t)
	for _, above := range []bool{true, false} {
		for _, doc := range upTo2(smallRules(v, above)) {
			if excess, ok := Within(v, doc, doc); !ok {
				t.Fatalf("%+v is not within itself: %+v", doc, excess)
			}
		}
	}
}

// TestWithinOfPlainCases reads like the manual of the issuing ceiling.
func TestWithinOfPlainCases(t *testing.T) {
	v := testVocabulary(t)
	allow := func(res string, g ...GroupNo) Policy { return grant(t, v, Allow, res, g...) }
	deny := func(res string, g ...GroupNo) Policy { return grant(t, v, Deny, res, g...) }
	docs := func(p ...Policy) []Policy { return p }
	for _, row := range []struct {
		promise       string
		parent, child []Policy
		over          *GroupSet // nil: within
	}{
		{"nothing is within nothing", nil, nil, nil},
		{"something is not", nil, docs(allow("zone/1", zoneRead)), groupSet(zoneRead)},
		{"an account holds its zones", docs(allow("account/A", zoneRead)), docs(allow("zone/1", zoneRead)), nil},
		{"and no other's", docs(allow("account/A", zoneRead)), docs(allow("zone/2", zoneRead)), groupSet(zoneRead)},
		{"an account holds all its zones", docs(allow("account/A", zoneRead)), docs(allow("account/A>zone/*", zoneRead)), nil},
		{"all zones of an account are not the account", docs(allow("account/A>zone/*", zoneRead)), docs(allow("account/A", zoneRead)), groupSet(zoneRead)},
		{"all zones of an account hold one", docs(allow("account/A>zone/*", zoneRead)), docs(allow("zone/1", zoneRead)), nil},
		{"written nested as well", docs(allow("account/A>zone/*", zoneRead)), docs(allow("account/A>zone/1", zoneRead)), nil},
		{"one zone does not hold all", docs(allow("zone/1", zoneRead)), docs(allow("account/A>zone/*", zoneRead)), groupSet(zoneRead)},
		{"two zones hold two", docs(allow("zone/1", zoneRead), allow("zone/2", zoneRead)), docs(allow("zone/2", zoneRead), allow("zone/1", zoneRead)), nil},
		{"a record in a zone in an account", docs(allow("account/A", recordWrite)), docs(allow("zone/1>record/r1", recordWrite)), nil},
		{"every account holds one", docs(allow("account/*", zoneRead)), docs(allow("account/A", zoneRead)), nil},
		{"every zone holds those of an account", docs(allow("zone/*", zoneRead)), docs(allow("account/A>zone/*", zoneRead)), nil},
		{"one account does not hold every", docs(allow("account/A", zoneRead)), docs(allow("zone/*", zoneRead)), groupSet(zoneRead)},
		{"the groups over are named, and only they", docs(allow("zone/1", zoneRead)), docs(allow("zone/1", zoneRead, zoneWrite)), groupSet(zoneWrite)},
		{"groups from two policies", docs(allow("zone/1", zoneRead), allow("account/A", zoneWrite)), docs(allow("zone/1", zoneRead, zoneWrite)), nil},
		{"a deny is always within", nil, docs(deny("zone/1", zoneRead)), nil},
		{"what the child takes away itself", nil, docs(allow("zone/1", zoneRead), deny("account/A", zoneRead)), nil},
		{"what the parent takes away", docs(allow("account/A", zoneRead), deny("zone/1", zoneRead)), docs(allow("zone/1", zoneRead)), groupSet(zoneRead)},
		{"what the parent takes away somewhere", docs(allow("account/A", zoneRead), deny("zone/1", zoneRead)), docs(allow("account/A", zoneRead)), groupSet(zoneRead)},
		{"what the parent takes away elsewhere", docs(allow("account/*", zoneRead), deny("zone/1", zoneRead)), docs(allow("zone/2", zoneRead)), nil},
		{"what the parent takes away in another account", docs(allow("account/*", zoneRead), deny("account/B", zoneRead)), docs(allow("zone/1", zoneRead)), nil},
		{"what both take away", docs(allow("account/A", zoneRead), deny("zone/1", zoneRead)), docs(allow("account/A", zoneRead), deny("zone/1", zoneRead)), nil},
		{"what the child takes away wider", docs(allow("account/A", zoneRead), deny("zone/1", zoneRead)), docs(allow("account/A", zoneRead), deny("account/A>zone/*", zoneRead)), nil},
		{"names", docs(allow("account/A>bucket/*", bucketRead)), docs(allow("bucket/b1", bucketRead)), nil},
	} {
		t.Run(row.promise, func(t *testing.T) {
			excess, ok := Within(v, placed(t, v, row.parent), placed(t, v, row.child))
			if row.over == nil && !ok || row.over != nil && (ok || excess.Groups != *row.over) {
				t.Errorf("%v, %v; want over %v", excess, ok, row.over)
			}
		})
	}
}

// placed resolves policies and fills in where their resources lie.
func placed(t *testing.T, v *Vocabulary, policies []Policy) []Rule {
	t.Helper()
	rules, faults := Resolve(v, owners(v)[0], policies)
	if faults != nil {
		t.Fatal(faults)
	}
	for i := range rules {
		p := &rules[i].Pattern
		named := p.Ref
		if v.typed(named.Kind) {
			named = p.In
		}
		for _, tr := range smallTrails() {
			if path := tr.path(v); len(tr) > 1 && path.Leaf() == named && tr[len(tr)-1].id != "" {
				p.Above = NewPath(path.refs[1:path.n]...)
			}
		}
	}
	return rules
}

// TestExcessNamesTheRuleThatIsOver holds that denies before it are counted.
func TestExcessNamesTheRuleThatIsOver(t *testing.T) {
	v := testVocabulary(t)
	child := []Policy{
		grant(t, v, Deny, "zone/2", zoneRead), grant(t, v, Allow, "zone/1", zoneRead), grant(t, v, Allow, "zone/1", zoneRead, zoneWrite, dnsWrite),
	}
	excess, ok := Within(v, placed(t, v, child[1:2]), placed(t, v, child))
	if ok || excess.Rule != 2 || excess.Groups != *groupSet(zoneWrite, dnsWrite) {
		t.Errorf("%+v, %v", excess, ok)
	}
}
