package gateway

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// route is where a request leads.
type route struct {
	op    *catalog.Operation // a stand-in when it leads nowhere
	match catalog.Match
	miss  catalog.Miss
	path  string   // as sent, escaped
	blind string   // why the operation cannot be judged here, "" if it can
	allow []string // of catalog.NoMethod: the methods that the path has
	named named    // what the request says of its resource outside of the path
}

// route finds the operation that a request names. Neither a query nor a header
// has a say in it: method and URL overrides are what others read to do
// something else than was judged.
func (g *Gate[C]) route(r *http.Request) route {
	sent, ok := sentPath(r.URL)
	way := route{op: &standIns[catalog.FamilyProduct], miss: catalog.BadPath, path: sent}
	if !ok {
		return way
	}
	rest, ok := strings.CutPrefix(sent, g.prefix)
	if !ok || !strings.HasPrefix(rest, "/") {
		way.miss = catalog.NoPath // the prefix has one spelling; "/%63lient/v4" is somewhere else
		return way
	}
	way.match, way.miss = g.find(r.Method, rest)
	switch way.miss {
	case catalog.Hit:
		way.op = way.match.Op
		if way.blind = g.blind(way.op); way.blind != "" {
			way.op = &standIns[way.op.Family]
		}
	case catalog.NoMethod:
		way.op, way.allow = g.otherMethods(rest)
	}
	return way
}

// sentPath is the escaped path as the client wrote it.
//
// URL.EscapedPath will not do: for a RawPath with a character that it would
// have escaped it returns the decoded path escaped anew, and an escaped slash
// has become a separator: `/zones/<id>%2F"x` would be judged as another path.
func sentPath(u *url.URL) (string, bool) {
	switch {
	case u.Opaque != "": // "http:client/v4/user" has no path at all
		return legible(u.Opaque, 256), false
	case u.RawPath == "":
		return u.EscapedPath(), true
	}
	decoded, err := url.PathUnescape(u.RawPath)
	if err != nil || decoded != u.Path { // somebody before us rewrote one of the two
		return u.RawPath, false
	}
	return u.RawPath, true
}

// standIns are operations that any live credential may do, one for each family.
// A request that names no operation is judged as one of them, so that a dead
// credential gets the same answer wherever it is shown.
var standIns = [...]catalog.Operation{
	catalog.FamilyProduct: {Rule: catalog.Live, Family: catalog.FamilyProduct, Accepted: new(policy.GroupSet)},
	catalog.FamilyCore:    {Rule: catalog.Live, Family: catalog.FamilyCore, Accepted: new(policy.GroupSet)},
	catalog.FamilyVerify:  {Rule: catalog.Live, Family: catalog.FamilyVerify, Accepted: new(policy.GroupSet)},
	catalog.FamilyZone:    {Rule: catalog.Live, Family: catalog.FamilyZone, Accepted: new(policy.GroupSet)},
}

// otherMethods are the methods that a path has, and the stand-in for the first
// one's family.
func (g *Gate[C]) otherMethods(path string) (*catalog.Operation, []string) {
	op := &standIns[catalog.FamilyProduct]
	var methods []string
	for _, method := range [...]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		m, miss := g.find(method, path)
		if miss != catalog.Hit {
			continue
		}
		if f := int(m.Op.Family); methods == nil && f < len(standIns) {
			op = &standIns[f]
		}
		methods = append(methods, method)
	}
	return op, methods
}
