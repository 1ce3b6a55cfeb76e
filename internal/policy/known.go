package policy

import (
	"slices"
	"strings"
)

// ResolveKnown is Resolve for policies that were good once and whose catalogue may
// have changed since: in policies that allow, groups that the vocabulary does not
// have and resources of kinds that it does not have are left out, for they give
// nothing any more. In a policy that denies they are faults as ever: what it was
// meant to take away may have another name today. MaxPatterns is not held: it is for
// documents that are compared, when a token is made or changed.
func ResolveKnown(v *Vocabulary, owner Owner, policies []Policy) ([]Rule, []Fault) {
	rules, faults := resolve(v, owner, policies, true)
	if len(faults) == 0 {
		return rules, nil // as nearly always: then nothing is unknown
	}
	kept, at := known(v, policies)
	rules, faults = resolve(v, owner, kept, true)
	if at != nil {
		for i := range rules {
			rules[i].Policy = at[rules[i].Policy]
		}
	}
	return rules, faults
}

// CompileKnown is ResolveKnown and Compile in one, for a stored token on its way into
// the cache, whose rules nobody else wants to see: making them took a third of a check.
// It returns the set, or the faults, or the error of Compile.
func CompileKnown(v *Vocabulary, owner Owner, policies []Policy, cond Condition) (*Set, []Fault, error) {
	r, n, fault := newResolver(v, owner, policies, true)
	if fault != nil {
		return compileRules(v, owner, policies, cond)
	}
	c := newCompiler(v, n)
	for i := range policies {
		p := &policies[i]
		groups := r.policy(i, p)
		if len(r.faults) > 0 {
			return compileRules(v, owner, policies, cond)
		}
		if err := c.policy(i, p.Effect, &groups, r.places); err != nil {
			return nil, nil, err
		}
	}
	set, err := c.set(&cond)
	return set, nil, err
}

// compileRules is CompileKnown where something is not known any more.
func compileRules(v *Vocabulary, owner Owner, policies []Policy, cond Condition) (*Set, []Fault, error) {
	rules, faults := ResolveKnown(v, owner, policies)
	if len(faults) > 0 {
		return nil, faults, nil
	}
	set, err := Compile(v, rules, cond)
	return set, nil, err
}

// known gives what is left of policies, without those of which nothing is, and
// where each of them stood; nil when all is left. policies are not changed.
func known(v *Vocabulary, policies []Policy) (kept []Policy, at []int) {
	changed := false
	for i, p := range policies {
		if p.Effect != Allow {
			kept, at = append(kept, p), append(at, i)
			continue
		}
		groups, resources := v.knownGroups(p.Groups), v.knownResources(p.Resources)
		changed = changed || len(groups) != len(p.Groups) || !sameSize(resources, p.Resources)
		if len(groups) < len(p.Groups) && len(groups) == 0 || len(resources) < len(p.Resources) && len(resources) == 0 {
			continue
		}
		p.Groups, p.Resources = groups, resources
		kept, at = append(kept, p), append(at, i)
	}
	if !changed {
		return policies, nil
	}
	return kept, at
}

func sameSize(a, b []Resource) bool {
	return slices.EqualFunc(a, b, func(x, y Resource) bool { return len(x.Nested) == len(y.Nested) })
}

func (v *Vocabulary) knownGroups(ids []string) []string {
	unknown := func(id string) bool { _, ok := v.groupNo[id]; return !ok }
	if !slices.ContainsFunc(ids, unknown) {
		return ids
	}
	return slices.DeleteFunc(slices.Clone(ids), unknown)
}

func (v *Vocabulary) knownResources(resources []Resource) []Resource {
	var out []Resource
	for _, r := range resources {
		if !v.knowsKindOf(r.Key) {
			continue
		}
		if r.Nested != nil {
			unknown := func(key string) bool { return !v.knowsKindOf(key) }
			nested := slices.DeleteFunc(slices.Clone(r.Nested), unknown)
			if len(nested) == 0 && len(r.Nested) > 0 {
				continue
			}
			r.Nested = nested
		}
		out = append(out, r)
	}
	return out
}

// knowsKindOf reports whether a key begins with the name of a kind. An id that
// resources of a described kind can no longer have names nothing.
func (v *Vocabulary) knowsKindOf(key string) bool {
	for dot := strings.LastIndexByte(key, '.'); dot > 0; dot = strings.LastIndexByte(key[:dot], '.') {
		if k := v.kindNo[key[:dot]]; k != 0 {
			if kind := &v.kinds[k]; kind.Form == nil && len(kind.Types) == 0 {
				return true
			}
			_, _, ok := v.ParseRef(k, key[dot+1:])
			return ok
		}
	}
	return false
}
