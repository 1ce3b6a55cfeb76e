package dashboard

import (
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/pasted"
)

// asked is a request that somebody asks about.
type asked struct{ pasted.Request }

// find finds the operation by the gate's own engine. A placeholder is anything
// that fits in its place.
func (a *asked) find(c *catalog.Catalog) (*catalog.Operation, catalog.Miss) {
	worst := catalog.NoPath
	for _, value := range []string{strings.Repeat("0", 32), "00000000-0000-4000-8000-000000000000", "1", "x"} {
		path := a.filled(value)
		m, miss := c.Match(a.Method, path)
		if miss == catalog.Hit {
			return m.Op, miss
		}
		worst = max(worst, miss)
		for _, api := range c.APIs() {
			if m, miss := api.Match(a.Method, path); miss == catalog.Hit {
				return m.Op, miss
			}
		}
	}
	return nil, worst
}

// withOtherMethods are the operations at the same path.
func (a *asked) withOtherMethods(c *catalog.Catalog) []*catalog.Operation {
	var out []*catalog.Operation
	for _, method := range pasted.Methods() {
		other := asked{pasted.Request{Method: method, Path: a.Path}}
		if op, _ := other.find(c); op != nil {
			out = append(out, op)
		}
	}
	return out
}

// filled is the path with a value for each placeholder.
func (a *asked) filled(value string) string {
	segments := strings.Split(a.Path, "/")
	for i, s := range segments {
		if pasted.IsPlaceholder(s) {
			segments[i] = value
		}
	}
	return strings.Join(segments, "/")
}
