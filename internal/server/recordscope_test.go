package server_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
)

// acme is what a client for certificates needs: challenges, at every name of a
// zone.
const acme = "TXT:_acme-challenge.*"

// held is a zone with records, and a token that is held to some of them.
type held struct {
	*world
	t    *testing.T
	zone string // A's id
	as   credential
	ids  map[string]string // of records, by "TYPE name" without the zone's
}

// row is what tests look at of a record.
type row struct {
	ID, Name, Type, Content, Comment string
	Tags                             []string
	TTL                              int
}

// secrets are what no answer to the token may say of the records out of its scope.
var secrets = []string{"192.0.2.77", "v=secret1", "mail.hidden.example", "note-of-hidden", "owner:hidden", "target.hidden.example", "in-zone-b"}

// newHeld fills zone A and makes a user token with DNS Write on records, and
// Zone Read so that it can look the zone up.
func newHeld(t *testing.T, records ...string) *held {
	t.Helper()
	h := &held{world: newWorld(t, config{}), t: t, ids: map[string]string{}}
	h.zone = h.world.ids["zone/A"]
	h.ids["A www"] = h.world.ids["record"]
	for _, r := range []obj{
		{"type": "A", "name": "@", "content": "192.0.2.77", "comment": "note-of-hidden", "tags": []string{"owner:hidden"}},
		{"type": "TXT", "name": "@", "content": "v=secret1"},
		{"type": "MX", "name": "@", "content": "mail.hidden.example", "priority": 10},
		{"type": "CNAME", "name": "_acme-challenge.alias", "content": "target.hidden.example"},
		{"type": "TXT", "name": "x._acme-challenge", "content": "v=secret1"},
		{"type": "TXT", "name": "_acme-challengex", "content": "v=secret1"},
		{"type": "TXT", "name": "*", "content": "v=secret1"},
		{"type": "NS", "name": "_acme-challenge.sub", "content": "ns.hidden.example"},
		{"type": "TXT", "name": "_acme-challenge", "content": "mine-1", "comment": "a note", "tags": []string{"owner:acme"}},
		{"type": "TXT", "name": "_acme-challenge", "content": "mine-2"},
		{"type": "TXT", "name": "_acme-challenge.www", "content": "mine-3", "ttl": 300},
	} {
		h.make("A", r)
	}
	h.make("B", obj{"type": "TXT", "name": "_acme-challenge", "content": "in-zone-b"})
	nested := obj{}
	for _, r := range records {
		nested[catalogRecord+r] = "*"
	}
	h.as = h.tokenWith([]obj{
		allow(t, obj{h.zoneKey("A"): nested}, "DNS Write"),
		allow(t, obj{h.zoneKey("A"): "*"}, "Zone Read"),
	})
	return h
}

const catalogRecord = "com.tokenward.dns.record."

// allow is a policy with groups of zones.
func allow(t *testing.T, resources obj, groups ...string) obj {
	t.Helper()
	ids := make([]string, len(groups))
	for i, g := range groups {
		ids[i] = groupID(t, g, catalog.KindZone)
	}
	return obj{"effect": "allow", "permission_groups": refs(ids), "resources": resources}
}

// deny is a policy that takes them away.
func deny(t *testing.T, resources obj, groups ...string) obj {
	t.Helper()
	p := allow(t, resources, groups...)
	p["effect"] = "deny"
	return p
}

// tokenWith is a user token of Alice's.
func (h *held) tokenWith(policies []obj) credential {
	h.t.Helper()
	var made struct{ Value string }
	a := h.ok(h.t, h.key("alice"), "POST", "/user/tokens", obj{"name": "held", "policies": policies})
	a.decode(h.t, &made)
	return bearer(made.Value)
}

// make makes a record as Alice does.
func (h *held) make(zone string, body obj) {
	h.t.Helper()
	var r row
	a := h.ok(h.t, h.key("alice"), "POST", h.records(zone), body)
	a.decode(h.t, &r)
	name := fmt.Sprintf("%s %s", body["type"], body["name"])
	if zone != "A" {
		name = zone + " " + name
	}
	for h.ids[name] != "" {
		name += "'"
	}
	h.ids[name] = r.ID
}

// all are the records of a zone as Alice sees them, in the order asked for.
func (h *held) all(zone, query string) []row {
	h.t.Helper()
	var rows []row
	a := h.ok(h.t, h.key("alice"), "GET", h.records(zone)+"?per_page=5000"+query, nil)
	a.decode(h.t, &rows)
	return rows
}

// isChallenge says what the pattern acme is to match, in other words.
func isChallenge(r *row) bool {
	first, rest, _ := strings.Cut(r.Name, ".")
	return r.Type == "TXT" && first == "_acme-challenge" && rest != ""
}

// others are the records that are not challenges of zone A, as text.
func (h *held) others() string {
	h.t.Helper()
	rows := slices.Concat(slices.DeleteFunc(h.all("A", ""), func(r row) bool { return isChallenge(&r) }), h.all("B", ""))
	text, err := json.Marshal(rows)
	if err != nil {
		h.t.Fatal(err)
	}
	return string(text)
}

// try sends a request as the token, and wants nothing of the others in the
// answer. It gives the status and the body as they came.
func (h *held) try(method, path, body string, header ...string) (int, string) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), method, h.http.URL+"/client/v4"+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	h.as.show(req.Header)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := h.http.Client().Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, s := range secrets {
		if strings.Contains(string(text), s) && !strings.Contains(body, s) {
			h.t.Errorf("%s %s %s\ntells %q: %d %s", method, path, body, s, res.StatusCode, clip(text))
		}
	}
	return res.StatusCode, strings.TrimSpace(string(text))
}

// form is a zone file as an import sends it, with its header.
func form(file string) (body string, header []string) {
	const edge = "edge"
	return "--" + edge + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"zone.txt\"\r\n\r\n" + file + "\r\n--" + edge + "--\r\n",
		[]string{"Content-Type", "multipart/form-data; boundary=" + edge}
}
