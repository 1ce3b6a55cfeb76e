package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/catalogfile"
	"github.com/tokenward/tokenward/internal/server"
	"github.com/tokenward/tokenward/internal/upstream"
)

// library is a custom catalogue: an API with shelves, whose resources lie in the
// account that owns the token.
const library = `
version: 1
name: library
account: caller
kinds:
  - {name: com.example.shelf, id: slug}
products:
  - name: Shelves
    groups:
      - {key: shelves_read, name: Shelves Read, scope: com.example.shelf, description: Views shelves.}
      - {key: shelves_write, name: Shelves Write, scope: com.example.shelf, description: Changes shelves.}
operations:
  - {id: health, method: GET, path: /health, access: public}
  - id: shelf
    method: GET
    path: /shelves/{shelf}
    groups: [shelves_read]
    resource: [{kind: com.example.shelf, path: shelf}]
  - id: find
    method: GET
    path: /find
    groups: [shelves_read]
    resource: [{kind: com.example.shelf, query: shelf}]
  - id: move
    method: POST
    path: /move
    groups: [shelves_write]
    resource: [{kind: com.example.shelf, body: /to/shelf}]
  - id: upload
    method: PUT
    path: /shelves/{shelf}/books
    groups: [shelves_write]
    resource: [{kind: com.example.shelf, path: shelf}]
  - id: list
    method: GET
    path: /shelves
    groups: [shelves_read]
    list:
      items: /shelves
      rows: [{kind: com.example.shelf, id: /name}]
`

// behind is a world with an upstream behind it, and what reached that.
type behind struct {
	*world
	token credential
	value string
	calls chan string
}

