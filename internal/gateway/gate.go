package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/clientip"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// DefaultPrefix is where the API lives (contract 0, rule 1).
const DefaultPrefix = "/client/v4"

// DefaultMaxBody is the size of the largest request body unless configured
// otherwise, in bytes.
const DefaultMaxBody = 1 << 20

// Config is what a gate is made of.
type Config[C any] struct {
	Catalog    *catalog.Catalog
	Authorizer Authorizer[C]
	Handlers   map[string]Handler[C] // by operation id; an operation without one goes to Forward

	// ByRecord are ids of operations on records whose handler, or Forward where they
	// have none, judges each record by itself when Pass.PartOfZone says so. To all
	// others only who may do it on every record is let through.
	ByRecord []string
	// Judged is told what came of each request that was let through so: a decision
	// that allows, or the first that denied and the record that it was about.
	// Authorizer has counted neither.
	Judged func(context.Context, C, Attempt, policy.Ref, policy.Decision)

	// Forward serves the operations that have no handler; with nil they answer
	// 404. Its requests have their bodies as they come, without an end and judged
	// by the header, unless the body says which resource is meant.
	Forward Handler[C]
	// Verdict is called for what may be done, in place of Handlers and Forward:
	// somebody else carries it out, and describes it by method, target and header.
	// What cannot be judged by these is refused; see verdict.go.
	Verdict Handler[C]
	// Find is Catalog.Match for an API of its own, which Current describes: the
	// catalogue that is in force, which may become another one. Both are nil for
	// Catalog itself.
	Find    func(method, path string) (catalog.Match, catalog.Miss)
	Current func() *catalog.Catalog

	Format    token.Format       // of secrets
	AllowKeys bool               // X-Auth-Email and X-Auth-Key are a credential
	Client    *clientip.Resolver // nil trusts no forwarding header
	Prefix    string             // DefaultPrefix when empty, "/" for all paths
	MaxBody   int64              // DefaultMaxBody when zero
	Logger    *slog.Logger       // nil logs nothing
	Limits    Limiter[C]         // nil limits nobody
	// DeniedBy is the id of the policy that denied, for the caller whose token
	// it is in; "" tells nothing, and so does a nil DeniedBy.
	DeniedBy func(context.Context, C, Attempt, policy.Decision) string
}

// Gate is the gate. It is safe for concurrent use.
type Gate[C any] struct {
	catalog    *catalog.Catalog
	authorizer Authorizer[C]
	handlers   map[*catalog.Operation]Handler[C]
	byRecord   map[*catalog.Operation]bool
	judged     func(context.Context, C, Attempt, policy.Ref, policy.Decision)
	forward    Handler[C]
	verdict    Handler[C]
	lists      bool     // with verdict: whoever asks filters lists
	filtered   []string // with verdict: the lists that whoever asks filters, if not all
	find       func(method, path string) (catalog.Match, catalog.Miss)
	current    func() *catalog.Catalog
	reader     reader
	client     *clientip.Resolver
	prefix     string
	maxBody    int64
	logger     *slog.Logger
	limits     Limiter[C]
	deniedBy   func(context.Context, C, Attempt, policy.Decision) string
}

// New makes a gate. The error names every fault of the configuration: a handler
// for an operation that the catalogue does not have would never be called.
func New[C any](cfg Config[C]) (*Gate[C], error) {
	g := &Gate[C]{
		catalog: cfg.Catalog, authorizer: cfg.Authorizer,
		reader: reader{format: cfg.Format, keys: cfg.AllowKeys},
		client: cfg.Client, prefix: cfg.Prefix, maxBody: cfg.MaxBody, logger: cfg.Logger,
		limits: cfg.Limits, deniedBy: cfg.DeniedBy, judged: cfg.Judged,
		forward: cfg.Forward, verdict: cfg.Verdict, find: cfg.Find, current: cfg.Current,
	}
	if g.catalog != nil && g.find == nil {
		g.find = g.catalog.Match
	}
	if g.current == nil {
		g.current = func() *catalog.Catalog { return g.catalog }
	}
	if g.client == nil {
		g.client = new(clientip.Resolver)
	}
	if g.prefix == "" {
		g.prefix = DefaultPrefix
	}
	if g.maxBody == 0 {
		g.maxBody = DefaultMaxBody
	}
	if g.logger == nil {
		g.logger = slog.New(slog.DiscardHandler)
	}
	if err := errors.Join(g.check(), g.take(cfg.Handlers), g.takeByRecord(cfg.ByRecord)); err != nil {
		return nil, err
	}
	if g.prefix == "/" {
		g.prefix = ""
	}
	return g, nil
}

