package proxies_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/enforcetest"
)

func TestAllowedRequestsReachTheAPIWithWhoseTheyAre(t *testing.T) {
	each(t, func(t *testing.T, s *stand) {
		tok := s.Issue("north reader", "Stores Read", "north")
		r := s.send("GET", "/stores/north?color=red", bearer(tok.Secret),
			"X-Auth-Email: a@example.com", "X-Auth-Key: a key", "Tokenward-Owner: user:somebody", "Tokenward-Token-Name: made up", "tokenward-account: made up", "Tokenward_Owner: user:somebody")
		seen := s.reached()
		if r.StatusCode != 200 || r.body != "served" || len(seen) != 1 {
			t.Fatalf("%d %q, %d requests at the API", r.StatusCode, r.body, len(seen))
		}
		got := seen[0]
		for name, want := range map[string]string{
			"Tokenward-Token-Id": tok.ID, "Tokenward-Token-Name": "north reader", "Tokenward-Owner": "account:" + s.Account, "Tokenward-Account": s.Account,
		} {
			if lines := got.Header[name]; len(lines) != 1 || lines[0] != want {
				t.Errorf("%s: %q, want %q", name, lines, want)
			}
		}
		for _, name := range []string{"Authorization", "X-Auth-Email", "X-Auth-Key"} {
			if got.Header[name] != nil {
				t.Errorf("the API saw %s: %q", name, got.Header[name])
			}
		}
		if got.RequestURI != "/stores/north?color=red" || got.Header["Tokenward_Owner"] != nil {
			t.Errorf("the API saw %s, %v", got.RequestURI, got.Header)
		}
	})
}

// TestNobodyForgesAnIdentity: also not where nobody is needed, nor by having the
// headers taken for those of one hop.
func TestNobodyForgesAnIdentity(t *testing.T) {
	each(t, func(t *testing.T, s *stand) {
		r := s.send("GET", "/health", "Tokenward-Owner: user:somebody", "TOKENWARD-TOKEN-ID: x", "Tokenward-Account: y")
		seen := s.reached()
		if r.StatusCode != 200 || len(seen) != 1 {
			t.Fatal(r.StatusCode, r.body)
		}
		for name, lines := range seen[0].Header {
			if strings.HasPrefix(name, "Tokenward") && strings.Join(lines, "") != "" {
				t.Errorf("public: %s: %q", name, lines)
			}
		}
		tok := s.Issue("north", "Stores Read", "north")
		r, err := s.raw("GET /stores/north HTTP/1.1", "Host: x", "Connection: close, Tokenward-Owner, Tokenward-Token-Id, X-Original-Uri, X-Forwarded-Uri, X-Forwarded-For",
			bearer(tok.Secret), "Tokenward-Owner: user:somebody", "", "")
		seen = s.reached()
		if err != nil || r.StatusCode != 200 || len(seen) != 1 {
			t.Fatal(r.StatusCode, r.body, err)
		}
		if got := seen[0].Header["Tokenward-Owner"]; len(got) != 1 || got[0] != "account:"+s.Account {
			t.Errorf("named in Connection: %q", got)
		}
	})
}

