package server

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/upstream"
)

// Upstream is an API behind the gate.
type Upstream struct {
	Proxy *upstream.Proxy
	// API is the name of its custom catalogue; "" is the v4 API, whose operations
	// go there that nothing of ours serves. The rest is not for that one.
	API    string
	Prefix string // before its paths; "/" for none, with a Host
	Host   string // that its requests name, without a port; "" is every host
}

// zoneOperations are what ZonesOff switches off.
var zoneOperations = []string{
	authority.OpZoneList, authority.OpZoneGet, authority.OpZoneCreate, authority.OpZoneUpdate, authority.OpZoneDelete,
	authority.OpZonePurge, authority.OpZoneActivation,
	authority.OpDNSList, authority.OpDNSGet, authority.OpDNSCreate, authority.OpDNSPut, authority.OpDNSPatch,
	authority.OpDNSDelete, authority.OpDNSBatch, authority.OpDNSExport, authority.OpDNSImport,
}

// accountOperations are what AccountsOff switches off: reading accounts. Who is
// a member of one and which tokens it has is ours to say.
var accountOperations = []string{authority.OpAccountList, authority.OpAccountGet, authority.OpMembershipList}

// elsewhere reports whether an operation is left to the upstream.
func (c *Config) elsewhere(id string) bool {
	return c.ZonesOff && slices.Contains(zoneOperations, id) || c.AccountsOff && slices.Contains(accountOperations, id)
}

// forwardV4 is nil without an upstream for the v4 API.
func (c *Config) forwardV4() gateway.Handler[authority.Caller] {
	for _, u := range c.Upstreams {
		if u.API == "" {
			return forward(c.Authority, u.Proxy)
		}
	}
	return nil
}

// apiGate is the gate of a custom catalogue's API, and which requests are its.
type apiGate struct {
	http.Handler
	prefix, host string
}

// apiGates makes a gate for each API that has an upstream. The catalogue is asked
// for at every request: it may become another one.
func (c *Config) apiGates() ([]apiGate, error) {
	var out []apiGate
	for _, u := range c.Upstreams {
		if u.API == "" {
			continue
		}
		if _, ok := c.Authority.Catalog().API(u.API); !ok {
			return nil, fmt.Errorf("upstream: there is no catalogue %q", u.API)
		}
		gate, err := gateway.New(gateway.Config[authority.Caller]{
			Catalog: c.Authority.Catalog(), Current: c.Authority.Catalog, Find: findIn(c.Authority, u.API),
			Authorizer: authorizer{c.Authority}, Forward: forward(c.Authority, u.Proxy),
			Format: c.Format, AllowKeys: !c.KeysOff, Client: c.ClientIP, Prefix: u.Prefix, MaxBody: c.MaxBody, Logger: c.Logger,
			Limits: limiterOf(c.Limits), DeniedBy: authorizer{c.Authority}.deniedBy,
		})
		if err != nil {
			return nil, err
		}
		out = append(out, apiGate{gate, strings.TrimSuffix(u.Prefix, "/"), strings.ToLower(u.Host)})
	}
	// What says more about its requests comes first.
	slices.SortStableFunc(out, func(a, b apiGate) int {
		if (a.host == "") != (b.host == "") {
			return len(b.host) - len(a.host)
		}
		return len(b.prefix) - len(a.prefix)
	})
	return out, nil
}

func findIn(a *authority.Authority, name string) func(method, path string) (catalog.Match, catalog.Miss) {
	return func(method, path string) (catalog.Match, catalog.Miss) {
		api, ok := a.Catalog().API(name)
		if !ok {
			return catalog.Match{}, catalog.NoPath
		}
		return api.Match(method, path)
	}
}

// takes reports whether a request is for the API. Its gate refuses what is wrong
// with the rest of the path.
func (g *apiGate) takes(r *http.Request) bool {
	if g.host != "" && !strings.EqualFold(hostOf(r), g.host) {
		return false
	}
	if g.prefix == "" {
		return true
	}
	rest, ok := strings.CutPrefix(r.URL.EscapedPath(), g.prefix)
	return ok && (rest == "" || rest[0] == '/')
}

// hostOf is the host that a request names, without a port and the root's dot.
func hostOf(r *http.Request) string {
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.TrimSuffix(host, ".")
}

// forward hands on what the gate let through.
func forward(a *authority.Authority, p *upstream.Proxy) gateway.Handler[authority.Caller] {
	return func(w http.ResponseWriter, r *http.Request, pass gateway.Pass[authority.Caller]) {
		c := pass.Caller
		p.Forward(w, r, &upstream.Pass{
			Match: pass.Match, Identity: identityOf(a.Catalog(), &pass), Addr: pass.Addr, Find: pass.Find,
			Still:   func(ctx context.Context) bool { _, ok := pass.Again(ctx); return ok },
			Records: recordsFor(a, &pass),
			Sees: func(ctx context.Context, op *catalog.Operation, row policy.Path) (bool, error) {
				return a.Sees(ctx, &c, op, row)
			},
		})
	}
}

// identityOf is whom a request is forwarded for. The account is the caller's own,
// else the one that the resource lies in, as far as that is known.
func identityOf(c *catalog.Catalog, p *gateway.Pass[authority.Caller]) upstream.Identity {
	out := upstream.Identity{
		TokenID: p.Caller.TokenID(), TokenName: p.Caller.TokenName(), Account: p.Caller.AccountID(), RequestID: p.RequestID,
	}
	switch {
	case p.Caller.UserID() != "":
		out.Owner = "user:" + p.Caller.UserID()
	case out.Account != "":
		out.Owner = "account:" + out.Account
	}
	if out.Account != "" {
		return out
	}
	if account, ok := p.Path.Find(c.Vocabulary().Kind(catalog.KindAccount)); ok && !account.Any() {
		out.Account = account.String()
	} else if api := p.Match.Op.API(); api != nil {
		out.Account = api.Account
	}
	return out
}
