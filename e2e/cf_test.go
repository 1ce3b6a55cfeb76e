package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/e2e/demo"
)

// cf runs the cf command with a token.
type cf struct {
	server *server
	base   string
	seen   *calls
}

func (s *server) cf(t *testing.T) *cf {
	base, seen := s.recorded(t)
	return &cf{s, base, seen}
}

func (c *cf) run(t *testing.T, token string, args ...string) result {
	t.Helper()
	return node(t, []string{
		"CLOUDFLARE_BASE_URL=" + c.base, "CLOUDFLARE_API_TOKEN=" + token, "CLOUDFLARE_ACCOUNT_ID=" + c.server.Boot.AccountID,
		"CLOUDFLARE_ZONE_ID=" + c.server.zone(0), "CF_HIDE_COMMANDS=false", "DO_NOT_TRACK=1",
	}, "node_modules/cf/bin/cf", args...)
}

// ok runs a command that must do well, reads its output into out and checks what
// it asked.
func (c *cf) ok(t *testing.T, token string, out any, asked string, args ...string) {
	t.Helper()
	r := c.run(t, token, args...)
	if err := json.Unmarshal([]byte(r.stdout), out); err != nil || r.code != 0 {
		r.fails(t, "cf "+strings.Join(args[:2], " ")+" failed")
	}
	want(t, c.seen.take(), asked+" OK")
}

// refused runs a command that must fail with the server's status and code.
func (c *cf) refused(t *testing.T, token, status string, code int, args ...string) {
	t.Helper()
	r := c.run(t, token, args...)
	if r.code != 1 || !strings.Contains(r.stderr, status) || !strings.Contains(r.stderr, fmt.Sprintf("[%d]", code)) {
		r.fails(t, fmt.Sprintf("want exit code 1, %s and [%d]", status, code))
	}
}

func TestCfManagesAccountTokens(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, root, path := s.cf(t), s.Boot.Token.Value, "/accounts/"+s.Boot.AccountID+"/tokens"
	var made, got struct {
		ID, Name, Status, Value string
		Policies                []wirePolicy
	}
	c.ok(t, root, &made, "POST "+path, "accounts", "tokens", "create", "--body", fmt.Sprintf(
		`{"name":"by cf","policies":[{"effect":"allow","permission_groups":[{"id":%q}],"resources":{%q:{%q:"*"}}}]}`,
		groupDNSWrite, accountKey(s.Boot.AccountID), scopeZone+".*"))
	if made.Name != "by cf" || made.Status != "active" || !demo.SecretPattern.MatchString(made.Value) || len(made.Policies) != 1 {
		t.Errorf("created token %q: %q, %d policies", made.Name, made.Status, len(made.Policies))
	}
	var verified struct{ ID, Status string }
	c.ok(t, made.Value, &verified, "GET "+path+"/verify", "accounts", "tokens", "verify")
	if verified.ID != made.ID || verified.Status != "active" {
		t.Errorf("verify: %+v, want %s", verified, made.ID)
	}
	c.ok(t, root, &got, "GET "+path+"/"+made.ID, "accounts", "tokens", "get", made.ID)
	if got.ID != made.ID || got.Value != "" {
		t.Errorf("read token %s, want %s without a secret", got.ID, made.ID)
	}
	var list []struct{ ID string }
	c.ok(t, root, &list, "GET "+path, "accounts", "tokens", "list")
	if len(list) != 1 || list[0].ID != made.ID {
		t.Errorf("listed %v", list)
	}
	var groups []struct{ ID, Name string }
	c.ok(t, root, &groups, "GET "+path+"/permission_groups", "accounts", "tokens", "permission-groups-list")
	if len(groups) < 300 {
		t.Errorf("%d permission groups", len(groups))
	}
	var fresh string
	c.ok(t, root, &fresh, "PUT "+path+"/"+made.ID+"/value", "accounts", "tokens", "value-update", made.ID)
	c.refused(t, made.Value, "401", 1000, "accounts", "tokens", "verify")
	c.seen.take()
	c.ok(t, fresh, &verified, "GET "+path+"/verify", "accounts", "tokens", "verify")
	c.ok(t, root, &verified, "DELETE "+path+"/"+made.ID, "accounts", "tokens", "delete", made.ID)
	c.refused(t, root, "404", 1003, "accounts", "tokens", "get", made.ID)
}

