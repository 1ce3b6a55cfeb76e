package enforce

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/v4"
)

// description is the headers in which a proxy says which request it asks about.
// What a client sends in any other header has no say.
type description struct {
	method, target string
	plain          bool // the proxy hands on no status of a refusal but 401 and 403
}

// proxies are the proxies that can ask, by their name in the path.
func proxies(name string) (description, bool) {
	switch name {
	case "nginx":
		return description{"X-Original-Method", "X-Original-Uri", true}, true
	case "haproxy":
		return description{"X-Original-Method", "X-Original-Uri", false}, true
	case "caddy", "traefik":
		return description{"X-Forwarded-Method", "X-Forwarded-Uri", false}, true
	}
	return description{}, false
}

// forwardAuth answers a proxy. rest is "PROXY/CATALOGUE"; the query may have the
// prefix of the API's paths, and lists=filtered where the API filters lists itself.
// denial asks what to tell a client that was refused.
func (e *Endpoint) forwardAuth(w http.ResponseWriter, r *http.Request, rest string, denial bool) {
	proxy, name, _ := strings.Cut(rest, "/")
	by, ok := proxies(proxy)
	if !ok {
		fail(w, http.StatusNotFound, v4.CodeNoRoute, "No such proxy: there are nginx, haproxy, caddy and traefik")
		return
	}
	a, err := e.open(name)
	if err != nil || a == nil {
		fail(w, http.StatusForbidden, v4.CodeNotJudgedHere, "The proxy asks by a catalogue that is not loaded")
		return
	}
	q := e.questions.Get().(*question)
	defer e.putBack(q)
	if what := q.read(&by, r); what != "" {
		e.cfg.Logger.Warn("forward-auth: the proxy does not describe the request", "proxy", proxy, "why", what)
		fail(w, http.StatusForbidden, v4.CodeNotJudgedHere, "The proxy does not describe the request: "+what)
		return
	}
	gate := a.allowed
	if denial {
		gate = a.denied
	} else if by.plain {
		q.plain.ResponseWriter = w
		w = &q.plain
	}
	if r.URL.RawQuery != "" {
		query := r.URL.Query()
		gate = asTold(gate, name, query.Get("prefix"), query.Get("lists") == "filtered")
	}
	gate.ServeFrom(w, &q.asked, e.cfg.Client.Told(r.Header["X-Forwarded-For"]))
}

// question is all that is made for a question, in one piece. A gate keeps nothing
// of it.
type question struct {
	asked http.Request
	url   url.URL
	plain passable
}

// putBack keeps the memory of a question for another one, and nothing that it said.
func (e *Endpoint) putBack(q *question) {
	*q = question{}
	e.questions.Put(q)
}

// read makes the request that a proxy asks about, or says what is wrong with its
// description. It has no body: the proxy keeps that. Nor has it an address: the
// peer is the proxy.
func (q *question) read(d *description, r *http.Request) (wrong string) {
	methods, targets := r.Header[d.method], r.Header[d.target]
	if len(methods) != 1 || len(targets) != 1 {
		return "it needs exactly one line of " + d.method + " and of " + d.target
	}
	if wrong := q.take(methods[0], targets[0], r.Header); wrong != "" {
		return wrong
	}
	q.asked = *r // with its context, which has no setter
	asked := &q.asked
	asked.Method, asked.URL, asked.RemoteAddr = methods[0], &q.url, ""
	asked.Body, asked.ContentLength, asked.TransferEncoding, asked.Trailer = http.NoBody, 0, nil, nil
	return ""
}

// take reads the target of a request, or says why nobody can be sure which request
// it is.
func (q *question) take(method, target string, h http.Header) (wrong string) {
	switch {
	case !isMethod(method):
		return "the method is not one"
	case !strings.HasPrefix(target, "/"):
		return "the target does not begin with a slash"
	}
	for _, name := range overrides {
		if len(h[name]) > 0 {
			return "the client's " + name + " asks to have it read as another one"
		}
	}
	q.url = parseTarget(target)
	if gateway.OverridesMethod(q.url.RawQuery) {
		return "the client's query asks to have it read as one with another method"
	}
	return ""
}

// asTold is a gate of a catalogue with what a proxy says of the API behind it.
func asTold(gate *gateway.Gate[authority.Caller], name, prefix string, lists bool) *gateway.Gate[authority.Caller] {
	if prefix == "" && name == BuiltIn {
		prefix = defaultPrefix
	}
	return gate.With(prefix, lists)
}

// parseTarget takes a request's target apart at its first question mark. What
// cannot be a path makes one that every gate refuses.
func parseTarget(target string) url.URL {
	path, query, found := strings.Cut(target, "?")
	u := url.URL{RawPath: path, RawQuery: query, ForceQuery: found && query == ""}
	if strings.IndexByte(path, '#') < 0 { // some servers end the path there
		u.Path, _ = url.PathUnescape(path)
	}
	return u
}

// overrides are headers by which frameworks take a request for another one than
// was judged. A proxy would hand them on.
var overrides = [...]string{"X-Http-Method-Override", "X-Http-Method", "X-Method-Override", "X-Original-Url", "X-Rewrite-Url"}

func isMethod(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return s != "" && len(s) <= 32
}
