package policy

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
)

// benchSets is how many tokens a busy node meets at random.
const benchSets = 10_000

// benchToken is a token of 10 policies on 10 zones each with a condition, and
// the access that only its last policy reaches.
func benchToken(tb testing.TB, v *Vocabulary, rnd *rand.Rand, deny bool) (*Set, Access) {
	tb.Helper()
	account := Ref{Kind: v.Kind("api.account"), ID: randomID(rnd)}
	policies := make([]Policy, 10)
	for i := range policies {
		p := &policies[i]
		p.Effect = Allow
		p.Groups = []string{v.GroupByNo([]GroupNo{zoneRead, zoneWrite, dnsWrite}[i%3]).ID}
		for range 10 {
			p.Resources = append(p.Resources, Resource{Key: "api.account.zone." + randomID(rnd).String()})
		}
	}
	last := &policies[9]
	zone := last.Resources[9].Key[len("api.account.zone."):]
	if deny {
		policies = append(policies, Policy{Effect: Deny, Groups: last.Groups, Resources: last.Resources})
	}
	rules, faults := Resolve(v, Owner{Ref: account, Account: true}, policies)
	if faults != nil {
		tb.Fatal(faults)
	}
	set, err := Compile(v, rules, Condition{In: []string{"198.51.100.0/24", "2001:db8::/32"}, NotIn: []string{"198.51.100.7/32"}})
	if err != nil {
		tb.Fatal(err)
	}
	return set, Access{
		Accepted: benchAccepted,
		Path:     NewPath(MakeRef(v.Kind("api.account.zone"), zone), account),
		Addr:     netip.MustParseAddr("198.51.100.20"),
	}
}

// benchAccepted is the groups of an operation, the same for all who call it.
var benchAccepted = groupSet(zoneRead, zoneWrite, dnsWrite)

func randomID(rnd *rand.Rand) ID {
	var id ID
	binary.BigEndian.PutUint64(id[:8], rnd.Uint64())
	binary.BigEndian.PutUint64(id[8:], rnd.Uint64())
	return id
}

// BenchmarkEvaluate is one check, of a token that stays in the processor's
// cache and of one among 10,000.
func BenchmarkEvaluate(b *testing.B) {
	v := testVocabulary(b)
	for _, deny := range []bool{false, true} {
		rnd := rand.New(rand.NewPCG(1, 2))
		sets, accesses := make([]*Set, benchSets), make([]Access, benchSets)
		for i := range sets {
			sets[i], accesses[i] = benchToken(b, v, rnd, deny)
		}
		for _, n := range []int{1, benchSets} {
			name := map[bool]string{false: "allow", true: "deny"}[deny]
			b.Run(fmt.Sprintf("%s/sets=%d", name, n), func(b *testing.B) { benchEvaluate(b, sets[:n], accesses[:n], deny) })
		}
	}
}

func benchEvaluate(b *testing.B, sets []*Set, accesses []Access, deny bool) {
	b.ReportAllocs()
	x := uint32(1)
	for range b.N {
		x = x*1664525 + 1013904223
		i := uint64(x) * uint64(len(sets)) >> 32
		if sets[i].Evaluate(&accesses[i]).Allowed == deny {
			b.Fatal("wrong decision")
		}
	}
}

// BenchmarkSHA256 is the digest of a secret, which every check computes as
// well: the scale for BenchmarkEvaluate.
func BenchmarkSHA256(b *testing.B) {
	secret := make([]byte, 53)
	b.ReportAllocs()
	for range b.N {
		sum := sha256.Sum256(secret)
		secret[0] = sum[0]
	}
}

func TestEvaluateDoesNotAllocate(t *testing.T) {
	v := testVocabulary(t)
	for _, deny := range []bool{false, true} {
		set, access := benchToken(t, v, rand.New(rand.NewPCG(1, 2)), deny)
		if n := testing.AllocsPerRun(1000, func() { set.Evaluate(&access) }); n != 0 {
			t.Errorf("deny=%v: %v allocations per check", deny, n)
		}
	}
}

// worstDocuments are the largest documents in which every deny of the parent could be
// about every allow of the child: nothing of one is of the other, which shows only in
// what is known of where the zones lie.
func worstDocuments(v *Vocabulary) (parent, child []Rule) {
	rnd := rand.New(rand.NewPCG(9, 9))
	account, zone := v.Kind("api.account"), v.Kind("api.account.zone")
	parent = append(parent, Rule{Effect: Allow, Pattern: Pattern{Ref: Ref{Kind: account}}, Groups: *groupSet(zoneRead)})
	for i := range MaxRules {
		above := NewPath(Ref{Kind: account, ID: randomID(rnd)})
		one := Rule{Effect: Deny, Pattern: Pattern{Ref: Ref{Kind: zone, ID: randomID(rnd)}, Above: above}, Groups: *groupSet(zoneRead), Policy: i % MaxPolicies}
		if len(parent) < MaxRules {
			parent = append(parent, one)
		}
		one.Effect, one.Pattern.Ref.ID = Allow, randomID(rnd)
		child = append(child, one)
	}
	return parent, child
}

