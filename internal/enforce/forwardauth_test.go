package enforce_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/enforcetest"
)

// asked is a question of a proxy: header lines as they come.
type asked struct {
	path   string
	header http.Header
}

// ask asks a world's open endpoint about a request to the shop.
func ask(t *testing.T, w *enforcetest.World, a asked) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.Open.URL+a.path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = a.header
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

const nginx = "/forward-auth/nginx/" + enforcetest.API

func original(method, target, secret string) http.Header {
	h := http.Header{"X-Original-Method": {method}, "X-Original-Uri": {target}, "X-Forwarded-For": {"192.0.2.7"}}
	if secret != "" {
		h.Set("Authorization", "Bearer "+secret)
	}
	return h
}

func TestForwardAuthSaysWhoseRequestItIs(t *testing.T) {
	w := enforcetest.New(t)
	tok := w.Issue("café 100%", "Stores Read", "north")
	res, body := ask(t, w, asked{nginx, original("GET", "/stores/north?x=1", tok.Secret)})
	if res.StatusCode != 204 || body != "" {
		t.Fatalf("%d %s", res.StatusCode, body)
	}
	for name, want := range map[string]string{
		"Tokenward-Token-Id": tok.ID, "Tokenward-Token-Name": "caf%C3%A9 100%25",
		"Tokenward-Owner": "account:" + w.Account, "Tokenward-Account": w.Account,
	} {
		if got := res.Header[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	// A proxy that copies them must overwrite what a client made up, so they are
	// there even when there is nobody.
	res, _ = ask(t, w, asked{nginx, original("GET", "/health", "")})
	if got := res.Header["Tokenward-Owner"]; res.StatusCode != 204 || len(got) != 1 || got[0] != "" {
		t.Errorf("public: %d %q", res.StatusCode, got)
	}
}

// TestForwardAuthDenies: each as the proxy can hand it on, with the envelope.
func TestForwardAuthDenies(t *testing.T) {
	w := enforcetest.New(t)
	tok := w.Issue("north", "Stores Read", "north")
	full := w.Issue("full", "Products Write", "*")
	for _, c := range []struct {
		what, method, target, secret string
		natural                      int
	}{
		{"no credential", "GET", "/stores/north", "", 400},
		{"malformed", "GET", "/stores/north", "short", 400},
		{"unknown", "GET", "/stores/north", strings.Repeat("x", 48), 401},
		{"another store", "GET", "/stores/south", tok.Secret, 403},
		{"another method", "PUT", "/stores/north", tok.Secret, 403},
		{"no such path", "GET", "/nowhere", tok.Secret, 404},
		{"no such method", "DELETE", "/stores/north", tok.Secret, 405},
		{"two slashes", "GET", "//stores/north", tok.Secret, 400},
		{"dots", "GET", "/stores/south/../north", tok.Secret, 400},
		{"escaped dots", "GET", "/stores/south/%2e%2e/north", tok.Secret, 400},
		{"an escaped slash", "GET", "/stores%2Fnorth", tok.Secret, 400},
		{"an escaped slash beside a quote", "GET", `/stores/north%2F"`, tok.Secret, 400},
		{"a backslash", "GET", `/stores\north`, tok.Secret, 400},
		{"a bad escape", "GET", "/stores/%zz", tok.Secret, 400},
		{"a NUL", "GET", "/stores/north%00", tok.Secret, 400},
		{"a parameter", "GET", "/stores/north;x", tok.Secret, 400},
		{"a fragment", "GET", "/stores/north#/../south", tok.Secret, 400},
		{"lower case", "get", "/stores/north", tok.Secret, 403},
		{"a whole URL", "GET", "http://x/stores/north", tok.Secret, 403},
		{"nothing", "GET", "", tok.Secret, 403},
		{"a list", "GET", "/stores", tok.Secret, 403},
		{"a resource in the body", "POST", "/moves", full.Secret, 403},
	} {
		for proxy, header := range map[string]http.Header{
			"nginx": original(c.method, c.target, c.secret), "haproxy": original(c.method, c.target, c.secret),
			"caddy": forwarded(c.method, c.target, c.secret), "traefik": forwarded(c.method, c.target, c.secret),
		} {
			res, body := ask(t, w, asked{"/forward-auth/" + proxy + "/" + enforcetest.API, header})
			want := c.natural
			if proxy == "nginx" && want != 401 {
				want = 403
			}
			if res.StatusCode != want || !isFailure(body) {
				t.Errorf("%s, %s: %d, want %d: %s", proxy, c.what, res.StatusCode, want, body)
			}
			if want == 401 && res.Header.Get("Www-Authenticate") == "" {
				t.Errorf("%s, %s: a 401 without WWW-Authenticate", proxy, c.what)
			}
		}
		// nginx asks a second time what to say, and hands that on as it is.
		res, body := ask(t, w, asked{"/denial/nginx/" + enforcetest.API, original(c.method, c.target, c.secret)})
		if res.StatusCode != c.natural || !isFailure(body) {
			t.Errorf("denial, %s: %d, want %d: %s", c.what, res.StatusCode, c.natural, body)
		}
	}
}

func forwarded(method, target, secret string) http.Header {
	h := original(method, target, secret)
	h["X-Forwarded-Method"], h["X-Forwarded-Uri"] = h["X-Original-Method"], h["X-Original-Uri"]
	delete(h, "X-Original-Method")
	delete(h, "X-Original-Uri")
	return h
}

func isFailure(body string) bool {
	var e struct {
		Success bool              `json:"success"`
		Errors  []json.RawMessage `json:"errors"`
	}
	return json.Unmarshal([]byte(body), &e) == nil && !e.Success && len(e.Errors) > 0
}

// TestForwardAuthSaysWhatItCannotJudge: to who has a live token, and to nobody else.
func TestForwardAuthSaysWhatItCannotJudge(t *testing.T) {
	w := enforcetest.New(t)
	tok := w.Issue("full", "Stores Read", "*")
	for target, want := range map[string]string{"GET /stores": "a list that must be filtered", "POST /moves": "in the request's body"} {
		method, path, _ := strings.Cut(target, " ")
		if _, body := ask(t, w, asked{nginx, original(method, path, tok.Secret)}); !strings.Contains(body, want) || !strings.Contains(body, "7025") {
			t.Errorf("%s: %s", target, body)
		}
		if _, body := ask(t, w, asked{nginx, original(method, path, strings.Repeat("x", 48))}); strings.Contains(body, want) {
			t.Errorf("%s: told to a stranger: %s", target, body)
		}
	}
	if res, body := ask(t, w, asked{nginx + "?lists=filtered", original("GET", "/stores", tok.Secret)}); res.StatusCode != 204 {
		t.Errorf("an API that filters its lists: %d %s", res.StatusCode, body)
	}
}

// TestOnlyTheProxysOwnHeadersDescribeARequest.
func TestOnlyTheProxysOwnHeadersDescribeARequest(t *testing.T) {
	w := enforcetest.New(t)
	tok := w.Issue("north", "Stores Read", "north")
	good := func(change func(http.Header)) http.Header {
		h := original("GET", "/stores/south", tok.Secret)
		change(h)
		return h
	}
	for what, h := range map[string]http.Header{
		"another family's":         good(func(h http.Header) { h["X-Forwarded-Uri"] = []string{"/stores/north"} }),
		"two targets":              good(func(h http.Header) { h["X-Original-Uri"] = []string{"/stores/north", "/stores/north"} }),
		"two methods":              good(func(h http.Header) { h["X-Original-Method"] = []string{"GET", "GET"} }),
		"only the other family's":  forwarded("GET", "/stores/north", tok.Secret),
		"an override":              good(func(h http.Header) { h.Set("X-Original-Uri", "/stores/north"); h.Set("X-Http-Method-Override", "PUT") }),
		"an override in the query": good(func(h http.Header) { h.Set("X-Original-Uri", "/stores/north?a=b&_method=PUT") }),
		"a rewrite":                good(func(h http.Header) { h.Set("X-Original-Uri", "/stores/north"); h.Set("X-Rewrite-Url", "/stores/south") }),
	} {
		if res, body := ask(t, w, asked{nginx, h}); res.StatusCode != 403 {
			t.Errorf("%s: %d %s", what, res.StatusCode, body)
		}
	}
	for _, path := range []string{"/forward-auth/nginx/nothing", "/forward-auth/nginx/", "/forward-auth/nginx", "/forward-auth/other/" + enforcetest.API, "/forward-auth/"} {
		if res, _ := ask(t, w, asked{path, original("GET", "/stores/north", tok.Secret)}); res.StatusCode != 403 && res.StatusCode != 404 {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

// TestForwardAuthJudgesTheClientsAddress, not the proxy's: a deny of loopback would
// otherwise refuse everyone, and a deny of anything else nobody.
func TestForwardAuthJudgesTheClientsAddress(t *testing.T) {
	w := enforcetest.New(t)
	in := w.Issue("in", "Stores Read", "north", func(d *authority.Draft) { d.Condition.In = []string{"192.0.2.0/24"} })
	notIn := w.Issue("not in", "Stores Read", "north", func(d *authority.Draft) { d.Condition.NotIn = []string{"192.0.2.0/24"} })
	for _, c := range []struct {
		what, list string
		lines      []string
		in, notIn  int
	}{
		{what: "the proxy's peer", lines: []string{"192.0.2.7"}, in: 204, notIn: 403},
		{what: "what the client wrote before it", lines: []string{"192.0.2.7, 203.0.113.9"}, in: 403, notIn: 204},
		{what: "in a line of its own", lines: []string{"192.0.2.7", "203.0.113.9"}, in: 403, notIn: 204},
		{what: "IPv4 in IPv6", lines: []string{"::ffff:192.0.2.7"}, in: 204, notIn: 403},
		{what: "no header", in: 403, notIn: 403},
		{what: "garbage", lines: []string{"192.0.2.7, unknown"}, in: 403, notIn: 403},
	} {
		for _, x := range []struct {
			tok  enforcetest.Token
			want int
		}{{in, c.in}, {notIn, c.notIn}} {
			h := original("GET", "/stores/north", x.tok.Secret)
			delete(h, "X-Forwarded-For")
			if c.lines != nil {
				h["X-Forwarded-For"] = c.lines
			}
			if res, body := ask(t, w, asked{nginx, h}); res.StatusCode != x.want {
				t.Errorf("%s, %s: %d, want %d: %s", c.what, x.tok.Name, res.StatusCode, x.want, body)
			}
		}
	}
}

func TestForwardAuthTakesAPrefixAway(t *testing.T) {
	w := enforcetest.New(t)
	tok := w.Issue("north", "Stores Read", "north")
	for target, want := range map[string]int{
		"/api/stores/north": 204, "/stores/north": 403, "/api//stores/north": 403, "/%61pi/stores/north": 403, "/apistores/north": 403,
		"/api/../api/stores/north": 403,
	} {
		if res, body := ask(t, w, asked{nginx + "?prefix=/api", original("GET", target, tok.Secret)}); res.StatusCode != want {
			t.Errorf("%s: %d %s", target, res.StatusCode, body)
		}
	}
}

func TestForwardAuthKnowsTheBuiltInCatalogue(t *testing.T) {
	w := enforcetest.New(t)
	tok := w.IssueTo(w.Owner(), "dns", "DNS Read", "com.cloudflare.api.account.zone."+w.Zone)
	for target, want := range map[string]int{
		"GET /client/v4/zones/" + w.Zone + "/dns_records":                       204,
		"GET /client/v4/zones/" + strings.Repeat("ab", 16) + "/dns_records":     403,
		"POST /client/v4/zones/" + w.Zone + "/dns_records":                      403,
		"GET /client/v4/zones":                                                  403, // a list
		"GET /client/v4/zones/" + w.Zone + "/dns_records/%2e%2e/dns_records":    400,
		"GET /client/v4/zones/" + strings.ToUpper(w.Zone) + "/dns_records":      400,
		"GET /client/v4/zones/" + w.Zone + "/dns_records?zone_id=another&x=%zz": 204,
	} {
		method, path, _ := strings.Cut(target, " ")
		if res, body := ask(t, w, asked{"/forward-auth/traefik/v4", forwarded(method, path, tok.Secret)}); res.StatusCode != want {
			t.Errorf("%s: %d, want %d: %s", target, res.StatusCode, want, body)
		}
	}
}

// TestRevokedTokenIsDeniedByForwardAuthAtOnce.
func TestRevokedTokenIsDeniedByForwardAuthAtOnce(t *testing.T) {
	w := enforcetest.New(t)
	tok := w.Issue("north", "Stores Read", "north")
	h := original("GET", "/stores/north", tok.Secret)
	if res, _ := ask(t, w, asked{nginx, h}); res.StatusCode != 204 {
		t.Fatal(res.StatusCode)
	}
	w.Kill(tok)
	if res, _ := ask(t, w, asked{nginx, h}); res.StatusCode != 401 {
		t.Fatal(res.StatusCode)
	}
	w.Store.Close()
	h.Set("Authorization", "Bearer "+strings.Repeat("y", 48))
	if res, _ := ask(t, w, asked{nginx, h}); res.StatusCode != 503 {
		t.Errorf("with the store away: %d", res.StatusCode)
	}
}

// TestWhoDoesNotShowTheSecretIsToldNothing.
func TestWhoDoesNotShowTheSecretIsToldNothing(t *testing.T) {
	w := enforcetest.New(t)
	tok := w.Issue("north", "Stores Read", "north")
	for _, path := range []string{nginx, "/v1/changes?wait_ms=0", "/v1/check", "/readyz", "/nowhere"} {
		for what, lines := range map[string][]string{"none": nil, "wrong": {"guess"}, "twice": {enforcetest.Secret, enforcetest.Secret}, "empty": {""}} {
			req, _ := http.NewRequest(http.MethodGet, w.Endpoint.URL+path, nil)
			req.Header = original("GET", "/stores/north", tok.Secret)
			if lines != nil {
				req.Header["Tokenward-Enforce"] = lines
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != 401 {
				t.Errorf("%s with %s: %d", path, what, res.StatusCode)
			}
		}
	}
	// Without a secret there are no checks: whoever reaches the port could follow
	// everybody's changes.
	for _, path := range []string{"/v1/changes?wait_ms=0", "/v1/check"} {
		if res, _ := ask(t, w, asked{path, http.Header{}}); res.StatusCode != 403 {
			t.Errorf("%s without a secret: %d", path, res.StatusCode)
		}
	}
}
