package server_test

import (
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
)

// TestAPIAccessIsTheMembersOrElseTheAccounts (contract 4.6): the member's own
// setting wins, null is the account's.
func TestAPIAccessIsTheMembersOrElseTheAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	w.hasRole(t, "carol", dnsRole)
	account, carol := "/accounts/"+w.ids["account/1"], w.members(w.memberID(t, "carol"))
	mine, _ := w.token(t, w.key("carol"), "/user/tokens", "DNS Write", catalog.KindZone, w.accountKey("1"))
	ours, _ := w.token(t, w.key("alice"), w.accountTokens(), "DNS Write", catalog.KindZone, w.accountKey("1"))
	w.ok(t, w.key("alice"), "PUT", w.members(w.memberID(t, "alice")), obj{"roles": []string{super}, "api_access_enabled": true})
	for _, c := range []struct {
		account, member any
		works           bool
	}{
		{true, nil, true}, {true, true, true}, {true, false, false},
		{false, nil, false}, {false, true, true}, {false, false, false},
	} {
		w.ok(t, w.key("alice"), "PUT", account, obj{"name": "Account 1", "settings": obj{"api_access_enabled": c.account}})
		w.ok(t, w.key("alice"), "PUT", carol, obj{"roles": []string{dnsRole}, "api_access_enabled": c.member})
		w.hear()
		want := 200
		if !c.works {
			want = 403
		}
		for _, cred := range []credential{mine, w.key("carol")} {
			a := w.do(t, cred, "GET", w.records("A"), nil, want, 10000)
			if _, text := a.first(); !c.works && text != "API access is switched off for this user in this account" {
				t.Errorf("the refusal says %q", text)
			}
			if !c.works {
				w.refused(t, cred, "GET", account, nil)
			}
		}
		w.ok(t, ours, "GET", w.records("A"), nil) // an account's token is no member's
		var m struct {
			Access *bool `json:"api_access_enabled"`
		}
		a := w.ok(t, w.key("carol"), "GET", "/memberships/"+w.memberID(t, "carol"), nil)
		a.decode(t, &m)
		if c.member == nil && m.Access != nil || c.member != nil && (m.Access == nil || *m.Access != c.member) {
			t.Errorf("the membership shows %v, want %v", m.Access, c.member)
		}
	}
}

// TestOnlyASuperAdministratorSwitchesAPIAccess, and not away under its own feet.
func TestOnlyASuperAdministratorSwitchesAPIAccess(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	w.hasRole(t, "carol", administrator)
	account, alice := "/accounts/"+w.ids["account/1"], w.members(w.memberID(t, "alice"))
	off := obj{"name": "Account 1", "settings": obj{"api_access_enabled": false}}
	w.refused(t, w.key("carol"), "PUT", account, off)
	w.ok(t, w.key("carol"), "PUT", account, obj{"name": "Renamed", "settings": obj{"api_access_enabled": true}})
	w.do(t, w.key("alice"), "PUT", account, off, 400, 1001)
	w.do(t, w.key("alice"), "PUT", alice, obj{"roles": []string{super}, "api_access_enabled": false}, 400, 1001)
	w.ok(t, w.key("alice"), "PUT", alice, obj{"roles": []string{super}, "api_access_enabled": true})
	w.ok(t, w.key("alice"), "PUT", account, off)
	w.do(t, w.key("alice"), "PUT", alice, obj{"roles": []string{super}, "api_access_enabled": nil}, 400, 1001)
	w.happened(t, "account_update", w.ids["account/1"])
}
