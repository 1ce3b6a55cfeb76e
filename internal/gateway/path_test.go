package gateway

import (
	"bytes"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// zoneReader is a world and the headers of a token that may read the records of
// one zone, and the zone.
func zoneReader(tb testing.TB) (*world, string) {
	w := newWorld(tb, nil)
	s := w.ring.add(tb, holder{name: "reader", of: catalog.TargetUser}, policy.Condition{},
		allow("DNS Read", "account.zone."+zone), allow("Zone Read", "account.zone."+zone))
	return w, bearer(s)
}

// TestPathHasOneReading: a token for one zone tries to reach the other by a path
// that two readers may read two ways.
func TestPathHasOneReading(t *testing.T) {
	const v4 = "/client/v4"
	w, auth := zoneReader(t)
	tests := map[string]int{
		// As a client writes it.
		v4 + "/zones/" + zone:                               200,
		v4 + "/zones/" + zone + "?path=/zones/" + otherZone: 200,
		v4 + "/zones/" + zone + "/dns_records/":             200, // ddclient's trailing slash
		v4 + "/zones/%31" + zone[1:]:                        200, // decoded once, and what was decoded is judged
		v4 + "/zones/" + otherZone:                          403,
		v4 + "/zones/%32" + otherZone[1:]:                   403,
		// The absolute form (RFC 9112, 3.2.2): its path is judged like any other.
		"http://elsewhere.example" + v4 + "/zones/" + zone:      200,
		"http://a:b@elsewhere.example" + v4 + "/zones/" + zone:  200,
		"http://elsewhere.example" + v4 + "/zones/" + otherZone: 403,
		"http://elsewhere.example//client/v4/zones/" + zone:     404,
		"http:client/v4/zones/" + zone:                          400,
		// Dots.
		v4 + "/zones/" + zone + "/../" + otherZone:     400,
		v4 + "/zones/" + zone + "/%2e%2e/" + otherZone: 400,
		v4 + "/zones/" + zone + "/.%2E/" + otherZone:   400,
		v4 + "/zones/./" + otherZone:                   400,
		v4 + "/../v4/zones/" + zone:                    400,
		v4 + "/zones/..":                               400,
		// Separators in disguise.
		v4 + "/zones/" + zone + "%2F..%2F" + otherZone:  400,
		v4 + "/zones/" + zone + "%2fdns_records":        400,
		v4 + "/zones%2F" + otherZone:                    400,
		v4 + "/zones/" + zone + "%5C..%5C" + otherZone:  400,
		v4 + "/zones/" + zone + `\..\` + otherZone:      400,
		v4 + "/zones/" + zone + `%2F"..%2F` + otherZone: 400, // URL.EscapedPath would make slashes of these
		v4 + `/zones/"/` + otherZone:                    404,
		v4 + "/zones//" + otherZone:                     400,
		v4 + "//zones/" + zone:                          400,
		"/" + v4 + "/zones/" + zone:                     404,
		"///elsewhere.example" + v4 + "/zones/" + zone:  404,
		// Parameters, ends of strings, encodings of encodings.
		v4 + "/zones/" + zone + ";/../" + otherZone: 400,
		v4 + "/zones;x=y/" + zone:                   400,
		v4 + "/zones/" + zone + "%3Bx":              400,
		v4 + "/zones/" + zone + "%00":               400,
		v4 + "/zones/" + zone + "%0a":               400,
		v4 + "/zones/" + zone + "%252F":             400,
		v4 + "/zones/" + zone + "%3F":               400,
		v4 + "/zones/" + zone + "#" + otherZone:     400,
		v4 + "/zones/" + zone + "%c0%ae%c0%ae":      400,
		v4 + "/zones/" + strings.ToUpper(otherZone): 400,
		v4 + "/zones/" + zone + otherZone:           400,
		v4 + "/ZONES/" + zone:                       404,
		v4 + "/zones/" + zone + "/dns_records//":    400,
		// The prefix has one spelling.
		"/%63lient/v4/zones/" + zone:    404,
		"/client%2Fv4/zones/" + zone:    404,
		"/client/./v4/zones/" + zone:    404,
		"/x/../client/v4/zones/" + zone: 404,
		"/CLIENT/v4/zones/" + zone:      404,
		"/client/v4zones/" + zone:       404,
		"/client/v4%2Fzones/" + zone:    404,
		"/client/v4":                    404,
		"/":                             404,
	}
	for target, want := range tests {
		got := w.get(target, auth)
		calls := w.reached()
		if got.StatusCode != want || (calls != nil) != (want == 200) {
			t.Errorf("%s: %d, reached %q, want %d: %s", target, got.StatusCode, calls, want, got.body)
		}
		for _, call := range calls {
			if !strings.Contains(call, " "+zone+" ") {
				t.Errorf("%s reached %s", target, call)
			}
		}
		if got.StatusCode >= 400 && got.StatusCode != 403 && !strings.Contains(got.verdict(t), "7003 Could not route to ") {
			t.Errorf("%s: %s", target, got.body)
		}
	}
}

// TestMissesAreToldToLiveCredentialsOnly: the wording of contract 2.3, and for
// everybody else the wording of 2.2.
func TestMissesAreToldToLiveCredentialsOnly(t *testing.T) {
	w, auth := zoneReader(t)
	dead := bearer(w.ring.add(t, holder{of: catalog.TargetUser, dead: policy.Expired}, policy.Condition{}))
	tests := []struct {
		method, path string
		want         string // to a live credential
		dead, nobody string
		allow        string
	}{
		{"GET", "/nothing/here", "404 7003 Could not route to /client/v4/nothing/here, perhaps your object identifier is invalid? 7000 No route for that URI", dead10000, missing9106, ""},
		{"GET", "/zones/abc", "400 7003 Could not route to /client/v4/zones/abc, perhaps your object identifier is invalid?", dead10000, missing9106, ""},
		{"GET", "/zones/a//b", "400 7003 Could not route to /client/v4/zones/a//b, perhaps your object identifier is invalid?", dead10000, missing9106, ""},
		{"POST", "/zones/" + zone, "405 7001 Method not available for that URI", invalid9109, missing9106, "GET, PATCH, DELETE"},
		{"PUT", "/accounts/" + account + "/tokens/", "405 7001 Method not available for that URI", invalid9109, missing9106, "GET"},
		{"PUT", "/user/tokens/verify", "400 7003 Could not route to /client/v4/user/tokens/verify, perhaps your object identifier is invalid?", dead10000, missing9106, ""}, // PUT takes an id there
		{"DELETE", "/accounts/" + account + "/rules/lists", "405 10405 Method not allowed", dead10000, missing9106, "GET, POST"},
		{"OPTIONS", "/zones/" + zone, "405 7001 Method not available for that URI", invalid9109, missing9106, "GET, PATCH, DELETE"},
		{"TRACE", "/zones/" + zone, "405 7001 Method not available for that URI", invalid9109, missing9106, "GET, PATCH, DELETE"},
		{"get", "/zones/" + zone, "405 7001 Method not available for that URI", invalid9109, missing9106, "GET, PATCH, DELETE"},
		{"POST", "/zones/" + zone + "/dns_records", "403 10000 Authentication error", invalid9109, missing9106, ""},
	}
	for _, tt := range tests {
		send := func(headers ...string) reply {
			lines := append([]string{tt.method + " /client/v4" + tt.path + " HTTP/1.1", "Host: x", "Connection: close"}, headers...)
			return w.raw(append(lines, "", "")...)
		}
		got := send(auth)
		if v := got.verdict(t); v != tt.want || got.Header.Get("Allow") != tt.allow {
			t.Errorf("%s %s:\n got %s, Allow %q\nwant %s", tt.method, tt.path, v, got.Header.Get("Allow"), tt.want)
		}
		for who, want := range map[string]string{dead: tt.dead, "X-Nobody: 1": tt.nobody} {
			if got := send(who); got.verdict(t) != want || got.Header.Get("Allow") != "" {
				t.Errorf("%s %s with %s:\n got %s\nwant %s", tt.method, tt.path, who, got.verdict(t), want)
			}
		}
	}
}

// TestHeadIsNotGet: no operation has the method, and a GET's grant is none.
func TestHeadIsNotGet(t *testing.T) {
	w, auth := zoneReader(t)
	got := w.raw("HEAD "+zoneURL+" HTTP/1.1", "Host: x", "Connection: close", auth, "", "")
	if got.StatusCode != 405 || w.reached() != nil {
		t.Errorf("%d", got.StatusCode)
	}
	got.checkHeaders(t)
}

// TestConnectIsRefused: its target is an authority, and has no path.
func TestConnectIsRefused(t *testing.T) {
	w, auth := zoneReader(t)
	for _, target := range []string{"elsewhere.example:443", zoneURL} {
		got := w.raw("CONNECT "+target+" HTTP/1.1", "Host: x", "Connection: close", auth, "", "")
		if got.StatusCode < 400 || w.reached() != nil {
			t.Errorf("%s: %d", target, got.StatusCode)
		}
	}
}

// TestAllowedAndNotServed: an operation that nothing carries out is 404 to those
// who may do it, and 403 to others.
func TestAllowedAndNotServed(t *testing.T) {
	w := newWorld(t, func(c *Config[*holder]) { delete(c.Handlers, opRecord) })
	s := w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}, allow("DNS Read", "account.zone."+zone))
	if got := w.get(zoneURL+"/"+record, bearer(s)).verdict(t); got != "404 7003 Nothing serves this operation here" {
		t.Error(got)
	}
	if got := w.get("/client/v4/zones/"+otherZone+"/dns_records/"+record, bearer(s)).verdict(t); got != lacks10000 {
		t.Error(got)
	}
}

