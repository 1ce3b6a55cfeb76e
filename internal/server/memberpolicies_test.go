package server_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
)

func (w *world) resourceGroups(id ...string) string {
	path := "/accounts/" + w.ids["account/1"] + "/iam/resource_groups"
	for _, p := range id {
		path += "/" + p
	}
	return path
}

// resourceGroup makes a resource group of account 1.
func (w *world) resourceGroup(t *testing.T, name string, objects ...string) string {
	t.Helper()
	a := w.ok(t, w.key("alice"), "POST", w.resourceGroups(), obj{"name": name, "scope": w.scope("1", objects...)})
	var g struct{ ID string }
	a.decode(t, &g)
	return g.ID
}

func (w *world) scope(account string, objects ...string) obj {
	list := []obj{}
	for _, o := range objects {
		list = append(list, obj{"key": o})
	}
	return obj{"key": w.accountKey(account), "objects": list}
}

func policyOf(access string, roles, groups []string) obj {
	return obj{"access": access, "permission_groups": refs(roles), "resource_groups": refs(groups)}
}

// hasPolicies makes carol a member of account 1 with policies.
func (w *world) hasPolicies(t *testing.T, policies ...obj) {
	t.Helper()
	id := w.memberID(t, "carol")
	w.ok(t, w.key("alice"), "PUT", w.members(id), obj{"policies": policies})
	w.ok(t, w.key("carol"), "PUT", "/memberships/"+id, obj{"status": "accepted"})
}

// TestMemberPoliciesLimitUserTokens: what the token engine judges is what the
// policies say, allow and deny, down to one zone.
func TestMemberPoliciesLimitUserTokens(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		policies func(w *world, t *testing.T) []obj
		a, b     int // reading zone A's and zone B's records
	}{
		{"one zone", func(w *world, t *testing.T) []obj {
			return []obj{policyOf("allow", []string{domainDNS}, []string{w.resourceGroup(t, "A", w.zoneKey("A"))})}
		}, 200, 403},
		{"every zone but one", func(w *world, t *testing.T) []obj {
			return []obj{
				policyOf("allow", []string{domainDNS}, []string{w.resourceGroup(t, "all", catalog.KindZone+".*")}),
				policyOf("deny", []string{domainDNS}, []string{w.resourceGroup(t, "A", w.zoneKey("A"))}),
			}
		}, 403, 200},
		{"the whole account", func(w *world, _ *testing.T) []obj {
			return []obj{policyOf("allow", []string{dnsRole}, []string{w.ids["account/1"]})}
		}, 200, 200},
		{"everything, but no DNS", func(w *world, _ *testing.T) []obj {
			return []obj{
				policyOf("allow", []string{administrator}, []string{w.ids["account/1"]}),
				policyOf("deny", []string{dnsRole}, []string{w.ids["account/1"]}),
			}
		}, 403, 403},
		{"another role", func(w *world, t *testing.T) []obj {
			return []obj{policyOf("allow", []string{minimal}, []string{w.resourceGroup(t, "A", w.zoneKey("A"))})}
		}, 403, 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, config{})
			w.hasPolicies(t, c.policies(w, t)...)
			// A wildcard is judged at each use against what its owner may do then.
			mine, _ := w.token(t, w.key("carol"), "/user/tokens", "DNS Write", catalog.KindZone, catalog.KindZone+".*")
			for _, cred := range []credential{mine, w.key("carol")} {
				for zone, want := range map[string]int{"A": c.a, "B": c.b} {
					w.do(t, cred, "GET", w.records(zone), nil, want, 10000)
				}
			}
		})
	}
}

