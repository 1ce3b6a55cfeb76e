package server_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// rewrite writes the golden transcripts anew: go test ./internal/server -run Audit -rewrite
var rewrite = flag.Bool("rewrite", false, "write golden transcripts anew")

// numbers are the members of a result_info that are numbers.
type numbers map[string]int

func (n *numbers) UnmarshalJSON(b []byte) error {
	var all map[string]any
	if err := json.Unmarshal(b, &all); err != nil {
		return err
	}
	*n = make(numbers)
	for k, v := range all {
		if f, ok := v.(float64); ok {
			(*n)[k] = int(f)
		}
	}
	return nil
}

// golden compares an answer with its transcript. Ids of the cast stand there by
// name, what is random by its kind.
func (w *world) golden(t *testing.T, name string, a answer) {
	t.Helper()
	var text bytes.Buffer
	if err := json.Indent(&text, a.raw, "", "  "); err != nil {
		t.Fatal(err)
	}
	got := strings.TrimSpace(text.String()) + "\n"
	for name, id := range w.ids {
		got = strings.ReplaceAll(got, id, "<"+name+">")
	}
	for _, c := range []struct{ form, name string }{
		{`[0-9a-f]{16}-TW`, "<ray>"}, {`[0-9a-f]{32}`, "<id>"}, {`"(cursor|after)": "[\w-]+"`, `"$1": "<cursor>"`},
		{`Go-http-client/[\d.]+`, "<client>"},
	} {
		got = regexp.MustCompile(c.form).ReplaceAllString(got, c.name)
	}
	path := filepath.Join("testdata", "audit", name)
	if *rewrite {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

// dnsToken makes a token of account 1 through the API and gives its credential.
func (w *world) dnsToken(t *testing.T, name, group string) credential {
	t.Helper()
	var id string
	for _, g := range w.authority.Catalog().Groups() {
		if g.Name == group {
			id = g.ID
		}
	}
	body, err := json.Marshal(map[string]any{"name": name, "policies": []any{map[string]any{
		"effect": "allow", "permission_groups": []any{map[string]any{"id": id}},
		"resources": map[string]any{"com.cloudflare.api.account." + w.ids["account/1"]: "*"},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	a := w.call(t, call{as: w.key("alice"), method: "POST", path: "/accounts/" + w.ids["account/1"] + "/tokens", body: body})
	var made struct{ ID, Value string }
	a.decode(t, &made)
	w.ids["token/"+name] = made.ID
	return bearer(made.Value)
}

// story is what the transcripts are about: alice makes two tokens, one of them
// writes a record and is refused another thing.
func story(t *testing.T, w *world) (auditor credential) {
	t.Helper()
	w.clock.add(time.Second)
	auditor = w.dnsToken(t, "siem", "Account Settings Read")
	w.clock.add(time.Second)
	deploy := w.dnsToken(t, "deploy", "DNS Write")
	w.clock.add(time.Second)
	w.call(t, call{as: deploy, method: "POST", path: "/zones/" + w.ids["zone/A"] + "/dns_records",
		body: []byte(`{"type":"A","name":"new","content":"192.0.2.9"}`)})
	w.clock.add(time.Second)
	w.call(t, call{as: deploy, method: "DELETE", path: "/zones/" + w.ids["zone/A"], from: "198.51.100.7"})
	w.hear() // what waits is written
	return auditor
}

const storyTime = "since=2026-06-01T12:00:01Z&before=2026-06-02"

func TestAuditLogsHaveTheContractsForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	auditor := story(t, w)
	account := "/accounts/" + w.ids["account/1"]
	w.golden(t, "v1.json", w.call(t, call{as: auditor, method: "GET", path: account + "/audit_logs?" + storyTime}))
	w.golden(t, "v2.json", w.call(t, call{as: auditor, method: "GET", path: account + "/logs/audit?" + storyTime + "&direction=asc"}))
	w.golden(t, "categories.json", w.call(t, call{as: auditor, method: "GET", path: account + "/logs/audit/product_categories"}))
	w.call(t, call{as: w.key("alice"), method: "POST", path: "/user/tokens", body: []byte(`{"name":"mine","policies":[]}`)})
	w.golden(t, "user.json", w.call(t, call{as: w.key("alice"), method: "GET", path: "/user/audit_logs"}))
	var rows []struct {
		ID       string
		Action   struct{ Time string }
		Resource struct{ Type, ID string }
	}
	list := w.call(t, call{as: auditor, method: "GET", path: account + "/logs/audit?" + storyTime + "&resource_type=dns_record"})
	list.decode(t, &rows)
	if len(rows) != 1 {
		t.Fatalf("%d events about records", len(rows))
	}
	history := account + "/logs/audit/" + rows[0].ID + "/history?" + storyTime + "&action_time=" + url.QueryEscape(rows[0].Action.Time)
	w.golden(t, "history.json", w.call(t, call{as: auditor, method: "GET", path: history}))
	absent := account + "/logs/audit/" + newID() + "/history?" + storyTime + "&action_time=2026-06-01T12:00:01Z"
	if a := w.call(t, call{as: auditor, method: "GET", path: absent}); a.status != http.StatusNotFound {
		t.Errorf("the history of what is not there: %d %s", a.status, clip(a.raw))
	}
}

// TestAuditFiltersSelect: what each filter leaves of the story, in the order of
// writing: two tokens, a record, a refusal.
func TestAuditFiltersSelect(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	auditor := story(t, w)
	alice, acct := w.ids["user/alice"], w.ids["account/1"]
	base := "/accounts/" + acct + "/logs/audit?direction=asc&" + storyTime + "&"
	for query, want := range map[string]string{
		"":                   "token_create token_create dns_record_create access_denied",
		"action_type=create": "token_create token_create dns_record_create",
		"action_type=create&action_type=delete&action_type.not=delete": "token_create token_create dns_record_create",
		"action_result=failure":                                      "access_denied",
		"action_result.not=failure":                                  "token_create token_create dns_record_create",
		"action_result[not][]=failure":                               "token_create token_create dns_record_create",
		"actor_type=account":                                         "dns_record_create access_denied",
		"actor_id=" + alice:                                          "token_create token_create",
		"actor_id=" + acct:                                           "dns_record_create access_denied",
		"actor_email=" + strings.ToUpper(w.emails["alice"]):          "token_create token_create",
		"actor_context=api_key":                                      "token_create token_create",
		"actor_token_name=deploy":                                    "dns_record_create access_denied",
		"actor_token_id=" + w.ids["token/deploy"]:                    "dns_record_create access_denied",
		"actor_ip_address=198.51.100.7":                              "access_denied",
		"actor_ip_address=198.51.100.0/24":                           "access_denied",
		"actor_ip_address.not=198.51.100.7":                          "token_create token_create dns_record_create",
		"resource_type=token":                                        "token_create token_create",
		"resource_product=dns":                                       "dns_record_create",
		"resource_scope=zones":                                       "dns_record_create access_denied",
		"product_category=DNS_AND_ZONES":                             "dns_record_create access_denied",
		"product_category=dns_and_zones&resource_product=api_tokens": "token_create token_create dns_record_create access_denied",
		"resource_id=" + w.ids["zone/A"]:                             "access_denied",
		"zone_name=zone-a.example":                                   "dns_record_create",
		"zone_id.not=" + w.ids["zone/A"]:                             "token_create token_create access_denied",
		"account_name=Account 1&limit=2":                             "token_create token_create",
		"account_name.not=Account 1":                                 "",
		"raw_method=DELETE":                                          "access_denied",
		"raw_status_code=200":                                        "token_create token_create dns_record_create",
		"raw_uri=/client/v4/accounts/" + acct + "/tokens":            "token_create token_create",
		"id=" + newID():                                              "",
	} {
		a := w.call(t, call{as: auditor, method: "GET", path: base + strings.ReplaceAll(query, " ", "%20")})
		var rows []struct{ Action struct{ Description string } }
		if a.status != http.StatusOK {
			t.Errorf("%s: %d %s", query, a.status, clip(a.raw))
			continue
		}
		a.decode(t, &rows)
		var got []string
		for _, r := range rows {
			got = append(got, r.Action.Description)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", query, got, want)
		}
	}
}

func TestAuditQueriesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	auditor := w.dnsToken(t, "siem", "Account Settings Read")
	for _, query := range []string{
		"before=2026-06-02", "since=2026-06-01", "since=yesterday&before=2026-06-02", storyTime + "&cursor=x",
		storyTime + "&product_category=unknown", storyTime + strings.Repeat("&id=x", 257),
	} {
		a := w.call(t, call{as: auditor, method: "GET", path: "/accounts/" + w.ids["account/1"] + "/logs/audit?" + query})
		if code, text := a.first(); a.status != http.StatusBadRequest || code != 1001 || text == "" {
			t.Errorf("%s: %d %s", clip([]byte(query)), a.status, clip(a.raw))
		}
	}
}

// TestVersionOneFiltersAndPages of the same story.
func TestVersionOneFiltersAndPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	auditor := story(t, w)
	base := "/accounts/" + w.ids["account/1"] + "/audit_logs?" + storyTime + "&"
	for query, want := range map[string]int{
		"": 4, "action.type=token_create": 2, "action[type]=token_create": 2, "actor.ip=198.51.100.0/24": 1,
		"actor.email=" + w.emails["alice"]: 2, "zone.name=zone-a.example": 1, "hide_user_logs=true": 4, "id=" + newID(): 0,
	} {
		a := w.call(t, call{as: auditor, method: "GET", path: base + query})
		if n := a.envelope.ResultInfo["total_count"]; n != want {
			t.Errorf("%s: %d events, want %d", query, n, want)
		}
	}
	var first, third []struct{ Action struct{ Type string } }
	pages := w.call(t, call{as: auditor, method: "GET", path: base + "per_page=1"})
	pages.decode(t, &first)
	last := w.call(t, call{as: auditor, method: "GET", path: base + "per_page=1&page=4&direction=desc"})
	last.decode(t, &third)
	if len(first) != 1 || first[0].Action.Type != "access_denied" || len(third) != 1 || third[0].Action.Type != "token_create" {
		t.Errorf("the pages are %v and %v", first, third)
	}
	if past := w.call(t, call{as: auditor, method: "GET", path: base + "page=9"}); string(past.envelope.Result) != "[]" {
		t.Errorf("past the end: %s", past.raw)
	}
}

// TestAnExportIsATable that no spreadsheet takes for formulas.
func TestAnExportIsATable(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	auditor := story(t, w)
	req, _ := http.NewRequestWithContext(t.Context(), "GET", w.http.URL+"/client/v4/accounts/"+w.ids["account/1"]+"/audit_logs?export=true&"+storyTime, nil)
	auditor.show(req.Header)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil || len(rows) != 5 || rows[0][0] != "id" || rows[1][2] != "access_denied" {
		t.Errorf("%v: %s", err, body)
	}
	if kind := res.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/csv") {
		t.Errorf("the type is %s", kind)
	}
}

// TestAuditLogsHoldNoSecrets, whatever was done.
func TestAuditLogsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	story(t, w)
	a := w.call(t, call{as: w.key("alice"), method: "POST", path: "/user/tokens", body: []byte(`{"name":"mine","policies":[]}`)})
	var made struct{ ID, Value string }
	a.decode(t, &made)
	rolled := w.call(t, call{as: w.key("alice"), method: "PUT", path: "/user/tokens/" + made.ID + "/value"})
	var value string
	rolled.decode(t, &value)
	w.hear()
	own := w.call(t, call{as: w.key("alice"), method: "GET", path: "/user/audit_logs"})
	for _, secret := range []string{made.Value, value, w.keys["alice"].Reveal()} {
		if bytes.Contains(own.raw, []byte(secret)) {
			t.Error("a secret is in the log")
		}
	}
	if n := own.envelope.ResultInfo["total_count"]; n != 2 {
		t.Errorf("%d events, want 2: %s", n, own.raw)
	}
	if list, err := w.store.Events(t.Context(), authority.EventQuery{}, 1000); err != nil || len(list) < 6 {
		t.Errorf("%d events, %v", len(list), err)
	}
}
