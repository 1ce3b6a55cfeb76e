package authority

import (
	"context"
	"fmt"
	"slices"

	"github.com/tokenward/tokenward/internal/policy"
)

// checkMember finds everything that is wrong with a member's draft by itself.
func (a *Authority) checkMember(ctx context.Context, accountID string, d *MemberDraft) error {
	var faults []policy.Fault
	add := func(pointer, format string, args ...any) {
		faults = append(faults, policy.Fault{Pointer: pointer, Message: fmt.Sprintf(format, args...)})
	}
	switch {
	case len(d.Roles) > 0 && len(d.Policies) > 0:
		add("/policies", "give roles or policies, not both")
	case len(d.Roles) == 0 && len(d.Policies) == 0:
		add("/roles", "give at least one role, or policies; GET .../roles lists the roles")
	case len(d.Roles) > MaxMemberRoles:
		add("/roles", "at most %d roles are possible, here are %d", MaxMemberRoles, len(d.Roles))
	case len(d.Policies) > MaxMemberPolicies:
		add("/policies", "at most %d policies are possible, here are %d", MaxMemberPolicies, len(d.Policies))
	}
	if len(faults) > 0 {
		return invalid(faults)
	}
	for i, id := range d.Roles {
		if r, ok := a.current.Load().roles.byID[id]; !ok {
			add(fmt.Sprintf("/roles/%d", i), "role %.64q does not exist; GET .../roles lists them", id)
		} else if r.Domain {
			add(fmt.Sprintf("/roles/%d", i), "%s is for policies on zones; give it with resource_groups", r.Name)
		}
	}
	groups, err := a.resourceGroupIDs(ctx, accountID, d)
	if err != nil {
		return err
	}
	for i := range d.Policies {
		faults = append(faults, a.checkMemberPolicy(i, &d.Policies[i], groups)...)
	}
	if len(faults) > 0 {
		return invalid(faults)
	}
	return nil
}

// resourceGroupIDs are the ids that policies in an account may name: the
// account's own id stands for everything in it.
func (a *Authority) resourceGroupIDs(ctx context.Context, accountID string, d *MemberDraft) ([]string, error) {
	ids := []string{accountID}
	if len(d.Policies) == 0 {
		return ids, nil
	}
	rows, err := a.store.ResourceGroups(ctx, accountID)
	if err != nil {
		return nil, storeError("read resource groups", err)
	}
	for _, g := range rows {
		ids = append(ids, g.ID)
	}
	return ids, nil
}

func (a *Authority) checkMemberPolicy(i int, p *MemberPolicy, groups []string) []policy.Fault {
	var faults []policy.Fault
	add := func(member, format string, args ...any) {
		faults = append(faults, policy.Fault{Pointer: fmt.Sprintf("/policies/%d/%s", i, member), Message: fmt.Sprintf(format, args...)})
	}
	if n := len(p.Groups); n == 0 || n > MaxMemberRoles {
		add("permission_groups", "permission_groups must name 1 to %d member permission groups, here are %d", MaxMemberRoles, n)
		return faults
	}
	if n := len(p.ResourceGroups); n == 0 || n > MaxPolicyScopes {
		add("resource_groups", "resource_groups must name 1 to %d resource groups, here are %d", MaxPolicyScopes, n)
		return faults
	}
	for j, id := range p.Groups {
		if _, ok := a.current.Load().roles.byID[id]; !ok {
			add(fmt.Sprintf("permission_groups/%d/id", j), "member permission group %.64q does not exist; GET .../iam/permission_groups lists them", id)
		}
	}
	for j, id := range p.ResourceGroups {
		if !slices.Contains(groups, id) {
			add(fmt.Sprintf("resource_groups/%d/id", j), "resource group %.64q does not exist in this account; GET .../iam/resource_groups lists them", id)
		}
	}
	return faults
}
