package httpapi

import (
	"slices"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/v4"
)

// wireMember is a member as its account sees it. Who has not accepted yet shows
// no more of themself than the address that was invited.
func (a *API) wireMember(m *authority.Member) v4.Member {
	out := v4.Member{
		ID: m.ID, Email: m.User.Email, Status: string(m.Status), APIAccessEnabled: m.APIAccess.Bool(),
		User: v4.MemberUser{ID: m.User.ID, Email: m.User.Email},
	}
	if m.Status == authority.MembershipAccepted {
		out.User.FirstName, out.User.LastName = orNull(m.User.FirstName), orNull(m.User.LastName)
		out.User.TwoFactorEnabled = m.SecondFactor
	}
	out.Roles = a.wireRoles(m.Roles)
	groups := append([]authority.ResourceGroup{authority.WholeAccount(m.AccountID)}, m.Groups...)
	for _, p := range append(rolePolicies(&m.Membership), m.Policies...) {
		out.Policies = append(out.Policies, a.wireMemberPolicy(&p, groups))
	}
	return out
}

// rolePolicies are the policies that roles amount to (contract 1.8 shows both).
// A role is given once at most, so its id tells the policy.
func rolePolicies(m *authority.Membership) []authority.MemberPolicy {
	var out []authority.MemberPolicy
	for _, id := range m.Roles {
		out = append(out, authority.MemberPolicy{ID: id, Effect: policy.Allow, Groups: []string{id}, ResourceGroups: []string{m.AccountID}})
	}
	return out
}

func (a *API) wireMemberPolicy(p *authority.MemberPolicy, groups []authority.ResourceGroup) v4.MemberPolicy {
	out := v4.MemberPolicy{ID: p.ID, Access: p.Effect.String()}
	for _, id := range p.Groups {
		r, _ := a.authority.Role(id)
		out.PermissionGroups = append(out.PermissionGroups, v4.GroupRef{ID: id, Name: r.Name})
	}
	for _, id := range p.ResourceGroups {
		if i := slices.IndexFunc(groups, func(g authority.ResourceGroup) bool { return g.ID == id }); i >= 0 {
			out.ResourceGroups = append(out.ResourceGroups, wireResourceGroup(&groups[i]))
		}
	}
	return out
}

func (a *API) wireRoles(ids []string) v4.List[v4.Role] {
	out := make(v4.List[v4.Role], 0, len(ids))
	for _, id := range ids {
		if r, ok := a.authority.Role(id); ok {
			out = append(out, a.wireRole(&r))
		}
	}
	return out
}

func (a *API) roleNames(ids []string) v4.List[string] {
	out := make(v4.List[string], 0, len(ids))
	for _, id := range ids {
		if r, ok := a.authority.Role(id); ok {
			out = append(out, r.Name)
		}
	}
	return out
}

func (a *API) wireRole(r *authority.Role) v4.Role {
	return v4.Role{ID: r.ID, Name: r.Name, Description: r.Description, Permissions: wireAreas(a.authority.RoleAreas(r))}
}

func wireAreas(areas map[string]authority.Area) map[string]v4.ReadWrite {
	out := make(map[string]v4.ReadWrite, len(areas))
	for key, area := range areas {
		out[key] = v4.ReadWrite(area)
	}
	return out
}

func wireResourceGroup(g *authority.ResourceGroup) v4.ResourceGroup {
	editable := "true"
	if !g.Editable() {
		editable = "false"
	}
	out := v4.ResourceGroup{
		ID: g.ID, Name: g.Name, Meta: map[string]string{"editable": editable},
		Scope: v4.ResourceGroupScope{Key: catalog.KindAccount + "." + g.AccountID},
	}
	for _, key := range g.Objects {
		out.Scope.Objects = append(out.Scope.Objects, v4.ResourceGroupScopeObj{Key: key})
	}
	return out
}
