package policy

import "strings"

// step is one resource of a trail, as strings; an id of "" is a resource that
// does not exist yet.
type step struct{ kind, id string }

// trail is a resource and what it lies in, the resource first.
type trail []step

func (t trail) path(v *Vocabulary) Path {
	refs := make([]Ref, len(t))
	for i, s := range t {
		refs[i] = MakeRef(v.Kind(s.kind), s.id)
	}
	return NewPath(refs...)
}

// reference judges documents as they are written, slowly: it reads keys with
// its own eyes and shares nothing with Resolve, Compile and Evaluate. Documents
// must be valid.
type reference struct {
	kinds   []Kind
	groups  []Group
	owner   step
	account bool
}

// split reads a resource key: the longest kind it starts with, and the rest.
func (r *reference) split(key string) (kind, id string) {
	for _, k := range r.kinds {
		if strings.HasPrefix(key, k.Name+".") && len(k.Name) > len(kind) {
			kind, id = k.Name, key[len(k.Name)+1:]
		}
	}
	return kind, id
}

// reaches reports whether the key's resources hold, or are, the trail's first.
func (r *reference) reaches(key string, t trail) bool {
	kind, id := r.split(key)
	for _, s := range t {
		switch {
		case s.kind != kind:
		case r.typed(kind) && id != "*:*":
			return s.id != "" && naiveMatch(id, s.id)
		case r.typed(kind):
			return true
		case id == "*" && r.account && kind == r.owner.kind:
			return s.id == r.owner.id
		case id == "*":
			return true
		default:
			return s.id != "" && s.id == id
		}
	}
	return false
}

func (r *reference) typed(kind string) bool {
	for _, k := range r.kinds {
		if k.Name == kind {
			return k.Types != nil
		}
	}
	return false
}

// naiveMatch reads a pattern "TYPE:NAME" label by label.
func naiveMatch(pattern, record string) bool {
	ptype, pname, _ := strings.Cut(pattern, ":")
	rtype, rname, _ := strings.Cut(record, ":")
	return (ptype == "*" || ptype == rtype) && naiveLabels(strings.Split(pname, "."), strings.Split(rname, "."))
}

func naiveLabels(pattern, name []string) bool {
	switch {
	case len(pattern) == 0 || len(name) == 0:
		return len(pattern) == len(name)
	case pattern[0] != "*":
		return pattern[0] == name[0] && naiveLabels(pattern[1:], name[1:])
	}
	// The star takes one label, and then it is over or takes another one.
	return naiveLabels(pattern[1:], name[1:]) || naiveLabels(pattern, name[1:])
}

// actsOn reports whether a group can be given on a kind: on its scope, on what its
// scope lies in, or on the kind further down that it names.
func (r *reference) actsOn(g *Group, kind string) bool {
	scope := g.Scope
	if g.Below != "" {
		scope = g.Below
	}
	for scope != "" {
		if scope == kind {
			return true
		}
		for _, k := range r.kinds {
			if k.Name == scope {
				scope = k.Parent
				break
			}
		}
	}
	return false
}

// says marks the groups, by their place in the list, that a policy is about on
// a trail.
func (r *reference) says(p *Policy, t trail) []bool {
	out := make([]bool, len(r.groups))
	for _, res := range p.Resources {
		if !r.reaches(res.Key, t) {
			continue
		}
		for _, inner := range append([]string{}, res.Nested...) {
			if r.reaches(inner, t) {
				r.mark(out, p, inner)
			}
		}
		if res.Nested == nil {
			r.mark(out, p, res.Key)
		}
	}
	return out
}

func (r *reference) mark(out []bool, p *Policy, key string) {
	kind, _ := r.split(key)
	for i, g := range r.groups {
		for _, id := range p.Groups {
			if id == g.ID && r.actsOn(&r.groups[i], kind) {
				out[i] = true
			}
		}
	}
}

// opinion is what one policy says about one trail.
type opinion struct {
	effect Effect
	says   []bool
}

func (r *reference) opinions(policies []Policy, t trail) []opinion {
	out := make([]opinion, len(policies))
	for i := range policies {
		out[i] = opinion{policies[i].Effect, r.says(&policies[i], t)}
	}
	return out
}

// judge is the whole rule: a group that one policy gives and none takes away is
// held, and any accepted group that is held is enough.
func judge(opinions []opinion, accepted []GroupNo) (allowed bool, why Reason) {
	for _, g := range accepted {
		given, denied := false, false
		for _, o := range opinions {
			given = given || o.says[g] && o.effect == Allow
			denied = denied || o.says[g] && o.effect == Deny
		}
		switch {
		case given && !denied:
			return true, Granted
		case given:
			why = DeniedByPolicy
		}
	}
	return false, why
}

// witness reports whether the policy that a decision names is one that can have
// decided it.
func witness(d Decision, opinions []opinion, accepted []GroupNo) bool {
	if d.Reason == NoGrant {
		return d.Policy == 0
	}
	if d.Policy == 0 || int(d.Policy) > len(opinions) {
		return false
	}
	named := opinions[d.Policy-1]
	if (named.effect == Allow) != d.Allowed {
		return false
	}
	for _, g := range accepted {
		if !named.says[g] {
			continue
		}
		alone, why := judge(opinions, []GroupNo{g})
		if alone == d.Allowed && why == d.Reason {
			return true
		}
	}
	return false
}
