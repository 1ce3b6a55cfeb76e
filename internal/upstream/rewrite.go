package upstream

import (
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
)

// Identity is whom a request is forwarded for, as the upstream is told.
type Identity struct {
	TokenID   string // "" for an API key
	TokenName string
	Owner     string // "user:<id>" or "account:<id>"
	Account   string // in which the resource lies, "" where it is not known
	RequestID string
}

// Headers by which the upstream is told for whom it works.
const (
	headerTokenID   = "Tokenward-Token-Id"
	headerTokenName = "Tokenward-Token-Name"
	headerOwner     = "Tokenward-Owner"
	headerAccount   = "Tokenward-Account"
	headerRequestID = "Tokenward-Request-Id"
)

// rewrite makes the request that the upstream gets: the path that was judged, and
// no header by which the client could be somebody else or ask for something else.
// Hop-by-hop headers, and those that Connection names, are gone before: what is
// set here cannot be taken away by a client's Connection.
func (p *Proxy) rewrite(pr *httputil.ProxyRequest) {
	x := exchangeOf(pr.In.Context())
	pr.Out.URL = p.target(&x.pass.Match, pr.In.URL.RawQuery)
	pr.Out.Host, pr.Out.Trailer = "", nil // a second set of headers, which nobody judged
	h := make(http.Header, len(pr.Out.Header)+introductions)
	for name, lines := range pr.Out.Header {
		if !staysHere(name) {
			h[name] = lines
		}
	}
	p.introduce(h, x.pass, pr.In)
	pr.Out.Header = h
}

// target is where a request goes.
func (p *Proxy) target(m *catalog.Match, query string) *url.URL {
	u := &url.URL{Scheme: p.base.Scheme, Host: p.base.Host, RawQuery: query}
	escaped := p.base.Path + m.Path()
	path, err := url.PathUnescape(escaped)
	if err != nil {
		panic(err) // the match escapes well
	}
	if u.Path = path; path != escaped {
		u.RawPath = escaped
	}
	return u
}

// introductions is how many headers introduce sets at most.
const introductions = 9

// introduce sets the credential and what the upstream may know of the client.
func (p *Proxy) introduce(h http.Header, pass *Pass, in *http.Request) {
	credential, addr, proto := p.credential.reveal(), "", "http"
	if credential != "" {
		credential = p.cfg.Scheme + credential
	}
	if pass.Addr.IsValid() {
		addr = pass.Addr.String()
	}
	if in.TLS != nil {
		proto = "https"
	}
	who := &pass.Identity
	lines := [introductions]string{
		credential, who.TokenID, headerText(who.TokenName), who.Owner, who.Account, who.RequestID,
		headerText(in.Host), addr, proto,
	}
	for i, name := range [introductions]string{
		p.cfg.Header, headerTokenID, headerTokenName, headerOwner, headerAccount, headerRequestID,
		"X-Forwarded-Host", "X-Forwarded-For", "X-Forwarded-Proto",
	} {
		if lines[i] != "" {
			h[name] = lines[i : i+1 : i+1]
		}
	}
}

// staysHere reports whether a client's header is not passed on. Besides what the
// gate has taken out these are headers that only the gateway may set, and all
// that an upstream's framework may read as the client's address, host or path.
//
// A name with "_" is read like one with "-" by CGI and all that descends from it.
func staysHere(name string) bool {
	if strings.IndexByte(name, '_') >= 0 {
		return true
	}
	switch http.CanonicalHeaderKey(name) {
	case "Authorization", "Proxy-Authorization", "Cookie", "Cookie2", "Forwarded", "Via",
		"X-Real-Ip", "True-Client-Ip", "Client-Ip", "X-Client-Ip", "X-Cluster-Client-Ip", "X-Originating-Ip", "X-Remote-Addr", "X-Remote-Ip",
		"X-Host", "X-Original-Host", "X-Original-Uri", "X-Original-Url", "X-Rewrite-Url", "X-Http-Host-Override",
		"Remote-User", "X-Remote-User", "X-Api-Key", "X-Amz-Security-Token", "Http2-Settings", "Proxy":
		return true
	}
	for _, prefix := range [...]string{"Tokenward-", "X-Forwarded-", "X-Auth-", "Cf-Connecting-", "Cf-Access-", "X-Envoy-", "X-Ms-Client-Principal"} {
		if len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix) {
			return true
		}
	}
	return false
}

// headerText is a text as it can stand in a header: what is not visible ASCII is
// percent-encoded, and so is "%".
func headerText(s string) string {
	const hex = "0123456789ABCDEF"
	plain := true
	for i := range len(s) {
		plain = plain && s[i] > ' ' && s[i] <= '~' && s[i] != '%'
	}
	if plain {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c == ' ' && i > 0 && i < len(s)-1 || c > ' ' && c <= '~' && c != '%' {
			b.WriteByte(c)
			continue
		}
		b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
	}
	return b.String()
}

// isHop reports whether a header is about one connection (RFC 9110, 7.6.1), or
// frames a message.
func isHop(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Connection", "Proxy-Connection", "Keep-Alive", "Proxy-Authenticate", "Te", "Trailer",
		"Transfer-Encoding", "Upgrade", "Content-Length", "Host", "Expect":
		return true
	}
	return false
}
