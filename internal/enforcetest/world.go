// Package enforcetest is a small world for the tests of enforcement points: the
// real authority on a real store, the toy shop's catalogue, an enforcement
// endpoint on a real listener, and tokens.
package enforcetest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/catalogfile"
	"github.com/tokenward/tokenward/internal/plainhttp"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/server"
	"github.com/tokenward/tokenward/internal/store"
)

// API is the name of the shop's catalogue.
const API = "toyshop"

// Secret is what the endpoint asks for.
const Secret = "a secret of the tests"

// World is an authority with an enforcement endpoint.
type World struct {
	*authority.Authority
	t        testing.TB
	Account  string // that owns the tokens
	User     string // its Super Administrator
	Zone     string // in the account
	Store    *store.Store
	Handler  http.Handler     // the endpoint
	Endpoint *httptest.Server // the endpoint, with Secret
	Open     *httptest.Server // the endpoint, without a secret
	Lean     *httptest.Server // the same behind plainhttp
	Left     atomic.Int64     // requests that plainhttp has left to net/http

	LeanEndpoint *httptest.Server // Endpoint behind plainhttp
}

// Token is a token of the world.
type Token struct {
	ID, Name, Secret string
	Owner            authority.Owner
}

// New makes a world, which ends with the test.
func New(t testing.TB) *World {
	t.Helper()
	w := &World{t: t}
	var err error
	w.Store, err = store.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "world.db"), store.Options{Readers: 2})
	w.check(err)
	_, here, _, _ := runtime.Caller(0)
	c, err := catalogfile.Load(catalog.V4(), []catalogfile.Source{{Path: filepath.Join(filepath.Dir(here), "../../examples/shop/catalog.yaml")}})
	w.check(err)
	w.Authority, err = authority.New(authority.Config{Store: w.Store, Catalog: c, CacheSize: 1024})
	w.check(err)
	made, _, err := w.Bootstrap(t.Context(), authority.Bootstrap{Email: "admin@example.com", AccountName: "Toys", Zones: []string{"example.com"}})
	w.check(err)
	w.Account, w.User, w.Zone = made.AccountID, made.UserID, made.Zones[0].ID
	ctx, stop := context.WithCancel(context.Background())
	followed := make(chan struct{})
	go func() { defer close(followed); w.Follow(ctx) }()
	t.Cleanup(func() { stop(); <-followed; w.Store.Close() })
	w.Handler = w.endpoint(ctx, Secret)
	open := w.endpoint(ctx, "")
	w.Endpoint, w.Open, w.Lean, w.LeanEndpoint = httptest.NewServer(w.Handler), httptest.NewServer(open), w.lean(open), w.lean(w.Handler)
	t.Cleanup(func() { stop(); w.Endpoint.Close(); w.Open.Close(); w.Lean.Close(); w.LeanEndpoint.Close() })
	return w
}

func (w *World) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *World) endpoint(ctx context.Context, secret string) http.Handler {
	h, err := server.NewEnforcement(ctx, server.Config{Authority: w.Authority}, secret)
	w.check(err)
	return h
}

// lean is a server as --enforce-server lean has it.
func (w *World) lean(h http.Handler) *httptest.Server {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.Left.Add(1)
		h.ServeHTTP(out, r)
	}))
	s.Listener = plainhttp.New(s.Listener, plainhttp.Config{Handler: h, HeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute})
	s.Start()
	return s
}

// Owner is the account as an owner of tokens.
func (w *World) Owner() authority.Owner {
	return authority.Owner{Kind: authority.OwnerAccount, ID: w.Account}
}

// Issue makes a token of the account, with a group on a store, or on everything
// for "*". change may alter the draft.
func (w *World) Issue(name, group, on string, change ...func(*authority.Draft)) Token {
	w.t.Helper()
	key := "com.cloudflare.api.account." + w.Account
	if on != "*" {
		key = "com.example.toyshop.store." + on
	}
	return w.IssueTo(w.Owner(), name, group, key, change...)
}

// IssueTo makes a token of anybody, with a group on a resource key.
func (w *World) IssueTo(o authority.Owner, name, group, key string, change ...func(*authority.Draft)) Token {
	w.t.Helper()
	var groups []string
	for _, g := range w.Catalog().Groups() {
		if g.Name == group {
			groups = append(groups, g.ID)
		}
	}
	d := authority.Draft{Name: name, Policies: []policy.Policy{{Effect: policy.Allow, Groups: groups, Resources: []policy.Resource{{Key: key}}}}}
	for _, f := range change {
		f(&d)
	}
	t, secret, err := w.Authority.Issue(w.t.Context(), w.System("test"), o, d)
	w.check(err)
	return Token{t.ID, name, secret.Reveal(), o}
}

// Kill revokes a token.
func (w *World) Kill(t Token) {
	w.t.Helper()
	w.check(w.Revoke(w.t.Context(), w.System("test"), t.Owner, t.ID))
}

// Eventually fails the test unless ok comes about within a time.
func Eventually(t testing.TB, within time.Duration, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(within); ; <-tick.C {
		switch {
		case ok():
			return
		case time.Now().After(deadline):
			t.Fatalf("not within %s: %s", within, what)
		}
	}
}

// Settle waits until the authority has heard all that happened so far.
func (w *World) Settle() {
	w.t.Helper()
	_, head, err := w.Store.FeedHead(w.t.Context())
	w.check(err)
	Eventually(w.t, 10*time.Second, "the change feed is heard", func() bool { return w.FeedPosition().Seq >= head })
}