// TestRewrittenURLIsRefused: somebody in front of the gate changed the path and
// not its escaped form.
func TestRewrittenURLIsRefused(t *testing.T) {
	for _, u := range []url.URL{
		{Path: zoneURL, RawPath: "/client/v4/zones/" + otherZone + "/dns%5Frecords"},
		{Path: zoneURL, RawPath: "/%zz"},
		{Path: zoneURL, Opaque: "client/v4/zones/" + otherZone},
	} {
		if path, ok := sentPath(&u); ok {
			t.Errorf("%+v is read as %s", u, path)
		}
	}
}

// TestTwoJurisdictionsNameNoBucket: what is behind the gate may read the other
// line.
func TestTwoJurisdictionsNameNoBucket(t *testing.T) {
	w := newWorld(t, nil)
	s := bearer(w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}, allow("Workers R2 Storage Read", "account."+account)))
	object := "/client/v4/accounts/" + account + "/r2/buckets/logs/objects/2026/11/21"
	for want, headers := range map[int][]string{
		200: {s, "cf-r2-jurisdiction: eu"},
		403: {s, "cf-r2-jurisdiction: eu", "CF-R2-Jurisdiction: default"},
	} {
		if got := w.get(object, headers...); got.StatusCode != want {
			t.Errorf("%q: %d, want %d: %s", headers, got.StatusCode, want, got.body)
		}
	}
}

