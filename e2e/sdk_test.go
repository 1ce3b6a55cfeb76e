package e2e

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"github.com/tokenward/tokenward/e2e/demo"
)

// refusalJS is an error as the SDK shows it.
type refusalJS struct {
	Name   string `json:"name"`
	Status int    `json:"status"`
	Code   int    `json:"code"`
}

// countJS is what an automatic pager went through.
type countJS struct {
	Rows      int `json:"rows"`
	Different int `json:"different"`
}

// lifeJS is what happened to a token.
type lifeJS struct {
	Definition, Created, Read, Updated map[string]any
	ID, Verified, Status, Deleted      string
	NewSecret                          string
	Listed                             countJS
	SecretInRead, Rolled               bool
	OldSecret, DeletedSecret, Missing  *refusalJS
}

// sdkJS is the document that js/sdk.mjs prints.
type sdkJS struct {
	User, Account lifeJS
	Records       struct {
		Created, Edited, MX, Put map[string]any
		Filtered, All            countJS
		Deleted                  bool
		Missing, Twice           *refusalJS
	}
	Zones struct {
		Name            string
		Found, Filtered countJS
		Twice           *refusalJS
		Deleted         bool
	}
	Scope struct {
		Own                                    bool
		Other, Purge, User, OnUsersPath, Wrong *refusalJS
	}
	Purged, Email string
	Accounts      countJS
	Group         []string
}

// TestTypeScriptSDKGetsWhatItNeeds runs one script through the whole API.
func TestTypeScriptSDKGetsWhatItNeeds(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	base, seen := s.recorded(t)
	r := node(t, []string{
		"CLOUDFLARE_BASE_URL=" + base, "CLOUDFLARE_API_TOKEN=" + s.Boot.Token.Value, "ACCOUNT=" + s.Boot.AccountID,
		"ZONE=" + s.zone(0), "OTHER_ZONE=" + s.zone(1), "ZONE_READ=" + groupZoneRead, "DNS_WRITE=" + groupDNSWrite,
	}, "sdk.mjs")
	var got sdkJS
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil || r.code != 0 {
		r.fails(t, "the script failed")
	}
	got.User.check(t, "user", 2)
	got.Account.check(t, "account", 1)
	got.checkRecords(t)
	got.checkScope(t)
	z := got.Zones
	if z.Name != "sdk.test" || z.Found != (countJS{1, 1}) || z.Filtered != (countJS{3, 3}) || !z.Deleted {
		t.Errorf("zones: %+v", z)
	}
	z.Twice.check(t, "a zone that is there", "BadRequestError", 400, 1061)
	if got.Purged == "" || got.Email != s.Boot.Email || got.Accounts != (countJS{1, 1}) || !reflect.DeepEqual(got.Group, []string{groupDNSWrite}) {
		t.Errorf("purged %q, user %q, accounts %+v, groups %v", got.Purged, got.Email, got.Accounts, got.Group)
	}
	if n := len(seen.take()); n < 50 {
		t.Errorf("the script made %d calls, want 50 at least", n)
	}
}

func (r *refusalJS) check(t *testing.T, what, name string, status, code int) {
	t.Helper()
	if want := (refusalJS{name, status, code}); r == nil || *r != want {
		t.Errorf("%s: %+v, want %+v", what, r, want)
	}
}

// check compares a token with its definition, and says what became of it.
func (l *lifeJS) check(t *testing.T, what string, tokens int) {
	t.Helper()
	if l.Created["hasValue"] != true || l.SecretInRead || !l.Rolled || l.Verified != l.ID || l.NewSecret != l.ID ||
		l.Deleted != l.ID || l.Status != "active" || l.Listed != (countJS{tokens, tokens}) {
		t.Errorf("%s: %s", what, demo.Redact(fmt.Sprintf("%+v", l)))
	}
	l.OldSecret.check(t, what+": the old secret", "AuthenticationError", 401, 1000)
	l.DeletedSecret.check(t, what+": a deleted token's secret", "AuthenticationError", 401, 1000)
	l.Missing.check(t, what+": a deleted token", "NotFoundError", 404, 1003)
	for stage, token := range map[string]map[string]any{"created": l.Created, "read": l.Read, "updated": l.Updated} {
		name := l.Definition["name"]
		if stage == "updated" {
			name = "renamed"
		}
		if token["name"] != name || token["not_before"] != l.Definition["not_before"] || token["expires_on"] != l.Definition["expires_on"] {
			t.Errorf("%s, %s: name %v, dates %v and %v", what, stage, token["name"], token["not_before"], token["expires_on"])
		}
		condition, _ := token["condition"].(map[string]any)
		if sent := l.Definition["condition"].(map[string]any); !reflect.DeepEqual(condition["request_ip"], sent["request_ip"]) {
			t.Errorf("%s, %s: condition %v, want %v", what, stage, condition, sent)
		}
		l.checkPolicies(t, what+", "+stage, token)
	}
}

func (l *lifeJS) checkPolicies(t *testing.T, what string, token map[string]any) {
	t.Helper()
	have, _ := token["policies"].([]any)
	sent := l.Definition["policies"].([]any)
	if len(have) != len(sent) {
		t.Errorf("%s: %d policies, want %d", what, len(have), len(sent))
		return
	}
	for i := range sent {
		h, w := have[i].(map[string]any), sent[i].(map[string]any)
		if !reflect.DeepEqual(h["resources"], w["resources"]) || h["effect"] != w["effect"] {
			t.Errorf("%s: policy %v, want %v", what, h, w)
		}
	}
}

func (d *sdkJS) checkRecords(t *testing.T) {
	t.Helper()
	r := d.Records
	for what, c := range map[string]struct{ got, want map[string]any }{
		"created": {r.Created, map[string]any{"name": "sdk.example.com", "content": "192.0.2.1", "ttl": 300.0, "comment": "stays", "proxied": false}},
		"edited":  {r.Edited, map[string]any{"content": "192.0.2.2", "comment": "stays", "id": r.Created["id"]}},
		"put":     {r.Put, map[string]any{"content": "192.0.2.3", "ttl": 120.0, "comment": nil, "id": r.Created["id"]}},
		"mx":      {r.MX, map[string]any{"content": "mail.example.com", "priority": 15.0}},
	} {
		for name, want := range c.want {
			if !reflect.DeepEqual(c.got[name], want) {
				t.Errorf("record, %s: %s is %v, want %v", what, name, c.got[name], want)
			}
		}
	}
	if r.Filtered != (countJS{1, 1}) || r.All != (countJS{7, 7}) || !r.Deleted {
		t.Errorf("records: %+v, %+v, deleted %v", r.Filtered, r.All, r.Deleted)
	}
	r.Missing.check(t, "a deleted record", "NotFoundError", 404, 81044)
	r.Twice.check(t, "a record that is there", "BadRequestError", 400, 81058)
}

func (d *sdkJS) checkScope(t *testing.T) {
	t.Helper()
	if !d.Scope.Own {
		t.Error("a token for one zone's DNS does not see its records")
	}
	d.Scope.Other.check(t, "another zone", "PermissionDeniedError", 403, 10000)
	d.Scope.Purge.check(t, "purging", "PermissionDeniedError", 403, 10000)
	d.Scope.User.check(t, "the user", "PermissionDeniedError", 403, 9109)
	d.Scope.OnUsersPath.check(t, "an account's token on the user's path", "AuthenticationError", 401, 1000)
	d.Scope.Wrong.check(t, "a wrong token", "PermissionDeniedError", 403, 9109)
}