func TestWithinOfTheLargestDocuments(t *testing.T) {
	v := testVocabulary(t)
	parent, child := worstDocuments(v)
	// Each zone of the child lies beside one that the parent takes away.
	if excess, ok := Within(v, parent, child); !ok {
		t.Errorf("%+v", excess)
	}
	child[len(child)-1].Pattern = parent[len(parent)-1].Pattern
	if excess, ok := Within(v, parent, child); ok || excess.Rule != len(child)-1 {
		t.Errorf("%+v, %v", excess, ok)
	}
}

// BenchmarkWithinOfTheLargestDocuments is the longest that one creation can make
// the ceiling take.
func BenchmarkWithinOfTheLargestDocuments(b *testing.B) {
	v := testVocabulary(b)
	parent, child := worstDocuments(v)
	for b.Loop() {
		if _, ok := Within(v, parent, child); !ok {
			b.Fatal("not within")
		}
	}
}

// BenchmarkResolveOfTheLargestDocument is resolving and compiling 5,000
// resources in 100 policies of 512 groups.
func BenchmarkResolveOfTheLargestDocument(b *testing.B) {
	v := wideVocabulary(b)
	rnd := rand.New(rand.NewPCG(9, 9))
	doc := make([]Policy, MaxPolicies)
	for i := range doc {
		p := &doc[i]
		p.Effect = Effect(i % 2)
		for range MaxPolicyGroups {
			p.Groups = append(p.Groups, v.GroupByNo(GroupNo(60+rnd.IntN(150))).ID)
		}
		for range MaxRules / MaxPolicies {
			p.Resources = append(p.Resources, Resource{
				Key: "api.account." + randomID(rnd).String(), Nested: []string{"api.account.zone." + randomID(rnd).String()},
			})
		}
	}
	for b.Loop() {
		rules, faults := Resolve(v, Owner{Ref: MakeRef(v.Kind("api.user"), user1)}, doc)
		if faults != nil {
			b.Fatal(faults)
		}
		if _, err := Compile(v, rules, Condition{}); err != nil {
			b.Fatal(err)
		}
	}
}

// manyPatterns are rules about as many patterns as a token can have, of names that are
// as long and have as many labels as there can be; nothing is all that tells one from
// another but their ends. shape is "", or has a star for where they are open.
func manyPatterns(v *Vocabulary, e Effect, shape, end string) (rules []Rule) {
	zone, account := MakeRef(v.Kind("api.account.zone"), zone1), MakeRef(v.Kind("api.account"), accountA)
	kind := v.Kind("dns.name")
	for i := range MaxPatterns {
		name := fmt.Sprintf("%s%05d%s.example", strings.Repeat("a.", 100), i, end)
		switch shape {
		case "*-":
			name = "*." + name
		case "-*":
			name += ".*"
		case "*-*":
			name = fmt.Sprintf("*.%sa.%05d%s.*", strings.Repeat("a", 60)+".", i, end)
		}
		rules = append(rules, Rule{
			Effect: e, Groups: *groupSet(dnsWrite), Policy: i % MaxPolicies,
			Pattern: Pattern{Ref: Ref{Kind: kind, Name: "TXT:" + name}, In: zone, Above: NewPath(account)},
		})
	}
	return rules
}

// BenchmarkWithinOfPatterns is the longest that patterns of names can make the
// ceiling take: each of the child's is given by another one of the parent's, or
// kept apart from each that the parent takes away.
func BenchmarkWithinOfPatterns(b *testing.B) {
	v := testVocabulary(b)
	whole := Rule{Effect: Allow, Pattern: Pattern{Ref: MakeRef(v.Kind("api.account"), accountA)}, Groups: *groupSet(dnsWrite)}
	for _, shape := range []string{"", "*-", "-*", "*-*"} {
		for name, docs := range map[string][2][]Rule{
			"given": {manyPatterns(v, Allow, shape, ""), manyPatterns(v, Allow, shape, "")},
			"apart": {append(manyPatterns(v, Deny, shape, "x"), whole), manyPatterns(v, Allow, "", "")},
		} {
			b.Run(fmt.Sprintf("%s/shape=%q", name, shape), func(b *testing.B) {
				for b.Loop() {
					if excess, ok := Within(v, docs[0], docs[1]); !ok {
						b.Fatal(excess)
					}
				}
			})
		}
	}
}

// BenchmarkEvaluateOfRecords is one record against as many patterns as a token can
// have, none of which is it, and against three: a usual name, and one of as many
// labels as there can be.
func BenchmarkEvaluateOfRecords(b *testing.B) {
	v := testVocabulary(b)
	zone, account := MakeRef(v.Kind("api.account.zone"), zone1), MakeRef(v.Kind("api.account"), accountA)
	at := NewPath(zone, account)
	for name, labels := range map[string]string{"usual": "_acme-challenge.www.example.com", "long": strings.Repeat("a.", 122) + "example"} {
		record, ok := v.Record(v.Kind("dns.name"), "TXT", labels)
		if !ok {
			b.Fatal(labels)
		}
		a := Access{Accepted: groupSet(dnsWrite), Path: at.Holding(record)}
		for _, n := range []int{3, MaxPatterns} {
			set, err := Compile(v, manyPatterns(v, Allow, "*-*", "")[:n], Condition{})
			if err != nil {
				b.Fatal(err)
			}
			b.Run(fmt.Sprintf("%s/patterns=%d", name, n), func(b *testing.B) {
				for b.Loop() {
					if set.Evaluate(&a).Allowed {
						b.Fatal("it is none of them")
					}
				}
			})
		}
	}
}
