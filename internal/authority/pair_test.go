package authority

import (
	"net/netip"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// TestPairsThatDifferHaveOtherHashes: two with one hash would be counted as one.
func TestPairsThatDifferHaveOtherHashes(t *testing.T) {
	var u usage
	u.init()
	list, create := &catalog.Operation{ID: "list"}, &catalog.Operation{ID: "create"}
	at := func(op *catalog.Operation, kind policy.KindNo, id, from string) *Attempt {
		a := &Attempt{Op: op, Path: policy.NewPath(policy.MakeRef(kind, id))}
		if from != "" {
			a.Addr = netip.MustParseAddr(from)
		}
		return a
	}
	const zone, other = "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdee"
	attempts := map[string]*Attempt{
		"one use":                at(list, 3, zone, "192.0.2.1"),
		"another operation":      at(create, 3, zone, "192.0.2.1"),
		"another resource":       at(list, 3, other, "192.0.2.1"),
		"another kind":           at(list, 4, zone, "192.0.2.1"),
		"a name":                 at(list, 3, "a name", "192.0.2.1"),
		"another name":           at(list, 3, "another name", "192.0.2.1"),
		"another address":        at(list, 3, zone, "192.0.2.2"),
		"the address as IPv6":    at(list, 3, zone, "::ffff:192.0.2.1"),
		"an address not known":   at(list, 3, zone, ""),
		"the unspecified one":    at(list, 3, zone, "::"),
		"an operation on itself": {Op: list, Addr: netip.MustParseAddr("192.0.2.1")},
	}
	seen := make(map[uint64]string)
	for name, a := range attempts {
		for day := range int64(2) {
			hash := u.hashPair(a, day)
			if before, ok := seen[hash]; ok {
				t.Errorf("%s and %s have one hash", name, before)
			}
			seen[hash] = name
		}
		if u.hashPair(a, 0) != u.hashPair(a, 0) {
			t.Errorf("%s has two hashes", name)
		}
	}
}
