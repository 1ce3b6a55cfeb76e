package middleware

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/tokenward/tokenward/internal/enforcewire"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/internal/token"
)

// Guard judges requests. It is safe for concurrent use.
type Guard struct {
	cfg      Config
	endpoint endpoint
	kept     *kept
}

// New makes a Guard. The error names every fault of the configuration; whether the
// endpoint is there is found out when it is asked.
func New(cfg Config) (*Guard, error) {
	base, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	return &Guard{
		cfg: cfg, kept: newKept(cfg.CacheSize, cfg.MaxStaleness),
		endpoint: endpoint{
			base: base.Scheme + "://" + base.Host, secret: cfg.Secret,
			http: &http.Client{Transport: cfg.Transport, CheckRedirect: noRedirect},
		},
	}, nil
}

// Protect is next behind the gate. Requests that may not pass are answered here.
// Those whose query asks a framework for another method are answered 400. The
// others reach next without credential, without headers that ask to be read as
// another request, and with whom they are from in their context.
func (g *Guard) Protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if gateway.OverridesMethod(r.URL.RawQuery) {
			misread(w)
			return
		}
		s := g.shown(r)
		answers, err := g.ask(r.Context(), &s, []place{{method: r.Method, url: r.URL}})
		switch {
		case err != nil:
			g.cfg.Logger.Error("ask the enforcement endpoint", "err", err)
			unavailable(w)
		case answers[0].Allowed:
			next.ServeHTTP(w, g.behind(r, s, answers[0].Identity))
		default:
			refuse(w, &answers[0])
		}
	})
}

// shown is what a request shows of who sent it.
type shown struct {
	digest       token.Digest
	credential   string // one of enforcewire's words, "" for the digest
	addr         netip.Addr
	userAgent    string
	jurisdiction []string
}

// shown reads the Authorization header: exactly one line, exactly one space. What
// is wrong with it says the endpoint, in the words of the operation's family.
func (g *Guard) shown(r *http.Request) shown {
	s := shown{addr: g.cfg.ClientAddr(r), userAgent: r.UserAgent(), jurisdiction: r.Header["Cf-R2-Jurisdiction"]}
	lines := r.Header["Authorization"]
	switch {
	case len(lines) == 0:
		s.credential = enforcewire.NoCredential
		return s
	case len(lines) > 1:
		s.credential = enforcewire.RepeatedCredential
		return s
	}
	scheme, value, _ := strings.Cut(lines[0], " ")
	secret, err := token.Format{}.Parse(value)
	if err != nil || !strings.EqualFold(scheme, "Bearer") {
		s.credential = enforcewire.MalformedCredential
		return s
	}
	s.digest = secret.Digest()
	return s
}

// place is what is asked about.
type place struct {
	method string
	url    *url.URL
}

// behind is the request that a handler sees.
func (g *Guard) behind(r *http.Request, s shown, id enforcewire.Identity) *http.Request {
	out := r.WithContext(context.WithValue(r.Context(), passKey{}, &pass{shown: s, identity: Identity(id)}))
	out.Header = make(http.Header, len(r.Header))
	for name, lines := range r.Header {
		if enforcewire.IsOurs(name) || gateway.StopsHere(name) && !(g.cfg.KeepCredential && name == "Authorization") {
			continue
		}
		out.Header[name] = lines
	}
	return out
}
