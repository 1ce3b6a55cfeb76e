package middleware

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"github.com/tokenward/tokenward/internal/enforcewire"
	"github.com/tokenward/tokenward/internal/token"
)

// Target is a request that somebody might send.
type Target struct {
	Method string
	Path   string // escaped, with the query if it names a resource: "/stores/north"
}

// May reports for each target whether whoever sent the request of ctx might send
// that one too. A handler of a list asks it about the requests by which its rows
// are read. It is an error outside of [Guard.Protect].
func (g *Guard) May(ctx context.Context, targets ...Target) ([]bool, error) {
	p, ok := ctx.Value(passKey{}).(*pass)
	if !ok {
		return nil, errors.New("middleware: May was asked outside of Protect")
	}
	return g.may(ctx, &p.shown, targets)
}

// Check reports for each target whether the bearer of a token might send it from
// an address; the zero Addr is an unknown one. The token does not leave this
// process.
func (g *Guard) Check(ctx context.Context, bearer string, addr netip.Addr, targets ...Target) ([]bool, error) {
	s := shown{addr: addr, credential: enforcewire.MalformedCredential}
	if secret, err := (token.Format{}).Parse(bearer); err == nil {
		s.digest, s.credential = secret.Digest(), ""
	}
	return g.may(ctx, &s, targets)
}

func (g *Guard) may(ctx context.Context, s *shown, targets []Target) ([]bool, error) {
	places := make([]place, len(targets))
	for i, t := range targets {
		path, query, _ := strings.Cut(t.Path, "?")
		decoded, err := url.PathUnescape(path)
		if err != nil {
			return nil, fmt.Errorf("middleware: target %d: %w", i, err)
		}
		places[i] = place{t.Method, &url.URL{Path: decoded, RawPath: path, RawQuery: query}}
	}
	answers, err := g.ask(ctx, s, places)
	if err != nil {
		return nil, err
	}
	out := make([]bool, len(answers))
	for i := range answers {
		out[i] = answers[i].Allowed
	}
	return out, nil
}
