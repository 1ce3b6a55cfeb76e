package catalog

import (
	"cmp"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/policy"
)

// Narrowest lists the groups of a set, the one that opens least first: by how many
// operations accept it, then those that only read, then by name.
func (c *Catalog) Narrowest(groups *policy.GroupSet) []policy.GroupNo {
	opens := make(map[policy.GroupNo]int)
	count := func(ops []*Operation) {
		for _, op := range ops {
			if op.Rule != Groups || !op.Accepted.Meets(groups) {
				continue
			}
			both := op.Accepted.And(groups)
			for no := range both.All {
				opens[no]++
			}
		}
	}
	count(c.operations)
	for _, a := range c.apis {
		count(a.routes.operations)
	}
	out := slices.Collect(groups.All)
	slices.SortFunc(out, func(a, b policy.GroupNo) int {
		x, y := c.GroupByNo(a), c.GroupByNo(b)
		return cmp.Or(cmp.Compare(opens[a], opens[b]), cmp.Compare(edits(&x), edits(&y)),
			strings.Compare(x.Name, y.Name), strings.Compare(x.ID, y.ID))
	})
	return out
}

// edits is 0 for a group that only reads.
func edits(g *Group) int {
	if g.Level == LevelRead {
		return 0
	}
	return 1
}
