package dashboard_test

import (
	"net/http"
	"net/url"
	"testing"
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
