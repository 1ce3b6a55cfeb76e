package catalog

import (
	"math/rand/v2"
	"testing"
)

func requests() (ops []*Operation, paths []string) {
	for op := range V4().Operations() {
		ops = append(ops, op)
		paths = append(paths, fill(op))
	}
	return ops, paths
}

func TestMatchDoesNotAllocate(t *testing.T) {
	ops, paths := requests()
	bucket := V4().Vocabulary().Kind(KindBucket)
	i, sink := 0, 0
	allocs := testing.AllocsPerRun(2*len(ops), func() {
		m, _ := V4().Match(ops[i%len(ops)].Method, paths[i%len(ops)])
		if m.Op.Target != TargetBucket {
			p := m.Resource("")
			if p.Leaf().Kind == bucket {
				sink++
			}
		}
		sink += len(m.Param("zone_id"))
		i++
	})
	if allocs != 0 || sink == 0 {
		t.Errorf("%v allocations for a match", allocs)
	}
}

// BenchmarkMatch matches a random one of all operations.
func BenchmarkMatch(b *testing.B) {
	ops, paths := requests()
	order := rand.New(rand.NewPCG(1, 2)).Perm(len(ops))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		n := order[i%len(order)]
		if m, miss := V4().Match(ops[n].Method, paths[n]); miss != Hit || m.Op != ops[n] {
			b.Fatal(paths[n])
		}
	}
}

func BenchmarkMatchDNSRecord(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		m, _ := V4().Match("GET", "/zones/"+zone+"/dns_records/"+tok)
		if p := m.Resource(""); p.Len() != 1 {
			b.Fatal("no resource")
		}
	}
}

func BenchmarkMatchMiss(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, miss := V4().Match("GET", "/accounts/"+acct+"/no/such/path"); miss == Hit {
			b.Fatal("hit")
		}
	}
}

// BenchmarkLoad is what the catalogue adds to the start of the program.
func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := load(v4Text); err != nil {
			b.Fatal(err)
		}
	}
}
