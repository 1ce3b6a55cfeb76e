package policy

import "encoding/hex"

// ID is an id of 32 lowercase hex digits, decoded.
type ID [16]byte

// ParseID decodes 32 lowercase hex digits. Anything else, upper case included,
// is not an id: two spellings of one id would be two resources to whoever
// compares strings.
func ParseID(s string) (ID, bool) {
	var id ID
	if len(s) != 32 {
		return ID{}, false
	}
	var seen byte
	for i := range id {
		hi, lo := unhex[s[2*i]], unhex[s[2*i+1]]
		id[i] = hi<<4 | lo
		seen |= hi | lo
	}
	if seen > 15 {
		return ID{}, false
	}
	return id, true
}

// unhex is the value of a lowercase hex digit, more than 15 for what is none. A policy
// may name a thousand ids, whose digits no processor can foresee.
var unhex = func() (values [256]byte) {
	for c := range values {
		values[c] = 0xff
	}
	for i, c := range []byte("0123456789abcdef") {
		values[c] = byte(i)
	}
	return values
}()

// String is the id as 32 lowercase hex digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// Ref names one resource: its kind, and its id or, where the kind does not use
// 32 hex digits, its name. With neither it is a resource that does not exist
// yet: only a policy that covers every resource of the kind covers it.
type Ref struct {
	Kind KindNo
	ID   ID
	Name string // set instead of ID, never with it
}

// MakeRef makes the Ref for a kind and the id part of a resource key. The id of
// 32 zeros is kept as a name: as an ID it would name nothing in particular, and
// a key that spells it would be a policy on everything. Only the empty s makes
// a Ref that is Any.
func MakeRef(k KindNo, s string) Ref {
	if id, ok := ParseID(s); ok && id != (ID{}) {
		return Ref{Kind: k, ID: id}
	}
	return Ref{Kind: k, Name: s}
}

// Any reports whether the ref names no resource in particular.
func (r Ref) Any() bool { return r.ID == ID{} && r.Name == "" }

// String is the id part of the resource's key.
func (r Ref) String() string {
	switch {
	case r.Name != "":
		return r.Name
	case r.Any():
		return ""
	}
	return r.ID.String()
}

// Path is a resource and what it lies in, the resource first: a zone, then its
// account. The zero Path names nothing, and nothing covers it.
type Path struct {
	refs [MaxDepth]Ref
	n    uint8
}

// NewPath makes the path of refs, the resource first. More than MaxDepth refs,
// a ref without a kind or two of one kind make the zero Path.
func NewPath(refs ...Ref) (p Path) {
	if len(refs) == 0 || refs[0].Kind == 0 {
		return p
	}
	p.refs[0], p.n = refs[0], 1
	for i := range refs[1:] {
		p.Extend(refs[1+i])
	}
	return p
}

// In is the path with one more ref at its top: the resource that the path's
// last one lies in. A full path, a ref without a kind or of a kind that the path
// has make the zero Path. The zero Path stays as it is: if it grew, a path whose
// resource was refused would turn into the path of what holds the resource.
func (p Path) In(r Ref) Path {
	p.Extend(r)
	return p
}

// Extend is In for a path in place.
func (p *Path) Extend(r Ref) {
	switch {
	case p.n == 0:
	case int(p.n) >= MaxDepth, r.Kind == 0, p.has(r.Kind):
		*p = Path{}
	default:
		p.refs[p.n] = r
		p.n++
	}
}

// Holding is the path of a resource that lies in the path's. The zero Path, a full
// one and one that cannot hold the resource make the zero Path.
func (p *Path) Holding(r Ref) Path {
	if p.n == 0 {
		return Path{}
	}
	out := NewPath(r)
	for i := range p.refs[:p.n] {
		out.Extend(p.refs[i])
	}
	return out
}

// has reports whether the path has a ref of kind k.
func (p *Path) has(k KindNo) bool {
	for i := range p.refs[:p.n] {
		if p.refs[i].Kind == k {
			return true
		}
	}
	return false
}

// Len is the number of refs.
func (p *Path) Len() int { return int(p.n) }

// At is the i-th ref, the zero Ref when there is none.
func (p *Path) At(i int) Ref {
	if i < 0 || i >= int(p.n) {
		return Ref{}
	}
	return p.refs[i]
}

// Leaf is the resource itself.
func (p *Path) Leaf() Ref { return p.At(0) }

// LeafID is the id of the resource itself, nil unless it is of kind k and has one.
func (p *Path) LeafID(k KindNo) *ID {
	if r := &p.refs[0]; p.n > 0 && r.Kind == k && r.ID != (ID{}) {
		return &r.ID
	}
	return nil
}

// Holds reports whether the path's resource is r or lies in it.
func (p *Path) Holds(r *Ref) bool {
	for i := range p.refs[:p.n] {
		if p.refs[i].Kind == r.Kind {
			return p.refs[i] == *r && !r.Any()
		}
	}
	return false
}

// Find is the path's ref of kind k.
func (p *Path) Find(k KindNo) (Ref, bool) {
	for i := range p.refs[:p.n] {
		if p.refs[i].Kind == k {
			return p.refs[i], true
		}
	}
	return Ref{}, false
}
