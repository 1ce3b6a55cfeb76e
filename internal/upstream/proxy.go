package upstream

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/internal/policy"
)

// Pass is a request that the gate has let through.
type Pass struct {
	Match    catalog.Match
	Identity Identity
	Addr     netip.Addr                         // of the client; the zero Addr is an unknown one
	Find     func(catalog.Place) (string, bool) // what query and body say at a place
	Still    func(context.Context) bool         // whether the caller may still do it
	// Sees says whether the caller may be shown a row of a list.
	Sees func(ctx context.Context, op *catalog.Operation, row policy.Path) (bool, error)
	// Records is nil but for a caller who may do the operation on some records of
	// its zone only. It judges as things are when it is called. It gives nil for one
	// who may not do it any more, and an error where that cannot be told.
	Records func(context.Context) (*Records, error)
}

// Proxy is an API behind the gate. It is safe for concurrent use.
type Proxy struct {
	cfg        Config
	base       *url.URL
	credential *credential
	log        *slog.Logger
	transport  *transport
	reverse    *httputil.ReverseProxy
	filters    filters
	zones      *Zones
	changing   *changing
	running    atomic.Int64 // requests under way
}

// New makes a Proxy. c is the built-in catalogue, whose lists it knows how to
// filter. The error names every fault of the configuration; a credential that
// cannot be read is one.
func New(cfg Config, c *catalog.Catalog) (*Proxy, error) {
	cfg.withDefaults()
	base, err := cfg.check()
	if err != nil {
		return nil, fmt.Errorf("upstream: %w", err)
	}
	secret, err := openCredential(cfg.TokenFile, cfg.Logger)
	if err != nil {
		return nil, fmt.Errorf("upstream: credential: %w", err)
	}
	p := &Proxy{cfg: cfg, base: base, credential: secret, log: cfg.Logger.With("upstream", cfg.Name)}
	if p.filters, err = builtInFilters(c); err != nil {
		return nil, err
	}
	p.zones, p.changing = newZones(p), newChanging()
	p.transport = newTransport(&cfg, base)
	p.reverse = &httputil.ReverseProxy{
		Rewrite: p.rewrite, Transport: p.transport, ModifyResponse: p.returned, ErrorHandler: p.failed,
		BufferPool: &buffers{}, ErrorLog: log.New(io.Discard, "", 0), // what it would log may hold what the upstream sent
	}
	return p, nil
}

// Forward answers a request with what the upstream answers, within its limits.
func (p *Proxy) Forward(w http.ResponseWriter, r *http.Request, pass *Pass) {
	op := pass.Match.Op
	f := p.filters.of(op)
	if f == nil && !forwardable(op) || f != nil && op.Method != http.MethodGet {
		fail(w, http.StatusNotFound, notForwarded)
		return
	}
	defer p.running.Add(-1)
	if p.running.Add(1) > int64(p.cfg.MaxRequests) {
		w.Header().Set("Retry-After", "1")
		fail(w, http.StatusServiceUnavailable, busy)
		return
	}
	if !p.mayUpgrade(r, op) || gateway.OverridesMethod(r.URL.RawQuery) {
		fail(w, http.StatusBadRequest, notUnderstood)
		return
	}
	x := p.begin(w, r, pass)
	defer x.end()
	if pass.Records != nil {
		x.phase.Store(sending)
		if r.Body != nil {
			r.Body = &sent{ReadCloser: r.Body, x: x}
		}
		p.byRecord(w, r.WithContext(x.ctx), x)
		return
	}
	if f != nil {
		x.phase.Store(sending) // it may stall, and the client can still be told
		p.list(w, r.WithContext(x.ctx), x, f)
		return
	}
	if r.Body != nil && r.Body != http.NoBody {
		x.phase.Store(sending)
		r.Body = &sent{ReadCloser: r.Body, x: x}
	}
	p.reverse.ServeHTTP(&writer{ResponseWriter: w}, r.WithContext(x.ctx))
}

// forwardable reports whether the catalogue says which resource an operation acts
// on. With the upstream's credential, what names none acts on what belongs to
// whoever that credential is, not to the caller: "/user" is another user there.
func forwardable(op *catalog.Operation) bool {
	switch op.Target {
	case catalog.TargetPlaces:
		return op.List() == nil
	case catalog.TargetAccount, catalog.TargetZone, catalog.TargetBucket:
		return op.Rule == catalog.Groups
	case catalog.TargetAnywhere: // public facts
		return op.Rule == catalog.Groups && op.Method == http.MethodGet
	}
	return false
}

// buffers are for copying answers.
type buffers struct{ pool sync.Pool }

const bufferSize = 32 << 10

func (b *buffers) Get() []byte {
	if buf, ok := b.pool.Get().(*[bufferSize]byte); ok {
		return buf[:]
	}
	return make([]byte, bufferSize)
}

func (b *buffers) Put(buf []byte) {
	if len(buf) == bufferSize {
		b.pool.Put((*[bufferSize]byte)(buf))
	}
}
