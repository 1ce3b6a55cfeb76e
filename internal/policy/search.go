package policy

import (
	"bytes"
	"cmp"
	"math/bits"
	"strings"
)

// search finds the first pattern that is not before the id, as an index into
// refs. Ids are mostly random, so the id's place among the others is guessed
// from its value and is right or next door; from there the steps double, so ids
// that somebody chose cost no more than a binary search.
func search(refs []uint64, hi, lo uint64) int {
	n := len(refs) / refWords
	if n == 0 {
		return 0
	}
	before := func(i int) bool {
		h := refs[i*refWords]
		return h < hi || h == hi && refs[i*refWords+1] < lo
	}
	g, _ := bits.Mul64(hi, uint64(n))
	guess := int(g)
	first, last := guess, guess // the answer lies in first..last
	if before(guess) {
		step := 1
		first = guess + 1
		for last = guess + 1; last < n && before(last); last += step {
			first = last + 1
			step *= 2
		}
		last = min(last, n)
	} else {
		step := 1
		for first = guess - 1; first >= 0 && !before(first); first -= step {
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
	return first * refWords
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
