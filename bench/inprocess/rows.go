package inprocess

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/tokenward/tokenward/bench/model"
	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/token"
)

// rows makes up what an authority's store would read, so that the tokens need not
// be written to a disk to be cached. What it does not have panics.
type rows struct {
	authority.Store
	model   *model.Model
	digests []token.Digest
	numbers map[token.Digest]int32
	zones   map[string]int
}

func newRows(m *model.Model) *rows {
	r := &rows{model: m, numbers: make(map[token.Digest]int32, m.Tokens), zones: make(map[string]int)}
	for n := range m.Tokens {
		d := token.Digest(sha256.Sum256([]byte(m.Secret(n))))
		r.digests, r.numbers[d] = append(r.digests, d), int32(n)
	}
	for n, id := range append(m.Zones(), m.Other()) {
		r.zones[id] = n
	}
	return r
}

func (r *rows) TokenToCheck(_ context.Context, d token.Digest) (authority.Token, error) {
	n, ok := r.numbers[d]
	if !ok {
		return authority.Token{}, authority.ErrNotFound
	}
	return r.model.Token(int(n), account, d), nil
}

func (r *rows) Zone(_ context.Context, id string) (authority.Zone, error) {
	n, ok := r.zones[id]
	if !ok {
		return authority.Zone{}, authority.ErrNotFound
	}
	return r.model.ZoneRow(n, account), nil
}

func (r *rows) FeedHead(context.Context) (string, int64, error) { return "bench", 0, nil }

func (r *rows) Changes(context.Context, int64, int) ([]authority.Change, error) { return nil, nil }

func (r *rows) TouchTokens(context.Context, []authority.TokenUse) error { return nil }

func (r *rows) RecordUsage(context.Context, authority.UsageBatch) error { return nil }

func (r *rows) PruneUsage(context.Context, time.Time, int) (int, error) { return 0, nil }

func (r *rows) PruneEvents(context.Context, time.Time, int) (int, error) { return 0, nil }
