package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

const benchTokens = 100_000

// BenchmarkTokenToCheck compares reading a token by its digest, as a check does that
// finds nothing in the cache, with one SELECT of one column by the same index of the
// same file through the same driver. The promise is at most three times as long.
func BenchmarkTokenToCheck(b *testing.B) {
	path := filepath.Join(b.TempDir(), "bench.db")
	s := benchStore(b, path)
	fill(b, s, benchTokens)
	bare, err := openPool(sqliteDSN(path, Options{}, "query_only(1)"), s.readers.Stats().MaxOpenConnections)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { bare.Close() })
	ctx, cancel := context.WithCancel(b.Context()) // as a request's: it can end
	defer cancel()

	st, err := bare.PrepareContext(ctx, `SELECT id FROM tokens WHERE digest = $1`)
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	one := func(n int) error {
		d := benchDigest(n)
		var id string
		return st.QueryRowContext(ctx, d[:]).Scan(&id)
	}
	whole := func(n int) error {
		_, err := s.TokenToCheck(ctx, benchDigest(n))
		return err
	}
	b.Run("BareSelect", func(b *testing.B) { benchRead(b, one) })
	b.Run("TokenToCheck", func(b *testing.B) { benchRead(b, whole) })
	b.Run("Ratio", func(b *testing.B) { benchRatio(b, one, whole) })
}

func benchRead(b *testing.B, read func(int) error) {
	for b.Loop() {
		if err := read(rand.IntN(benchTokens)); err != nil {
			b.Fatal(err)
		}
	}
}

// benchRatio reads in turn, so that what else the machine does meets both alike.
func benchRatio(b *testing.B, bare, whole func(int) error) {
	var times [2]time.Duration
	for b.Loop() {
		for i, read := range []func(int) error{bare, whole} {
			n, start := rand.IntN(benchTokens), time.Now()
			if err := read(n); err != nil {
				b.Fatal(err)
			}
			times[i] += time.Since(start)
		}
	}
	b.ReportMetric(float64(times[1])/float64(times[0]), "whole/bare")
}

// BenchmarkWrite shows what committing together is worth: with more writers than one
// the time of a write falls far below that of an fsync.
func BenchmarkWrite(b *testing.B) {
	for _, writers := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s := benchStore(b, filepath.Join(b.TempDir(), "bench.db"))
			var n atomic.Int64
			b.SetParallelism(writers) // times GOMAXPROCS
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					k := benchToken(int(n.Add(1)))
					if err := s.Write(b.Context(), insert(k)); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/float64(s.Stats().Batches), "writes/commit")
		})
	}
}

func insert(k authority.Token) func(context.Context, authority.Tx) error {
	return func(ctx context.Context, t authority.Tx) error { return t.InsertToken(ctx, k) }
}

func benchStore(b *testing.B, path string) *Store {
	s, err := OpenSQLite(b.Context(), path, Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

func fill(b *testing.B, s *Store, n int) {
	const batch = 5000
	for from := 0; from < n; from += batch {
		err := s.Write(b.Context(), func(ctx context.Context, t authority.Tx) error {
			for i := from; i < from+batch; i++ {
				if err := t.InsertToken(ctx, benchToken(i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func benchDigest(n int) token.Digest { return sha256.Sum256(fmt.Appendf(nil, "secret %d", n)) }

func benchToken(n int) authority.Token {
	issued := time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC)
	k := authority.Token{
		ID:         fmt.Sprintf("%032x", n),
		Digest:     benchDigest(n),
		Owner:      authority.Owner{Kind: authority.OwnerAccount, ID: fmt.Sprintf("%032x", n%1000)},
		Name:       fmt.Sprintf("deploy %d", n),
		Status:     authority.StatusActive,
		Condition:  policy.Condition{In: []string{"192.0.2.0/24"}},
		IssuedOn:   issued,
		ModifiedOn: issued,
		Version:    1,
	}
	for i := range 3 {
		k.Policies = append(k.Policies, policy.Policy{
			ID:     fmt.Sprintf("%032x", 3*n+i),
			Effect: policy.Allow,
			Groups: []string{fmt.Sprintf("%032x", i), fmt.Sprintf("%032x", i+1)},
			Resources: []policy.Resource{
				{Key: fmt.Sprintf("com.cloudflare.api.account.zone.%032x", n+i)},
			},
		})
	}
	return k
}

// BenchmarkOpen opens a database of many tokens: it reads none of them.
func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "bench.db")
	s := benchStore(b, path)
	fill(b, s, benchTokens)
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s, err := OpenSQLite(b.Context(), path, Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.TokenByDigest(b.Context(), benchDigest(1)); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