// TestAResourceGroupThatChangesChangesItsMembers at once.
func TestAResourceGroupThatChangesChangesItsMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	g := w.resourceGroup(t, "some", w.zoneKey("A"))
	w.hasPolicies(t, policyOf("allow", []string{domainDNS}, []string{g}))
	w.hear()
	w.ok(t, w.key("carol"), "GET", w.records("A"), nil)
	w.ok(t, w.key("alice"), "PUT", w.resourceGroups(g), obj{"name": "others", "scope": w.scope("1", w.zoneKey("B"))})
	w.do(t, w.key("carol"), "GET", w.records("A"), nil, 403, 10000)
	w.ok(t, w.key("carol"), "GET", w.records("B"), nil)
	w.happened(t, "resource_group_update", g)
	w.do(t, w.key("alice"), "DELETE", w.resourceGroups(g), nil, 400, 1001) // a policy names it
	w.ok(t, w.key("alice"), "DELETE", w.members(w.memberID(t, "carol")), nil)
	w.ok(t, w.key("alice"), "DELETE", w.resourceGroups(g), nil)
	w.do(t, w.key("alice"), "GET", w.resourceGroups(g), nil, 404, 1003)
}

// TestAResourceGroupIsWidenedOnlyByWhoCouldGiveIt: who may change account
// settings and no more must not widen what a member, perhaps themself, may do.
func TestAResourceGroupIsWidenedOnlyByWhoCouldGiveIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	g := w.resourceGroup(t, "some", w.zoneKey("A"))
	w.hasPolicies(t, policyOf("allow", []string{domainDNS}, []string{g}))
	weak, _ := w.token(t, w.key("alice"), w.accountTokens(), "Account Settings Write", catalog.KindAccount, w.accountKey("1"))
	w.do(t, weak, "PUT", w.resourceGroups(g), obj{"name": "x", "scope": w.scope("1", "*")}, 400, 1001)
	w.do(t, w.key("carol"), "PUT", w.resourceGroups(g), obj{"name": "x", "scope": w.scope("1", "*")}, 403, 10000)
	w.do(t, weak, "POST", w.members(), obj{"email": "x@example.com", "policies": []obj{policyOf("allow", []string{domainDNS}, []string{g})}}, 400, 1001)
	w.ok(t, weak, "POST", w.resourceGroups(), obj{"name": "unused", "scope": w.scope("1", "*")})
}

func TestFaultyResourceGroupsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	for name, c := range map[string]struct {
		body obj
		want []string
	}{
		"nothing":        {obj{}, []string{"/name", "/scope/key", "/scope/objects"}},
		"no objects":     {obj{"name": "x", "scope": w.scope("1")}, []string{"/scope/objects"}},
		"other account":  {obj{"name": "x", "scope": w.scope("2", "*")}, []string{"/scope/key"}},
		"other zones":    {obj{"name": "x", "scope": w.scope("1", w.zoneKey("C"), w.zoneKey("A"), catalog.KindZone+"."+newID())}, []string{"/scope/objects/0/key", "/scope/objects/2/key"}},
		"no resources":   {obj{"name": "x", "scope": w.scope("1", "", "zone", w.accountKey("1"), "com.cloudflare.api.account.*")}, []string{"/scope/objects/0/key", "/scope/objects/1/key", "/scope/objects/2/key", "/scope/objects/3/key"}},
		"a zone of zero": {obj{"name": "x", "scope": w.scope("1", catalog.KindZone+".00000000000000000000000000000000")}, []string{"/scope/objects/0/key"}},
	} {
		a := w.do(t, w.key("alice"), "POST", w.resourceGroups(), c.body, 400, 1001)
		var got []string
		for _, e := range a.envelope.Errors {
			got = append(got, e.Source.Pointer)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: faults at %v, want %v", name, got, c.want)
		}
	}
	w.do(t, w.key("alice"), "PUT", w.resourceGroups(w.ids["account/1"]), obj{"name": "x", "scope": w.scope("1", "*")}, 400, 1001)
	w.resourceGroup(t, "taken", "*")
	w.do(t, w.key("alice"), "POST", w.resourceGroups(), obj{"name": "taken", "scope": w.scope("1", "*")}, 400, 1001)
}

