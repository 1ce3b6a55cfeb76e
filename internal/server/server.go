package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/clientip"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/internal/httpapi"
	"github.com/tokenward/tokenward/internal/openapi"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/ratelimit"
	"github.com/tokenward/tokenward/internal/token"
)

// Config is what the server is made of.
type Config struct {
	Authority *authority.Authority
	Records   *dns.Service
	Format    token.Format
	ClientIP  *clientip.Resolver
	MaxBody   int64
	Logger    *slog.Logger
	Limits    *ratelimit.Limiter // of what is under /client/v4; nil limits nobody
	KeysOff   bool               // API keys are no credential, whoever's they are
	Networks  []netip.Prefix     // what GET /ips tells
	// Dashboard serves "/" and the pages below it; nil for none.
	Dashboard http.Handler
	// Upstreams are what requests are forwarded to. With ZonesOff zones and their
	// records are one's, with AccountsOff the lists of accounts are: nothing of ours
	// serves them.
	Upstreams             []Upstream
	ZonesOff, AccountsOff bool
	// Ready says whether requests can be served; nil is always.
	Ready func(context.Context) error
}

// New composes the handler.
func New(cfg Config) (http.Handler, error) {
	api := httpapi.New(httpapi.Config{Authority: cfg.Authority, Records: cfg.Records, Logger: cfg.Logger, MaxBody: cfg.MaxBody, Networks: cfg.Networks})
	handlers := make(map[string]gateway.Handler[authority.Caller])
	var byRecord []string
	for id, e := range api.Endpoints() {
		if cfg.elsewhere(id) {
			continue
		}
		handlers[id] = behindGate(e.Serve)
		if e.ByRecord {
			byRecord = append(byRecord, id)
		}
	}
	byRecord = append(byRecord, cfg.forwardByRecord()...)
	gate, err := gateway.New(gateway.Config[authority.Caller]{
		Catalog: cfg.Authority.Catalog(), Authorizer: authorizer{cfg.Authority}, Handlers: handlers,
		Format: cfg.Format, AllowKeys: !cfg.KeysOff, Client: cfg.ClientIP, MaxBody: cfg.MaxBody, Logger: cfg.Logger,
		Limits: limiterOf(cfg.Limits), DeniedBy: authorizer{cfg.Authority}.deniedBy, Forward: cfg.forwardV4(),
		ByRecord: byRecord, Judged: authorizer{cfg.Authority}.judged,
	})
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	docs, err := describe(cfg.Authority.Catalog(), api)
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	apis, err := cfg.apiGates()
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	return &faces{gate: gate, apis: apis, docs: docs, dashboard: cfg.Dashboard, ready: cfg.Ready}, nil
}

// describe makes the document of what an API serves.
func describe(c *catalog.Catalog, api *httpapi.API) (http.Handler, error) {
	d, err := openapi.Describe(c, api.Endpoints())
	if err != nil {
		return nil, err
	}
	return openapi.NewHandler(d)
}

// faces sends a request to what answers it. It looks at the path as it came: a
// ServeMux would clean it, and redirect, before the gate could refuse it.
type faces struct {
	gate      http.Handler
	apis      []apiGate
	docs      http.Handler
	dashboard http.Handler // nil for none
	ready     func(context.Context) error
}

func (f *faces) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for i := range f.apis {
		if f.apis[i].takes(r) {
			f.apis[i].ServeHTTP(w, r)
			return
		}
	}
	switch path := r.URL.EscapedPath(); {
	case path == "/readyz", path == "/healthz":
		f.health(w, r, path == "/readyz")
	case openapi.Serves(path):
		f.docs.ServeHTTP(w, r)
	case strings.HasPrefix(path, "/") && !underAPI(path) && f.dashboard != nil:
		f.dashboard.ServeHTTP(w, r)
	case path == "/":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintln(w, "tokenward serves the v4 API under /client/v4. What there is stands at /docs.")
	case strings.HasPrefix(path, "/") && !underAPI(path):
		http.NotFound(w, r)
	default:
		f.gate.ServeHTTP(w, r)
	}
}

// Sections are the first segments of the paths that a server serves besides those
// of the dashboard.
func Sections() []string {
	first, _, _ := strings.Cut(gateway.DefaultPrefix[1:], "/")
	return []string{first, strings.Trim(openapi.PagePath, "/"), strings.Trim(openapi.DocumentPath, "/"), "readyz", "healthz"}
}

// underAPI reports whether a path is the gate's to answer, or close enough to a
// path of the API that the gate had better say what is wrong with it.
func underAPI(path string) bool {
	return strings.Contains(strings.ToLower(path), "client") || strings.Contains(path, "%")
}

func (f *faces) health(w http.ResponseWriter, r *http.Request, ready bool) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if ready && f.ready != nil && f.ready(r.Context()) != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, "not ready")
		return
	}
	fmt.Fprintln(w, "ok")
}

// authorizer is the authority as the gate knows it.
type authorizer struct{ authority *authority.Authority }

func (a authorizer) Authorize(ctx context.Context, cred token.Credential, at gateway.Attempt) (authority.Caller, policy.Decision, error) {
	return a.authority.Authorize(ctx, cred, attemptOf(&at))
}

func (a authorizer) deniedBy(ctx context.Context, c authority.Caller, at gateway.Attempt, d policy.Decision) string {
	return a.authority.DeniedBy(ctx, c, attemptOf(&at), d)
}

func (a authorizer) judged(ctx context.Context, c authority.Caller, at gateway.Attempt, on policy.Ref, d policy.Decision) {
	a.authority.Judged(ctx, c, attemptOf(&at), on, d)
}

func attemptOf(at *gateway.Attempt) *authority.Attempt {
	return &authority.Attempt{
		Op: at.Op, Path: at.Path, Addr: at.Addr, Again: at.Again, ByRecord: at.ByRecord,
		Request: authority.EventRequest{ID: at.Request.ID, Method: at.Request.Method, URI: at.Request.URI, UserAgent: at.Request.UserAgent},
	}
}

func behindGate(h httpapi.Handler) gateway.Handler[authority.Caller] {
	return func(w http.ResponseWriter, r *http.Request, p gateway.Pass[authority.Caller]) {
		h(w, r, &httpapi.Call{Caller: p.Caller, Match: &p.Match, RequestID: p.RequestID, Refused: p.Refused})
	}
}
