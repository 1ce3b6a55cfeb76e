package compile

import (
	"fmt"
	"slices"
	"strings"
)

// ourOperation begins the id of every operation that the overlay adds, so that
// no id that is published later can mean another.
const ourOperation = "tokenward-"

// newOperation is an operation that the published schema does not have: one of
// our own, or one that clients call and nobody published. It is denied to
// everyone until a rule or accept line says otherwise. Its summary is the reason
// of its line.
func newOperation(args []string, reason string) *operation {
	o := &operation{method: args[0], path: args[1], id: args[2], state: none, permission: none, rule: "unstated"}
	o.product = productOf(o.path)
	o.summary = strings.TrimSpace(reason)
	o.params = paramsOf(o.path)
	o.shapes = slices.Repeat([]string{"segment"}, len(o.params))
	return o
}

// extend puts the overlay's own operations among the published ones.
func (v *overlay) extend(ops []*operation) ([]*operation, error) {
	for _, o := range v.operations {
		if err := o.checkNew(ops); err != nil {
			return nil, fmt.Errorf("operation %s: %w", o.id, err)
		}
		ops = append(ops, o)
	}
	slices.SortFunc(ops, func(a, b *operation) int { return a.order(b) })
	return ops, nil
}

func (o *operation) checkNew(ops []*operation) error {
	switch {
	case !slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, o.method):
		return fmt.Errorf("no method %q", o.method)
	case !strings.HasPrefix(o.path, "/") || o.product == "":
		return fmt.Errorf("%q is not the path of an operation", o.path)
	case !strings.HasPrefix(o.id, ourOperation) || o.id == ourOperation:
		return fmt.Errorf("the id must begin with %s", ourOperation)
	case slices.ContainsFunc(ops, func(p *operation) bool { return p.id == o.id }):
		return fmt.Errorf("the id is taken")
	}
	if p, err := find(ops, o.method, o.path); err == nil {
		return fmt.Errorf("%s %s is %s already", o.method, o.path, p.id)
	}
	return nil
}

// productOf is the first fixed segment of a path below its account, zone or
// user.
func productOf(path string) string {
	for _, prefix := range []string{accountPrefix, zonePrefix, "/user"} {
		if below, ok := strings.CutPrefix(path, prefix+"/"); ok {
			path = "/" + below
			break
		}
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if strings.Contains(first, "{") {
		return ""
	}
	return first
}
