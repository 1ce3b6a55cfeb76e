package policy

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"
)

func TestSearchFindsTheFirstOfAnId(t *testing.T) {
	for name, shape := range idShapes {
		t.Run(name, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(3, 4))
			for n := range 120 {
				ids := make([][2]uint64, n)
				for i := range ids {
					ids[i][0], ids[i][1] = shape(rnd)
				}
				slices.SortFunc(ids, func(a, b [2]uint64) int { return slices.Compare(a[:], b[:]) })
				searchAll(t, rnd, ids, shape)
			}
		})
	}
}

func searchAll(t *testing.T, rnd *rand.Rand, ids [][2]uint64, shape func(*rand.Rand) (uint64, uint64)) {
	t.Helper()
	words := make([]uint64, 0, len(ids)*(1+restWords))
	for _, id := range ids {
		words = append(words, id[0])
	}
	for _, id := range ids {
		words = append(words, id[1], 0)
	}
	wanted := append([][2]uint64{{0, 0}, {0, 1}, {^uint64(0), ^uint64(0)}, {1 << 63, 0}}, ids...)
	for range 20 {
		hi, lo := shape(rnd)
		wanted = append(wanted, [2]uint64{hi, lo})
	}
	for _, w := range wanted {
		want := sort.Search(len(ids), func(i int) bool { return slices.Compare(ids[i][:], w[:]) >= 0 })
		if got := search(words, len(ids), w[0], w[1]); got != want {
			t.Fatalf("%x among %x: at %d, want %d", w, ids, got, want)
		}
	}
}

func TestSearchNamesFindsTheFirstOfAName(t *testing.T) {
	var names []named
	for i := range 300 {
		for range i%3 + 1 {
			names = append(names, named{ref: Ref{Kind: KindNo(1 + i%2), Name: fmt.Sprintf("b%d", i/2)}})
		}
	}
	slices.SortStableFunc(names, func(a, b named) int { return compareRefs(&a.ref, &b.ref) })
	for i := range names {
		want := slices.IndexFunc(names, func(n named) bool { return n.ref == names[i].ref })
		if got := searchNames(names, &names[i].ref); got != want {
			t.Fatalf("%v: at %d, want %d", names[i].ref, got, want)
		}
	}
	for name, want := range map[string]int{"": 0, "a": 0, "z": len(names)} {
		if got := searchNames(names, &Ref{Kind: 1, Name: name}); got != want {
			t.Errorf("%q: at %d, want %d", name, got, want)
		}
	}
}