func TestCfWorksWithinATokensScope(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c := s.cf(t)
	made := mustCreate(t, s.rootV7().accountTokens(s.Boot.AccountID), definition{name: "deploys one zone", grants: []grant{
		{groups: []string{groupZoneRead, groupDNSWrite, groupCachePurge}, flat: []string{zoneKey(s.zone(0))}},
	}})
	zone := "/zones/" + s.zone(0)
	var zones []struct{ ID, Name string }
	c.ok(t, made.secret, &zones, "GET /zones", "zones", "list")
	if len(zones) != 1 || zones[0].ID != s.zone(0) {
		t.Errorf("zones: %v", zones)
	}
	var record struct {
		ID, Name, Content string
		TTL               int
	}
	c.ok(t, made.secret, &record, "POST "+zone+"/dns_records", "dns", "records", "create",
		"--body", `{"type":"A","name":"cf.example.com","content":"192.0.2.1","ttl":300}`)
	if record.Name != "cf.example.com" || record.Content != "192.0.2.1" || record.TTL != 300 {
		t.Errorf("record: %+v", record)
	}
	var records []struct{ ID string }
	c.ok(t, made.secret, &records, "GET "+zone+"/dns_records", "dns", "records", "list")
	if len(records) != 6 {
		t.Errorf("%d records, want the demo's 5 and the new one", len(records))
	}
	var purged struct{ ID string }
	c.ok(t, made.secret, &purged, "POST "+zone+"/purge_cache", "cache", "purge", "--body", `{"purge_everything":true}`)
	other := []string{"--zone", s.zone(1)}
	c.refused(t, made.secret, "403", 10000, append([]string{"dns", "records", "list"}, other...)...)
	c.refused(t, made.secret, "403", 10000, append([]string{"cache", "purge", "--body", `{"purge_everything":true}`}, other...)...)
	c.refused(t, made.secret, "403", 9109, "accounts", "tokens", "list")
	if got := c.seen.take(); len(got) != 3 {
		t.Errorf("%d denied calls, want 3: %v", len(got), got)
	}
}

func TestCfManagesUserTokens(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	c, root := s.cf(t), s.Boot.Token.Value
	var made, verified struct{ ID, Status, Value string }
	c.ok(t, root, &made, "POST /user/tokens", "user", "tokens", "create", "--body", fmt.Sprintf(
		`{"name":"by cf","policies":[{"effect":"allow","permission_groups":[{"id":%q}],"resources":{%q:"*"}}]}`,
		groupUserDetails, userKey(s.Boot.UserID)))
	c.ok(t, made.Value, &verified, "GET /user/tokens/verify", "user", "tokens", "verify")
	if verified.ID != made.ID || verified.Status != "active" {
		t.Errorf("verify: %s is %s, want %s", verified.ID, verified.Status, made.ID)
	}
	var list []struct{ ID string }
	c.ok(t, root, &list, "GET /user/tokens", "user", "tokens", "list")
	if len(list) != 2 {
		t.Errorf("%d tokens, want the first and the new one", len(list))
	}
	var groups []struct{ ID string }
	c.ok(t, root, &groups, "GET /user/tokens/permission_groups", "user", "tokens", "permission-groups-list")
	if len(groups) < 300 {
		t.Errorf("%d permission groups", len(groups))
	}
}

func TestCfListsMemberships(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var list []struct {
		ID, Status string
		Account    struct{ ID string }
		Roles      []string
	}
	c := s.cf(t)
	c.ok(t, s.Boot.Token.Value, &list, "GET /memberships", "memberships", "list")
	if len(list) != 1 || list[0].Account.ID != s.Boot.AccountID || list[0].Status != "accepted" || len(list[0].Roles) != 1 {
		t.Errorf("memberships: %+v", list)
	}
	ofAccount := mustCreate(t, s.rootV7().accountTokens(s.Boot.AccountID), s.readsZone("an account's"))
	c.refused(t, ofAccount.secret, "400", 9106, "memberships", "list")
}
