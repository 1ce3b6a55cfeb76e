package compile

import (
	"fmt"
	"slices"
	"strings"
)

type operation struct {
	path, method, id, product, state, permission string
	groups                                       []string // labels
	summary                                      string

	rule, family, target string
	userOnly, anywhere   bool
	records              bool // it acts on records, each of which may be judged by itself
	params, shapes       []string
	set                  []int // accepted groups as numbers among the served
}

func parseOperations(text string) ([]*operation, error) {
	var ops []*operation
	ids := map[string]bool{}
	for no, line := range lines(text) {
		f := strings.Split(line, "\t")
		if len(f) != 8 {
			return nil, fmt.Errorf("line %d: %d columns, want 8", no, len(f))
		}
		o := &operation{path: f[0], method: f[1], id: f[2], product: f[3], state: f[4], permission: f[5], summary: f[7]}
		if f[6] != none {
			o.groups = strings.Split(f[6], ",")
		}
		if n := len(ops); n > 0 && o.order(ops[n-1]) <= 0 {
			return nil, fmt.Errorf("line %d: %s %s is out of order", no, o.method, o.path)
		}
		if ids[o.id] || o.id == "" || strings.Contains(o.id, " ") {
			return nil, fmt.Errorf("line %d: id %q is taken or not an id", no, o.id)
		}
		if o.state != none && o.state != "deprecated" {
			return nil, fmt.Errorf("line %d: no state %q", no, o.state)
		}
		ids[o.id] = true
		o.rule = "unstated"
		if len(o.groups) > 0 {
			o.rule = "groups"
		}
		o.params = paramsOf(o.path)
		o.shapes = slices.Repeat([]string{"segment"}, len(o.params))
		ops = append(ops, o)
	}
	return ops, nil
}

func (o *operation) order(p *operation) int {
	if c := strings.Compare(o.path, p.path); c != 0 {
		return c
	}
	return strings.Compare(o.method, p.method)
}

// paramsOf lists the parameter names of a template in order.
func paramsOf(path string) []string {
	var names []string
	for {
		_, after, ok := strings.Cut(path, "{")
		if !ok {
			return names
		}
		name, rest, _ := strings.Cut(after, "}")
		names = append(names, name)
		path = rest
	}
}
