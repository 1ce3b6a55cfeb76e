package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// BenchmarkTokenLists measures a page of 50 among 10,000 tokens of one owner, and the
// counts of an overview. A page of the dashboard has 30 ms for all that it does.
func BenchmarkTokenLists(b *testing.B) {
	s := benchStore(b, filepath.Join(b.TempDir(), "bench.db"))
	owner := authority.Owner{Kind: authority.OwnerAccount, ID: fmt.Sprintf("%032x", 7)}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for first := 0; first < 10_000; first += 1000 {
		err := s.Write(b.Context(), func(ctx context.Context, tx authority.Tx) error {
			for n := first; n < first+1000; n++ {
				k := benchToken(n)
				k.Owner, k.Name, k.IssuedOn = owner, fmt.Sprintf("deploy %d of %d", n*7919%10_000, n%100), start.Add(time.Duration(n)*time.Minute)
				if n%3 > 0 {
					k.LastUsedOn = k.IssuedOn.Add(time.Duration(n%500) * time.Hour)
				}
				if err := tx.InsertToken(ctx, k); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	now := start.AddDate(0, 1, 0)
	for name, f := range map[string]authority.TokenFilter{
		"all":        {},
		"name":       {Sort: authority.ByName, Offset: 5000},
		"last use":   {Sort: authority.ByLastUse, Descending: true},
		"search":     {Search: "77 of", Sort: authority.ByName},
		"never used": {NeverUsed: true, Sort: authority.ByExpiry},
		"unused":     {UnusedFor: 90 * 24 * time.Hour, Status: authority.StatusActive},
	} {
		f.Limit = 50
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := s.FindTokens(b.Context(), authority.TokenSearch{TokenFilter: f, Owner: owner, Now: now}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("counts", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.CountTokens(b.Context(), owner, "", now); err != nil {
				b.Fatal(err)
			}
		}
	})
}
