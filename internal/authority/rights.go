package authority

import (
	"context"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/policy"
)

// rights are what a user may do today: everything on themself, and in each
// account that they have joined what their roles and policies say.
type rights struct {
	set      policy.Set
	rules    []policy.Rule
	accounts []string // of accepted memberships that count

	// own judges what holds only for what the user created: the account tokens
	// of role API Token Provisioning. nil without such a role. What it gives is
	// not in rules, so that no account token can be given it.
	own      *policy.Set
	ownRules []policy.Rule
}

// membershipFacts is a membership with what its rights depend on.
type membershipFacts struct {
	Membership
	groups []ResourceGroup
	apiOff bool
}

// facts reads what the rights of accepted memberships depend on.
func (a *Authority) facts(ctx context.Context, r Reader, memberships []Membership) ([]membershipFacts, error) {
	var out []membershipFacts
	for _, m := range memberships {
		if m.Status != MembershipAccepted {
			continue
		}
		f := membershipFacts{Membership: m, apiOff: m.APIAccess == Off}
		if m.APIAccess == Unset {
			acct, err := r.Account(ctx, m.AccountID)
			if err != nil {
				return nil, unavailable("look up an account", err)
			}
			f.apiOff = acct.APIOff
		}
		if len(m.Policies) > 0 {
			var err error
			if f.groups, err = r.ResourceGroups(ctx, m.AccountID); err != nil {
				return nil, unavailable("look up resource groups", err)
			}
		}
		out = append(out, f)
	}
	return out, nil
}

// rightsOf compiles the rights that memberships give. byAPI leaves out those in
// whose account the user's tokens and keys do not work.
func (a *Authority) rightsOf(userID string, memberships []membershipFacts, byAPI bool) (rights, error) {
	self := policy.MakeRef(a.kinds.user, userID)
	out := rights{rules: []policy.Rule{{
		Effect: policy.Allow, Pattern: policy.Pattern{Ref: self}, Groups: *a.vocabulary.Reach(a.kinds.user),
	}}}
	for i := range memberships {
		m := &memberships[i]
		if byAPI && m.apiOff {
			continue
		}
		out.accounts = append(out.accounts, m.AccountID)
		rules, own := a.memberRules(&m.Membership, m.groups)
		out.rules, out.ownRules = append(out.rules, rules...), append(out.ownRules, own...)
	}
	set, err := policy.Compile(a.vocabulary, out.rules, policy.Condition{})
	if err != nil {
		return rights{}, unavailable("compile user "+userID, err)
	}
	out.set = *set
	if len(out.ownRules) > 0 {
		// A policy that denies takes away here too.
		denies := slices.DeleteFunc(slices.Clone(out.rules), func(r policy.Rule) bool { return r.Effect == policy.Allow })
		if out.own, err = policy.Compile(a.vocabulary, append(denies, out.ownRules...), policy.Condition{}); err != nil {
			return rights{}, unavailable("compile user "+userID, err)
		}
	}
	return out, nil
}

// memberRules are what a membership says: a role acts on the whole account, a
// policy on the objects of its resource groups. own is what holds only for what
// the member created.
//
// What a policy names and is not there any more gives nothing, and takes away
// all that it could have: a deny that lost its meaning must not allow.
func (a *Authority) memberRules(m *Membership, groups []ResourceGroup) (rules, own []policy.Rule) {
	account := policy.MakeRef(a.kinds.account, m.AccountID)
	add := func(e policy.Effect, p policy.Pattern, r *Role) {
		if !r.groups.Empty() {
			rules = append(rules, policy.Rule{Effect: e, Pattern: p, Groups: r.groups})
		}
		if !r.own.Empty() {
			own = append(own, policy.Rule{Effect: e, Pattern: p, Groups: r.own})
		}
	}
	for _, id := range m.Roles {
		if r, ok := a.roles.byID[id]; ok {
			add(policy.Allow, policy.Pattern{Ref: account}, r)
		}
	}
	for i := range m.Policies {
		p := &m.Policies[i]
		patterns := a.patterns(p, account, groups)
		for _, id := range p.Groups {
			r, ok := a.roles.byID[id]
			if !ok && p.Effect == policy.Deny {
				r = &Role{groups: *a.vocabulary.Reach(a.kinds.account), own: *a.vocabulary.Reach(a.kinds.account)}
			} else if !ok {
				continue
			}
			for _, at := range patterns {
				add(p.Effect, at, r)
			}
		}
	}
	return rules, own
}

// patterns are what a policy's resource groups reach.
func (a *Authority) patterns(p *MemberPolicy, account policy.Ref, groups []ResourceGroup) []policy.Pattern {
	whole := policy.Pattern{Ref: account}
	var out []policy.Pattern
	for _, id := range p.ResourceGroups {
		if id == account.String() {
			out = append(out, whole)
			continue
		}
		i := slices.IndexFunc(groups, func(g ResourceGroup) bool { return g.ID == id })
		if i < 0 {
			if p.Effect == policy.Deny {
				out = append(out, whole)
			}
			continue
		}
		for _, key := range groups[i].Objects {
			if ref, ok := a.object(key); ok && ref.Kind != 0 {
				out = append(out, policy.Pattern{Ref: ref, In: account})
			} else if ok || p.Effect == policy.Deny {
				out = append(out, whole)
			}
		}
	}
	return out
}

// object reads the key of a resource group's object: "*" is everything in the
// account and has no kind.
func (a *Authority) object(key string) (policy.Ref, bool) {
	if key == "*" {
		return policy.Ref{}, true
	}
	id, ok := strings.CutPrefix(key, kindZone+".")
	if id == "*" {
		return policy.Ref{Kind: a.kinds.zone}, ok
	}
	ref := policy.MakeRef(a.kinds.zone, id)
	return ref, ok && ref.Name == "" && !ref.Any()
}
