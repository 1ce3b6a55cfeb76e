package gateway

import (
	"net/http"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// TestOverridesAreNotHonoured: a reader asks for a deletion in every way but the
// method and the path, and gets what its method and path say.
func TestOverridesAreNotHonoured(t *testing.T) {
	w, auth := zoneReader(t)
	deletion := "/client/v4/zones/" + zone + "/dns_records/" + record
	for _, header := range []string{
		"X-HTTP-Method-Override: DELETE", "X-HTTP-Method: DELETE", "X-Method-Override: DELETE",
		"x-http-method-override: DELETE", "X_HTTP_Method_Override: DELETE", "X-Original-Method: DELETE",
		"X-Original-URL: " + deletion, "X-Rewrite-URL: " + deletion, "X-Original-URI: " + deletion,
	} {
		got := w.get(zoneURL+"?_method=DELETE", auth, header)
		calls := w.reached()
		if got.StatusCode != 200 || len(calls) != 1 || calls[0] != opRecords+" "+zone+" GET" {
			t.Errorf("%s: %d, reached %q", header, got.StatusCode, calls)
		}
		name, _, _ := strings.Cut(header, ":")
		for seen := range w.seen.Header {
			if strings.EqualFold(seen, name) {
				t.Errorf("%s went on to the handler", seen)
			}
		}
	}
	got := w.raw("POST "+zoneURL+" HTTP/1.1", "Host: x", "Connection: close", auth, "X-HTTP-Method-Override: GET", "Content-Length: 0", "", "")
	if v := got.verdict(t); v != lacks10000 {
		t.Errorf("POST as GET: %s", v)
	}
}

// TestHandlersSeeNoCredentials, in no header, trailer or URL.
func TestHandlersSeeNoCredentials(t *testing.T) {
	w, auth := zoneReader(t)
	_, secret, _ := strings.Cut(auth, "Bearer ")
	got := w.raw("GET http://alice:"+secret+"@x"+zoneURL+"?page=2 HTTP/1.1", "Host: x", "Connection: close", auth,
		"X-Auth-Key: "+secret, "X-Auth-Email: alice@example.com", "X-Auth-User-Service-Key: "+secret, "X_Auth_Key: "+secret,
		"Cookie: session="+secret, "Cookie: more="+secret, "Proxy-Authorization: Basic "+secret,
		"User-Agent: test", "X-Kept: yes",
		"Transfer-Encoding: chunked", "Trailer: X-Auth-Key", "", "0", "X-Auth-Key: "+secret, "", "")
	if got.StatusCode != 200 {
		t.Fatal(got.StatusCode, got.body)
	}
	var sent strings.Builder
	w.seen.Header.Write(&sent)
	if strings.Contains(sent.String(), secret) || strings.Contains(w.seen.URL.String(), secret) || len(w.seen.Trailer) != 0 {
		t.Errorf("the handler saw a secret: %s %s %v", w.seen.URL, sent.String(), w.seen.Trailer)
	}
	if w.seen.Header.Get("X-Kept") != "yes" || w.seen.Header.Get("User-Agent") != "test" || w.seen.URL.Query().Get("page") != "2" {
		t.Errorf("the handler did not see what it may: %s %s", w.seen.URL, sent.String())
	}
}

// TestCallersRequestIsLeftAlone: whoever is in front of the gate keeps its own
// headers.
func TestCallersRequestIsLeftAlone(t *testing.T) {
	w, auth := zoneReader(t)
	_, value, _ := strings.Cut(auth, ": ")
	var after http.Header
	front := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.gate.ServeHTTP(rw, r)
		after = r.Header
	})
	w.server.Config.Handler = front
	if got := w.get(zoneURL, auth); got.StatusCode != 200 {
		t.Fatal(got.StatusCode)
	}
	if after.Get("Authorization") != value {
		t.Error("the gate changed its caller's headers")
	}
}

// TestAttemptIsWhatWasSent: what the authorizer and the audit record get.
func TestAttemptIsWhatWasSent(t *testing.T) {
	w, auth := zoneReader(t)
	got := w.get(zoneURL+"?secret=1", auth, "User-Agent: \xffagent "+strings.Repeat("x", 600))
	a := w.ring.last
	v := catalog.V4().Vocabulary()
	if a.Op.ID != opRecords || a.Path != policy.NewPath(policy.MakeRef(v.Kind(catalog.KindZone), zone)) || a.Addr.String() != "127.0.0.1" {
		t.Errorf("attempt %+v", a)
	}
	if r := a.Request; r.ID != got.Header.Get("Cf-Ray") || r.Method != "GET" || r.URI != zoneURL ||
		!strings.HasPrefix(r.UserAgent, "agent x") || len(r.UserAgent) > 512 {
		t.Errorf("request %+v", r)
	}
	w.get("/client/v4/zones/abc", auth)
	if a := w.ring.last; a.Op == nil || a.Op.Rule != catalog.Live || a.Op.Accepted == nil || a.Path.Len() != 0 {
		t.Errorf("attempt of a miss: %+v", a)
	}
}
