package narrowing

import (
	"slices"

	"github.com/tokenward/tokenward/internal/policy"
)

// ChangeKind says what becomes of a policy.
type ChangeKind string

// The kinds.
const (
	Kept     ChangeKind = "kept"
	Narrowed ChangeKind = "narrowed"
	Dropped  ChangeKind = "dropped"
)

// Change is what becomes of a policy that the token has.
type Change struct {
	Policy int // index into the token's
	Kind   ChangeKind
	// Unjudged: it is kept because it denies or names DNS records, not because all
	// of it is needed.
	Unjudged bool
	Into     []int // what is left of it: indexes into the result's policies

	Groups    []string          // ids of those that are gone altogether
	Resources []policy.Resource // gone altogether
	Narrower  []Narrower        // what stands in the place of others
	Many      []policy.Resource // that stay, because in their place too much would have to be named
}

// Narrower is a resource and what is named in its place.
type Narrower struct {
	From policy.Resource
	To   []policy.Resource
}

// result writes down what is left.
func (f *finder) result() Result {
	var out Result
	for i := range f.lost {
		if f.lost[i] && !f.partly[i] {
			out.Lost = append(out.Lost, i)
		}
	}
	for i := range f.Policies {
		c, into := Change{Policy: i, Kind: Kept, Unjudged: f.kept[i]}, f.Policies[i:i+1]
		if parts := f.parts(i); !c.Unjudged && !f.same(i, parts) {
			f.describe(&c, parts)
			into = f.write(i, parts)
		}
		for range into {
			c.Into = append(c.Into, len(out.Policies)+len(c.Into))
		}
		out.Policies = append(out.Policies, into...)
		out.Changes = append(out.Changes, c)
	}
	return out
}

// same reports whether parts are all that a policy says. Then it stays to the
// letter, however it spells it.
func (f *finder) same(index int, parts []part) bool {
	if len(parts) != 1 {
		return false
	}
	for _, id := range f.Policies[index].Groups {
		if no, ok := f.v.Group(id); !ok || !parts[0].groups.Has(no) {
			return false
		}
	}
	named := 0
	for i := range f.rules {
		if f.rules[i].Policy != index {
			continue
		}
		named++
		if !slices.Contains(parts[0].spots, spotOf(&f.rules[i].Pattern)) {
			return false
		}
	}
	return named == f.size(index)
}

// size is how many resources a policy names, those of kinds that are gone too.
func (f *finder) size(index int) int {
	n := 0
	for _, r := range f.Policies[index].Resources {
		n += max(1, len(r.Nested))
	}
	return n
}

// write makes policies of parts. The first keeps the id.
func (f *finder) write(index int, parts []part) []policy.Policy {
	var out []policy.Policy
	for i, part := range parts {
		p := policy.Policy{Effect: policy.Allow, Resources: f.resources(part.spots)}
		if i == 0 {
			p.ID = f.Policies[index].ID
		}
		for _, id := range f.Policies[index].Groups {
			if no, ok := f.v.Group(id); ok && part.groups.Has(no) && !slices.Contains(p.Groups, id) {
				p.Groups = append(p.Groups, id)
			}
		}
		out = append(out, p)
	}
	return out
}

// describe says what is gone of a policy.
func (f *finder) describe(c *Change, parts []part) {
	c.Kind = Narrowed
	if len(parts) == 0 {
		c.Kind = Dropped
	}
	for _, id := range f.Policies[c.Policy].Groups {
		no, ok := f.v.Group(id)
		if !ok || !slices.ContainsFunc(parts, func(p part) bool { return p.groups.Has(no) }) {
			c.Groups = append(c.Groups, id)
		}
	}
	for i := range f.rules {
		if f.rules[i].Policy != c.Policy {
			continue
		}
		own, g := spotOf(&f.rules[i].Pattern), f.given[i]
		switch {
		case g == nil:
			c.Resources = append(c.Resources, f.resource(own))
		case f.many[i]:
			c.Many = append(c.Many, f.resource(own))
		case !slices.Contains(g.spots, own):
			c.Narrower = append(c.Narrower, Narrower{f.resource(own), f.resources(g.spots)})
		}
	}
}
