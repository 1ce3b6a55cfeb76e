package narrowing

import (
	"cmp"
	"slices"

	"github.com/tokenward/tokenward/internal/policy"
)

// choose picks groups so that each of the sets has one. Where a group that only
// reads is enough, no other is picked for it; among the rest, the one that is
// enough for most, and of several such the one that opens least. It is greedy, so
// the number is not always the smallest, but it is the same every time.
func (f *finder) choose(sets []policy.GroupSet) policy.GroupSet {
	var picked policy.GroupSet
	var reading, rest []policy.GroupSet
	for i := range sets {
		if readers := f.readers(&sets[i]); readers.Empty() {
			rest = append(rest, sets[i])
		}
	}
	f.greedy(rest, &picked)
	for i := range sets {
		if !sets[i].Meets(&picked) { // what writes may read too
			reading = append(reading, f.readers(&sets[i]))
		}
	}
	f.greedy(reading, &picked)
	return f.prune(sets, picked)
}

func (f *finder) readers(set *policy.GroupSet) policy.GroupSet {
	var out policy.GroupSet
	for no := range set.All {
		if f.reads(no) {
			out.Add(no)
		}
	}
	return out
}

// greedy adds to picked until it meets every set.
func (f *finder) greedy(sets []policy.GroupSet, picked *policy.GroupSet) {
	for {
		count := make(map[policy.GroupNo]int)
		for i := range sets {
			if sets[i].Meets(picked) {
				continue
			}
			for no := range sets[i].All {
				count[no]++
			}
		}
		if len(count) == 0 {
			return
		}
		best, most := policy.GroupNo(0), 0
		for no, n := range count {
			if n > most || n == most && f.rank[no] < f.rank[best] {
				best, most = no, n
			}
		}
		picked.Add(best)
	}
}

// prune takes out what is not needed beside the others, what opens most first.
func (f *finder) prune(sets []policy.GroupSet, picked policy.GroupSet) policy.GroupSet {
	widest := slices.SortedFunc(picked.All, func(a, b policy.GroupNo) int { return cmp.Compare(f.rank[b], f.rank[a]) })
	for _, no := range widest {
		var one policy.GroupSet
		one.Add(no)
		without := picked.Minus(&one)
		if !slices.ContainsFunc(sets, func(s policy.GroupSet) bool { return !s.Meets(&without) }) {
			picked = without
		}
	}
	return picked
}
