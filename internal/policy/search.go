package policy

import (
	"bytes"
	"cmp"
	"math/bits"
	"strings"
)

// guess is about where the id is among n: ids are mostly random, so an id's place
// among the others follows from its value. It is exact, or a few places off.
func guess(n int, hi uint64) int {
	g, _ := bits.Mul64(hi, uint64(n))
	return int(g)
}

// search finds the first of n patterns that is not before the id, n when there is
// none. words begins with the patterns as Set has them. It begins where the id
// should be; from there the steps double, so ids that somebody chose cost no more
// than a binary search.
func search(words []uint64, n int, hi, lo uint64) int {
	if n == 0 {
		return 0
	}
	halves, rests := words[:n], words[n:n+restWords*n]
	at := guess(n, hi)
	if i, ok := searchNear(halves, at, hi); ok && (i == n || halves[i] > hi || rests[i*restWords] >= lo) {
		return i
	}
	before := func(i int) bool {
		h := halves[i]
		return h < hi || h == hi && rests[i*restWords] < lo
	}
	first, last := at, at // the answer lies in first..last
	if before(at) {
		step := 1
		first = at + 1
		for last = at + 1; last < n && before(last); last += step {
			first = last + 1
			step *= 2
		}
		last = min(last, n)
	} else {
		step := 1
		for first = at - 1; first >= 0 && !before(first); first -= step {
			last = first
			step *= 2
		}
		first = max(first+1, 0)
	}
	for first < last {
		mid := (first + last) / 2
		if before(mid) {
			first = mid + 1
		} else {
			last = mid
		}
	}
	return first
}

// window is how many of the first halves are compared at once.
const window = 16

// searchNear finds the first of the sorted halves that is not less than hi, if it
// is near a place. It compares all that are near: what it would spare by stopping
// costs more, because the processor cannot foresee where.
func searchNear(halves []uint64, at int, hi uint64) (i int, ok bool) {
	from := min(max(at-window/2, 0), max(len(halves)-window, 0))
	near := halves[from:min(from+window, len(halves))]
	less := 0
	for _, h := range near {
		_, borrow := bits.Sub64(h, hi, 0)
		less += int(borrow)
	}
	return from + less, (less > 0 || from == 0) && (less < len(near) || from+less == len(halves))
}

// compareRefs orders refs that have names.
func compareRefs(a, b *Ref) int {
	if n := strings.Compare(a.Name, b.Name); n != 0 {
		return n
	}
	if n := cmp.Compare(a.Kind, b.Kind); n != 0 {
		return n
	}
	return bytes.Compare(a.ID[:], b.ID[:])
}

// searchNames finds the first of names that is not before r.
func searchNames(names []named, r *Ref) int {
	first, last := 0, len(names)
	for first < last {
		mid := (first + last) / 2
		if compareRefs(&names[mid].ref, r) < 0 {
			first = mid + 1
		} else {
			last = mid
		}
	}
	return first
}
