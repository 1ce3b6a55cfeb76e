package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// TestTokenPageAnswersWhatTheTokenMay, with the least that would allow it, and
// shows nothing of a secret that was pasted.
func TestTokenPageAnswersWhatTheTokenMay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	made, _ := w.token("deploy", nil)
	z := w.zone("shop.example")
	at := w.tokens("/", made.ID)
	b.get(at).wants(t, 200, "May this token", at+"/may")
	ask := func(text, from string) answer {
		return b.post(at+"/may", url.Values{"request": {text}, "from": {from}})
	}
	yes := ask("GET /zones/"+z.ID+"/dns_records", "203.0.113.7")
	yes.wants(t, 200, ">allowed<", "shop.example", "which allows")
	checkPage(t, "what a token may", yes.body)
	no := ask("curl -X POST https://h/client/v4/zones/"+z.ID+"/dns_records?k="+secretLike()+" -H 'Authorization: Bearer "+secretLike()+"'", "")
	no.wants(t, 200, ">denied<", "No policy grants it.", "DNS Edit", "Add this permission", at+"/edit?add="+group(t, "DNS Write"), "POST /zones/{id}/dns_records")
	no.lacks(t, secretLike())
	checkPage(t, "what a token may not", no.body)
	b.get(at+"/edit?add="+group(t, "DNS Write")).wants(t, 200, "DNS")
	for _, bad := range [][2]string{{"", ""}, {"GET /nothing", ""}, {"GET /zones/{id}", ""}, {"GET /zones", "here"}, {"GET /" + secretLike(), ""}} {
		a := ask(bad[0], bad[1])
		a.wants(t, http.StatusUnprocessableEntity, "wrong")
		a.lacks(t, secretLike())
	}
}

// TestTokenForSomeRecordsIsAskedAboutOne: whether it may do something depends on the
// record, and the box has fields for one wherever that matters.
func TestTokenForSomeRecordsIsAskedAboutOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	z := w.zone("shop.example")
	made, _ := w.token("certificates", func(d *authority.Draft) {
		d.Policies = []policy.Policy{{
			Effect: policy.Allow, Groups: []string{group(t, "DNS Write")},
			Resources: []policy.Resource{{Key: catalog.KindZone + "." + z.ID, Nested: []string{catalog.KindRecord + ".TXT:_acme-challenge.*"}}},
		}}
	})
	plain, _ := w.token("plain", nil)
	b.get(w.tokens("/", plain.ID)).lacks(t, `name="record_name"`)
	at := w.tokens("/", made.ID)
	b.get(at).wants(t, 200, `name="record_name"`, `name="record_type"`)
	ask := func(token, request, typ, name string) answer {
		return b.post(w.tokens("/", token)+"/may", url.Values{"request": {request}, "record_type": {typ}, "record_name": {name}})
	}
	patch := "PATCH /zones/" + z.ID + "/dns_records/" + strings.Repeat("a", 32)
	yes := ask(made.ID, patch, "TXT", " _ACME-challenge.shop.example. ")
	yes.wants(t, 200, ">allowed<", "TXT _acme-challenge.shop.example, in shop.example", "which allows", `value="TXT" selected`)
	yes.lacks(t, "It depends on the record")
	checkPage(t, "a record that it may change", yes.body)
	no := ask(made.ID, patch, "A", "www.shop.example")
	no.wants(t, 200, ">denied<", "A www.shop.example, in shop.example", "allow TXT:_acme-challenge.*", "DNS Edit")
	checkPage(t, "a record that it may not change", no.body)
	ask(made.ID, patch, "", "").wants(t, 200, ">denied<", "It depends on the record", "allow TXT:_acme-challenge.*", `name="record_name"`)
	ask(plain.ID, patch, "", "").wants(t, 200, ">denied<", `name="record_name"`)
	ask(plain.ID, "GET /zones/"+z.ID, "", "").lacks(t, `name="record_name"`)
	for _, bad := range [][3]string{
		{patch, "", "www.shop.example"}, {patch, "A", ""}, {patch, "A", "www"}, {patch, "A", "b\u00fccher.shop.example"}, {patch, "A", "*.*.shop.example"},
		{patch, "WKS", "www.shop.example"}, {"GET /zones/" + z.ID, "A", "www.shop.example"},
	} {
		a := ask(made.ID, bad[0], bad[1], bad[2])
		a.wants(t, http.StatusUnprocessableEntity, "wrong", `id="f-record_`, "aria-invalid")
		checkPage(t, "a record that is not named well", a.body)
	}
}
