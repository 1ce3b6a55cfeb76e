package policy

import (
	"fmt"
	"strconv"
	"strings"
)

// Resolve looks up the groups and resources that policies name and checks that
// they fit together and fit the token's owner: a user, or the account that owns
// the token (contract 3.3 and 3.4). It returns the rules, or the faults: every
// one, but no more than maxFaults.
//
// For an account's token "every account" means that account. Whether the owner
// holds what the rules give is another question: see Within.
func Resolve(v *Vocabulary, owner Owner, policies []Policy) ([]Rule, []Fault) {
	if fault, ok := checkSize(policies); !ok {
		return nil, []Fault{fault}
	}
	if owner.Ref.Any() || v.KindName(owner.Ref.Kind) == "" {
		return nil, []Fault{{"/policies", "a token must have an owner"}}
	}
	n := 0
	for i := range policies {
		n += policies[i].size()
	}
	r := resolver{v: v, owner: owner, rules: make([]Rule, 0, n)}
	for i := range policies {
		r.policy(i, &policies[i])
	}
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	return r.rules, nil
}

// where says where in the policies something stands. It is put into words only
// when something is wrong there: most policies that are resolved are good ones,
// on their way into the cache.
type where struct {
	policy int
	path   [3]string // below the policy
	n      int       // how much of it there is
}

// in is a member of what stands at p.
func (p where) in(member string) where {
	p.path[p.n] = member
	p.n++
	return p
}

// pointer is that place as a JSON pointer (RFC 6901 section 3).
func (p where) pointer() string {
	s := "/policies/" + strconv.Itoa(p.policy)
	for _, member := range p.path[:p.n] {
		s += "/" + escapePointer(member)
	}
	return s
}

// maxFaults is the number of faults after which no more are noted: they would
// make an answer much longer than the question.
const maxFaults = 100

// checkSize holds the limits that bound the work of everything after it.
func checkSize(policies []Policy) (Fault, bool) {
	if len(policies) > MaxPolicies {
		return Fault{"/policies", fmt.Sprintf("at most %d policies are possible, here are %d", MaxPolicies, len(policies))}, false
	}
	n := 0
	for i := range policies {
		n += policies[i].size()
	}
	if n > MaxRules {
		return Fault{"/policies", fmt.Sprintf("at most %d resources are possible in all policies together, here are %d", MaxRules, n)}, false
	}
	return Fault{}, true
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
	rules  []Rule
	faults []Fault
}

func (r *resolver) fault(at where, format string, args ...any) {
	if len(r.faults) < maxFaults {
		r.faults = append(r.faults, Fault{at.pointer(), fmt.Sprintf(format, args...)})
	}
}

func (r *resolver) policy(i int, p *Policy) {
	at := where{policy: i}
	groups := r.groups(at.in("permission_groups"), p.Groups)
	before := len(r.rules)
	r.resources(at.in("resources"), p)
	for k := range r.rules[before:] {
		rule := &r.rules[before+k]
		rule.Effect, rule.Groups, rule.Policy = p.Effect, groups, i
	}
	r.coverable(at, r.rules[before:])
}

func (r *resolver) groups(at where, ids []string) GroupSet {
	var set GroupSet
	switch {
	case len(ids) == 0:
		r.fault(at, "permission_groups must name at least one permission group")
	case len(ids) > MaxPolicyGroups:
		r.fault(at, "at most %d permission groups are possible in one policy, here are %d", MaxPolicyGroups, len(ids))
		return set
	}
	for i, id := range ids {
		no, ok := r.v.Group(id)
		switch {
		case id == "":
			r.fault(at.in(strconv.Itoa(i)).in("id"), "id must be present")
		case !ok:
			r.fault(at.in(strconv.Itoa(i)).in("id"), "permission group %.64q does not exist; GET .../tokens/permission_groups lists them", id)
		default:
			set.Add(no)
		}
	}
	return set
}

// coverable says once for a policy which group cannot act on one of its
// resources: a group acts on resources of its own scope, or on what holds them.
func (r *resolver) coverable(at where, rules []Rule) {
	for i := range rules {
		lost := rules[i].Groups.Minus(r.v.Reach(rules[i].Pattern.Ref.Kind))
		for g := range lost.All {
			r.fault(at, "%s", CheckFailed(r.v.GroupByNo(g).Name))
			return
		}
	}
}

// CheckFailed is the sentence for a group that cannot be given on a resource:
// it does not act there, or whoever gives it does not hold it (contract 2.3).
func CheckFailed(group string) string {
	return fmt.Sprintf("Failed common permission check against resources. (Permission group: %q)", group)
}

func (r *resolver) resources(at where, p *Policy) {
	switch n := p.size(); {
	case n == 0:
		r.fault(at, "resources must name at least one resource")
	case n > MaxPolicyResources:
		r.fault(at, "at most %d resources are possible in one policy, here are %d", MaxPolicyResources, n)
		return
	}
	for i := range p.Resources {
		r.resource(at, &p.Resources[i])
	}
}