func (g *Gate[C]) check() error {
	var faults []error
	if g.catalog == nil {
		faults = append(faults, errors.New("gateway: no catalogue"))
	}
	if g.authorizer == nil {
		faults = append(faults, errors.New("gateway: no authorizer"))
	}
	if g.prefix != "/" && (!strings.HasPrefix(g.prefix, "/") || strings.HasSuffix(g.prefix, "/")) {
		faults = append(faults, fmt.Errorf("gateway: prefix %q: must begin with a slash and not end with one", g.prefix))
	}
	if g.maxBody < 0 {
		faults = append(faults, fmt.Errorf("gateway: largest body of %d bytes", g.maxBody))
	}
	return errors.Join(faults...)
}

// take files the handlers under their operations.
func (g *Gate[C]) take(handlers map[string]Handler[C]) error {
	if g.catalog == nil {
		return nil // check has said so
	}
	g.handlers = make(map[*catalog.Operation]Handler[C], len(handlers))
	var unknown []string
	for id, h := range handlers {
		op, ok := g.catalog.Operation(id)
		if !ok || h == nil {
			unknown = append(unknown, id)
			continue
		}
		g.handlers[op] = h
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return fmt.Errorf("gateway: handlers that are nil or whose operation is not in the catalogue: %s", strings.Join(unknown, ", "))
	}
	return nil
}

// takeByRecord marks the operations that are judged by the record.
func (g *Gate[C]) takeByRecord(ids []string) error {
	if g.catalog == nil {
		return nil // check has said so
	}
	g.byRecord = make(map[*catalog.Operation]bool, len(ids))
	for _, id := range ids {
		op, ok := g.catalog.Operation(id)
		if !ok || op.Records == 0 || g.verdict != nil || g.judged == nil || g.handlers[op] == nil && g.forward == nil {
			return fmt.Errorf("gateway: nothing here judges the records of operation %s", id)
		}
		g.byRecord[op] = true
	}
	return nil
}

// ServeHTTP answers one request.
func (g *Gate[C]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if g.verdict == nil {
		r = r.WithContext(r.Context()) // a copy, of which the gate takes parts away
	}
	a := newAnswer(w, g.forward != nil)
	defer g.catch(a, r)
	g.serve(a, r, nil, g.client.Addr(r.RemoteAddr, r.Header))
	a.stamp(http.StatusOK) // for a handler that wrote nothing
}

// serve is the order of judgement: address, operation, credential, permission.
// What is wrong with the path is found first and said last, so that a caller
// without a credential learns nothing from it (contract 2.2, "Decided"). stated
// is a credential that was read already; nil reads the headers. addr is the
// client's address, the zero Addr an unknown one.
func (g *Gate[C]) serve(a *answer, r *http.Request, stated *token.Credential, addr netip.Addr) {
	way := g.route(r)
	way.readNamed(r)
	attempt := g.attempt(a.id, r, &way, addr)
	if !g.withinAddress(a, attempt.Addr) {
		return
	}
	cred, shown := g.shown(r, way.op, stated)
	if shown != admitted {
		a.refuse(&refusal{outcome: shown, attempt: &attempt})
		return
	}
	if way.miss == catalog.Hit && way.op.NeedsBody() {
		g.byBody(a, r, &way, attempt, cred)
		return
	}
	g.judge(a, r, &way, attempt, cred, false)
}

