package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// node is a place in the tree of templates: one segment further down for each
// edge. It is built once and then only read.
type node struct {
	static   []edge        // sorted by name
	patterns []patternEdge // segments with literals around parameters
	param    *node         // a segment that is one parameter
	rest     []*Operation  // operations whose last parameter swallows the rest
	ops      []*Operation  // operations that end here, one for each method
}

type edge struct {
	name string
	node *node
}

type patternEdge struct {
	pattern pattern
	node    *node
}

// insert adds an operation at its template's place.
func (n *node) insert(op *Operation) error {
	segments := strings.Count(op.Template, "/")
	if !strings.HasPrefix(op.Template, "/") || segments > maxSegments || len(op.params) > maxParams {
		return fmt.Errorf("template %s: must begin with a slash, at most %d segments and %d parameters",
			op.Template, maxSegments, maxParams)
	}
	used := 0
	for text := range strings.SplitSeq(op.Template[1:], "/") {
		params := strings.Count(text, "{")
		switch {
		case params == 0:
			n = n.staticChild(text)
		case !isParam(text):
			n = n.patternChild(parsePattern(text))
		case op.params[used].shape == shapeRest:
			return addOp(&n.rest, op)
		default:
			n = n.paramChild()
		}
		used += params
	}
	return addOp(&n.ops, op)
}

// isParam reports whether a template's segment is one parameter and no more.
func isParam(text string) bool {
	return text[0] == '{' && strings.IndexByte(text, '}') == len(text)-1
}

func addOp(ops *[]*Operation, op *Operation) error {
	for _, other := range *ops {
		if other.Method == op.Method {
			return fmt.Errorf("%s %s: %s and %s match the same paths", op.Method, op.Template, other.ID, op.ID)
		}
	}
	*ops = append(*ops, op)
	return nil
}

func (n *node) staticChild(name string) *node {
	i, ok := slices.BinarySearchFunc(n.static, name, compareEdge)
	if !ok {
		n.static = slices.Insert(n.static, i, edge{name, new(node)})
	}
	return n.static[i].node
}

func compareEdge(e edge, name string) int { return strings.Compare(e.name, name) }

func (n *node) patternChild(p pattern) *node {
	for _, e := range n.patterns {
		if slices.Equal(e.pattern, p) {
			return e.node
		}
	}
	n.patterns = append(n.patterns, patternEdge{p, new(node)})
	return n.patterns[len(n.patterns)-1].node
}

func (n *node) paramChild() *node {
	if n.param == nil {
		n.param = new(node)
	}
	return n.param
}

// child finds the static child of that name, nil if there is none.
func (n *node) child(name string) *node {
	lo, hi := 0, len(n.static)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		switch e := &n.static[mid]; {
		case e.name == name:
			return e.node
		case e.name < name:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return nil
}

// pattern is a segment with literals around parameters: the literals, of which
// the first and the last may be empty. "{scan_id}.png" is {"", ".png"}.
type pattern []string

func parsePattern(text string) pattern {
	var p pattern
	for {
		literal, after, ok := strings.Cut(text, "{")
		p = append(p, literal)
		if !ok {
			return p
		}
		_, text, _ = strings.Cut(after, "}")
	}
}

// bind puts what the parameters stand for into values and returns their number;
// none for a segment that does not match. A parameter is never empty and ends
// where the literal after it first occurs, so there is one way to bind.
func (p pattern) bind(text string, values []string) int {
	text, ok := strings.CutPrefix(text, p[0])
	last := len(p) - 1
	if !ok || last > len(values) {
		return 0
	}
	for i, literal := range p[1:last] {
		at := indexAfterFirst(text, literal)
		if at < 0 {
			return 0
		}
		values[i], text = text[:at], text[at+len(literal):]
	}
	text, ok = strings.CutSuffix(text, p[last])
	if !ok || text == "" {
		return 0
	}
	values[last-1] = text
	return last
}

// indexAfterFirst finds literal at offset 1 or later.
func indexAfterFirst(text, literal string) int {
	if text == "" {
		return -1
	}
	if i := strings.Index(text[1:], literal); i >= 0 {
		return i + 1
	}
	return -1
}
