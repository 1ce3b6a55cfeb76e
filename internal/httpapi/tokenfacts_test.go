package httpapi_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/v4"
)

// These tests hold what clients rely on in answers about tokens.

const (
	dnsRead   = "82e64a83756745bbbb1c9c2701bf816b"
	zoneScope = "com.cloudflare.api.account.zone"
)

// ownersPaths are where a user's tokens are and where an account's.
var ownersPaths = []string{"/user/tokens", "/accounts/" + accountID + "/tokens"}

// made is what tests look at of a token.
type made struct{ ID, Name, Status, Value string }

func (w *world) issue(path, body string) made {
	w.t.Helper()
	var m made
	w.must("POST", path, body, &m)
	return m
}

func TestARollAndADeleteTakeNoBodyOrAnEmptyObject(t *testing.T) {
	w := newWorld(t)
	secret := regexp.MustCompile(`^"[0-9A-Za-z_-]{40,80}"$`)
	const kind = "Content-Type: application/json"
	for _, path := range ownersPaths {
		for _, body := range []string{"", "{}"} {
			for _, headers := range [][]string{nil, {kind}} {
				m := w.issue(path, `{"name":"t","policies":[]}`)
				a := w.send("PUT", path+"/"+m.ID+"/value", body, headers...)
				if a.status != 200 || !secret.Match(a.Result) || string(a.Result) == jsonText(m.Value) {
					t.Errorf("roll %s with %q %v: %d", path, body, headers, a.status)
				}
				if a := w.send("DELETE", path+"/"+m.ID, body, headers...); a.status != 200 || string(a.Result) != `{"id":"`+m.ID+`"}` {
					t.Errorf("delete %s with %q %v: %s", path, body, headers, a.text)
				}
			}
		}
	}
}

// TestATokenIsAnsweredAsItWasSent: Terraform sees a change in everything else.
func TestATokenIsAnsweredAsItWasSent(t *testing.T) {
	w := newWorld(t)
	const policy = `{"effect":"allow","permission_groups":[{"id":"` + dnsRead + `"}],"resources":`
	for _, path := range ownersPaths {
		for sent, absent := range map[string][]string{
			`"policies":[]`: {"condition"},
			`"policies":[` + policy + `{"com.cloudflare.api.account.` + accountID + `":"*"}}]`:                                       {"condition"},
			`"policies":[` + policy + `{"com.cloudflare.api.account.` + accountID + `":{"com.cloudflare.api.account.zone.*":"*"}}}]`: {"condition"},
			`"policies":[],"condition":{"request_ip":{"in":["123.123.123.100/24","2001:DB8::/32"]}}`:                                 {"not_in"},
			`"policies":[],"condition":{"request_ip":{"not_in":["198.51.100.7/32"]}}`:                                                {`"in"`},
			`"policies":[],"not_before":"2018-07-01T05:20:00Z","expires_on":"2027-02-01T00:00:00Z"`:                                  {"condition"},
		} {
			m := w.issue(path, `{"name":"t",`+sent+`}`)
			w.must("PUT", path+"/"+m.ID, `{"name":"t",`+sent+`}`, nil)
			for _, a := range []answer{w.must("GET", path+"/"+m.ID, "", nil), w.must("PUT", path+"/"+m.ID, `{"name":"t",`+sent+`}`, nil)} {
				for _, part := range []string{`"value"`, absent[0]} {
					if strings.Contains(a.text, part) {
						t.Errorf("%s: %s is in %s", sent, part, a.text)
					}
				}
				if got, want := told(t, a.Result), told(t, []byte("{"+sent+"}")); got != want {
					t.Errorf("sent %s,\n got %s", want, got)
				}
			}
		}
	}
}

// told is what a token says of policies, condition and dates, without what only
// answers have.
func told(t *testing.T, text []byte) string {
	t.Helper()
	var d struct {
		Policies []struct {
			Effect string
			Groups []struct{ ID string } `json:"permission_groups"`
			Res    json.RawMessage       `json:"resources"`
		}
		Condition *struct {
			IP json.RawMessage `json:"request_ip"`
		}
		From string `json:"not_before"`
		To   string `json:"expires_on"`
	}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return jsonText(d)
}

