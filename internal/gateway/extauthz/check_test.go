package extauthz_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/grpc/codes"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/enforcetest"
)

// forms are the two ways in which Envoy tells of a header.
var forms = map[string]func(asked) *authv3.CheckRequest{"joined": asked.joined, "raw": asked.raw}

func TestEnvoyIsToldWhoseRequestItIs(t *testing.T) {
	w := newWorld(t, "")
	tok := w.Issue("café 100%", "Stores Read", "north")
	for form, of := range forms {
		r := w.ask(t, of(shop("GET", "/stores/north?x=1", tok.Secret)))
		if r.code != codes.OK {
			t.Fatalf("%s: %+v", form, r)
		}
		for name, want := range map[string]string{
			"tokenward-token-id": tok.ID, "tokenward-token-name": "caf%C3%A9 100%25",
			"tokenward-owner": "account:" + w.Account, "tokenward-account": w.Account,
		} {
			if got := r.set[name]; len(got) != 1 || got[0] != want || slices.Contains(r.removed, name) {
				t.Errorf("%s: %s: %q, want %q; removed: %q", form, name, got, want, r.removed)
			}
		}
		for _, name := range []string{"authorization", "x-auth-email", "x-auth-key", "cookie"} {
			if !slices.Contains(r.removed, name) {
				t.Errorf("%s: the API gets %s", form, name)
			}
		}
	}
	kept := shop("GET", "/stores/north", tok.Secret)
	kept.said["credential"] = "kept"
	if r := w.ask(t, kept.raw()); r.code != codes.OK || slices.Contains(r.removed, "authorization") || !slices.Contains(r.removed, "cookie") {
		t.Errorf("an API that wants the credential: %+v", r)
	}
}

// TestNobodyForgesAnIdentity: not where nobody is needed, and not by a spelling that
// servers read as the same header.
func TestNobodyForgesAnIdentity(t *testing.T) {
	w := newWorld(t, "")
	public := shop("GET", "/health", "")
	odd := [][2]string{{"tokenward_owner", "user:x"}, {"tokenward-other", "x"}, {"x-original-uri", "/stores/south"}, {"x_auth_key", "x"}, {"Tokenward-Role", "x"}}
	public.lines = append(odd, [2]string{"tokenward-owner", "user:somebody"}, [2]string{"x-request-id", "7"})
	for form, of := range forms {
		r := w.ask(t, of(public))
		if r.code != codes.OK || len(r.set) != 0 {
			t.Errorf("%s: %+v", form, r)
		}
		for _, name := range []string{"tokenward-token-id", "tokenward-token-name", "tokenward-owner", "tokenward-account"} {
			if !slices.Contains(r.removed, name) {
				t.Errorf("%s: %s reaches the API as the client made it up", form, name)
			}
		}
		for _, line := range odd {
			if !slices.Contains(r.removed, line[0]) {
				t.Errorf("%s: %s reaches the API", form, line[0])
			}
		}
		if slices.Contains(r.removed, "x-request-id") {
			t.Errorf("%s: an innocent header is taken out", form)
		}
	}
}

// TestEnvoyDenies: the cases of forward-auth.
func TestEnvoyDenies(t *testing.T) {
	w := newWorld(t, "")
	for _, c := range w.Denied() {
		for form, of := range forms {
			r := w.ask(t, of(shop(c.Method, c.Target, c.Secret)))
			if r.status != c.Status || !enforcetest.IsFailure(r.body) || !slices.Equal(r.set["content-type"], []string{"application/json"}) {
				t.Errorf("%s, %s: %+v, want %d", form, c.What, r, c.Status)
			}
			want := codes.PermissionDenied
			if c.Status == http.StatusUnauthorized {
				want = codes.Unauthenticated
				if len(r.set["www-authenticate"]) != 1 {
					t.Errorf("%s, %s: a 401 without WWW-Authenticate", form, c.What)
				}
			}
			if r.code != want {
				t.Errorf("%s, %s: code %s", form, c.What, r.code)
			}
		}
	}
}

func TestEnvoySaysByWhichCatalogueAndPrefix(t *testing.T) {
	w := newWorld(t, "")
	for _, c := range w.Prefixed() {
		a := shop(c.Method, c.Target, c.Secret)
		a.said["prefix"] = "/api"
		if r := w.ask(t, a.raw()); r.status != c.Status {
			t.Errorf("%s: %+v, want %d", c.What, r, c.Status)
		}
	}
	for _, c := range w.BuiltIn() {
		a := shop(c.Method, c.Target, c.Secret)
		a.said["catalog"] = "v4"
		if r := w.ask(t, a.joined()); r.status != c.Status {
			t.Errorf("%s: %+v, want %d", c.What, r, c.Status)
		}
	}
	a := shop("GET", "/stores", w.Issue("full", "Stores Read", "*").Secret)
	a.said["lists"] = "filtered"
	if r := w.ask(t, a.raw()); r.status != 204 {
		t.Errorf("an API that filters its lists: %+v", r)
	}
}