// newProxy makes a proxy to a toy.
func newProxy(t testing.TB, toy http.HandlerFunc) *upstream.Proxy {
	t.Helper()
	back := httptest.NewServer(toy)
	t.Cleanup(back.Close)
	file := t.TempDir() + "/token"
	if err := os.WriteFile(file, []byte("upstream-"+strings.Repeat("s", 40)), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := upstream.New(upstream.Config{Name: "toy", URL: back.URL, TokenFile: file}, catalog.V4())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// newBehind makes a world before the library, under /library and at the host
// library.example, and a token of account 1 that may read and change shelf "a".
func newBehind(t *testing.T) *behind {
	t.Helper()
	spec, faults := catalogfile.Parse([]byte(library), "")
	if spec == nil {
		t.Fatal(faults)
	}
	c, err := catalog.Extend(catalog.V4(), spec)
	if err != nil {
		t.Fatal(err)
	}
	b := &behind{calls: make(chan string, 100)}
	p := newProxy(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		b.calls <- fmt.Sprintf("%s %s %s account=%s type=%s", r.Method, r.RequestURI, body, r.Header.Get("Tokenward-Account"), r.Header.Get("Content-Type"))
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"shelves":[{"name":"a"},{"name":"b"},{"name":"c"}]}`)
	})
	b.world = newWorld(t, config{catalog: c, serve: func(_ *world, sc *server.Config) {
		sc.Upstreams = []server.Upstream{{Proxy: p, API: "library", Prefix: "/library"}, {Proxy: p, API: "library", Prefix: "/", Host: "library.example"}}
	}})
	b.value = b.issueFor(t, "com.example.shelf.a", "Shelves Read", "Shelves Write")
	b.token = bearer(b.value)
	return b
}

// issueFor makes a token of account 1 with groups on a resource.
func (b *behind) issueFor(t *testing.T, key string, groups ...string) string {
	t.Helper()
	var list []map[string]string
	for _, g := range b.authority.Catalog().Groups() {
		for _, name := range groups {
			if g.Name == name {
				list = append(list, map[string]string{"id": g.ID})
			}
		}
	}
	body, _ := json.Marshal(map[string]any{"name": "reader", "policies": []any{map[string]any{
		"effect": "allow", "permission_groups": list, "resources": map[string]string{key: "*"}}}})
	a := b.call(t, call{as: b.key("alice"), method: "POST", path: b.accountTokens(), body: body})
	if a.status != 200 {
		t.Fatalf("%d %s", a.status, a.raw)
	}
	var made struct{ Value string }
	a.decode(t, &made)
	return made.Value
}

// raw sends exactly these lines, and gives the status and what reached the
// upstream.
func (b *behind) raw(t *testing.T, lines ...string) (int, string, string) {
	t.Helper()
	conn, err := net.Dial("tcp", b.http.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	io.WriteString(conn, strings.Join(lines, "\r\n"))
	method, _, _ := strings.Cut(lines[0], " ")
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%s: %v", lines[0], err)
	}
	body, _ := io.ReadAll(res.Body)
	select {
	case got := <-b.calls:
		return res.StatusCode, string(body), got
	default:
		return res.StatusCode, string(body), ""
	}
}

func (b *behind) send(t *testing.T, line, body string, headers ...string) (int, string, string) {
	t.Helper()
	lines := append([]string{line + " HTTP/1.1", "Host: x", "Connection: close", "Authorization: Bearer " + b.value}, headers...)
	return b.raw(t, append(lines, fmt.Sprint("Content-Length: ", len(body)), "", body)...)
}

func TestGatewayForwardsWhatIsAllowed(t *testing.T) {
	t.Parallel()
	b := newBehind(t)
	account := " account=" + b.ids["account/1"]
	for _, c := range []struct{ line, body, reached string }{
		{"GET /library/shelves/a", "", "GET /shelves/a " + account + " type="},
		{"GET /library/shelves/a?x=1", "", "GET /shelves/a?x=1 " + account + " type="},
		{"GET /library/find?q=b&shelf=a", "", "GET /find?q=b&shelf=a " + account + " type="},
		{"POST /library/move", ` {"to" : {"shelf":"a"}, "n":1.0}`, `POST /move {"n":1.0,"to":{"shelf":"a"}}` + account + " type=application/json"},
		{"PUT /library/shelves/a/books", "any bytes \x00", "PUT /shelves/a/books any bytes \x00" + account + " type="},
		{"GET http://elsewhere.example/library/shelves/a", "", "GET /shelves/a " + account + " type="},
		{"GET /library/health", "", "GET /health  account= type="},
	} {
		if status, body, got := b.send(t, c.line, c.body); status != 200 || got != c.reached {
			t.Errorf("%s: %d, reached %q, want %q\n%s", c.line, status, got, c.reached, body)
		}
	}
	if _, body, _ := b.send(t, "GET /library/shelves", ""); body != `{"shelves":[{"name":"a"}]}`+"\n" {
		t.Errorf("the list: %s", body)
	}
	lines := []string{"GET /shelves/a HTTP/1.1", "Host: LIBRARY.example.:8484", "Connection: close", "Authorization: Bearer " + b.value, "", ""}
	if status, _, got := b.raw(t, lines...); status != 200 || !strings.HasPrefix(got, "GET /shelves/a ") {
		t.Errorf("by host: %d %q", status, got)
	}
}

// TestNothingGetsRoundTheGate: every one of these must end before the upstream.
func TestNothingGetsRoundTheGate(t *testing.T) {
	t.Parallel()
	b := newBehind(t)
	for _, line := range []string{
		"GET /library/shelves/b", "PUT /library/shelves/b/books", "DELETE /library/shelves/a", "GET /library/other", "GET /library",
		"GET /library//shelves/a", "GET //library/shelves/a", "GET /library/shelves/a/../b", "GET /library/shelves/./a", "GET /library/shelves/a%2F..%2Fb",
		"GET /library/shelves/%2e%2e/b", "GET /library/shelves/b%00", "GET /library/shelves/b%", "GET /library/shelves/a;b", "GET /library/shelves/a%3Bb",
		`GET /library/shelves/a\..\b`, "GET /%6cibrary/shelves/a", "GET /LIBRARY/shelves/a", "GET /library%2Fshelves/a", "GET /library/shelves/a%5C..",
		"GET /shelves/a", "GET /client/v4/shelves/a", "CONNECT /library/shelves/a", "HEAD /library/shelves/a", "TRACE /library/shelves/a", "OPTIONS /library/shelves/a",
		"get /library/shelves/a", "GET library/shelves/a", "GET /library/shelves/A", "GET /library/shelves/%2561",
		"GET /library/find", "GET /library/find?shelf=b", "GET /library/find?shelf=a&shelf=b", "GET /library/find?shelf=a;shelf=b", "GET /library/find?shelf=a&Shelf=b",
		"GET /library/find?shelf=a&shelf[]=b", "GET /library/find?shelf[]=a", "GET /library/find?shelf=%61&s%68elf=b", "GET /library/find?shelf=a%", "GET /library/find?shelf=",
		"GET /library/find?shelf=a&x=%zz", "GET /library/shelves/a?_method=DELETE",
	} {
		if status, body, got := b.send(t, line, ""); got != "" || status/100 == 2 {
			t.Errorf("%s: %d, reached %q\n%s", line, status, got, body)
		}
	}
	for _, header := range []string{
		"Authorization: Bearer x", "Content-Encoding: gzip", "Transfer-Encoding: xchunked",
	} {
		if status, _, got := b.send(t, "POST /library/move", `{"to":{"shelf":"a"}}`, header); got != "" || status/100 == 2 {
			t.Errorf("%s: %d, reached %q", header, status, got)
		}
	}
	for _, body := range []string{
		`{"to":{"shelf":"b"}}`, `{"to":{"shelf":"a","shelf":"b"}}`, `{"to":{"shelf":"a"},"to":{"shelf":"b"}}`, `{"to":{"shelf":"a","Shelf":"b"}}`,
		`{"to":{"shelf":"a"}} {"to":{"shelf":"b"}}`, `{"to":{"shelf":"a"},"TO":{"shelf":"b"}}`, `{"to":{"shelf":["a"]}}`, `{"to":{}}`, ``, `null`, `[]`, `to[shelf]=a`,
		"\xef\xbb\xbf" + `{"to":{"shelf":"a"}}`, `{"to":{"shelf":"a` + "\xff" + `"}}`, `+AHs-"to":{"shelf":"a"}}`, `{"to":{"shelf":"a\u0000"}}`, `{"to":{"\u017fhelf":"b","shelf":"a"}}`,
		`{"to":{"shelf":"a"},"x":"` + strings.Repeat("x", 1<<20) + `"}`, strings.Repeat("[", 100_000),
	} {
		if status, _, got := b.send(t, "POST /library/move", body, "Content-Type: application/json; charset=utf-7"); got != "" || status/100 == 2 {
			t.Errorf("%.60q: %d, reached %q", body, status, got)
		}
	}
	for _, headers := range [][]string{{"X-Original-URL: /shelves/b"}, {"X-HTTP-Method-Override: DELETE"}, {"X-Rewrite-URL: /b"}, {"Upgrade: h2c", "HTTP2-Settings: AAAA"}} {
		if _, _, got := b.send(t, "GET /library/shelves/a", "", headers...); !strings.HasPrefix(got, "GET /shelves/a ") {
			t.Errorf("%s: reached %q", headers, got)
		}
	}
}

// TestQueryDoesNotSayWhatTheBodySays: a framework may read both as one set of
// parameters.
func TestQueryDoesNotSayWhatTheBodySays(t *testing.T) {
	t.Parallel()
	b := newBehind(t)
	const body = `{"to":{"shelf":"a"}}`
	for _, query := range []string{
		"to=b", "To=b", "to[shelf]=b", "TO[shelf]=b", "to%5Bshelf%5D=b", "to.shelf=b", "to[]=b", "%74o=b", "x=1&to[shelf]=b", "+to=b",
		"x=1;to[shelf]=b", "x=%zz", strings.Repeat("x=1&", 200) + "to=b",
	} {
		if status, answer, got := b.send(t, "POST /library/move?"+query, body); got != "" || status != 400 || !strings.Contains(answer, `"success":false`) {
			t.Errorf("%.60s: %d %s, reached %q", query, status, answer, got)
		}
	}
	for _, query := range []string{"", "x=1", "tos=b", "shelf=b", "x[to]=b"} {
		if status, answer, got := b.send(t, "POST /library/move?"+query, body); status != 200 || !strings.HasPrefix(got, "POST /move") {
			t.Errorf("%s: %d %s, reached %q", query, status, answer, got)
		}
	}
}

func TestStrangersDoNotReachTheUpstream(t *testing.T) {
	t.Parallel()
	b := newBehind(t)
	value := b.value
	for _, b.value = range []string{"x", value + "x", value[:len(value)-1], "upstream-" + strings.Repeat("s", 40)} {
		for _, line := range []string{"GET /library/shelves/a", "GET /library/shelves", "POST /library/move", "GET /library/find?shelf=a", "PUT /library/shelves/a/books"} {
			if status, body, got := b.send(t, line, `{"to":{"shelf":"a"}}`); got != "" || status/100 != 4 || !strings.Contains(body, `"success":false`) {
				t.Errorf("%s: %d %s, reached %q", line, status, body, got)
			}
		}
	}
	lines := []string{"GET /library/shelves/a HTTP/1.1", "Host: x", "Connection: close", "", ""}
	if status, _, got := b.raw(t, lines...); got != "" || status != 400 {
		t.Errorf("no credential: %d, reached %q", status, got)
	}
}

// TestZonesOfTheUpstreamAreJudgedByTheirAccount, which only the upstream knows.
func TestZonesOfTheUpstreamAreJudgedByTheirAccount(t *testing.T) {
	t.Parallel()
	zone, other, broken := newID(), newID(), newID()
	var w *world
	var reached []string
	p := newProxy(t, func(rw http.ResponseWriter, r *http.Request) {
		reached = append(reached, r.Method+" "+r.RequestURI)
		rw.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/zones" {
			fmt.Fprintf(rw, `{"result":[{"id":%q,"account":{"id":%q}},{"id":%q,"account":{"id":%q}}],"success":true,"errors":[],"messages":[],"result_info":{"page":1,"per_page":50,"count":2,"total_count":2,"total_pages":1}}`,
				zone, w.ids["account/1"], other, w.ids["account/3"])
			return
		}
		io.WriteString(rw, `{"result":[],"success":true,"errors":[],"messages":[]}`)
	})
	w = newWorld(t, config{
		account: func(_ context.Context, id string) (string, error) {
			switch id {
			case zone:
				return w.ids["account/1"], nil
			case other:
				return w.ids["account/3"], nil
			case broken:
				return "", io.ErrUnexpectedEOF
			}
			return "", nil
		},
		serve: func(_ *world, sc *server.Config) { sc.ZonesOff, sc.Upstreams = true, []server.Upstream{{Proxy: p}} },
	})
	user, _ := w.token(t, w.key("alice"), "/user/tokens", "DNS Read", catalog.KindZone, w.accountKey("1"))
	for path, want := range map[string]int{"/zones/" + zone + "/dns_records": 200, "/zones/" + other + "/dns_records": 403, "/zones/" + newID() + "/dns_records": 403, "/zones/" + broken + "/dns_records": 503} {
		reached = nil
		a := w.call(t, call{as: user, method: "GET", path: path})
		if a.status != want || (len(reached) == 1) != (want == 200) {
			t.Errorf("%s: %d, reached %v", path, a.status, reached)
		}
	}
	reader, _ := w.token(t, w.key("alice"), "/user/tokens", "Zone Read", catalog.KindZone, w.accountKey("1"))
	a := w.call(t, call{as: reader, method: "GET", path: "/zones"})
	if !strings.Contains(string(a.raw), zone) || strings.Contains(string(a.raw), other) || a.envelope.ResultInfo == nil {
		t.Errorf("the list: %s", a.raw)
	}
	if a := w.call(t, call{as: w.key("alice"), method: "GET", path: "/user"}); a.status != 200 {
		t.Errorf("what is ours is not served any more: %d", a.status)
	}
}

func TestUpstreamsAccountsAreAdoptedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	ctx, id := t.Context(), newID()
	draft := authority.AccountDraft{ID: id, Name: "Theirs"}
	for range 2 {
		a, err := w.authority.AdoptAccount(ctx, w.authority.System("test"), draft, w.emails["alice"])
		if err != nil || a.ID != id || a.Name != "Theirs" {
			t.Fatal(a, err)
		}
	}
	if a := w.call(t, call{as: w.key("alice"), method: "GET", path: "/accounts/" + id}); a.status != 200 {
		t.Errorf("%d %s", a.status, a.raw)
	}
	if _, err := w.authority.AdoptAccount(ctx, authority.Caller{}, authority.AccountDraft{ID: newID(), Name: "x"}, w.emails["alice"]); err == nil {
		t.Error("nobody adopted an account")
	}
}
