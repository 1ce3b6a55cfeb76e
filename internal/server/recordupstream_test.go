package server_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/server"
	"github.com/tokenward/tokenward/internal/upstream"
)

// newFront makes a gateway before the zones of h, which are kept there, and a
// token of the gateway's that is held to some records of zone A.
func newFront(t *testing.T, h *held, records ...string) *held {
	t.Helper()
	var made struct{ Value string }
	a := h.ok(t, h.key("alice"), "POST", "/user/tokens", obj{"name": "of the gateway", "policies": []obj{
		allow(t, obj{h.zoneKey("A"): "*", h.zoneKey("B"): "*"}, "DNS Write", "Zone Write"),
	}})
	a.decode(t, &made)
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(made.Value), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := upstream.New(upstream.Config{Name: "zones", URL: h.http.URL + "/client/v4", TokenFile: file}, catalog.V4())
	if err != nil {
		t.Fatal(err)
	}
	front := &held{t: t, ids: h.ids, zone: h.zone}
	front.world = newWorld(t, config{
		account: p.Zones().Account,
		serve:   func(_ *world, sc *server.Config) { sc.ZonesOff, sc.Upstreams = true, []server.Upstream{{Proxy: p}} },
	})
	theirs := authority.AccountDraft{ID: h.world.ids["account/1"], Name: "Theirs"}
	if _, err := front.authority.AdoptAccount(t.Context(), front.authority.System("test"), theirs, front.emails["alice"]); err != nil {
		t.Fatal(err)
	}
	nested := obj{}
	for _, r := range records {
		nested[catalogRecord+r] = "*"
	}
	front.as = front.tokenWith([]obj{
		allow(t, obj{h.zoneKey("A"): nested}, "DNS Write"),
		allow(t, obj{h.zoneKey("A"): "*"}, "Zone Read"),
	})
	return front
}

// TestATokenForSomeRecordsTouchesNoOtherThroughTheGateway: what is tried where
// records are kept here is tried where they are not. What is wrong with a request
// may be said in other words, or by the upstream.
func TestATokenForSomeRecordsTouchesNoOtherThroughTheGateway(t *testing.T) {
	t.Parallel()
	h := newHeld(t, acme)
	front, before := newFront(t, h, acme), h.others()
	for _, a := range h.attacks() {
		path := strings.ReplaceAll(a.path, "@", h.records("A"))
		status, text := front.try(a.method, path, a.body)
		code, _ := firstError(text)
		worded := a.want != http.StatusNotFound && (status == http.StatusBadRequest || status == http.StatusForbidden)
		if !worded && (status != a.want || code != a.code) {
			t.Errorf("%s\n%s %s %s\nanswers %d %d, want %d %d\n%s", a.what, a.method, path, a.body, status, code, a.want, a.code, text)
		}
		if after := h.others(); after != before {
			t.Fatalf("%s\n%s %s %s\nchanges\n%s\nto\n%s", a.what, a.method, path, a.body, before, after)
		}
	}
	for _, c := range [][2]string{{"GET", "/export"}, {"POST", "/import"}} {
		body, header := form("_acme-challenge.x TXT x")
		if status, text := front.try(c[0], h.records("A")+c[1], body, header...); status != 403 || !strings.Contains(text, `"code":7026`) {
			t.Errorf("%v: %d %s", c, status, text)
		}
	}
}

// TestATokenForSomeRecordsWorksThroughTheGateway as a client for certificates does.
func TestATokenForSomeRecordsWorksThroughTheGateway(t *testing.T) {
	t.Parallel()
	h := newHeld(t, acme)
	front, before := newFront(t, h, acme), h.others()
	do := func(want int, method, path, body string) string {
		t.Helper()
		status, text := front.try(method, path, body)
		if status != want {
			t.Fatalf("%s %s %s: %d %s", method, path, body, status, text)
		}
		return text
	}
	if text := do(200, "GET", "/zones?name=zone-a.example", ""); !strings.Contains(text, h.zone) {
		t.Errorf("the zone is not found: %s", text)
	}
	if text := do(200, "GET", h.records("A")+"?per_page=2&page=2&type=TXT", ""); !strings.Contains(text, `"total_count":3`) || !strings.Contains(text, `"count":1`) {
		t.Errorf("the second page: %s", text)
	}
	do(200, "POST", h.records("A"), `{"type":"txt","name":"_acme-challenge.new","content":"token"}`)
	var id string
	for _, r := range h.all("A", "&name=_acme-challenge.new.zone-a.example") {
		id = r.ID
	}
	one := h.records("A") + "/" + id
	if text := do(200, "GET", one, ""); !strings.Contains(text, "token") {
		t.Errorf("it is not read: %s", text)
	}
	do(200, "PATCH", one, `{"content":"second"}`)
	do(200, "PUT", one, `{"type":"TXT","name":"_acme-challenge.new","content":"third"}`)
	do(200, "POST", h.records("A")+"/batch", fmt.Sprintf(`{"posts":[{"type":"TXT","name":"_acme-challenge.more","content":"x"}],"patches":[{"id":%q,"ttl":120}]}`, id))
	if rows := h.all("A", "&name=_acme-challenge.new.zone-a.example"); len(rows) != 1 || rows[0].TTL != 120 || !strings.Contains(rows[0].Content, "third") {
		t.Errorf("the record is %v", rows)
	}
	do(200, "DELETE", one, "")
	do(404, "GET", one, "")
	if after := h.others(); after != before {
		t.Errorf("others were changed\n%s\nto\n%s", before, after)
	}
}

// TestARecordIsJudgedAsItIsThroughTheGateway also where it is renamed meanwhile by
// somebody who comes the same way.
func TestARecordIsJudgedAsItIsThroughTheGateway(t *testing.T) {
	t.Parallel()
	h := newHeld(t, "TXT:_acme-challenge.*")
	front := newFront(t, h, acme)
	whole := front.tokenWith([]obj{allow(t, obj{h.zoneKey("A"): "*"}, "DNS Write")})
	id := h.ids["TXT _acme-challenge.www"]
	for range 10 {
		done := make(chan struct{})
		go func() {
			defer close(done)
			front.call(t, call{as: whole, method: "PATCH", path: h.records("A") + "/" + id, body: []byte(`{"name":"other"}`)})
		}()
		status, _ := front.try("PATCH", h.records("A")+"/"+id, `{"ttl":120}`)
		<-done
		if status != http.StatusOK && status != http.StatusNotFound {
			t.Errorf("it answers %d", status)
		}
		h.ok(t, h.key("alice"), "PATCH", h.records("A")+"/"+id, obj{"name": "_acme-challenge.www"})
	}
}
