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
	asAccountSays := slices.DeleteFunc(slices.Clone(memberships), func(m Membership) bool {
		return m.Status != MembershipAccepted || m.APIAccess != Unset
	})
	accounts, err := accountsOf(ctx, r, asAccountSays)
	if err != nil {
		return nil, unavailable("look up accounts", err)
	}
	for _, m := range memberships {
		if m.Status != MembershipAccepted {
			continue
		}
		acct, ok := accounts[m.AccountID]
		if m.APIAccess == Unset && !ok {
			continue // it was deleted a moment ago
		}
		f := membershipFacts{Membership: m, apiOff: m.APIAccess == Off || m.APIAccess == Unset && acct.APIOff}
		if len(m.Policies) > 0 {
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
func (w *world) rightsOf(userID string, memberships []membershipFacts, byAPI bool) (rights, error) {
	self := policy.MakeRef(w.kinds.user, userID)
	out := rights{rules: []policy.Rule{{
		Effect: policy.Allow, Pattern: policy.Pattern{Ref: self}, Groups: *w.vocabulary.Reach(w.kinds.user),
	}}}
	for i := range memberships {
		m := &memberships[i]
		if byAPI && m.apiOff {
			continue
		}
		out.accounts = append(out.accounts, m.AccountID)
		rules, own := w.memberRules(&m.Membership, m.groups)
		out.rules, out.ownRules = append(out.rules, rules...), append(out.ownRules, own...)
	}
	set, err := policy.Compile(w.vocabulary, out.rules, policy.Condition{})
	if err != nil {
		return rights{}, unavailable("compile user "+userID, err)
	}
	out.set = *set
	if len(out.ownRules) > 0 {
		// A policy that denies takes away here too.
		denies := slices.DeleteFunc(slices.Clone(out.rules), func(r policy.Rule) bool { return r.Effect == policy.Allow })
		if out.own, err = policy.Compile(w.vocabulary, append(denies, out.ownRules...), policy.Condition{}); err != nil {
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
func (w *world) memberRules(m *Membership, groups []ResourceGroup) (rules, own []policy.Rule) {
	account := policy.MakeRef(w.kinds.account, m.AccountID)
	add := func(e policy.Effect, p policy.Pattern, r *Role) {
		if !r.groups.Empty() {
			rules = append(rules, policy.Rule{Effect: e, Pattern: p, Groups: r.groups})
		}
		if !r.own.Empty() {
			own = append(own, policy.Rule{Effect: e, Pattern: p, Groups: r.own})
		}
	}
	for _, id := range m.Roles {
		if r, ok := w.roles.byID[id]; ok {
			add(policy.Allow, policy.Pattern{Ref: account}, r)
		}
	}
	for i := range m.Policies {
		p := &m.Policies[i]
		patterns := w.patterns(p, account, groups)
		for _, id := range p.Groups {
			r, ok := w.roles.byID[id]
			if !ok && p.Effect == policy.Deny {
				r = &Role{groups: *w.vocabulary.Reach(w.kinds.account), own: *w.vocabulary.Reach(w.kinds.account)}
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
func (w *world) patterns(p *MemberPolicy, account policy.Ref, groups []ResourceGroup) []policy.Pattern {
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
			if ref, ok := w.object(key); ok && ref.Kind != 0 {
				out = append(out, policy.Pattern{Ref: ref, In: account})
			} else if ok || p.Effect == policy.Deny {
				out = append(out, whole)
			}
		}
	}
	return out
}

// object reads the key of a resource group's object: a zone, or records by their
// pattern in any zone of the account. "*" is everything in the account and has no
// kind.
func (w *world) object(key string) (policy.Ref, bool) {
	if key == "*" {
		return policy.Ref{}, true
	}
	kind := w.kinds.zone
	id, ok := strings.CutPrefix(key, kindZone+".")
	if !ok {
		kind = w.kinds.record
		id, ok = strings.CutPrefix(key, kindRecord+".")
	}
	if !ok {
		return policy.Ref{}, false
	}
	ref, _, ok := w.vocabulary.ParseRef(kind, id)
	return ref, ok
}
