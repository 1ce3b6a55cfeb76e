package server_test

import (
	"slices"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
)

// TestTokenProvisioningSeesAndManagesItsOwnTokensOnly (contract 4.1, list_self):
// with the API key and with a user token.
func TestTokenProvisioningSeesAndManagesItsOwnTokensOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	w.hasRole(t, "carol", provisioning, dnsRole)
	_, others := w.token(t, w.key("alice"), w.accountTokens(), "DNS Write", catalog.KindZone, w.accountKey("1"))
	mine, _ := w.token(t, w.key("carol"), "/user/tokens", "Account API Tokens Write", catalog.KindAccount, w.accountKey("1"))
	w.happened(t, "token_create", others)
	var own string
	for i, cred := range []credential{w.key("carol"), mine} {
		if i == 0 {
			_, own = w.token(t, cred, w.accountTokens(), "DNS Write", catalog.KindZone, w.accountKey("1"))
		}
		if got := rowIDs(t, w.ok(t, cred, "GET", w.accountTokens(), nil)); !slices.Equal(got, []string{own}) {
			t.Errorf("the list is %v, want its own", got)
		}
		at := w.accountTokens() + "/"
		w.ok(t, cred, "GET", at+own, nil)
		w.do(t, cred, "GET", at+others, nil, 404, 1003)
		w.ok(t, cred, "GET", "/tokenward"+at+own+"/usage", nil)
		w.do(t, cred, "GET", "/tokenward"+at+others+"/usage", nil, 404, 1003)
		w.do(t, cred, "PUT", at+others, tokenBody(t, "DNS Read", catalog.KindZone, w.accountKey("1")), 404, 1003)
		w.do(t, cred, "PUT", at+others+"/value", nil, 404, 1003)
		w.do(t, cred, "DELETE", at+others, nil, 404, 1003)
	}
	w.ok(t, w.key("carol"), "PUT", w.accountTokens()+"/"+own+"/value", nil)
	if got := rowIDs(t, w.ok(t, w.key("alice"), "GET", w.accountTokens(), nil)); len(got) != 2 {
		t.Errorf("the Super Administrator sees %v", got)
	}
	w.ok(t, w.key("alice"), "DELETE", w.accountTokens()+"/"+own, nil)
	w.ok(t, w.key("alice"), "GET", w.accountTokens()+"/"+others, nil)
}

// TestTokenProvisioningStaysWithinItsRights: above all it cannot make a token
// that manages all tokens.
func TestTokenProvisioningStaysWithinItsRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	w.hasRole(t, "carol", provisioning, dnsRole)
	for _, c := range []struct {
		group, scope string
		want         int
	}{
		{"DNS Write", catalog.KindZone, 200},
		{"Zone Read", catalog.KindZone, 200},
		{"Zone Write", catalog.KindZone, 400},
		{"Billing Read", catalog.KindAccount, 400},
		{"Account API Tokens Read", catalog.KindAccount, 400},
		{"Account API Tokens Write", catalog.KindAccount, 400},
	} {
		w.do(t, w.key("carol"), "POST", w.accountTokens(), tokenBody(t, c.group, c.scope, w.accountKey("1")), c.want, 1001)
	}
	w.hasRole(t, "bob", dnsRole)
	w.refused(t, w.key("bob"), "POST", w.accountTokens(), tokenBody(t, "DNS Write", catalog.KindZone, w.accountKey("1")))
	w.refused(t, w.key("bob"), "GET", w.accountTokens(), nil)
	w.hasPolicies(t,
		policyOf("allow", []string{provisioning, dnsRole}, []string{w.ids["account/1"]}),
		policyOf("deny", []string{administrator}, []string{w.ids["account/1"]}))
	w.refused(t, w.key("carol"), "GET", w.accountTokens(), nil)
}