// TestTwoCredentialsAreRefused, however Envoy tells of them: whoever is behind us
// may read the other one.
func TestTwoCredentialsAreRefused(t *testing.T) {
	w := newWorld(t, "")
	secret := w.Issue("north", "Stores Read", "north").Secret
	good := shop("GET", "/stores/north", secret)
	twice := good
	twice.lines = append(twice.lines, bearer(secret))
	anotherCase, both := good.joined(), good.joined()
	anotherCase.Attributes.Request.Http.Headers["Authorization"] = "Bearer " + secret
	both.Attributes.Request.Http.HeaderMap = good.raw().Attributes.Request.Http.HeaderMap
	emails := shop("GET", "/stores/north", "")
	emails.lines = [][2]string{{"x-auth-email", "a@example.com"}, {"x-auth-email", "a@example.com"}, {"x-auth-key", strings.Repeat("0", 37)}}
	for what, c := range map[string]struct {
		r    *authv3.CheckRequest
		code string
	}{
		"joined": {twice.joined(), "6111"}, "raw": {twice.raw(), "6111"}, "another case": {anotherCase, "6111"}, "in both forms": {both, "6111"},
		"two emails, joined": {emails.joined(), "6102"}, "two emails, raw": {emails.raw(), "6102"},
	} {
		if r := w.ask(t, c.r); r.status != 400 || !strings.Contains(r.body, `"code":6003`) || !strings.Contains(r.body, c.code) {
			t.Errorf("%s: %+v", what, r)
		}
	}
}

func TestOverridesAreRefused(t *testing.T) {
	w := newWorld(t, "")
	secret := w.Issue("north", "Stores Read", "north").Secret
	for _, name := range enforcetest.Overrides() {
		a := shop("GET", "/stores/north", secret)
		a.lines = append(a.lines, [2]string{strings.ToLower(name), ""})
		for form, of := range forms {
			if r := w.ask(t, of(a)); r.status != 403 || !strings.Contains(r.body, "7025") {
				t.Errorf("%s, %s: %+v", form, name, r)
			}
		}
	}
}

// TestEnvoysPeerIsTheClient, unless it is a trusted hop; Envoy's own address never is.
func TestEnvoysPeerIsTheClient(t *testing.T) {
	w := newWorld(t, "", "10.0.0.0/8")
	in := w.Issue("in", "Stores Read", "north", func(d *authority.Draft) { d.Condition.In = []string{"192.0.2.0/24"} })
	notIn := w.Issue("not in", "Stores Read", "north", func(d *authority.Draft) { d.Condition.NotIn = []string{"192.0.2.0/24"} })
	for _, c := range []struct {
		what, peer string
		forwarded  []string
		in, notIn  int
	}{
		{what: "the peer", peer: "192.0.2.7", in: 204, notIn: 403},
		{what: "what a client claims", peer: "203.0.113.9", forwarded: []string{"192.0.2.7"}, in: 403, notIn: 204},
		{what: "IPv4 in IPv6", peer: "::ffff:192.0.2.7", in: 204, notIn: 403},
		{what: "behind a trusted hop", peer: "10.0.0.1", forwarded: []string{"192.0.2.7"}, in: 204, notIn: 403},
		{what: "behind it, and Envoy has added it", peer: "10.0.0.1", forwarded: []string{"192.0.2.7, 10.0.0.1"}, in: 204, notIn: 403},
		{what: "behind it, what a client claims", peer: "10.0.0.1", forwarded: []string{"192.0.2.7", "203.0.113.9"}, in: 403, notIn: 204},
		{what: "garbage behind it", peer: "10.0.0.1", forwarded: []string{"unknown"}, in: 403, notIn: 403},
		{what: "a Unix socket", peer: "@", in: 403, notIn: 403},
		{what: "a name", peer: "localhost", forwarded: []string{"192.0.2.7"}, in: 403, notIn: 403},
	} {
		for _, x := range []struct {
			tok  enforcetest.Token
			want int
		}{{in, c.in}, {notIn, c.notIn}} {
			a := shop("GET", "/stores/north", x.tok.Secret)
			a.peer = c.peer
			for _, f := range c.forwarded {
				a.lines = append(a.lines, [2]string{"x-forwarded-for", f})
			}
			for form, of := range forms {
				if r := w.ask(t, of(a)); r.status != x.want {
					t.Errorf("%s, %s, %s: %+v, want %d", form, c.what, x.tok.Name, r, x.want)
				}
			}
		}
	}
	nobody := shop("GET", "/stores/north", in.Secret).raw()
	nobody.Attributes.Source = nil
	if r := w.ask(t, nobody); r.status != 403 {
		t.Errorf("without an address: %+v", r)
	}
}
