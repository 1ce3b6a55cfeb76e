package gateway

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"unicode/utf8"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// Attempt is what the gate asks about: an operation, on a resource, from an
// address.
type Attempt struct {
	// Op is never nil. For a request that names no operation it is a stand-in
	// that any live credential may do: who has none learns nothing else.
	Op *catalog.Operation
	// Path is the resource named by the URL, leaf first, without facts: a
	// zone's account and the caller's own user are for the Authorizer to add.
	Path    policy.Path
	Addr    netip.Addr // the zero Addr is an unknown address
	Request Request
	Again   bool // the same attempt was allowed before, when its body had not been read
	// ByRecord: what serves the operation judges each record by itself, so who may
	// do it on some of them is let through, for the reason PartOfZone. Otherwise
	// nobody is allowed anything for that reason.
	ByRecord bool
}

// Request is what an audit record keeps of the HTTP request. It is an alias, so
// that an Attempt converts to any struct of the same fields.
type Request = struct {
	ID        string // cf-ray of the answer
	Method    string
	URI       string // the path as sent; queries are left out, they may hold secrets
	UserAgent string
}

// Authorizer says who a credential belongs to and whether they may do what is
// attempted. The zero Decision denies, and so do an error and a panic. An error
// means that the question could not be answered; that a credential is unknown
// is a Decision.
type Authorizer[C any] interface {
	Authorize(ctx context.Context, cred token.Credential, a Attempt) (C, policy.Decision, error)
}

// attempt is the question that a request asks.
func (g *Gate[C]) attempt(id string, r *http.Request, way *route, addr netip.Addr) Attempt {
	a := Attempt{Op: way.op, Addr: addr, ByRecord: way.op.Records != 0 && g.byRecord[way.op]}
	if way.miss == catalog.Hit {
		if a.Path = way.match.Resource(jurisdiction(r.Header)); queryNames(way.op) {
			a.Path = way.match.ResourceFrom(way.named.find)
		}
	}
	a.Request = Request{
		ID:     id,
		Method: legible(r.Method, 32),
		URI:    legible(way.path, 2048),
	}
	if agent := r.Header["User-Agent"]; len(agent) > 0 {
		a.Request.UserAgent = legible(agent[0], 512)
	}
	return a
}

// jurisdiction is the header that says in which of an account's sets of buckets
// a bucket is. Several lines make a value that names no bucket: what is behind
// us might read another line than we did.
func jurisdiction(h http.Header) string {
	switch lines := h["Cf-R2-Jurisdiction"]; len(lines) {
	case 0:
		return ""
	case 1:
		return lines[0]
	default:
		return strings.Join(lines, ",")
	}
}

// legible is at most max bytes of s, as UTF-8: a client may send any bytes, and
// a text column takes neither megabytes nor broken characters.
func legible(s string, max int) string {
	if len(s) > max {
		s = s[:max]
	}
	if utf8.ValidString(s) { // which looks at eight bytes at a time
		return s
	}
	return strings.ToValidUTF8(s, "")
}
