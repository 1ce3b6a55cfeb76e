// Package growth measures what becomes slower or larger with the number of tokens
// in the database, and what does not.
package growth

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/tokenward/tokenward/bench/measure"
	"github.com/tokenward/tokenward/bench/model"
	"github.com/tokenward/tokenward/bench/server"
	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/store"
	"github.com/tokenward/tokenward/internal/token"
)

// Question says what is to be measured.
type Question struct {
	Sizes     []int         `json:"sizes"` // in ascending order: the database grows
	Policies  int           `json:"policies"`
	Zones     int           `json:"zones"`
	Budget    time.Duration `json:"budget"`  // for each thing that is timed
	Working   int           `json:"working"` // tokens that are in use, at the most
	Dir       string        `json:"dir"`
	Tokenward string        `json:"tokenward"`
}

// Row is what was found out about a number of tokens.
type Row struct {
	model.Shape
	Cold     measure.Timing `json:"cold"`   // a check of a token that is not cached
	Select   measure.Timing `json:"select"` // one bare SELECT by the same index, in turn with it
	Warm     measure.Timing `json:"warm"`   // a check of a token that is
	Working  int            `json:"working"`
	ListP50  float64        `json:"list_median_ms"` // 50 of the 1,000 tokens of an owner, over HTTP
	ListP99  float64        `json:"list_p99_ms"`
	Started  float64        `json:"start_ms"` // until the server says it is ready
	Resident int64          `json:"resident_start_bytes"`
	InUse    int64          `json:"resident_in_use_bytes"` // with the working tokens in the cache
	File     int64          `json:"file_bytes"`
	FillRate float64        `json:"filled_per_second"`
}

// perOwner is how many tokens an owner has: as tokens become more, owners do.
const perOwner = 1000

// Run fills a database step by step and measures at each.
func Run(ctx context.Context, q Question) ([]Row, error) {
	t, err := server.New(q.Tokenward, q.Dir)
	if err != nil {
		return nil, err
	}
	w := &world{Tokenward: t, budget: q.Budget}
	var rows []Row
	for _, size := range q.Sizes {
		row := Row{Shape: model.Shape{Tokens: size, Policies: q.Policies, Zones: q.Zones}, Working: min(size, q.Working)}
		w.model, w.row = model.New(row.Shape), &row
		if err := w.measure(ctx); err != nil {
			return nil, fmt.Errorf("%d tokens: %w", size, err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// world is a database that grows, at one size.
type world struct {
	*server.Tokenward
	model  *model.Model
	owners []int32 // of each token, counted from the first account
	budget time.Duration
	row    *Row
}

// measure fills the row. The server and this process have the database open one
// after the other.
func (w *world) measure(ctx context.Context) error {
	err := w.With(ctx, func(s *store.Store) error {
		before, begun := len(w.owners), time.Now()
		err := w.fill(ctx, s)
		w.row.FillRate = float64(w.model.Tokens-before) / time.Since(begun).Seconds()
		return err
	})
	if err != nil {
		return err
	}
	info, err := os.Stat(w.Database())
	if err != nil {
		return err
	}
	w.row.File = info.Size()
	return errors.Join(w.serve(), w.With(ctx, func(s *store.Store) error { return w.checks(ctx, s) }))
}

// fill writes the tokens that are new. They come in the order of their digests, so
// that a page of the database's index is written once and not again and again: that
// is how millions are imported.
func (w *world) fill(ctx context.Context, s *store.Store) error {
	filled := len(w.owners)
	news := make([]numbered, 0, w.model.Tokens-filled)
	for n := filled; n < w.model.Tokens; n++ {
		news = append(news, numbered{digestOf(n), n})
	}
	w.owners = append(w.owners, make([]int32, len(news))...)
	slices.SortFunc(news, func(x, y numbered) int { return bytes.Compare(x.digest[:], y.digest[:]) })
	return server.FillTokens(ctx, s, len(news), func(i int) authority.Token {
		w.owners[news[i].n] = int32((filled + i) / perOwner)
		t := w.model.Token(news[i].n, w.owner(news[i].n), news[i].digest)
		t.ID = hex.EncodeToString(t.Digest[:16]) // in the same order, and random as ever
		return t
	})
}

// numbered is a token's digest and number.
type numbered struct {
	digest token.Digest
	n      int
}

func digestOf(n int) token.Digest { return sha256.Sum256([]byte(model.Imported(n))) }

// owner is a token's: the first account, which is listed, or one of others that
// nobody asks about.
func (w *world) owner(n int) string {
	if w.owners[n] == 0 {
		return w.Account
	}
	return fmt.Sprintf("%032x", w.owners[n])
}