func TestCallersSeeOurDenials(t *testing.T) {
	each(t, func(t *testing.T, s *stand) {
		tok := s.Issue("north", "Stores Read", "north")
		for _, c := range []struct {
			what, method, target string
			status               int
			body                 string
			headers              []string
		}{
			{"no credential", "GET", "/stores/north", 400, `"code":9106`, nil},
			{"unknown", "GET", "/stores/north", 401, `"code":10000`, []string{bearer(strings.Repeat("x", 48))}},
			{"another store", "GET", "/stores/south", 403, `Needs any one of the permission groups Stores Read`, []string{bearer(tok.Secret)}},
			{"another method", "PUT", "/stores/north", 403, `Stores Write`, []string{bearer(tok.Secret), "Content-Length: 0"}},
			{"no such path", "GET", "/nowhere", 404, `"code":7003`, []string{bearer(tok.Secret)}},
			{"a list", "GET", "/stores", 403, `a list that must be filtered`, []string{bearer(tok.Secret)}},
			{"an override in the query", "GET", "/stores/north?_method=PUT", 403, `another method`, []string{bearer(tok.Secret)}},
			{"an override", "GET", "/stores/north", 403, `X-Http-Method-Override`, []string{bearer(tok.Secret), "X-HTTP-Method-Override: PUT"}},
		} {
			r := s.send(c.method, c.target, c.headers...)
			if r.StatusCode != c.status || !strings.Contains(r.body, c.body) || r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s: %d, want %d: %v %s", c.what, r.StatusCode, c.status, r.Header, r.body)
			}
			if c.status == 401 && r.Header.Get("Www-Authenticate") == "" {
				t.Errorf("%s: no WWW-Authenticate", c.what)
			}
			if n := len(s.reached()); n > 0 {
				t.Errorf("%s: %d requests reached the API", c.what, n)
			}
		}
		// nginx has its own answer to this one.
		if r := s.send("GET", "/stores/north", bearer(tok.Secret), bearer(tok.Secret)); r.StatusCode != 400 || len(s.reached()) > 0 {
			t.Errorf("two credentials: %d %s", r.StatusCode, r.body)
		}
		// What the API denies itself stays its own.
		if r := s.send("GET", "/stores/north?api=denies", bearer(tok.Secret)); r.StatusCode != 403 || r.body != "the API's own denial" {
			t.Errorf("the API's denial: %d %s", r.StatusCode, r.body)
		}
	})
}

// TestNoSpellingOfAPathGetsRoundTheGate: whatever reaches the API with a token for
// one store is about that store, however the API reads it.
func TestNoSpellingOfAPathGetsRoundTheGate(t *testing.T) {
	each(t, func(t *testing.T, s *stand) {
		tok := s.Issue("north", "Stores Read", "north")
		served := 0
		for _, target := range []string{
			"/stores/north", "/stores/north/products/7", "/stores/%6eorth", "/stores/north?x=/../south",
			"//stores/south", "/stores//south", "/stores/north/../south", "/stores/north/%2e%2e/south", "/stores/north%2f..%2fsouth",
			"/stores/north%2F..%2Fsouth", `/stores/north%2f..%2fsouth"`, "/stores/north/..%2fsouth", "/stores/north/..;/south", "/stores/north;/../south",
			`/stores/north\..\south`, "/stores/north/%5c..%5csouth", "/stores/north%00/../south", "/stores/north%23/../south", "/stores/north#/../south",
			"/stores/south#/../north", "/stores/north/.%2e/south", "/stores/north/%252e%252e/south", "/./stores/south", "/stores/./south", "/stores/south/.", "/stores/south/",
			"/stores/South", "/STORES/south", "/stores/south%20", "/stores/south?/../north", "/stores/south/../../stores/north", "/x/../stores/south",
			"http://other.example/stores/south", "http://other.example/stores/north/../south", "/_tokenward", "/_tokenward/", "/denial/nginx/toyshop", "/forward-auth/nginx/toyshop", "*", "/",
			"/stores/north?store=south&store=north", "/stores/s%6futh", "/stores/%73outh", "/stores/north/products/%2e%2e/%2e%2e/south",
		} {
			r, err := s.raw("GET "+target+" HTTP/1.1", "Host: api.example.com", "Connection: close", bearer(tok.Secret), "", "")
			if err == nil && r.StatusCode < 300 {
				served++
			}
			for _, got := range s.reached() {
				for _, read := range readings(got) {
					if read != "/stores/north" && !strings.HasPrefix(read, "/stores/north/products/") {
						t.Errorf("%s reached the API as %s, which reads as %s", target, got.RequestURI, read)
					}
				}
			}
		}
		if served < 3 {
			t.Errorf("%d of the good ones were served", served)
		}
	})
}

