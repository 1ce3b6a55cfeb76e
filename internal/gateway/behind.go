package gateway

import (
	"net/http"
	"net/url"
	"strings"
)

// behind is the request as what is behind the gate sees it: no credential, so
// that none is logged or passed on; nothing that asks to be read as another
// method or path; and an end to its body.
func (g *Gate[C]) behind(a *answer, r *http.Request) *http.Request {
	r.Header = withoutSecrets(r.Header) // r is the gate's own copy
	r.Trailer = nil                     // a second set of headers, and not judged
	if u := r.URL; u.Host != "" || u.User != nil || u.Scheme != "" {
		// The absolute form of a target (RFC 9112, 3.2.2) names a host and
		// perhaps a password. Neither has a say here.
		r.URL = &url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery, ForceQuery: u.ForceQuery}
	}
	return r
}

// withoutSecrets is h without the headers that nothing behind the gate may see.
// The values are shared.
func withoutSecrets(h http.Header) http.Header {
	out := make(http.Header, len(h))
	for name, lines := range h {
		if !stopsHere(name) {
			out[name] = lines
		}
	}
	return out
}

// stopsHere reports whether a header may not go behind the gate. "_" counts as
// "-": in CGI's and WSGI's environments the two are the same.
func stopsHere(name string) bool {
	if strings.IndexByte(name, '_') >= 0 {
		name = strings.ReplaceAll(name, "_", "-")
	}
	for _, stop := range stopped {
		if strings.EqualFold(name, stop) {
			return true
		}
	}
	const auth = "X-Auth-"
	return len(name) >= len(auth) && strings.EqualFold(name[:len(auth)], auth)
}

// StopsHere reports whether a request's header may not reach what serves the
// request: a credential, or one that asks to be read as another method or path.
func StopsHere(name string) bool { return stopsHere(name) }

// stopped are credentials, and headers that frameworks read to override the
// method or the path of a request.
var stopped = [...]string{
	"Authorization", "Proxy-Authorization", "Cookie",
	"X-Http-Method-Override", "X-Http-Method", "X-Method-Override",
	"X-Original-Method", "X-Original-Url", "X-Original-Uri", "X-Rewrite-Url",
}

// OverridesMethod reports whether a query asks a framework to take the request for
// one with another method.
func OverridesMethod(query string) bool {
	for part := range strings.FieldsFuncSeq(query, func(c rune) bool { return c == '&' || c == ';' }) {
		key, _, _ := strings.Cut(part, "=")
		if name, err := url.QueryUnescape(key); err == nil {
			switch strings.ToLower(name) {
			case "_method", "x-http-method-override", "x-http-method", "x-method-override":
				return true
			}
		}
	}
	return false
}
