package narrowing

import (
	"cmp"

	"github.com/tokenward/tokenward/internal/policy"
)

// spot is a pattern of resources as a policy can write one: a resource, or with a
// Ref that is Any all of a kind, by itself or inside another resource.
type spot struct{ ref, in policy.Ref }

func spotOf(p *policy.Pattern) spot {
	s := spot{ref: p.Ref}
	if p.In.Kind != 0 {
		s.in = p.In
	}
	return s
}

// covers reports whether the spot reaches the resource that a path names.
func (s spot) covers(path *policy.Path) bool {
	r, ok := path.Find(s.ref.Kind)
	if !ok || !s.ref.Any() && r != s.ref {
		return false
	}
	if s.in.Kind == 0 {
		return true
	}
	in, ok := path.Find(s.in.Kind)
	return ok && in == s.in && !in.Any()
}

// mayCover is covers for a path that may go on in ways that are not known.
func (f *finder) mayCover(s spot, path *policy.Path) bool {
	return f.mayHold(s.ref, path) && (s.in.Kind == 0 || f.mayHold(s.in, path))
}

func (f *finder) mayHold(ref policy.Ref, path *policy.Path) bool {
	r, ok := path.Find(ref.Kind)
	if !ok {
		return f.v.Below(path.Leaf().Kind, ref.Kind)
	}
	return ref.Any() || r == ref
}

// narrow is the narrowest spot inside s on which a group can be given and that
// still covers the path. Whatever the new spot covers, s covers: it names s, or
// where s is all of a kind the one of the path, beside what lies in it.
func (f *finder) narrow(s spot, path *policy.Path, no policy.GroupNo) spot {
	for i := range path.Len() {
		ref := path.At(i)
		if ref.Kind == s.ref.Kind {
			return s.here(ref, path.At(i+1))
		}
		if s.in.Kind != 0 || !f.v.Reach(ref.Kind).Has(no) {
			continue // a resource in one in another cannot be written
		}
		in := s.ref
		if in.Any() {
			in, _ = path.Find(s.ref.Kind)
		}
		if in.Any() {
			return s
		}
		return spot{ref, in}
	}
	return s
}

// here is the spot with the one resource of its kind that a path names. What is
// not there yet is covered by all of the kind only; those in the same resource are
// enough.
func (s spot) here(ref, holder policy.Ref) spot {
	if !ref.Any() {
		return spot{ref, s.in}
	}
	if s.in.Kind == 0 && !holder.Any() {
		return spot{s.ref, holder}
	}
	return s
}

// narrower orders spots that cover one path, the narrowest first.
func (f *finder) narrower(a, b spot) int {
	if a.ref.Kind != b.ref.Kind {
		if f.v.Below(a.ref.Kind, b.ref.Kind) {
			return -1
		}
		return 1
	}
	return cmp.Or(truth(a.ref.Any())-truth(b.ref.Any()), truth(a.in.Kind == 0)-truth(b.in.Kind == 0))
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// key orders spots by how they are written.
func (f *finder) key(s spot) string {
	if s.in.Kind == 0 {
		return f.v.Key(s.ref)
	}
	return f.v.Key(s.in) + " " + f.v.Key(s.ref)
}

// resource is a spot as a policy names it.
func (f *finder) resource(s spot) policy.Resource {
	if s.in.Kind == 0 {
		return policy.Resource{Key: f.v.Key(s.ref)}
	}
	return policy.Resource{Key: f.v.Key(s.in), Nested: []string{f.v.Key(s.ref)}}
}
