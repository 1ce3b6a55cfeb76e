package growth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"time"

	"github.com/tokenward/tokenward/bench/measure"
	"github.com/tokenward/tokenward/bench/model"
	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/store"
	"github.com/tokenward/tokenward/internal/token"
)

// checks times checks in this process: cold ones in turn with the bare SELECT, and
// warm ones. An authority that has never heard the change feed trusts no cache, so
// each of its checks is a cold one. Where zones lie is known without asking.
func (w *world) checks(ctx context.Context, s *store.Store) error {
	bare, err := w.selects(ctx)
	if err != nil {
		return err
	}
	defer bare.db.Close()
	cold, err := w.asks(ctx, s)
	if err != nil {
		return err
	}
	warm, err := w.asks(ctx, s)
	if err != nil {
		return err
	}
	if err := model.Hear(ctx, warm.authority); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(7, 8))
	all, working := w.tries(r, w.model.Tokens), w.tries(r, w.row.Working)
	for i := range working {
		warm.check(&working[i])
	}
	timings := measure.InTurn(w.budget,
		func(i int) { bare.read(&all[i%len(all)]) },
		func(i int) { cold.check(&all[i%len(all)]) },
		func(i int) { warm.check(&working[i%len(working)]) })
	w.row.Select, w.row.Cold, w.row.Warm = timings[0], timings[1], timings[2]
	return errors.Join(bare.wrong, cold.wrong, warm.wrong)
}

// try is a question about a token that is answered with yes.
type try struct {
	secret token.Secret
	digest token.Digest
	zone   policy.Path
	owner  string
}

// maxTries is how many are made of them at the most: so many that none is asked
// again before others have taken its place in the caches of the database.
const maxTries = 100_000

// tries are about random ones of the first tokens: about all of them when they
// are few.
func (w *world) tries(r *rand.Rand, tokens int) []try {
	kind := catalog.V4().Vocabulary().Kind(catalog.KindZone)
	all := make([]try, min(tokens, maxTries))
	for i := range all {
		n := i
		if tokens > len(all) {
			n = r.IntN(tokens)
		}
		text := model.Imported(n)
		secret, err := token.Format{}.Parse(text)
		if err != nil {
			panic(err) // its form is one that is taken over
		}
		all[i] = try{secret, digestOf(n), policy.NewPath(policy.MakeRef(kind, w.model.Zone(n))), w.owner(n)}
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// asker makes checks, and remembers the first that went wrong.
type asker struct {
	authority *authority.Authority
	ctx       context.Context
	attempt   authority.Attempt
	owner     string // of the zone that is asked about
	wrong     error
}

func (w *world) asks(ctx context.Context, s *store.Store) (*asker, error) {
	c := catalog.V4()
	op, ok := c.Operation(model.Operation)
	if !ok {
		return nil, fmt.Errorf("the catalogue has no operation %s", model.Operation)
	}
	a := &asker{ctx: ctx, attempt: authority.Attempt{Op: op, Addr: netip.MustParseAddr(model.From)}}
	var err error
	a.authority, err = authority.New(authority.Config{
		Store: s, Catalog: c, CacheSize: 2 * w.row.Working, MaxStaleness: 24 * time.Hour,
		ZoneAccount: func(context.Context, string) (string, error) { return a.owner, nil },
	})
	return a, err
}

func (a *asker) check(t *try) {
	a.attempt.Path, a.owner = t.zone, t.owner
	_, d, err := a.authority.Authorize(a.ctx, token.Credential{Kind: token.Bearer, Secret: t.secret}, &a.attempt)
	if err == nil && !d.Allowed {
		err = fmt.Errorf("denied: %s", d.Reason)
	}
	if err != nil && a.wrong == nil {
		a.wrong = err
	}
}

// selector reads an id by a digest, and nothing else.
type selector struct {
	db    *sql.DB
	stmt  *sql.Stmt
	ctx   context.Context
	wrong error
}

func (w *world) selects(ctx context.Context) (*selector, error) {
	// The driver is registered by package store.
	db, err := sql.Open("sqlite", "file:"+w.Database()+"?_pragma=query_only(1)&_pragma=journal_mode(wal)&_pragma=cache_size(-8192)")
	if err != nil {
		return nil, err
	}
	stmt, err := db.PrepareContext(ctx, `SELECT id FROM tokens WHERE digest = $1`)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &selector{db: db, stmt: stmt, ctx: ctx}, nil
}

func (s *selector) read(t *try) {
	var id string
	if err := s.stmt.QueryRowContext(s.ctx, t.digest[:]).Scan(&id); err != nil && s.wrong == nil {
		s.wrong = err
	}
}
