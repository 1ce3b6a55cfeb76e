package catalog

// finder walks the tree for one request. A static segment wins over a
// parameter; where its branch leads nowhere the parameter's is tried. The tree
// is at most maxSegments deep and forks rarely, so the walk is short whatever
// the path.
type finder struct {
	splitPath
	method string
	values [maxParams]string
	dirty  uint // bit i: values[i] is not plain
	op     *Operation
	miss   Miss // the most telling of the misses so far
}

// walk tries the branches below n for the segments from depth on; used counts
// the values bound so far.
func (f *finder) walk(n *node, depth, used int) bool {
	if depth == f.n {
		return f.settle(n.ops, used)
	}
	if depth < maxSegments {
		s := &f.segs[depth]
		if s.plain && f.walkPlain(n, depth, used) {
			return true
		}
		if n.param != nil && used < maxParams {
			f.bind(used, s.text, s.plain)
			if f.walk(n.param, depth+1, used+1) {
				return true
			}
		}
	}
	return len(n.rest) > 0 && depth < maxSegments && f.swallow(n, depth, used)
}

// walkPlain tries the branches that have a literal for the segment.
func (f *finder) walkPlain(n *node, depth, used int) bool {
	text := f.segs[depth].text
	if child := n.child(text); child != nil && f.walk(child, depth+1, used) {
		return true
	}
	for i := range n.patterns {
		e := &n.patterns[i]
		bound := e.pattern.bind(text, f.values[used:])
		if bound == 0 {
			continue
		}
		for j := range bound {
			f.bind(used+j, f.values[used+j], true)
		}
		if f.walk(e.node, depth+1, used+bound) {
			return true
		}
	}
	return false
}

// swallow binds everything from depth on to a rest parameter.
func (f *finder) swallow(n *node, depth, used int) bool {
	if used >= maxParams {
		return false
	}
	text, ok := decode(f.raw[f.segs[depth].start:])
	if !ok {
		return false
	}
	f.bind(used, text, !f.odd)
	return f.settle(n.rest, used+1)
}

func (f *finder) bind(i int, value string, plain bool) {
	f.values[i] = value
	f.dirty &^= 1 << i
	if !plain {
		f.dirty |= 1 << i
	}
}

// settle looks among the operations of a place for the one with the method, or
// learns why there is none.
func (f *finder) settle(ops []*Operation, used int) bool {
	for _, op := range ops {
		if op.Method == f.method && f.fits(op, used) == Hit {
			f.op = op
			return true
		}
	}
	for _, op := range ops {
		m := f.fits(op, used)
		if m == Hit {
			m = NoMethod
		}
		f.miss = max(f.miss, m)
	}
	return false
}

// fits checks the bound values against the shapes that op wants, and a trailing
// slash against what may carry one.
func (f *finder) fits(op *Operation, used int) Miss {
	switch {
	case used != len(op.params):
		return NoPath
	case f.trailing && !op.slash:
		return NoPath // an empty segment names nothing
	}
	worst := NoPath
	for i := range op.params {
		if m := op.params[i].shape.fits(f.values[i], f.dirty&(1<<i) == 0); m != Hit {
			worst = max(worst, m)
		}
	}
	if op.custom != nil && worst == NoPath && !op.custom.fits(&f.values) {
		worst = BadID
	}
	switch {
	case worst != NoPath:
		return worst
	case f.trailing && op.Method != "GET":
		return NoMethod
	}
	return Hit
}
