package store

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"

	"github.com/tokenward/tokenward/internal/authority"
)

// Zones implements [authority.Reader]. It merges the accounts' zones, each account's
// read page by page along its index, so that a caller with one zone among a million
// pays for one, and one with a million never holds them all. Between two pages others
// may write: what they add or take away may or may not be seen.
func (r reader) Zones(ctx context.Context, accountIDs []string, each func(authority.Zone) bool) error {
	accounts := unique(accountIDs)
	limit := min(max(4096/max(len(accounts), 1), 16), 256)
	var walk zoneWalk
	for _, id := range accounts {
		zones, err := r.zonesAfter(ctx, id, "", limit)
		if err != nil {
			return fmt.Errorf("list zones: %w", err)
		}
		if len(zones) > 0 {
			walk = append(walk, zones)
		}
	}
	heap.Init(&walk)
	for len(walk) > 0 {
		z := walk[0][0]
		if !each(z) {
			return nil
		}
		walk[0] = walk[0][1:]
		if len(walk[0]) == 0 {
			var err error
			if walk[0], err = r.zonesAfter(ctx, z.AccountID, z.Name, limit); err != nil {
				return fmt.Errorf("list zones: %w", err)
			}
		}
		if len(walk[0]) == 0 {
			heap.Pop(&walk)
		} else {
			heap.Fix(&walk, 0)
		}
	}
	return nil
}

// zoneWalk holds the next zones of each account, as a heap: the first account's first
// zone is the next of all. No list in it is empty.
type zoneWalk [][]authority.Zone

func (w zoneWalk) Len() int      { return len(w) }
func (w zoneWalk) Swap(i, j int) { w[i], w[j] = w[j], w[i] }
func (w zoneWalk) Less(i, j int) bool {
	a, b := &w[i][0], &w[j][0]
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) < 0
}
func (w *zoneWalk) Push(x any) { *w = append(*w, x.([]authority.Zone)) }
func (w *zoneWalk) Pop() any {
	last := (*w)[len(*w)-1]
	*w = (*w)[:len(*w)-1]
	return last
}
