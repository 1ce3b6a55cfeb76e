package policy

import "testing"

// TestEvaluateAgreesWithReferenceOnEverySmallDocument judges every document of
// one or two policies of the small world, for both kinds of owner, on every
// access.
func TestEvaluateAgreesWithReferenceOnEverySmallDocument(t *testing.T) {
	v := testVocabulary(t)
	total := 0
	for _, owner := range owners(v) {
		w := newSmallWorld(t, v, owner)
		n := len(w.policies)
		for i := range n {
			total += w.check(t, i)
			for j := range i {
				total += w.check(t, i, j)
			}
			if t.Failed() {
				return
			}
		}
	}
	t.Logf("%d decisions", total)
	if total < 1_000_000 {
		t.Errorf("%d decisions compared, want at least 1,000,000", total)
	}
}

// smallWorld is every policy of one resource form and one set of groups, with
// what the reference says of each on each trail.
type smallWorld struct {
	v        *Vocabulary
	owner    Owner
	accepted [][]GroupNo
	sets     []*GroupSet
	trails   []trail
	paths    []Path
	policies []Policy
	opinions [][]opinion // by policy, by trail
}

func newSmallWorld(t *testing.T, v *Vocabulary, owner Owner) *smallWorld {
	w := &smallWorld{v: v, owner: owner, trails: smallTrails()}
	w.accepted = [][]GroupNo{
		{accountRead}, {zoneRead}, {zoneWrite}, {bucketRead}, {userRead}, {recordWrite}, {},
		{zoneRead, zoneWrite}, {accountRead, zoneRead}, {zoneWrite, bucketRead, userRead, recordWrite},
		{dnsWrite}, {zoneRead, dnsWrite},
	}
	for _, a := range w.accepted {
		w.sets = append(w.sets, groupSet(a...))
	}
	for _, tr := range w.trails {
		w.paths = append(w.paths, tr.path(v))
	}
	ref := newReference(v, owner)
	combos := [][]GroupNo{
		{accountRead}, {zoneRead}, {bucketRead}, {userRead}, {recordWrite},
		{zoneRead, zoneWrite}, {accountRead, zoneRead, bucketRead, recordWrite}, {dnsWrite},
	}
	for _, form := range smallForms {
		for _, combo := range combos {
			for _, effect := range []Effect{Deny, Allow} {
				p := Policy{Effect: effect, Resources: []Resource{resource(form)}}
				for _, g := range combo {
					p.Groups = append(p.Groups, v.GroupByNo(g).ID)
				}
				if _, faults := Resolve(v, owner, []Policy{p}); faults != nil {
					continue
				}
				w.policies = append(w.policies, p)
				var says []opinion
				for _, tr := range w.trails {
					says = append(says, ref.opinions([]Policy{p}, tr)...)
				}
				w.opinions = append(w.opinions, says)
			}
		}
	}
	if len(w.policies) < 50 {
		t.Fatalf("only %d policies are good", len(w.policies))
	}
	return w
}

func (w *smallWorld) check(t *testing.T, policies ...int) (n int) {
	var doc []Policy
	for _, i := range policies {
		doc = append(doc, w.policies[i])
	}
	set := compileFor(t, w.v, w.owner, doc)
	opinions := make([]opinion, len(policies))
	for at := range w.trails {
		for k, i := range policies {
			opinions[k] = w.opinions[i][at]
		}
		for a, accepted := range w.accepted {
			got := set.Evaluate(&Access{Accepted: w.sets[a], Path: w.paths[at]})
			want, why := judge(opinions, accepted)
			if got.Allowed != want || got.Reason != why || !witness(got, opinions, accepted) {
				t.Errorf("%+v\non %v for %v: %+v, want %v, %v", doc, w.trails[at], accepted, got, want, why)
				return n
			}
			n++
		}
	}
	return n
}