// TestResourceGroupsAndRolesAreListed as the contract's examples show them.
func TestResourceGroupsAndRolesAreListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	g := w.resourceGroup(t, "some", w.zoneKey("A"))
	if got := rowIDs(t, w.ok(t, w.key("alice"), "GET", w.resourceGroups(), nil)); !slices.Equal(got, []string{w.ids["account/1"], g}) {
		t.Errorf("the resource groups are %v", got)
	}
	if got := rowIDs(t, w.ok(t, w.key("alice"), "GET", w.resourceGroups()+"?name=some", nil)); !slices.Equal(got, []string{g}) {
		t.Errorf("by name they are %v", got)
	}
	account := "/accounts/" + w.ids["account/1"]
	roles := rowIDs(t, w.ok(t, w.key("bob"), "GET", account+"/roles?per_page=50", nil))
	for _, id := range []string{super, administrator, readOnly, dnsRole, provisioning} {
		if !slices.Contains(roles, id) {
			t.Errorf("role %s is not listed", id)
		}
	}
	if slices.Contains(roles, domainDNS) {
		t.Error("a role for zones is listed among those of the whole account")
	}
	w.do(t, w.key("bob"), "GET", account+"/roles/"+domainDNS, nil, 404, 1003)
	var r struct {
		Permissions map[string]struct{ Read, Write bool }
	}
	a := w.ok(t, w.key("bob"), "GET", account+"/roles/"+dnsRole, nil)
	a.decode(t, &r)
	if p := r.Permissions; !p["dns_records"].Write || p["billing"].Read || !p["zones"].Read || p["zones"].Write {
		t.Errorf("role DNS shows %v", p)
	}
	got := rowIDs(t, w.ok(t, w.key("bob"), "GET", account+"/iam/permission_groups?label=domain_dns", nil))
	if !slices.Equal(got, []string{domainDNS}) {
		t.Errorf("permission groups by label are %v", got)
	}
	w.ok(t, w.key("bob"), "GET", account+"/iam/permission_groups/"+domainDNS, nil)
}

// TestRolesAmountToPolicies: a member shows both (contract 1.8).
func TestRolesAmountToPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	a := w.ok(t, w.key("alice"), "GET", w.members(w.memberID(t, "bob")), nil)
	var m struct {
		Email    string
		Roles    []struct{ ID, Name string }
		Policies []struct {
			Access           string
			PermissionGroups []struct{ ID, Name string } `json:"permission_groups"`
			ResourceGroups   []struct {
				ID    string
				Meta  map[string]string
				Scope struct {
					Key     string
					Objects []struct{ Key string }
				}
			} `json:"resource_groups"`
		}
	}
	a.decode(t, &m)
	if m.Email != w.emails["bob"] || len(m.Roles) != 1 || m.Roles[0].ID != readOnly || len(m.Policies) != 1 {
		t.Fatalf("the member is %s", clip(a.raw))
	}
	p := m.Policies[0]
	if p.Access != "allow" || p.PermissionGroups[0].ID != readOnly || p.ResourceGroups[0].Scope.Key != w.accountKey("1") ||
		p.ResourceGroups[0].Scope.Objects[0].Key != "*" || p.ResourceGroups[0].Meta["editable"] != "false" {
		text, _ := json.Marshal(p)
		t.Errorf("the policy is %s", text)
	}
}

// TestDenyThatLostItsMeaningStillDenies: written past the server, as an older
// or newer program could.
func TestDenyThatLostItsMeaningStillDenies(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]authority.MemberPolicy{
		"unknown role":           {ID: newID(), Groups: []string{newID()}, ResourceGroups: []string{"account"}},
		"unknown resource group": {ID: newID(), Groups: []string{dnsRole}, ResourceGroups: []string{newID()}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, config{})
			if p.ResourceGroups[0] == "account" {
				p.ResourceGroups = []string{w.ids["account/1"]}
			}
			w.hasRole(t, "carol", dnsRole)
			w.ok(t, w.key("carol"), "GET", w.records("A"), nil)
			w.store.Write(t.Context(), w.withPolicy(t, p))
			w.do(t, w.key("carol"), "GET", w.records("A"), nil, 403, 10000)
		})
	}
}

// withPolicy gives carol's membership a policy.
func (w *world) withPolicy(t *testing.T, p authority.MemberPolicy) func(context.Context, authority.Tx) error {
	id := w.memberID(t, "carol")
	return func(ctx context.Context, tx authority.Tx) error {
		m, err := tx.Membership(ctx, id)
		if err != nil {
			return err
		}
		m.Policies = append(m.Policies, p)
		return tx.UpdateMembership(ctx, m)
	}
}
