package server_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
)

// recorder makes requests and keeps the answers.
type recorder struct {
	*world
	t    *testing.T
	kept []recorded
}

// record has every operation that is served succeed, and some fail.
func (w *world) record(t *testing.T) []recorded {
	t.Helper()
	r := &recorder{world: w, t: t}
	r.tokens("/user/tokens", catalog.KindUser+"."+w.ids["user/alice"], "User Details Read", catalog.KindUser)
	r.tokens(w.accountTokens(), w.zoneKey("A"), "DNS Read", catalog.KindZone)
	r.zones()
	r.dns()
	r.membersAndGroups()
	r.invitations()
	r.accounts()
	r.audit()
	r.refusals()
	r.links()
	return r.kept
}

// ask sends a request, body being JSON, a string as it is, or nil; and reads the
// result.
func (r *recorder) ask(as credential, method, path string, body, result any) answer {
	r.t.Helper()
	text, isText := body.(string)
	if body != nil && !isText {
		b, err := json.Marshal(body)
		if err != nil {
			r.t.Fatal(err)
		}
		text = string(b)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.http.URL+"/client/v4"+path, bytes.NewReader([]byte(text)))
	if err != nil {
		r.t.Fatal(err)
	}
	as.show(req.Header)
	res, err := r.http.Client().Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	a := answer{status: res.StatusCode, kind: res.Header.Get("Content-Type"), header: res.Header}
	if a.raw, err = io.ReadAll(res.Body); err != nil {
		r.t.Fatal(err)
	}
	plain, _, _ := strings.Cut(path, "?")
	m, miss := r.authority.Catalog().Match(method, plain)
	if miss != catalog.Hit {
		r.t.Fatalf("%s %s is no operation", method, path)
	}
	r.kept = append(r.kept, recorded{m.Op, a})
	if result != nil {
		if err := json.Unmarshal(a.raw, &a.envelope); err != nil {
			r.t.Fatalf("%s %s: %v", method, path, err)
		}
		a.decode(r.t, result)
	}
	return a
}

// alice asks as Alice and is to succeed.
func (r *recorder) alice(method, path string, body, result any) {
	r.t.Helper()
	r.good(r.key("alice"), method, path, body, result)
}

func (r *recorder) good(as credential, method, path string, body, result any) {
	r.t.Helper()
	if a := r.ask(as, method, path, body, result); a.status != http.StatusOK {
		r.t.Errorf("%s %s answers %d %s", method, path, a.status, clip(a.raw))
	}
}

// thing is what has an id.
type thing struct{ ID string }

func (r *recorder) tokens(path, resource, group, scope string) {
	var groups []thing
	r.alice("GET", path+"/permission_groups?name="+url.QueryEscape(group)+"&scope="+scope, nil, &groups)
	token := obj{
		"name": "recorded", "not_before": "2026-01-01T00:00:00Z", "expires_on": "2027-01-01T00:00:00Z",
		"condition": obj{"request_ip": obj{"in": []string{"0.0.0.0/0"}}}, "rate_limit": obj{"requests": 100, "period": 60},
		"policies": []obj{{"effect": "allow", "permission_groups": []obj{{"id": groups[0].ID}}, "resources": obj{resource: "*"}}},
	}
	var made struct{ ID, Value string }
	r.alice("POST", path, token, &made)
	r.good(bearer(made.Value), "GET", path+"/verify", nil, nil)
	r.alice("GET", path+"?include_expired=true", nil, nil)
	r.alice("GET", path+"/"+made.ID, nil, nil)
	r.alice("GET", "/tokenward"+path+"/"+made.ID+"/usage", nil, nil)
	r.alice("GET", "/tokenward"+path+"/"+made.ID+"/suggestion", nil, nil)
	explain := "/tokenward" + strings.TrimSuffix(path, "/tokens") + "/explain"
	r.alice("POST", explain, obj{"token_id": made.ID, "method": "GET", "path": "/user"}, nil)
	r.alice("POST", explain, obj{"draft": token, "operation": "zones-0-get", "resource": []string{r.zoneKey("A")}, "from": "192.0.2.1"}, nil)
	r.alice("PUT", path+"/"+made.ID, token, nil)
	r.alice("PUT", path+"/"+made.ID+"/value", obj{}, nil)
	r.good(nil, "POST", exposedPath, obj{"secrets": []string{made.Value}, "url": "https://code.example/"}, nil)
	var rolled string
	r.alice("PUT", path+"/"+made.ID+"/value", obj{}, &rolled)
	r.good(nil, "POST", exposedPath, obj{"secrets": []string{rolled}}, nil)
	r.alice("DELETE", path+"/"+made.ID, nil, nil)
}