// FuzzTarget: whatever a request's target, a token for one zone reaches that
// zone's handlers or none.
func FuzzTarget(f *testing.F) {
	for _, s := range []string{zoneURL, coreURL, zoneURL + "/../../" + otherZone, `/client/v4/zones/` + zone + `%2F"`, "http://a/client/v4/zones/" + zone} {
		f.Add(s)
	}
	w, auth := zoneReader(f)
	_, auth, _ = strings.Cut(auth, ": ")
	f.Fuzz(func(t *testing.T, target string) {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			return
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.URL, r.RequestURI = u, target
		r.Header.Set("Authorization", auth)
		rec := httptest.NewRecorder()
		w.gate.ServeHTTP(rec, r)
		calls := w.reached()
		if len(calls) != 0 && calls[0] != opZone+" "+zone+" GET" && calls[0] != opRecords+" "+zone+" GET" &&
			calls[0] != opRecord+" "+zone+" GET" && calls[0] != opZones+"  GET" && calls[0] != opVerify+"  GET" {
			t.Errorf("%q reached %q", target, calls)
		}
		if rec.Code >= 500 || !bytes.HasPrefix(rec.Body.Bytes(), []byte(`{"result":`)) {
			t.Errorf("%q: %d %s", target, rec.Code, rec.Body)
		}
	})
}
