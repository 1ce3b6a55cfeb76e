package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
)

// TestNobodyGivesMoreThanTheyHold goes through who may give what to a member.
func TestNobodyGivesMoreThanTheyHold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	w.hasRole(t, "carol", administrator)
	settings, _ := w.token(t, w.key("alice"), w.accountTokens(), "Account Settings Write", catalog.KindAccount, w.accountKey("1"))
	mine, _ := w.token(t, w.key("alice"), "/user/tokens", "Account Settings Write", catalog.KindAccount, w.accountKey("1"))
	const yes, over, no = 200, 400, 403
	n := 0
	for _, c := range []struct {
		who  string
		as   credential
		role string
		want int
	}{
		{"Super Administrator", w.key("alice"), super, yes},
		{"Super Administrator", w.key("alice"), administrator, yes},
		{"Super Administrator", w.key("alice"), provisioning, yes},
		{"Administrator", w.key("carol"), super, no},
		{"Administrator", w.key("carol"), administrator, yes},
		{"Administrator", w.key("carol"), dnsRole, yes},
		{"Administrator", w.key("carol"), provisioning, yes},
		{"Administrator", w.key("carol"), "298ce8e7a2ba08b9d18ce0a32bb458ee", over}, // Billing
		{"Administrator Read Only", w.key("bob"), readOnly, no},
		{"account token with Account Settings Write", settings, super, no},
		{"account token with Account Settings Write", settings, administrator, over},
		{"account token with Account Settings Write", settings, dnsRole, over},
		{"account token with Account Settings Write", settings, provisioning, over},
		{"account token with Account Settings Write", settings, minimal, yes},
		{"user token with Account Settings Write", mine, super, no},
		{"user token with Account Settings Write", mine, dnsRole, over},
	} {
		t.Run(c.who, func(t *testing.T) {
			n++
			body := obj{"email": fmt.Sprintf("new%d@example.com", n), "roles": []string{c.role}}
			a := w.do(t, c.as, "POST", w.members(), body, c.want, map[int]int{over: 1001, no: 9109}[c.want])
			if c.want != yes {
				return
			}
			var m struct{ ID string }
			a.decode(t, &m)
			w.ok(t, w.key("alice"), "DELETE", w.members(m.ID), nil)
		})
	}
}

func TestOnlyASuperAdministratorTouchesOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	w.hasRole(t, "carol", administrator)
	alice, bob := w.memberID(t, "alice"), w.memberID(t, "bob")
	w.refused(t, w.key("carol"), "DELETE", w.members(alice), nil)
	w.refused(t, w.key("carol"), "PUT", w.members(alice), obj{"roles": []string{dnsRole}})
	w.refused(t, w.key("carol"), "PUT", w.members(bob), obj{"roles": []string{dnsRole}, "api_access_enabled": false})
	w.ok(t, w.key("carol"), "PUT", w.members(bob), obj{"roles": []string{dnsRole}})
	w.ok(t, w.key("carol"), "DELETE", w.members(bob), nil)
	w.do(t, w.key("carol"), "GET", w.members(bob), nil, 404, 1003)
}

// TestAnInvitationOfASuperAdministratorIsReplacedByOneOnly: another invitation
// must not take away what could not be taken by changing it.
func TestAnInvitationOfASuperAdministratorIsReplacedByOneOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	w.hasRole(t, "carol", administrator)
	w.ok(t, w.key("alice"), "DELETE", w.members(w.memberID(t, "bob")), nil)
	invite := func(role string) obj { return obj{"email": w.emails["bob"], "roles": []string{role}} }
	w.ok(t, w.key("alice"), "POST", w.members(), invite(super))
	w.refused(t, w.key("carol"), "POST", w.members(), invite(dnsRole))
	w.ok(t, w.key("alice"), "POST", w.members(), invite(administrator))
	w.ok(t, w.key("carol"), "POST", w.members(), invite(dnsRole))
}

func TestMembersAreListedFilteredAndSorted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	id := func(users ...string) (out []string) {
		for _, u := range users {
			out = append(out, w.memberID(t, u))
		}
		return out
	}
	for query, want := range map[string][]string{
		"?order=user.email":                               id("alice", "bob", "carol"),
		"?order=user.email&direction=desc":                id("carol", "bob", "alice"),
		"?status=pending":                                 id("carol"),
		"?status=accepted&order=user.email":               id("alice", "bob"),
		"?order=status&direction=desc&page=1&per_page=50": nil,
		"?page=2": {},
	} {
		got := rowIDs(t, w.ok(t, w.key("alice"), "GET", w.members()+query, nil))
		if want == nil {
			if got[0] != w.memberID(t, "carol") {
				t.Errorf("%s begins with %v", query, got[0])
			}
		} else if !slices.Equal(got, want) {
			t.Errorf("%s gives %v, want %v", query, got, want)
		}
	}
	w.do(t, w.key("alice"), "GET", w.members(newID()), nil, 404, 1003)
	other := "/accounts/" + w.ids["account/2"] + "/members/" + w.memberID(t, "bob")
	w.do(t, w.key("alice"), "GET", other, nil, 404, 1003)
	w.do(t, w.key("alice"), "DELETE", other, nil, 404, 1003)
}

func TestEveryFaultOfAMemberIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	whole := []obj{{"id": w.ids["account/1"]}}
	for name, c := range map[string]struct {
		body obj
		want []string
	}{
		"nothing":       {obj{}, []string{"/email", "/roles"}},
		"both":          {obj{"email": "a@example.com", "roles": []string{dnsRole}, "policies": []obj{{"access": "allow", "permission_groups": []obj{{"id": dnsRole}}, "resource_groups": whole}}}, []string{"/policies"}},
		"unknown roles": {obj{"email": "a b@example.com", "roles": []string{newID(), dnsRole, newID()}, "status": "x"}, []string{"/email", "/roles/0", "/roles/2", "/status"}},
		"domain role":   {obj{"email": "a@example.com", "roles": []string{domainDNS}}, []string{"/roles/0"}},
		"policies": {obj{"email": "a@example.com", "policies": []obj{
			{"access": "allow", "permission_groups": []obj{{"id": newID()}}, "resource_groups": []obj{{"id": newID()}}},
			{"access": "deny", "permission_groups": []obj{}, "resource_groups": whole},
		}}, []string{"/policies/0/permission_groups/0/id", "/policies/0/resource_groups/0/id", "/policies/1/permission_groups"}},
		"access": {obj{"email": "a@example.com", "policies": []obj{{"access": "maybe"}}}, []string{"/policies/0/access"}},
	} {
		a := w.do(t, w.key("alice"), "POST", w.members(), c.body, 400, 1001)
		var got []string
		for _, e := range a.envelope.Errors {
			got = append(got, e.Source.Pointer)
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: faults at %v, want %v", name, got, c.want)
		}
	}
	w.do(t, w.key("alice"), "POST", w.members(), obj{"email": strings.ToUpper(w.emails["bob"]), "roles": []string{dnsRole}}, 400, 1001)
}

// TestInvitedUserAnswers: by the memberships and by the invites, once each way.
func TestInvitedUserAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ method, path string }{{"PUT", "/memberships/"}, {"PATCH", "/user/invites/"}} {
		w := newWorld(t, config{})
		id := w.memberID(t, "carol")
		if got := rowIDs(t, w.ok(t, w.key("carol"), "GET", "/user/invites", nil)); !slices.Equal(got, []string{id}) {
			t.Errorf("the invites are %v", got)
		}
		w.do(t, w.key("bob"), c.method, c.path+id, obj{"status": "accepted"}, 404, 1003)
		w.do(t, w.key("carol"), c.method, c.path+id, obj{"status": "pending"}, 400, 1001)
		w.refused(t, w.key("carol"), "GET", w.members(), nil)
		w.ok(t, w.key("carol"), c.method, c.path+id, obj{"status": "accepted"})
		w.ok(t, w.key("carol"), "GET", w.members(), nil)
		w.happened(t, "member_update", id)
		w.ok(t, w.key("carol"), c.method, c.path+id, obj{"status": "rejected"})
		w.do(t, w.key("carol"), c.method, c.path+id, obj{"status": "accepted"}, 400, 1001)
		w.ok(t, w.key("alice"), "POST", w.members(), obj{"email": w.emails["carol"], "roles": []string{dnsRole}})
		w.clock.add(7 * 24 * 3600e9)
		w.do(t, w.key("carol"), c.method, c.path+id, obj{"status": "accepted"}, 400, 1001)
		w.ok(t, w.key("alice"), "POST", w.members(), obj{"email": w.emails["carol"], "roles": []string{dnsRole}})
		w.ok(t, w.key("carol"), c.method, c.path+id, obj{"status": "accepted"})
	}
}

// TestMembershipsAreAsWranglerNeedsThem: a user token with Memberships Read
// lists them, an account's gets 9106 (contract section 0, rule 8).
func TestMembershipsAreAsWranglerNeedsThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	user := catalog.KindUser + "." + w.ids["user/alice"]
	reads, _ := w.token(t, w.key("alice"), "/user/tokens", "Memberships Read", catalog.KindUser, user)
	a := w.ok(t, reads, "GET", "/memberships?page=1&order=account.name", nil)
	var rows []struct {
		Status      string
		Account     struct{ ID, Name string }
		Roles       []string
		Access      *bool `json:"api_access_enabled"`
		Permissions map[string]struct{ Read, Write bool }
	}
	a.decode(t, &rows)
	if len(rows) != 2 || rows[0].Account.ID != w.ids["account/1"] || !slices.Equal(rows[0].Roles, []string{"Super Administrator - All Privileges"}) {
		t.Fatalf("the memberships are %+v", rows)
	}
	if rows[0].Access != nil || len(rows[0].Permissions) != 12 || !rows[0].Permissions["dns_records"].Write || a.envelope.ResultInfo["total_count"] != 2 {
		t.Errorf("the first is %+v, %v", rows[0], a.envelope.ResultInfo)
	}
	if got := rowIDs(t, w.ok(t, reads, "GET", "/memberships?account.name=count+2", nil)); len(got) != 1 {
		t.Errorf("filtered by name they are %v", got)
	}
	w.do(t, reads, "DELETE", "/memberships/"+w.memberID(t, "alice"), nil, 403, 10000)
	none, _ := w.token(t, w.key("alice"), "/user/tokens", "User Details Read", catalog.KindUser, user)
	w.do(t, none, "GET", "/memberships", nil, 403, 10000)
	ours, _ := w.token(t, w.key("alice"), w.accountTokens(), "Account Settings Read", catalog.KindAccount, w.accountKey("1"))
	w.do(t, ours, "GET", "/memberships", nil, 400, 9106)
	w.ok(t, ours, "GET", "/accounts", nil)
}