func (r *recorder) zones() {
	var z thing
	r.alice("POST", "/zones", obj{"name": "made.example", "account": obj{"id": r.ids["account/1"]}, "type": "partial"}, &z)
	r.alice("GET", "/zones", nil, nil)
	r.alice("GET", "/zones/"+z.ID, nil, nil)
	r.alice("PATCH", "/zones/"+z.ID, obj{"paused": true}, nil)
	r.alice("PUT", "/zones/"+z.ID+"/activation_check", nil, nil)
	r.alice("POST", "/zones/"+z.ID+"/purge_cache", obj{"purge_everything": true}, nil)
	r.alice("DELETE", "/zones/"+z.ID, nil, nil)
}

func (r *recorder) dns() {
	var rec thing
	path := r.records("A")
	r.alice("POST", path, obj{"type": "MX", "name": "@", "content": "mail.example.com", "priority": 10, "comment": "c", "tags": []string{"a:b"}}, nil)
	r.alice("POST", path, obj{"type": "SRV", "name": "_sip._tcp", "data": obj{"priority": 1, "weight": 2, "port": 5060, "target": "sip.example.com"}}, nil)
	r.alice("POST", path, obj{"type": "A", "name": "one", "content": "192.0.2.5"}, &rec)
	r.alice("GET", path, nil, nil)
	r.alice("GET", path+"/"+rec.ID, nil, nil)
	r.alice("PUT", path+"/"+rec.ID, obj{"type": "A", "name": "one", "content": "192.0.2.6", "ttl": 300}, nil)
	r.alice("PATCH", path+"/"+rec.ID, obj{"content": "192.0.2.7", "proxied": true}, nil)
	r.alice("POST", path+"/batch", obj{
		"deletes": []obj{{"id": rec.ID}}, "posts": []obj{{"type": "TXT", "name": "t", "content": "\"text\""}},
		"patches": []obj{{"id": r.ids["record"], "ttl": 120}},
	}, nil)
	r.alice("DELETE", path+"/"+r.ids["record"], nil, nil)
	r.alice("GET", path+"/export", nil, nil)
	form := func(h http.Header) { r.key("alice")(h); h.Set("Content-Type", "multipart/form-data; boundary=x") }
	r.good(form, "POST", path+"/import",
		"--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nnew 300 IN A 192.0.2.9\n\r\n--x--\r\n", nil)
}

func (r *recorder) membersAndGroups() {
	account := "/accounts/" + r.ids["account/1"]
	for _, list := range []string{"/roles", "/iam/permission_groups"} {
		var rows []thing
		r.alice("GET", account+list, nil, &rows)
		r.alice("GET", account+list+"/"+rows[0].ID, nil, nil)
	}
	var group, member thing
	r.alice("POST", r.resourceGroups(), obj{"name": "Zone A", "scope": r.scope("1", r.zoneKey("A"))}, &group)
	r.alice("PUT", r.resourceGroups(group.ID), obj{"name": "Zone A and B", "scope": r.scope("1", r.zoneKey("A"), r.zoneKey("B"))}, nil)
	r.alice("GET", r.resourceGroups(), nil, nil)
	r.alice("GET", r.resourceGroups(group.ID), nil, nil)
	r.alice("GET", r.members(), nil, nil)
	r.alice("POST", r.members(), obj{"email": "guest@example.com", "roles": []string{dnsRole}}, &member)
	r.alice("GET", r.members(member.ID), nil, nil)
	r.alice("PUT", r.members(member.ID), obj{"policies": []obj{{
		"access": "allow", "permission_groups": []obj{{"id": domainDNS}}, "resource_groups": []obj{{"id": group.ID}},
	}}}, nil)
	r.alice("DELETE", r.members(member.ID), nil, nil)
	r.alice("DELETE", r.resourceGroups(group.ID), nil, nil)
}

func (r *recorder) invitations() {
	carol, bob := r.key("carol"), r.key("bob")
	id := r.memberID(r.t, "carol")
	r.good(carol, "GET", "/user/invites", nil, nil)
	r.good(carol, "GET", "/user/invites/"+id, nil, nil)
	r.good(carol, "PATCH", "/user/invites/"+id, obj{"status": "accepted"}, nil)
	r.good(carol, "GET", "/memberships/"+id, nil, nil)
	r.good(carol, "DELETE", "/memberships/"+id, nil, nil)
	r.good(bob, "GET", "/memberships", nil, nil)
	var again thing
	r.alice("POST", r.members(), obj{"email": r.emails["carol"], "roles": []string{dnsRole}}, &again)
	r.good(carol, "PUT", "/memberships/"+again.ID, obj{"status": "accepted"}, nil)
}

