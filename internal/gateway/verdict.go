package gateway

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/token"
	"github.com/tokenward/tokenward/v4"
)

// A gate with a Verdict answers somebody else's question about a request: a
// proxy's, before it forwards, or a server's, before its handler runs. It judges
// as every gate does. It has the request's method, target and header, and neither
// its body nor its answer, so what these decide is refused. The request is the gate's own: it was
// made for the question, and is not copied.

// With is the gate for an API whose paths begin with prefix, "/" for all of them.
// lists says that whoever asks filters the lists that the catalogue marks.
func (g *Gate[C]) With(prefix string, lists bool) *Gate[C] {
	w := *g
	w.prefix, w.lists = strings.TrimSuffix(prefix, "/"), lists
	return &w
}

// Filtering is the gate for who filters the lists of these operations, by id, and no
// others.
func (g *Gate[C]) Filtering(ids []string) *Gate[C] {
	w := *g
	w.lists, w.filtered = false, ids
	return &w
}

// ServeDigest is ServeHTTP for who was shown a bearer token and sends its digest.
// No credential is read from the request's headers.
func (g *Gate[C]) ServeDigest(w http.ResponseWriter, r *http.Request, d token.Digest) {
	g.serveAsked(w, r, &token.Credential{Digest: d, Kind: token.Digested}, g.client.Addr(r.RemoteAddr, r.Header))
}

// ServeFrom is ServeHTTP for who knows the client's address; the zero Addr is an
// unknown one. Nothing that the request says of it is read.
func (g *Gate[C]) ServeFrom(w http.ResponseWriter, r *http.Request, addr netip.Addr) {
	g.serveAsked(w, r, nil, addr)
}

func (g *Gate[C]) serveAsked(w http.ResponseWriter, r *http.Request, stated *token.Credential, addr netip.Addr) {
	a := newAnswer(w, false)
	defer g.catch(a, r)
	g.serve(a, r, stated, addr)
	a.stamp(http.StatusOK)
}

// blind is why a gate with a Verdict cannot judge an operation, "" where it can
// and for every other gate.
func (g *Gate[C]) blind(op *catalog.Operation) string {
	switch {
	case g.verdict == nil:
		return ""
	case op.NeedsBody():
		return "The resource is named in the request's body, which is not seen here"
	case op.Rule == catalog.Rows && !g.lists && !slices.Contains(g.filtered, op.ID):
		return "The answer is a list that must be filtered, which nobody does here"
	case op.API() == nil && (op.Rule == catalog.Live || op.Target == catalog.TargetNone && op.Rule == catalog.Groups):
		return "What the operation acts on is not in its path"
	}
	return ""
}

func blindChain(why string) []v4.ChainItem {
	return []v4.ChainItem{{Code: v4.CodeNotJudgedHere, Message: why}}
}