// judge asks the authorizer and acts on its answer. A request with a body is
// judged twice: once so that nobody's body is read who may not send one, and
// again when it has been read. A body can be sent as slowly as a thief likes,
// and what he was revoked for meanwhile must not come about. A body that is
// forwarded is not waited for: see Pass.Again.
func (g *Gate[C]) judge(a *answer, r *http.Request, way *route, attempt Attempt, cred token.Credential, judged bool) {
	caller, decision, err := g.authorizer.Authorize(r.Context(), cred, attempt)
	part := decision.Reason == policy.PartOfZone
	decision.Allowed = decision.Allowed && (!part || attempt.ByRecord)
	switch {
	case err != nil:
		g.unavailable(a, r, &attempt, err)
	case !judged && !g.withinCaller(a, caller):
		g.unjudged(r.Context(), caller, &attempt, decision)
	case decision.Allowed && way.blind != "":
		g.unjudged(r.Context(), caller, &attempt, decision)
		a.refuse(&refusal{outcome: lacks, attempt: &attempt, help: help{chain: blindChain(way.blind)}})
	case decision.Allowed && way.miss == catalog.Hit && hasBody(r) && !judged && !g.forwards(way.op):
		if g.readBody(a, r, way.match.Op) {
			attempt.Again = true
			g.judge(a, r, way, attempt, cred, true)
		} else {
			g.unjudged(r.Context(), caller, &attempt, decision)
		}
	case decision.Allowed && way.miss == catalog.Hit:
		g.pass(a, r, way, &attempt, cred, Pass[C]{Caller: caller, Match: way.match, RequestID: a.id, Addr: attempt.Addr, PartOfZone: part})
	case decision.Allowed:
		a.miss(way)
	default:
		refused := refusal{outcome: outcomeOf(decision.Reason, cred.Kind), attempt: &attempt, decision: decision}
		g.explain(r.Context(), &refused, caller)
		a.refuse(&refused)
	}
}

// shown is the credential of a request. Where an operation is public none is
// looked at, so that a stale one in a client's settings cannot keep its user from
// accepting an invitation.
func (g *Gate[C]) shown(r *http.Request, op *catalog.Operation, stated *token.Credential) (token.Credential, outcome) {
	switch {
	case op.Rule == catalog.Public:
		return token.Credential{}, admitted
	case stated != nil:
		return *stated, admitted
	}
	return g.reader.read(r.Header, op.Family)
}

// pass hands a request to the handler of its operation.
func (g *Gate[C]) pass(a *answer, r *http.Request, way *route, at *Attempt, cred token.Credential, p Pass[C]) {
	handle, ok := g.handlers[p.Match.Op]
	switch {
	case g.verdict != nil:
		g.verdict(a, r, p)
		return
	case ok:
	case g.forward != nil:
		handle, a.forwarded = g.forward, true
		said := way.named // a copy, so that way stays on the stack of requests that are not forwarded
		p.Path, p.Find, p.Again = at.Path, said.find, g.again(*at, cred, p.PartOfZone)
	default:
		a.fail(http.StatusNotFound, notServed)
		return
	}
	if p.PartOfZone {
		defer g.judging(a, at, &p).end(r.Context(), p.Caller)
	}
	handle(a, g.behind(a, r), p)
}

// forwards reports whether nothing here serves an operation, and Forward does.
func (g *Gate[C]) forwards(op *catalog.Operation) bool {
	return g.forward != nil && g.handlers[op] == nil
}

// again asks again what was allowed. A question that cannot be answered is a no.
// part says that it was allowed on some records. Who could do it on every one must
// still be able to: nobody judges theirs one by one.
func (g *Gate[C]) again(at Attempt, cred token.Credential, part bool) func(context.Context) (C, bool) {
	at.Again, at.ByRecord = true, at.ByRecord && part
	return func(ctx context.Context) (C, bool) {
		caller, decision, err := g.authorizer.Authorize(ctx, cred, at)
		return caller, err == nil && decision.Allowed && (at.ByRecord || decision.Reason != policy.PartOfZone)
	}
}