func (r *recorder) accounts() {
	var made thing
	r.alice("POST", "/accounts", obj{"name": "Made", "type": "standard"}, &made)
	r.alice("PUT", "/accounts/"+made.ID, obj{"name": "Made again", "settings": obj{"abuse_contact_email": "abuse@example.com"}}, nil)
	r.alice("GET", "/accounts/"+made.ID, nil, nil)
	r.alice("GET", "/accounts", nil, nil)
	r.alice("DELETE", "/accounts/"+made.ID, nil, nil)
	r.good(nil, "GET", "/ips", nil, nil)
	r.alice("GET", "/user", nil, nil)
	r.alice("PATCH", "/user", obj{"first_name": "Alice", "country": "US"}, nil)
	r.alice("GET", "/tokenward/templates", nil, nil)
	r.alice("GET", "/tokenward/compatibility", nil, nil)
}

func (r *recorder) audit() {
	const when = "since=2026-01-01&before=2027-01-01"
	account := "/accounts/" + r.ids["account/1"]
	r.clock.add(1)
	r.alice("GET", "/user/audit_logs", nil, nil)
	r.alice("GET", account+"/audit_logs?per_page=1000", nil, nil)
	r.alice("GET", account+"/audit_logs?export=true", nil, nil)
	r.alice("GET", account+"/logs/audit/product_categories", nil, nil)
	var rows []struct {
		ID     string
		Action struct{ Time string }
	}
	r.alice("GET", account+"/logs/audit?"+when, nil, &rows)
	if len(rows) == 0 {
		r.t.Fatal("the audit log is empty")
	}
	r.alice("GET", account+"/logs/audit/"+rows[0].ID+"/history?"+when+"&action_time="+url.QueryEscape(rows[0].Action.Time), nil, nil)
}

func (r *recorder) links() {
	link, _ := r.invited(r.t, "dora@example.com", dnsRole)
	r.good(nil, "POST", acceptPath, accept(link), nil)
	s, err := r.authority.PasswordReset(r.t.Context(), r.authority.System("test"), r.emails["bob"])
	if err != nil {
		r.t.Fatal(err)
	}
	_, token, _ := strings.Cut(s.URL, "/reset/")
	r.good(nil, "POST", "/tokenward/password/forgot", obj{"email": "nobody@example.com"}, nil)
	r.good(nil, "POST", resetPath, obj{"token": token, "password": password}, nil)
	const key = "/tokenward/user/api_key"
	var made struct{ Value string }
	r.good(r.key("bob"), "GET", key, nil, nil)
	r.good(r.key("bob"), "PUT", key, obj{"password": password}, &made)
	changed := func(h http.Header) { h.Set("X-Auth-Email", r.emails["bob"]); h.Set("X-Auth-Key", made.Value) }
	r.good(changed, "DELETE", key, nil, nil)
}

// refusals are those that clients meet most.
func (r *recorder) refusals() {
	zone, alice := "/zones/"+r.ids["zone/A"], r.key("alice")
	for _, c := range []struct {
		as     credential
		method string
		path   string
		body   any
		status int
	}{
		{nil, "GET", "/zones", nil, 400},
		{stranger(), "GET", zone, nil, 403},
		{stranger(), "GET", zone + "/dns_records", nil, 403},
		{stranger(), "GET", "/user/tokens/verify", nil, 401},
		{bearer("not a token"), "GET", "/user/tokens/verify", nil, 400},
		{r.key("bob"), "POST", "/zones", obj{"name": "x.example", "account": obj{"id": r.ids["account/1"]}}, 403},
		{alice, "GET", "/user/tokens/" + newID(), nil, 404},
		{alice, "GET", "/zones/" + r.ids["zone/D"], nil, 403},
		{alice, "POST", "/user/tokens", obj{"name": ""}, 400},
		{alice, "POST", "/user/tokens", "{", 400},
		{alice, "POST", zone + "/dns_records", obj{"type": "A", "name": "x", "content": "no address"}, 400},
		{alice, "GET", zone + "/dns_records?order=colour", nil, 400},
		{alice, "GET", zone + "/dns_records/" + newID(), nil, 404},
		{alice, "GET", "/zones?x=%zz", nil, 400},
	} {
		if a := r.ask(c.as, c.method, c.path, c.body, nil); a.status != c.status {
			r.t.Errorf("%s %s answers %d, want %d: %s", c.method, c.path, a.status, c.status, clip(a.raw))
		}
	}
}