// readings are paths that servers may understand.
func readings(r *http.Request) []string {
	raw, _, _ := strings.Cut(r.RequestURI, "?")
	if u, err := url.Parse(raw); err == nil && u.Host != "" {
		raw = u.EscapedPath()
	}
	var out []string
	for decoded, i := raw, 0; i < 2; i++ {
		next, err := url.PathUnescape(decoded)
		if err != nil {
			break
		}
		decoded = next
		out = append(out, path.Clean(strings.ReplaceAll(decoded, `\`, "/")))
	}
	return out
}

// TestNoHeaderGetsRoundTheGate: none of those by which proxies describe requests,
// whoever reads them.
func TestNoHeaderGetsRoundTheGate(t *testing.T) {
	each(t, func(t *testing.T, s *stand) {
		tok := s.Issue("north", "Stores Read", "north")
		for _, headers := range [][]string{
			{"X-Original-URI: /stores/north"}, {"X-Original-Uri: /stores/north", "X-Original-URI: /stores/north"}, {"X-Forwarded-Uri: /stores/north"},
			{"X-Original-URL: /stores/north"}, {"X-Rewrite-URL: /stores/north"}, {"X-Original-Method: GET", "X-Original-URI: /health"},
			{"X-Forwarded-Method: GET", "X-Forwarded-Uri: /health", "X-Forwarded-Host: x"}, {"X_Original_URI: /health"}, {"Connection: X-Original-URI, X-Forwarded-Uri", "X-Forwarded-Uri: /health"},
			{"Tokenward-Status: 200"}, {"Cookie: session=1"}, {"Content-Length: 5, 5"},
		} {
			lines := append([]string{"GET /stores/south HTTP/1.1", "Host: x", bearer(tok.Secret)}, headers...)
			r, err := s.raw(append(lines, "", "")...)
			if err == nil && r.StatusCode < 400 || len(s.reached()) > 0 {
				t.Errorf("%q: %d %s", headers, r.StatusCode, r.body)
			}
		}
	})
}

// TestTheProxysPeerIsTheClient: what the client writes into X-Forwarded-For does
// not count.
func TestTheProxysPeerIsTheClient(t *testing.T) {
	each(t, func(t *testing.T, s *stand) {
		here := s.Issue("here", "Stores Read", "north", func(d *authority.Draft) { d.Condition.In = []string{"127.0.0.1/32"} })
		elsewhere := s.Issue("elsewhere", "Stores Read", "north", func(d *authority.Draft) { d.Condition.In = []string{"192.0.2.0/24"} })
		notHere := s.Issue("not here", "Stores Read", "north", func(d *authority.Draft) { d.Condition.NotIn = []string{"127.0.0.1/32"} })
		for _, lines := range [][]string{nil, {"X-Forwarded-For: 192.0.2.7"}, {"X-Forwarded-For: 192.0.2.7, 192.0.2.8", "X-Forwarded-For: 192.0.2.9"}} {
			for secret, want := range map[string]int{here.Secret: 200, elsewhere.Secret: 403, notHere.Secret: 403} {
				if r := s.send("GET", "/stores/north", append(lines, bearer(secret))...); r.StatusCode != want {
					t.Errorf("%q: %d, want %d: %s", lines, r.StatusCode, want, r.body)
				}
			}
		}
	})
}

func TestBodiesAndWebSocketsPass(t *testing.T) {
	each(t, func(t *testing.T, s *stand) {
		tok := s.Issue("north", "Stores Write", "north")
		if r := s.send("PUT", "/stores/north", bearer(tok.Secret), "Content-Length: 5", "", "hello"); r.StatusCode != 200 {
			t.Errorf("a body: %d %s", r.StatusCode, r.body)
		}
		if r := s.send("PUT", "/stores/north", bearer(tok.Secret), "Transfer-Encoding: chunked", "", "5", "hello", "0"); r.StatusCode != 200 {
			t.Errorf("a body in chunks: %d %s", r.StatusCode, r.body)
		}
		reader := s.Issue("reader", "Stores Read", "north")
		for secret, want := range map[string]string{reader.Secret: "101", tok.Secret: "403"} {
			conn, err := net.Dial("tcp", s.proxy)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(10 * time.Second))
			io.WriteString(conn, strings.Join([]string{"GET /stores/north/live HTTP/1.1", "Host: x", "Connection: Upgrade", "Upgrade: websocket",
				"Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", bearer(secret), "", ""}, "\r\n"))
			b := bufio.NewReader(conn)
			status, _ := b.ReadString('\n')
			if !strings.Contains(status, " "+want+" ") {
				t.Errorf("%q, want %s", status, want)
				continue
			}
			if want != "101" {
				continue
			}
			for line := status; strings.TrimSpace(line) != ""; {
				if line, err = b.ReadString('\n'); err != nil {
					t.Fatal(err)
				}
			}
			io.WriteString(conn, "hello\n")
			if got, _ := b.ReadString('\n'); got != "echo hello\n" {
				t.Errorf("through the socket: %q", got)
			}
		}
	})
}

// TestRevokedTokenIsDeniedAtOnce, and nothing passes when the judge is away.
func TestRevokedTokenIsDeniedAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *stand) {
		tok, other := s.Issue("north", "Stores Read", "north"), s.Issue("other", "Stores Read", "north")
		if r := s.send("GET", "/stores/north", bearer(tok.Secret)); r.StatusCode != 200 {
			t.Fatal(r.StatusCode, r.body)
		}
		s.Kill(tok)
		if r := s.send("GET", "/stores/north", bearer(tok.Secret)); r.StatusCode != 401 {
			t.Errorf("revoked: %d %s", r.StatusCode, r.body)
		}
		s.reached()
		s.judge.CloseClientConnections()
		s.judge.Close()
		if r := s.send("GET", "/stores/north", bearer(other.Secret)); r.StatusCode < 500 || len(s.reached()) > 0 {
			t.Errorf("tokenward away: %d %s", r.StatusCode, r.body)
		}
	})
}

// TestCaddyAsksOnlyTheJudge: many requests at once, for which connections are
// opened that others use, and each gets to the API as it was sent.
func TestCaddyAsksOnlyTheJudge(t *testing.T) {
	w := enforcetest.New(t)
	s := start(t, "caddy", w, w.Open)
	tok := s.Issue("north", "Stores Read", "north")
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 20 * time.Second}
	defer client.CloseIdleConnections()
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for range 10 {
				r, _ := http.NewRequest("GET", "http://"+s.proxy+"/stores/north", nil)
				r.Header.Set("Authorization", "Bearer "+tok.Secret)
				res, err := client.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				io.Copy(io.Discard, res.Body)
				res.Body.Close()
				if res.StatusCode != 200 {
					t.Error(res.Status)
				}
			}
		})
	}
	wg.Wait()
	for _, got := range s.reached() {
		if got.RequestURI != "/stores/north" || got.Header.Get("Tokenward-Token-Id") != tok.ID || got.Header.Get("Authorization") != "" {
			t.Errorf("the API was asked for %s", got.RequestURI)
		}
	}
}

// TestTheProxiesQuestionsArePlain, so that the lean server answers them itself: of
// requests that are allowed and not, and with a body.
func TestTheProxiesQuestionsArePlain(t *testing.T) {
	each(t, func(t *testing.T, s *stand) {
		tok := s.Issue("north", "Stores Write", "north")
		for target, want := range map[string]int{"/stores/north": 200, "/stores/south": 403} {
			for range 3 {
				if r := s.send("PUT", target, bearer(tok.Secret), "Content-Length: 5", "TE: trailers", "", "hello"); r.StatusCode != want {
					t.Errorf("%s: %d %s", target, r.StatusCode, r.body)
				}
			}
		}
		if n := s.Left.Load(); n > 0 {
			t.Errorf("%d were left to net/http", n)
		}
	})
}