func (r *resolver) resource(at where, res *Resource) {
	at = at.in(res.Key)
	outer, ok := r.key(at, res.Key)
	if !ok {
		return
	}
	if res.Nested == nil {
		if ref, ok := r.flat(at, outer); ok {
			r.rule(ref, Ref{})
		}
		return
	}
	if len(res.Nested) == 0 {
		r.fault(at, "name at least one resource under %s, or write \"*\" for all of it", res.Key)
	}
	for _, key := range res.Nested {
		at := at.in(key)
		inner, ok := r.key(at, key)
		if !ok {
			continue
		}
		if ref, in, ok := r.nested(at, outer, inner); ok {
			r.rule(ref, in)
		}
	}
}

// rule adds a rule about a resource, and in what it must lie if that is said. It is
// filled in where it stays: a Rule is large.
func (r *resolver) rule(ref, in Ref) {
	r.rules = append(r.rules, Rule{})
	p := &r.rules[len(r.rules)-1].Pattern
	p.Ref, p.In = ref, in
}

// key splits a resource key into kind and id; ".*" gives a Ref that is Any.
func (r *resolver) key(at where, key string) (Ref, bool) {
	if len(key) > MaxResourceKey {
		r.fault(at, "a resource key has at most %d characters, this one has %d", MaxResourceKey, len(key))
		return Ref{}, false
	}
	dot, kind := strings.LastIndexByte(key, '.'), KindNo(0)
	// A name may have dots of its own: take the longest kind that fits.
	for ; dot > 0; dot = strings.LastIndexByte(key[:dot], '.') {
		if kind = r.v.Kind(key[:dot]); kind != 0 {
			break
		}
	}
	if dot <= 0 || dot == len(key)-1 {
		r.fault(at, "%s is not a supported resource type", key)
		return Ref{}, false
	}
	ref, wrong, ok := r.v.ParseRef(kind, key[dot+1:])
	switch {
	case ok:
	case wrong != "":
		r.fault(at, "%s is not a supported resource type: %s", key, wrong)
	default:
		r.fault(at, "%s is not a supported resource type", key)
	}
	return ref, ok
}

// flat judges a key that stands by itself.
func (r *resolver) flat(at where, ref Ref) (Ref, bool) {
	ref, ok := r.own(at, ref)
	if !ok {
		return Ref{}, false
	}
	if r.v.typed(ref.Kind) {
		r.fault(at, "%s must be nested under one %s", r.v.Key(ref), strings.Join(r.v.holders(ref.Kind), " or one "))
		return Ref{}, false
	}
	if !ref.Any() {
		return ref, true
	}
	kind := r.v.kinds[ref.Kind]
	switch {
	case r.owner.Account:
		r.fault(at, "Must specify a %s for account owned tokens, or nest %s under specific account resource", shortName(kind.Name), shortName(kind.Name))
		return Ref{}, false
	case kind.NestAll:
		r.fault(at, "%s.* must be nested under one %s", kind.Name, shortName(kind.Parent))
		return Ref{}, false
	}
	return ref, true
}

// nested judges a key under another: the resource, and in what it must lie.
func (r *resolver) nested(at where, outer, inner Ref) (ref, in Ref, ok bool) {
	if inner.Kind == outer.Kind || !r.v.Below(inner.Kind, outer.Kind) {
		r.fault(at, "%s cannot be nested under %s", r.v.KindName(inner.Kind), r.v.KindName(outer.Kind))
		return Ref{}, Ref{}, false
	}
	if outer, ok = r.own(at, outer); !ok {
		return Ref{}, Ref{}, false
	}
	if inner, ok = r.own(at, inner); !ok {
		return Ref{}, Ref{}, false
	}
	if !outer.Any() {
		return inner, outer, true
	}
	// Under "every account" the inner key means what it means by itself.
	ref, ok = r.flat(at, inner)
	return ref, Ref{}, ok
}

// own ties keys of the owner's kind to the owner. A user's token names its own
// user only; for an account's token "every account" is its account, and other
// accounts and users are out of its reach.
func (r *resolver) own(at where, ref Ref) (Ref, bool) {
	switch {
	case r.owner.Account && !r.v.Below(ref.Kind, r.owner.Ref.Kind):
		r.fault(at, "%s is not a resource that an account owned token can hold", r.v.KindName(ref.Kind))
		return Ref{}, false
	case ref.Kind != r.owner.Ref.Kind || ref == r.owner.Ref:
		return ref, true
	case ref.Any() && r.owner.Account:
		return r.owner.Ref, true
	}
	r.fault(at, "a token can name only its own %s, %s", shortName(r.v.KindName(r.owner.Ref.Kind)), r.owner.Ref)
	return Ref{}, false
}

// shortName is the last part of a kind's name: "zone".
func shortName(kind string) string {
	return kind[strings.LastIndexByte(kind, '.')+1:]
}

// escapePointer writes a member name for a JSON pointer (RFC 6901 section 3).
func escapePointer(s string) string { return pointerEscapes.Replace(s) }

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")
