package catalog

import (
	"strings"

	"github.com/tokenward/tokenward/internal/policy"
)

// Match is an operation and what its parameters stand for in one path.
type Match struct {
	Op     *Operation
	values [maxParams]string
}

// Miss says why a request names no operation. The zero value is a miss. Where
// several could be said, the greatest is.
type Miss uint8

// Misses, and Hit.
const (
	NoPath   Miss = iota // nothing is at that path
	NoMethod             // the path exists, not with that method
	BadID                // an id in the path has the wrong shape
	BadPath              // a spelling that is refused
	Hit                  // not a miss
)

// String is the miss's name.
func (m Miss) String() string { return nameAt(missNames[:], int(m)) }

var missNames = [...]string{"no path", "no method", "bad id", "bad path", "hit"}

// Match finds the operation for a method and an escaped path, which begins with
// a slash and has no query and no /client/v4. Each segment is decoded once;
// empty and dot segments, escaped separators, backslashes, semicolons, controls
// and broken escapes are refused, because two servers may read them two ways.
// One trailing slash is allowed where a GET ends in a fixed segment: ddclient
// asks for "/zones/?name=", and an empty id after a collection is its list.
func (c *Catalog) Match(method, escapedPath string) (Match, Miss) {
	var f finder
	f.method = method
	if !f.cut(escapedPath) {
		return Match{}, BadPath
	}
	if f.walk(&c.root, 0, 0) {
		return f.match(), Hit
	}
	if f.miss == NoPath && f.odd {
		return Match{}, BadPath
	}
	return Match{}, f.miss
}

// match is the finder's hit. Values that were bound on the way to a dead end
// are left behind.
func (f *finder) match() Match {
	m := Match{Op: f.op}
	copy(m.values[:], f.values[:len(f.op.params)])
	return m
}

// Param is the decoded value of a parameter, "" if the template has none of
// that name. Where a name occurs twice the first counts: it is the resource.
func (m *Match) Param(name string) string {
	if m.Op == nil {
		return ""
	}
	for i := range m.Op.params {
		if m.Op.params[i].name == name {
			return m.values[i]
		}
	}
	return ""
}

// Path is the path rebuilt from the match, every parameter escaped again, for
// what is behind us: it reads what was judged, never what was sent.
func (m *Match) Path() string {
	if m.Op == nil {
		return ""
	}
	var b strings.Builder
	rest := m.Op.Template
	for i, p := range m.Op.params {
		literal, after, _ := strings.Cut(rest, "{")
		b.WriteString(literal)
		escapeTo(&b, m.values[i], p.shape.keeps())
		_, rest, _ = strings.Cut(after, "}")
	}
	b.WriteString(rest)
	return b.String()
}

// keeps lists the characters besides unreserved ones (RFC 3986, 2.3) that stay
// as they are in a parameter of shape s.
func (s shape) keeps() string {
	switch s {
	case shapeOpaque:
		return ""
	case shapeRest:
		return "/:@"
	}
	return ":@"
}

func escapeTo(b *strings.Builder, value, keep string) {
	const hex = "0123456789ABCDEF"
	for i := range len(value) {
		c := value[i]
		if isUnreserved(c) || strings.IndexByte(keep, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
}

func isUnreserved(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '-' || c == '.' || c == '_' || c == '~'
}

// Resource is the resource that the path names, as far as the path says: a zone
// without its account, and the zero Path for a user or for nothing. Only a
// bucket depends on jurisdiction, the request header cf-r2-jurisdiction; ""
// means "default". A jurisdiction that could not be one names nothing.
//
// Of a custom catalogue's operation it is the zero Path when the path alone does
// not say it; see ResourceFrom.
func (m *Match) Resource(jurisdiction string) policy.Path {
	if m.Op == nil || len(m.Op.refs) == 0 {
		return m.placed()
	}
	p := policy.NewPath(m.ref(m.Op.refs[0], jurisdiction))
	for _, r := range m.Op.refs[1:] {
		p = p.In(m.ref(r, jurisdiction))
	}
	return p
}

// ref is the resource that one parameter names, the zero Ref if it cannot be.
func (m *Match) ref(r refAt, jurisdiction string) policy.Ref {
	if !r.bucket {
		return policy.MakeRef(r.kind, m.values[r.param])
	}
	name, ok := bucketName(m.values[r.param-1], jurisdiction, m.values[r.param])
	if !ok {
		return policy.Ref{}
	}
	return policy.Ref{Kind: r.kind, Name: name}
}
