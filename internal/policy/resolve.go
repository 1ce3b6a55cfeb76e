package policy

import (
	"fmt"
	"slices"
	"strconv"
)

// Resolve looks up the groups and resources that policies name and checks that
// they fit together and fit the token's owner: a user, or the account that owns
// the token (contract 3.3 and 3.4). It returns the rules, or the faults: every
// one, but no more than maxFaults.
//
// For an account's token "every account" means that account. Whether the owner
// holds what the rules give is another question: see Within.
func Resolve(v *Vocabulary, owner Owner, policies []Policy) ([]Rule, []Fault) {
	return resolve(v, owner, policies, false)
}

func resolve(v *Vocabulary, owner Owner, policies []Policy, known bool) ([]Rule, []Fault) {
	r, n, fault := newResolver(v, owner, policies, known)
	if fault != nil {
		return nil, []Fault{*fault}
	}
	rules := make([]Rule, 0, n)
	for i := range policies {
		groups := r.policy(i, &policies[i])
		for k := range r.places {
			// It is filled in where it stays: a Rule is large.
			rules = append(rules, Rule{})
			rule := &rules[len(rules)-1]
			rule.Effect, rule.Groups, rule.Policy = policies[i].Effect, groups, i
			rule.Pattern.Ref, rule.Pattern.In = r.places[k].ref, r.places[k].in
		}
	}
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	return rules, nil
}

// newResolver gives the number of resources that the policies name, too. What is wrong
// with the whole of them is a fault before any of them is looked at.
func newResolver(v *Vocabulary, owner Owner, policies []Policy, known bool) (r resolver, n int, fault *Fault) {
	n, fault = checkSize(policies)
	if fault == nil && (owner.Ref.Any() || v.KindName(owner.Ref.Kind) == "") {
		fault = &Fault{"/policies", "a token must have an owner"}
	}
	return resolver{v: v, owner: owner, known: known}, n, fault
}

// maxFaults is the number of faults after which no more are noted: they would
// make an answer much longer than the question.
const maxFaults = 100

// checkSize holds the limits that bound the work of everything after it. It gives the
// number of resources.
func checkSize(policies []Policy) (n int, fault *Fault) {
	if len(policies) > MaxPolicies {
		return 0, &Fault{"/policies", fmt.Sprintf("at most %d policies are possible, here are %d", MaxPolicies, len(policies))}
	}
	for i := range policies {
		n += policies[i].size()
	}
	if n > MaxRules {
		return n, &Fault{"/policies", fmt.Sprintf("at most %d resources are possible in all policies together, here are %d", MaxRules, n)}
	}
	return n, nil
}

// size is the number of resources that the policy names.
func (p *Policy) size() int {
	n := 0
	for i := range p.Resources {
		n += max(1, len(p.Resources[i].Nested))
	}
	return n
}

// Owner is whose token it is.
type Owner struct {
	Ref     Ref  // a user or an account
	Account bool // the token is owned by an account
}

type resolver struct {
	v      *Vocabulary
	owner  Owner
	at     where
	places []place // what the policy that was looked at last is about

	patterns int  // of names, in all policies so far
	known    bool // the policies were good once

	prefix string // of the last key: the name of its kind, and a dot
	kind   KindNo
	faults []Fault
}

func (r *resolver) fault(format string, args ...any) {
	if len(r.faults) < maxFaults {
		r.faults = append(r.faults, Fault{r.at.pointer(), fmt.Sprintf(format, args...)})
	}
}

// policy leaves what the policy is about in places, until the next is looked at.
func (r *resolver) policy(i int, p *Policy) GroupSet {
	r.at.policy = i
	r.at.enter("permission_groups")
	groups := r.groups(p.Groups)
	r.at.leave()
	r.places = r.places[:0]
	r.at.enter("resources")
	r.resources(p)
	r.countPatterns()
	r.at.leave()
	r.coverable(&groups)
	return groups
}

func (r *resolver) groups(ids []string) GroupSet {
	var set GroupSet
	switch {
	case len(ids) == 0:
		r.fault("permission_groups must name at least one permission group")
	case len(ids) > MaxPolicyGroups:
		r.fault("at most %d permission groups are possible in one policy, here are %d", MaxPolicyGroups, len(ids))
		return set
	}
	for i, id := range ids {
		if no, ok := r.v.Group(id); ok {
			set.Add(no)
		} else {
			r.noGroup(i, id)
		}
	}
	return set
}

func (r *resolver) noGroup(i int, id string) {
	r.at.enter(strconv.Itoa(i))
	r.at.enter("id")
	if id == "" {
		r.fault("id must be present")
	} else {
		r.fault("permission group %.64q does not exist; GET .../tokens/permission_groups lists them", id)
	}
	r.at.leave()
	r.at.leave()
}

// countPatterns holds MaxPatterns, and says once where there are more. It bounds what it
// takes to compare documents, so a token that has more from before stays good.
func (r *resolver) countPatterns() {
	before := r.patterns
	for i := range r.places {
		if ref := &r.places[i].ref; ref.Name != "" && r.v.typed(ref.Kind) {
			r.patterns++
		}
	}
	if !r.known && before <= MaxPatterns && r.patterns > MaxPatterns {
		r.fault("at most %d patterns of records are possible in all policies together", MaxPatterns)
	}
}

// coverable says once for a policy which group cannot act on one of its
// resources: a group acts on resources of its own scope, or on what holds them.
func (r *resolver) coverable(groups *GroupSet) {
	for i := range r.places {
		kind := r.places[i].ref.Kind
		if i > 0 && kind == r.places[i-1].ref.Kind {
			continue
		}
		lost := groups.Minus(r.v.Reach(kind))
		for g := range lost.All {
			r.fault("%s", CheckFailed(r.v.GroupByNo(g).Name))
			return
		}
	}
}

// CheckFailed is the sentence for a group that cannot be given on a resource:
// it does not act there, or whoever gives it does not hold it (contract 2.3).
func CheckFailed(group string) string {
	return fmt.Sprintf("Failed common permission check against resources. (Permission group: %q)", group)
}

func (r *resolver) resources(p *Policy) {
	n := p.size()
	switch {
	case n == 0:
		r.fault("resources must name at least one resource")
	case n > MaxPolicyResources:
		r.fault("at most %d resources are possible in one policy, here are %d", MaxPolicyResources, n)
		return
	}
	r.places = slices.Grow(r.places, n)
	for i := range p.Resources {
		r.at.enter(p.Resources[i].Key)
		r.resource(&p.Resources[i])
		r.at.leave()
	}
}

func (r *resolver) resource(res *Resource) {
	if res.Nested == nil {
		r.place(nil, res.Key)
		return
	}
	var outer Ref
	if !r.key(res.Key, &outer) {
		return
	}
	if len(res.Nested) == 0 {
		r.fault("name at least one resource under %s, or write \"*\" for all of it", res.Key)
	}
	for _, key := range res.Nested {
		r.at.enter(key)
		r.place(&outer, key)
		r.at.leave()
	}
}