func TestVerifyHasDatesOnlyWhereTheTokenHasThem(t *testing.T) {
	w := newWorld(t)
	for _, path := range ownersPaths {
		for _, dates := range []string{"", `,"not_before":"2026-01-01T00:00:00Z"`, `,"not_before":"2026-01-01T00:00:00Z","expires_on":"2027-02-01T00:00:00Z"`} {
			m := w.issue(path, `{"name":"t","policies":[]`+dates+`}`)
			a := w.send("GET", path+"/verify", "", "Authorization: Bearer "+m.Value)
			if want := `{"id":"` + m.ID + `","status":"active"` + dates + `}`; string(a.Result) != want {
				t.Errorf("got %s, want %s", a.Result, want)
			}
			if !strings.Contains(a.text, `"messages":[{"code":10000,"message":"`+v4.MessageTokenActive+`","type":null}]`) {
				t.Errorf("messages in %s", a.text)
			}
		}
	}
}

func TestATokenListIsInOrderAndWithoutTheExpired(t *testing.T) {
	w := newWorld(t)
	for _, path := range ownersPaths {
		for _, name := range []string{"first", "second", "third"} {
			expires := ""
			if name == "second" {
				expires = `,"expires_on":"` + w.now.Add(time.Minute).Format(time.RFC3339) + `"`
			}
			w.issue(path, `{"name":"`+name+`","policies":[]`+expires+`}`)
			w.now = w.now.Add(10 * time.Second)
		}
		w.now = w.now.Add(time.Hour)
		for query, want := range map[string]string{
			"": "first third", "?direction=asc": "first third", "?direction=desc": "third first",
			"?include_expired=true": "first second third", "?include_expired=false": "first third",
			"?include_expired=true&direction=desc": "third second first", "?per_page=5&page=2": "",
		} {
			var rows []made
			a := w.must("GET", path+query, "", &rows)
			names := make([]string, len(rows))
			for i, r := range rows {
				names[i] = r.Name
				if (r.Name == "second") != (r.Status == "expired") || strings.Contains(a.text, `"value"`) {
					t.Errorf("%s: %+v", query, r)
				}
			}
			if got := strings.Join(names, " "); got != want {
				t.Errorf("%s%s: %q, want %q", path, query, got, want)
			}
		}
	}
}

// categories are those that the official schema knows.
var categories = []string{
	"developer_platform", "ai_and_machine_learning", "dns_and_zones", "app_security", "rules_and_configuration",
	"cloudflare_one_and_zero_trust", "analytics_and_logs", "network_services", "media", "email_and_messaging",
	"cache_and_performance", "account_and_billing", "other",
}

func TestPermissionGroupsComeInOneAnswer(t *testing.T) {
	w := newWorld(t)
	for i, path := range ownersPaths {
		var rows, page []struct {
			ID, Name, Category string
			Scopes             []string
		}
		a := w.must("GET", path+"/permission_groups", "", &rows)
		w.must("GET", path+"/permission_groups?page=1&per_page=5", "", &page)
		if len(rows) < 300 || len(page) != len(rows) || a.Info["total_count"] != len(rows) || a.Info["total_pages"] != 1 {
			t.Errorf("%s: %d groups, %d with a page's size, %v", path, len(rows), len(page), a.Info)
		}
		for _, g := range rows {
			if len(g.ID) != 32 || g.Name == "" || len(g.Scopes) != 1 || g.Category != "" && !slices.Contains(categories, g.Category) {
				t.Errorf("%s: %+v", path, g)
			}
			if i == 1 && g.Scopes[0] == "com.cloudflare.api.user" {
				t.Errorf("an account's token cannot hold %s", g.Name)
			}
		}
	}
}

// TestPermissionGroupsAreFoundByNameAndScope, however often a client encodes
// them: the Terraform provider takes the first that is found.
func TestPermissionGroupsAreFoundByNameAndScope(t *testing.T) {
	w := newWorld(t)
	for _, path := range ownersPaths {
		for query, want := range map[string]string{
			"?name=DNS%20Read": dnsRead, "?name=DNS+Read": dnsRead, "?name=DNS%2520Read": dnsRead, "?name=dns%20READ": dnsRead,
			"?name=DNS%20Read&scope=" + zoneScope:                              dnsRead,
			"?name=DNS%2520Read&scope=com%252Ecloudflare%252Eapi.account.zone": dnsRead,
			"?name=DNS%20Rea": "", "?name=NS%20Read": "", "?name=No%20Such%20Group": "",
			"?name=DNS%20Read&scope=com.cloudflare.api.account": "",
		} {
			var rows []struct{ ID string }
			a := w.must("GET", path+"/permission_groups"+query, "", &rows)
			if want == "" && string(a.Result) != "[]" || want != "" && (len(rows) != 1 || rows[0].ID != want) {
				t.Errorf("%s%s: %s, want %q", path, query, a.Result, want)
			}
		}
	}
}
