package policy

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// largeWorld is a random world with many resources, whose ids come in one of
// the shapes that a guess by value gets wrong.
type largeWorld struct {
	v        *Vocabulary
	owner    Owner
	ref      reference
	rnd      *rand.Rand
	accounts []string
	trails   []trail
	keys     []string // of everything that a policy may name
}

// wideVocabulary has so many groups that some lists of them are kept as sets.
func wideVocabulary(tb testing.TB) *Vocabulary {
	tb.Helper()
	var groups []Group
	for i, k := range []string{"api.account", "api.account.zone", "edge.bucket", "api.account.zone.record"} {
		for n := range []int{60, 150, 20, 10}[i] {
			groups = append(groups, Group{ID: fmt.Sprintf("%02x%030x", i+1, n), Name: fmt.Sprintf("%s %d", k, n), Scope: k})
		}
	}
	v, err := NewVocabulary(testKinds(), groups)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// idShapes draw ids: spread evenly, in clusters, with equal upper words, with
// equal lower words, near zero, near the end, at both ends.
var idShapes = map[string]func(*rand.Rand) (hi, lo uint64){
	"even":        func(r *rand.Rand) (uint64, uint64) { return r.Uint64(), r.Uint64() },
	"clusters":    func(r *rand.Rand) (uint64, uint64) { return r.Uint64N(3)<<62 | r.Uint64N(40), r.Uint64N(4) },
	"equal upper": func(r *rand.Rand) (uint64, uint64) { return 0x8000_0000_0000_0000, r.Uint64() },
	"equal lower": func(r *rand.Rand) (uint64, uint64) { return r.Uint64(), 7 },
	"near zero":   func(r *rand.Rand) (uint64, uint64) { return 0, 1 + r.Uint64N(500) },
	"near end":    func(r *rand.Rand) (uint64, uint64) { return ^uint64(0), ^r.Uint64N(500) },
	"both ends": func(r *rand.Rand) (uint64, uint64) {
		end := -(r.Uint64() & 1)
		return end, end ^ (1 + r.Uint64N(300))
	},
}

func newLargeWorld(tb testing.TB, v *Vocabulary, seed uint64, shape func(*rand.Rand) (uint64, uint64), account bool) *largeWorld {
	w := &largeWorld{v: v, rnd: rand.New(rand.NewPCG(seed, 1))}
	id := func() string {
		var id ID
		hi, lo := shape(w.rnd)
		binary.BigEndian.PutUint64(id[:8], hi)
		binary.BigEndian.PutUint64(id[8:], lo)
		return id.String()
	}
	for a := range 12 {
		acc := step{"api.account", id()}
		w.accounts = append(w.accounts, acc.id)
		w.add(acc)
		for n := range 25 {
			zone := step{"api.account.zone", id()}
			w.add(zone, acc)
			w.add(step{"api.account.zone.record", id()}, zone, acc)
			w.add(step{"edge.bucket", fmt.Sprintf("b%d_default.x%d", a, n)}, acc)
		}
		// A name may look like an id, and an id of one kind be one of another.
		w.add(step{"edge.bucket", acc.id}, acc)
		w.add(step{"edge.bucket", ID{}.String()}, acc)
	}
	w.owner = Owner{Ref: MakeRef(v.Kind("api.user"), user1)}
	if account {
		w.owner = Owner{Ref: MakeRef(v.Kind("api.account"), w.accounts[0]), Account: true}
	}
	w.ref = newReference(v, w.owner)
	return w
}

func (w *largeWorld) add(t ...step) {
	w.trails = append(w.trails, t)
	w.keys = append(w.keys, t[0].kind+"."+t[0].id)
}

func (w *largeWorld) key() string { return w.keys[w.rnd.IntN(len(w.keys))] }

// resource is a random entry; it may be one that Resolve refuses.
func (w *largeWorld) resource() Resource {
	kind := []string{"api.account", "api.account.zone", "edge.bucket", "api.account.zone.record"}[w.rnd.IntN(4)]
	outer := "api.account." + w.accounts[w.rnd.IntN(len(w.accounts))]
	switch w.rnd.IntN(20) {
	case 0:
		return Resource{Key: kind + ".*"}
	case 1, 2:
		return Resource{Key: outer, Nested: []string{kind + ".*"}}
	case 3, 4, 5:
		return Resource{Key: outer, Nested: []string{w.key(), w.key()}}
	case 6:
		return Resource{Key: "api.account.*", Nested: []string{w.key()}}
	}
	return Resource{Key: w.key()}
}

// policy is a random good policy, with few or many resources and groups.
func (w *largeWorld) policy(effect Effect) Policy {
	for {
		scope := []string{"api.account", "api.account.zone", "edge.bucket", "api.account.zone.record"}[w.rnd.IntN(4)]
		p := Policy{Effect: effect}
		for range 1 + w.rnd.IntN(1<<w.rnd.IntN(8)) {
			if g := w.v.GroupByNo(GroupNo(w.rnd.IntN(w.v.Groups()))); g.Scope == scope {
				p.Groups = append(p.Groups, g.ID)
			}
		}
		if len(p.Groups) == 0 {
			continue
		}
		for range 1 + w.rnd.IntN(1<<w.rnd.IntN(9)) {
			one := Policy{Effect: effect, Groups: p.Groups, Resources: []Resource{w.resource()}}
			if _, faults := Resolve(w.v, w.owner, []Policy{one}); faults == nil {
				p.Resources = append(p.Resources, one.Resources...)
			}
		}
		if len(p.Resources) > 0 {
			return p
		}
	}
}

func (w *largeWorld) document(denies int) []Policy {
	var doc []Policy
	for range 1 + w.rnd.IntN(6) {
		doc = append(doc, w.policy(Allow))
	}
	for range denies {
		deny := w.policy(Deny)
		if w.rnd.IntN(2) == 0 { // take away some of what is given
			deny.Groups = doc[0].Groups[:1+w.rnd.IntN(len(doc[0].Groups))]
			deny.Resources = doc[0].Resources[:1+w.rnd.IntN(len(doc[0].Resources))]
		}
		doc = append(doc, deny)
	}
	w.rnd.Shuffle(len(doc), func(i, j int) { doc[i], doc[j] = doc[j], doc[i] })
	return doc
}

// access is a random trail, sometimes of a resource that does not exist yet, and
// random accepted groups, often ones that the document names.
func (w *largeWorld) access(doc []Policy) (trail, []GroupNo) {
	p := doc[w.rnd.IntN(len(doc))]
	t := w.trails[w.rnd.IntN(len(w.trails))]
	for range 12 { // look for one that the policy may be about
		if slices.ContainsFunc(w.ref.says(&p, t), func(said bool) bool { return said }) {
			break
		}
		t = w.trails[w.rnd.IntN(len(w.trails))]
	}
	t = slices.Clone(t)
	if w.rnd.IntN(8) == 0 {
		t[0].id = ""
	}
	var accepted []GroupNo
	for range 1 + w.rnd.IntN(3) {
		g := GroupNo(w.rnd.IntN(w.v.Groups()))
		if w.rnd.IntN(3) > 0 {
			g, _ = w.v.Group(p.Groups[w.rnd.IntN(len(p.Groups))])
		}
		accepted = append(accepted, g)
	}
	return t, accepted
}

// eachLargeWorld runs f on worlds of every shape of ids and both owners.
func eachLargeWorld(t *testing.T, f func(*testing.T, *largeWorld)) {
	v := wideVocabulary(t)
	seed := uint64(0)
	for _, name := range slices.Sorted(maps.Keys(idShapes)) {
		for _, account := range []bool{false, true} {
			seed++
			t.Run(fmt.Sprintf("%s/account=%v", name, account), func(t *testing.T) {
				f(t, newLargeWorld(t, v, seed, idShapes[name], account))
			})
		}
	}
}

func TestEvaluateAgreesWithReferenceInLargeWorlds(t *testing.T) {
	reasons := map[Reason]int{}
	eachLargeWorld(t, func(t *testing.T, w *largeWorld) {
		for range 20 {
			doc := w.document(w.rnd.IntN(3))
			set := compileFor(t, w.v, w.owner, doc)
			for range 100 {
				tr, accepted := w.access(doc)
				opinions := w.ref.opinions(doc, tr)
				got := set.Evaluate(&Access{Accepted: groupSet(accepted...), Path: tr.path(w.v)})
				want, why := judge(opinions, accepted)
				if got.Allowed != want || got.Reason != why || !witness(got, opinions, accepted) {
					t.Fatalf("%+v\non %v for %v: %+v, want %v, %v", doc, tr, accepted, got, want, why)
				}
				reasons[why]++
			}
		}
	})
	t.Log(reasons)
	for _, r := range []Reason{NoGrant, Granted, DeniedByPolicy} {
		if reasons[r] < 500 {
			t.Errorf("only %d decisions with %q", reasons[r], r)
		}
	}
}

func TestOrderOfPoliciesResourcesAndGroupsDoesNotMatter(t *testing.T) {
	eachLargeWorld(t, func(t *testing.T, w *largeWorld) {
		for range 10 {
			doc := w.document(1)
			one := compileFor(t, w.v, w.owner, doc)
			other := compileFor(t, w.v, w.owner, w.shuffled(doc))
			w.compare(t, doc, one, other, func(a, b Decision) bool { return a.Allowed == b.Allowed && a.Reason == b.Reason })
		}
	})
}

func (w *largeWorld) shuffled(doc []Policy) []Policy {
	out := slices.Clone(doc)
	for i := range out {
		p := &out[i]
		p.Groups, p.Resources = slices.Clone(p.Groups), slices.Clone(p.Resources)
		w.rnd.Shuffle(len(p.Groups), func(i, j int) { p.Groups[i], p.Groups[j] = p.Groups[j], p.Groups[i] })
		w.rnd.Shuffle(len(p.Resources), func(i, j int) { p.Resources[i], p.Resources[j] = p.Resources[j], p.Resources[i] })
	}
	w.rnd.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// compare judges random accesses by two sets and holds what must be true of the
// two decisions.
func (w *largeWorld) compare(t *testing.T, doc []Policy, one, other *Set, hold func(a, b Decision) bool) {
	t.Helper()
	for range 100 {
		tr, accepted := w.access(doc)
		a := Access{Accepted: groupSet(accepted...), Path: tr.path(w.v)}
		if x, y := one.Evaluate(&a), other.Evaluate(&a); !hold(x, y) {
			t.Fatalf("%+v\non %v for %v: %+v and %+v", doc, tr, accepted, x, y)
		}
	}
}

func TestOneMoreDenyNeverAllows(t *testing.T) {
	eachLargeWorld(t, func(t *testing.T, w *largeWorld) {
		for range 10 {
			doc := w.document(w.rnd.IntN(2))
			before := compileFor(t, w.v, w.owner, doc)
			doc = append(doc, w.policy(Deny))
			after := compileFor(t, w.v, w.owner, doc)
			w.compare(t, doc, before, after, func(b, a Decision) bool { return b.Allowed || !a.Allowed })
		}
	})
}

func TestOneMoreAllowNeverDenies(t *testing.T) {
	eachLargeWorld(t, func(t *testing.T, w *largeWorld) {
		for range 10 {
			doc := w.document(w.rnd.IntN(2))
			before := compileFor(t, w.v, w.owner, doc)
			doc = append(doc, w.policy(Allow))
			after := compileFor(t, w.v, w.owner, doc)
			w.compare(t, doc, before, after, func(b, a Decision) bool { return !b.Allowed || a.Allowed })
		}
	})
}
