package server_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/clientip"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/ratelimit"
	"github.com/tokenward/tokenward/internal/server"
	"github.com/tokenward/tokenward/internal/store"
)

// world is the real server on a real store, behind real HTTP. Nothing in it is
// a stand-in but the clock. Who lives in it says cast.
type world struct {
	cast
	t         testing.TB
	clock     *clock
	path      string // of the database
	store     *store.Store
	authority *authority.Authority
	http      *httptest.Server
}

// clock is a clock that stands until it is set.
type clock struct{ nanos atomic.Int64 }

func (c *clock) now() time.Time      { return time.Unix(0, c.nanos.Load()).UTC() }
func (c *clock) set(t time.Time)     { c.nanos.Store(t.UnixNano()) }
func (c *clock) add(d time.Duration) { c.nanos.Add(int64(d)) }

// config is what worlds differ in.
type config struct {
	logger *slog.Logger
	busy   time.Duration // how long a write waits for another process

	// What stands before the store, to fail on purpose.
	facts   func(authority.Store) authority.Store
	records func(dns.Store) dns.Store
	limits  *ratelimit.Limiter
	mailer  authority.Mailer
	catalog *catalog.Catalog                              // the built-in one when nil
	account func(context.Context, string) (string, error) // of a zone that is not in the store
	serve   func(*world, *server.Config)
	quota   int // how many tokens a user or an account may have, 1000 when 0
}

func newWorld(t testing.TB, cfg config) *world {
	t.Helper()
	w := &world{t: t, clock: new(clock), path: filepath.Join(t.TempDir(), "test.db")}
	w.clock.set(time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC))
	w.open(cfg)
	w.cast = w.newCast()
	return w
}

// open starts the server on the world's database. MaxStaleness is beyond every
// jump of the clock: how long a cache is trusted is not the subject here.
func (w *world) open(cfg config) {
	w.t.Helper()
	db, err := store.OpenSQLite(w.t.Context(), w.path, store.Options{Readers: 2, BusyTimeout: cfg.busy})
	if err != nil {
		w.t.Fatal(err)
	}
	w.store = db
	w.t.Cleanup(func() { db.Close() })
	facts, records := authority.Store(db), dns.Store(db)
	if cfg.facts != nil {
		facts = cfg.facts(db)
	}
	if cfg.records != nil {
		records = cfg.records(db)
	}
	w.authority, err = authority.New(authority.Config{
		Store: facts, Catalog: cmp.Or(cfg.catalog, catalog.V4()), Logger: cfg.logger, Clock: w.clock.now, CacheSize: 1024,
		MaxStaleness: 200 * 365 * 24 * time.Hour, MaxUserTokens: cmp.Or(cfg.quota, 1000), MaxAccountTokens: cmp.Or(cfg.quota, 1000),
		Mailer: cfg.mailer, InviteLinks: true, ZoneAccount: cfg.account,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	addr, err := clientip.New("X-Forwarded-For", []string{"127.0.0.1"})
	if err != nil {
		w.t.Fatal(err)
	}
	sc := server.Config{
		Authority: w.authority, Records: dns.NewService(records, w.clock.now), ClientIP: addr, Logger: cfg.logger, Ready: db.Ping,
		Limits: cfg.limits,
	}
	if cfg.serve != nil {
		cfg.serve(w, &sc)
	}
	h, err := server.New(sc)
	if err != nil {
		w.t.Fatal(err)
	}
	w.http = httptest.NewServer(h)
	w.t.Cleanup(w.http.Close)
}

// hear lets the authority hear the change feed once. From then on it uses its
// cache, and knows all that was changed behind its back.
func (w *world) hear() {
	w.clock.add(time.Microsecond)
	ctx, stop := context.WithCancel(w.t.Context())
	done := make(chan struct{})
	go func() { w.authority.Follow(ctx); close(done) }()
	look := time.NewTicker(200 * time.Microsecond)
	defer look.Stop()
	for w.authority.Staleness() != 0 {
		select {
		case <-look.C:
		case <-done:
			w.t.Fatal("the change feed was not heard")
		}
	}
	stop()
	<-done
}

// newID is a well-formed id that nothing has.
func newID() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
