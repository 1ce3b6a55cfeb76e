package enforce_test

import (
	"io"
	"maps"
	"net/http"
	"slices"
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

// ask asks a world's open endpoint about a request to the shop, by net/http and by
// plainhttp, which must answer the same.
func ask(t *testing.T, w *enforcetest.World, a asked) (*http.Response, string) {
	t.Helper()
	left := w.Left.Load()
	res, body := askAt(t, w.Open.URL, a)
	lean, leanBody := askAt(t, w.Lean.URL, a)
	for _, h := range []http.Header{res.Header, lean.Header} {
		delete(h, "Date")
		delete(h, "Cf-Ray") // of each answer
	}
	if lean.StatusCode != res.StatusCode || leanBody != body || !maps.EqualFunc(lean.Header, res.Header, slices.Equal) {
		t.Errorf("%s: net/http says %d %q %s, plainhttp %d %q %s", a.path, res.StatusCode, res.Header, body, lean.StatusCode, lean.Header, leanBody)
	}
	if w.Left.Load() != left {
		t.Errorf("%s: plainhttp has left %q to net/http", a.path, a.header)
	}
	return res, body
}

func askAt(t *testing.T, base string, a asked) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+a.path, nil)
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
	for _, c := range w.Denied() {
		for proxy, header := range map[string]http.Header{
			"nginx": original(c.Method, c.Target, c.Secret), "haproxy": original(c.Method, c.Target, c.Secret),
			"caddy": forwarded(c.Method, c.Target, c.Secret), "traefik": forwarded(c.Method, c.Target, c.Secret),
		} {
			res, body := ask(t, w, asked{"/forward-auth/" + proxy + "/" + enforcetest.API, header})
			want := c.Status
			if proxy == "nginx" {
				want = plain(want)
			}
			if res.StatusCode != want || !enforcetest.IsFailure(body) {
				t.Errorf("%s, %s: %d, want %d: %s", proxy, c.What, res.StatusCode, want, body)
			}
			if want == 401 && res.Header.Get("Www-Authenticate") == "" {
				t.Errorf("%s, %s: a 401 without WWW-Authenticate", proxy, c.What)
			}
		}
		// nginx asks a second time what to say, and hands that on as it is.
		res, body := ask(t, w, asked{"/denial/nginx/" + enforcetest.API, original(c.Method, c.Target, c.Secret)})
		if res.StatusCode != c.Status || !enforcetest.IsFailure(body) {
			t.Errorf("denial, %s: %d, want %d: %s", c.What, res.StatusCode, c.Status, body)
		}
	}
}

// plain is a status as nginx is told it.
func plain(status int) int {
	if status >= 400 && status != 401 {
		return 403
	}
	return status
}

func forwarded(method, target, secret string) http.Header {
	h := original(method, target, secret)
	h["X-Forwarded-Method"], h["X-Forwarded-Uri"] = h["X-Original-Method"], h["X-Original-Uri"]
	delete(h, "X-Original-Method")
	delete(h, "X-Original-Uri")
	return h
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
		"another family's":        good(func(h http.Header) { h["X-Forwarded-Uri"] = []string{"/stores/north"} }),
		"two targets":             good(func(h http.Header) { h["X-Original-Uri"] = []string{"/stores/north", "/stores/north"} }),
		"two methods":             good(func(h http.Header) { h["X-Original-Method"] = []string{"GET", "GET"} }),
		"only the other family's": forwarded("GET", "/stores/north", tok.Secret),
	} {
		if res, body := ask(t, w, asked{nginx, h}); res.StatusCode != 403 {
			t.Errorf("%s: %d %s", what, res.StatusCode, body)
		}
	}
	for _, name := range enforcetest.Overrides() {
		h := original("GET", "/stores/north", tok.Secret)
		h.Set(name, "/stores/south")
		if res, body := ask(t, w, asked{nginx, h}); res.StatusCode != 403 {
			t.Errorf("%s: %d %s", name, res.StatusCode, body)
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
	for _, c := range w.Prefixed() {
		if res, body := ask(t, w, asked{nginx + "?prefix=/api", original(c.Method, c.Target, c.Secret)}); res.StatusCode != plain(c.Status) {
			t.Errorf("%s: %d %s", c.What, res.StatusCode, body)
		}
	}
}

func TestForwardAuthKnowsTheBuiltInCatalogue(t *testing.T) {
	w := enforcetest.New(t)
	for _, c := range w.BuiltIn() {
		if res, body := ask(t, w, asked{"/forward-auth/traefik/v4", forwarded(c.Method, c.Target, c.Secret)}); res.StatusCode != c.Status {
			t.Errorf("%s: %d, want %d: %s", c.What, res.StatusCode, c.Status, body)
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
