package server_test

import (
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/v4"
)

// TestUsageOfATokenIsServedToWhoMayReadTheToken, and to nobody else.
func TestUsageOfATokenIsServedToWhoMayReadTheToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	cred, id := w.token(t, w.key("alice"), w.accountTokens(), "DNS Read", catalog.KindZone, w.zoneKey("A"))
	reader, _ := w.token(t, w.key("alice"), w.accountTokens(), "Account API Tokens Read", catalog.KindAccount, w.accountKey("1"))
	w.hear()
	for range 2 {
		w.call(t, call{as: cred, method: "GET", path: w.records("A")})
	}
	w.call(t, call{as: cred, method: "POST", path: w.records("A"), body: []byte(`{}`)})
	w.hear() // and writes what was counted

	path := "/tokenward" + w.accountTokens() + "/" + id + "/usage"
	a := w.call(t, call{as: reader, method: "GET", path: path + "?days=7"})
	var u v4.TokenUsage
	a.decode(t, &u)
	if len(u.Days) != 7 || u.Days[6] != (v4.UsageDay{Day: "2026-06-01", Allowed: 2, Denied: 1}) {
		t.Errorf("the days are %+v", u.Days)
	}
	if len(u.Uses) != 2 || u.Uses[0].PermissionGroup == nil || u.Uses[0].PermissionGroup.Name != "DNS Read" || u.Uses[0].Count != 2 {
		t.Errorf("the uses are %+v", u.Uses)
	}
	if len(u.Denials) != 1 || len(u.Denials[0].Missing) == 0 || u.Denials[0].Missing[0].Name != "DNS Write" || len(u.Addresses) != 1 {
		t.Errorf("the denials are %+v, the addresses %+v", u.Denials, u.Addresses)
	}
	for _, c := range []struct {
		as     credential
		path   string
		status int
	}{
		{cred, path, 403},
		{reader, "/tokenward" + w.accountTokens() + "/" + newID() + "/usage", 404},
		{reader, "/tokenward/accounts/" + w.ids["account/2"] + "/tokens/" + id + "/usage", 403},
		{reader, "/tokenward/user/tokens/" + id + "/usage", 400},
		{reader, path + "?days=91", 400},
		{reader, path + "?days=x", 400},
		{w.key("alice"), "/tokenward/user/tokens/" + id + "/usage", 404},
	} {
		if a := w.call(t, call{as: c.as, method: "GET", path: c.path}); a.status != c.status {
			t.Errorf("GET %s answers %d, want %d: %s", c.path, a.status, c.status, clip(a.raw))
		}
	}
}
