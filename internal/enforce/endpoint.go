package enforce

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/clientip"
	"github.com/tokenward/tokenward/internal/enforcewire"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
	"github.com/tokenward/tokenward/v4"
)

// BuiltIn is the name of the built-in catalogue in paths of the endpoint.
const BuiltIn = "v4"

// Authority is what the endpoint needs of one.
type Authority interface {
	gateway.Authorizer[authority.Caller]
	Catalog() *catalog.Catalog
	FeedPosition() authority.FeedPosition
	HeardSince(context.Context, authority.FeedPosition) (authority.Heard, error)
	DeniedBy(context.Context, authority.Caller, gateway.Attempt, policy.Decision) string
}

// Config is what an endpoint is made of.
type Config struct {
	Authority Authority
	Format    token.Format
	AllowKeys bool               // API keys are a credential
	Client    *clientip.Resolver // whose hops are trusted before the proxy that asks; nil trusts none
	Secret    string             // who asks must show it; "" asks for none, and serves forward-auth only
	Logger    *slog.Logger
	Stopping  context.Context // when it ends, nobody waits for changes any more; nil is never
}

// Endpoint is the enforcement endpoint. It is safe for concurrent use.
type Endpoint struct {
	cfg     Config
	secret  [sha256.Size]byte
	opening sync.Mutex                      // held to add to apis
	apis    atomic.Pointer[map[string]*api] // of catalogues that were asked for; never written to

	questions sync.Pool // of *question
}

// New makes an endpoint.
func New(cfg Config) (*Endpoint, error) {
	if cfg.Client == nil {
		cfg.Client = new(clientip.Resolver)
	}
	if cfg.Stopping == nil {
		cfg.Stopping = context.Background()
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	e := &Endpoint{cfg: cfg, secret: sha256.Sum256([]byte(cfg.Secret))}
	e.questions.New = func() any { return new(question) }
	e.apis.Store(new(map[string]*api))
	_, err := e.open(BuiltIn)
	return e, err
}

// ServeHTTP answers a proxy or a server that asks.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	switch {
	case !e.trusts(r.Header[enforcewire.HeaderSecret]):
		fail(w, http.StatusUnauthorized, v4.CodeNotJudgedHere, notShown)
	case strings.HasPrefix(path, "/forward-auth/"):
		e.forwardAuth(w, r, path[len("/forward-auth/"):], false)
	case strings.HasPrefix(path, "/denial/"):
		e.forwardAuth(w, r, path[len("/denial/"):], true)
	case path == "/readyz":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Write([]byte("ok\n"))
	case path != enforcewire.PathCheck && path != enforcewire.PathChanges:
		fail(w, http.StatusNotFound, v4.CodeNoRoute, "There is nothing here: forward-auth is at /forward-auth/PROXY/CATALOGUE")
	case e.cfg.Secret == "":
		fail(w, http.StatusForbidden, v4.CodeNotJudgedHere, "Checks are served only by an endpoint with a secret: --enforce-secret-file")
	case path == enforcewire.PathCheck:
		e.check(w, r)
	default:
		e.changes(w, r)
	}
}

const notShown = "The enforcement endpoint was not shown its secret in " + enforcewire.HeaderSecret

// trusts reports whether who asks shows the secret, once.
func (e *Endpoint) trusts(lines []string) bool {
	if e.cfg.Secret == "" {
		return true
	}
	if len(lines) != 1 {
		return false
	}
	shown := sha256.Sum256([]byte(lines[0]))
	return subtle.ConstantTimeCompare(shown[:], e.secret[:]) == 1
}

// api is the gates of a catalogue: allowed says yes, denied words refusals for who
// was refused already, and checked answers checks.
type api struct {
	allowed, denied, checked *gateway.Gate[authority.Caller]
}

// open gives the gates of a catalogue, nil when there is none of that name.
func (e *Endpoint) open(name string) (*api, error) {
	if a := (*e.apis.Load())[name]; a != nil {
		return a, nil
	}
	if _, ok := e.cfg.Authority.Catalog().API(name); !ok && name != BuiltIn {
		return nil, nil
	}
	var a api
	for _, g := range []struct {
		into    **gateway.Gate[authority.Caller]
		verdict gateway.Handler[authority.Caller]
	}{{&a.allowed, allow}, {&a.denied, changedItsMind}, {&a.checked, note}} {
		gate, err := e.gate(name, g.verdict)
		if err != nil {
			return nil, err
		}
		*g.into = gate
	}
	e.opening.Lock()
	defer e.opening.Unlock()
	opened := map[string]*api{name: &a}
	maps.Copy(opened, *e.apis.Load())
	e.apis.Store(&opened)
	return opened[name], nil
}

func (e *Endpoint) gate(name string, verdict gateway.Handler[authority.Caller]) (*gateway.Gate[authority.Caller], error) {
	cfg := gateway.Config[authority.Caller]{
		Catalog: e.cfg.Authority.Catalog(), Authorizer: e.cfg.Authority, Verdict: verdict,
		Format: e.cfg.Format, AllowKeys: e.cfg.AllowKeys, Logger: e.cfg.Logger, DeniedBy: e.cfg.Authority.DeniedBy,
	}
	if name != BuiltIn {
		cfg.Prefix, cfg.Current = "/", e.cfg.Authority.Catalog
		cfg.Find = func(method, path string) (catalog.Match, catalog.Miss) {
			of, ok := e.cfg.Authority.Catalog().API(name)
			if !ok {
				return catalog.Match{}, catalog.NoPath // it went with a reload
			}
			return of.Match(method, path)
		}
	}
	return gateway.New(cfg)
}
