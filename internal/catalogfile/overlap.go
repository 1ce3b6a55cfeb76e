package catalogfile

import (
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// relation says how the paths of one template lie to those of another.
type relation uint8

const (
	apart   relation = iota // none matches both
	same                    // every path that matches one matches the other
	inside                  // the first is the more specific one
	around                  // the second is the more specific one
	crossed                 // some path matches both, and neither is more specific
)

// route is an operation's template, ready to be compared.
type route struct {
	op       *Operation
	segments []segmentPart
	rest     bool // the last segment swallows what follows
}

// overlaps finds operations with one method whose templates match one path.
func (l *linter) overlaps() {
	byMethod := map[string][]route{}
	for i := range l.f.Operations {
		op := &l.f.Operations[i]
		if _, err := catalog.CheckTemplate(op.Path.Value); err != nil {
			continue
		}
		r := l.route(op)
		for j := range byMethod[op.Method.Value] {
			l.compare(&byMethod[op.Method.Value][j], &r)
		}
		byMethod[op.Method.Value] = append(byMethod[op.Method.Value], r)
	}
}

func (l *linter) route(op *Operation) route {
	r, forms := route{op: op}, map[string]*policy.IDForm{}
	for _, p := range op.Resource {
		if full, ok := l.x.kind(p.Kind.Value); ok && p.In == catalog.InPath {
			if k := l.x.kinds[full]; k != nil {
				forms[p.Name.Value] = k.form
			} else {
				forms[p.Name.Value], _ = policy.ParseIDForm("hex32")
			}
		}
	}
	for _, p := range op.Parameters {
		if form, err := policy.ParseIDForm(p.Form.Value); err == nil {
			forms[p.Name.Value] = form
		}
		r.rest = r.rest || p.Form.Value == "rest"
	}
	for segment := range strings.SplitSeq(op.Path.Value[1:], "/") {
		r.segments = append(r.segments, partOf(segment, forms))
	}
	return r
}

// compare notes what is wrong with two operations. The second stands later in the
// file, so it is the one to blame.
func (l *linter) compare(a, b *route) {
	at := b.op.Path.At
	switch relate(a, b) {
	case same:
		l.error(at, "unreachable", "%s is never reached: %s in line %d matches the same paths", b.op.label(), a.op.label(), a.op.Path.At.Line)
	case crossed:
		l.error(at, "ambiguous", "%s and %s in line %d match one path: servers differ in which they take", b.op.label(), a.op.label(), a.op.Path.At.Line)
	case inside:
		l.warn(at, "overlap", "where %s in line %d matches, %s is not reached", a.op.label(), a.op.Path.At.Line, b.op.label())
	case around:
		l.warn(at, "overlap", "where %s matches, %s in line %d is not reached", b.op.label(), a.op.label(), a.op.Path.At.Line)
	}
}

func relate(a, b *route) relation {
	n := min(len(a.segments), len(b.segments))
	all := same
	for i := range n {
		if a.rest && i == len(a.segments)-1 || b.rest && i == len(b.segments)-1 {
			return join(all, relateRest(a, b, i))
		}
		all = join(all, relateSegments(a, b, i))
		if all == apart {
			return apart
		}
	}
	if len(a.segments) != len(b.segments) {
		return apart
	}
	return all
}

// relateRest compares from segment i on, where one of the two, or both, take all.
func relateRest(a, b *route, i int) relation {
	aRest, bRest := a.rest && i == len(a.segments)-1, b.rest && i == len(b.segments)-1
	switch {
	case aRest && bRest:
		return same
	case aRest:
		return around
	}
	return inside
}

func join(x, y relation) relation {
	switch {
	case x == apart || y == apart:
		return apart
	case x == same || x == y:
		return y
	case y == same:
		return x
	}
	return crossed
}

func relateSegments(a, b *route, i int) relation {
	p, q := &a.segments[i], &b.segments[i]
	switch {
	case p.literal && q.literal:
		if p.before == q.before {
			return same
		}
		return apart
	case p.literal:
		return p.within(q, inside)
	case q.literal:
		return q.within(p, around)
	case p.before == q.before && p.after == q.after:
		return same
	case p.before+p.after == "":
		return around
	case q.before+q.after == "":
		return inside
	case meet(p.before, q.before, strings.HasPrefix) && meet(p.after, q.after, strings.HasSuffix):
		return crossed
	}
	return apart
}

func meet(x, y string, is func(s, part string) bool) bool { return is(x, y) || is(y, x) }

// segmentPart is a segment cut at its parameter.
type segmentPart struct {
	literal       bool
	before, after string
	form          *policy.IDForm
}

func partOf(segment string, forms map[string]*policy.IDForm) segmentPart {
	before, rest, ok := strings.Cut(segment, "{")
	name, after, _ := strings.Cut(rest, "}")
	return segmentPart{literal: !ok, before: before, after: after, form: forms[name]}
}

// within is as when the literal is one that the parameter can stand for.
func (p *segmentPart) within(q *segmentPart, as relation) relation {
	value, ok := strings.CutPrefix(p.before, q.before)
	if ok {
		value, ok = strings.CutSuffix(value, q.after)
	}
	if !ok || value == "" || q.form != nil && !q.form.Fits(value) {
		return apart
	}
	return as
}
