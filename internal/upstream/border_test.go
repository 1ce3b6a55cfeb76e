package upstream

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
)

// echo answers with the request as the upstream saw it.
func echo(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "%s %s host=%s te=%q\n", r.Method, r.RequestURI, r.Host, r.TransferEncoding)
	r.Header.Write(w)
	b, _ := io.ReadAll(r.Body)
	fmt.Fprintf(w, "body=%s trailer=%v", b, r.Trailer)
}

func TestClientIsNobodyElseAtTheUpstream(t *testing.T) {
	w := newWorld(t, echo, nil)
	for _, header := range []string{
		"Authorization: Bearer mine", "Proxy-Authorization: Basic mine", "Cookie: session=mine", "X-Auth-Key: mine", "X-Auth-Email: mine",
		"x_auth_key: mine", "Tokenward-Owner: mine", "Tokenward_Owner: mine", "tokenward-token-id: mine", "Tokenward-Anything: mine",
		"X-Forwarded-For: mine", "X_Forwarded_For: mine", "X-Forwarded-Host: mine", "X-Forwarded-Prefix: mine", "Forwarded: for=mine", "X-Real-IP: mine",
		"X-Original-URL: /mine", "X-Rewrite-URL: /mine", "X-Host: mine", "Remote-User: mine", "X-Api-Key: mine", "Cf-Connecting-IP: mine",
		"Upgrade: h2c\r\nHTTP2-Settings: mine", "Keep-Alive: mine", "Proxy: mine", "Via: mine",
	} {
		_, body := w.get(records, header)
		if strings.Contains(body, "mine") {
			t.Errorf("%s reached the upstream:\n%s", header, body)
		}
		for _, want := range []string{
			"Authorization: Bearer " + secret, "Tokenward-Owner: account:" + account, "Tokenward-Token-Id: t1", "Tokenward-Token-Name: a %C3%BCnnamed",
			"Tokenward-Account: " + account, "Tokenward-Request-Id: ray", "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Host: front.example", "X-Forwarded-Proto: http\r\n",
		} {
			if strings.Count(body, want) != 1 {
				t.Errorf("%s: the upstream lacks %s:\n%s", header, want, body)
			}
		}
	}
}

// TestConnectionCannotTakeAwayWhatTheGatewaySets: what Connection names is removed
// by every proxy.
func TestConnectionCannotTakeAwayWhatTheGatewaySets(t *testing.T) {
	w := newWorld(t, echo, nil)
	_, body := w.raw("GET "+records+" HTTP/1.1", "Host: x", "Connection: close, Authorization, Tokenward-Owner, X-Forwarded-For, X-Mine", "X-Mine: mine", "", "")
	if !strings.Contains(body, "Bearer "+secret) || !strings.Contains(body, "Tokenward-Owner: ") || !strings.Contains(body, "X-Forwarded-For: ") || strings.Contains(body, "X-Mine") {
		t.Error(body)
	}
}

func TestUpstreamGetsThePathThatWasJudged(t *testing.T) {
	w := newWorld(t, echo, nil)
	for sent, want := range map[string]string{
		records:               "/base" + records,
		records + "/?a=b%20c": "/base" + records + "?a=b%20c",
		"/accounts/" + account + "/storage/kv/namespaces/" + zone + "/values/a%2Fb%20c": "/base/accounts/" + account + "/storage/kv/namespaces/" + zone + "/values/a%2Fb%20c",
		"http://elsewhere.example" + records:                                            "/base" + records,
	} {
		if _, body := w.get(sent); !strings.HasPrefix(body, "GET "+want+" host=127.0.0.1") {
			t.Errorf("%s: %s", sent, body)
		}
	}
}

func TestFramingIsTheGatewaysOwn(t *testing.T) {
	w := newWorld(t, echo, nil)
	head := []string{"POST " + records + " HTTP/1.1", "Host: x", "Connection: close"}
	_, body := w.raw(append(head, "Transfer-Encoding: chunked", "Content-Length: 3", "", "2", "{}", "0", "", "GET /smuggled HTTP/1.1", "", "")...)
	if !strings.Contains(body, "body={} ") || strings.Contains(body, "smuggled") {
		t.Errorf("both framings: %s", body)
	}
	for _, bad := range []string{"Transfer-Encoding: xchunked", "Transfer-Encoding: chunked, identity", "Content-Length: 2\r\nContent-Length: 3", "Content-Length: +2", "Transfer-Encoding : chunked"} {
		if res, body := w.raw(append(head, bad, "", "{}")...); res.StatusCode/100 == 2 {
			t.Errorf("%s: %d %s", bad, res.StatusCode, body)
		}
	}
	_, body = w.raw(append(head, "Transfer-Encoding: chunked", "Trailer: Authorization", "", "2", "{}", "0", "X-Late: mine", "", "")...)
	if strings.Contains(body, "mine") || !strings.Contains(body, "trailer=map[]") {
		t.Errorf("a trailer: %s", body)
	}
}

func TestMethodCannotBeOverriddenInTheQuery(t *testing.T) {
	w := newWorld(t, echo, nil)
	for _, query := range []string{"_method=DELETE", "a=b&_Method=DELETE", "a=b;_method=DELETE", "%5fmethod=DELETE", "X-HTTP-Method-Override=PUT"} {
		if res, body := w.get(records + "?" + query); res.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d %s", query, res.StatusCode, body)
		}
	}
}

func TestCredentialDoesNotComeBack(t *testing.T) {
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		got := r.Header.Get("Authorization")
		h := w.Header()
		h.Set("Location", "https://elsewhere.example/?t="+got)
		h.Set("X-Echo", got)
		h.Set("Set-Cookie", "t="+got)
		h.Set("X-Plain", "stays")
		h.Set("Tokenward-Denied-By", "gateway")
		h.Set("Trailer", "X-Late")
		w.WriteHeader(http.StatusFound)
		io.WriteString(w, "moved")
		h.Set("X-Late", got)
	}, nil)
	res, body := w.get(records)
	if res.StatusCode != http.StatusFound || body != "moved" || res.Header.Get("X-Plain") != "stays" {
		t.Errorf("%d %s %v", res.StatusCode, body, res.Header)
	}
	if all := fmt.Sprint(res.Header, res.Trailer, w.log); strings.Contains(all, secret) || res.Header.Get("Set-Cookie") != "" || res.Header.Get(headerDeniedBy) != "" {
		t.Error(all)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	calls := 0
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		http.Redirect(w, r, "https://elsewhere.example/x", http.StatusTemporaryRedirect)
	}, nil)
	res, _ := w.get(records)
	if res.StatusCode != http.StatusTemporaryRedirect || res.Header.Get("Location") != "https://elsewhere.example/x" || calls != 1 {
		t.Errorf("%d %v after %d calls", res.StatusCode, res.Header, calls)
	}
}

func TestUpstreamsRefusalsAreKeptApartFromOurs(t *testing.T) {
	status := 0
	w := newWorld(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", "Bearer realm=theirs")
		w.WriteHeader(status)
		io.WriteString(w, "theirs")
	}, nil)
	for _, status = range []int{401, 407} {
		res, body := w.get(records)
		if res.StatusCode != 502 || !strings.Contains(body, `"code":7032`) || res.Header.Get(headerStatus) != fmt.Sprint(status) || strings.Contains(body, "theirs") || res.Header.Get("Www-Authenticate") != "" {
			t.Errorf("%d: %d %s %v", status, res.StatusCode, body, res.Header)
		}
	}
	status = 403
	if res, body := w.get(records); res.StatusCode != 403 || body != "theirs" || res.Header.Get(headerDeniedBy) != "upstream" {
		t.Errorf("%d %s %v", res.StatusCode, body, res.Header)
	}
}

// TestWhatNamesNoResourceIsNotForwarded: with the upstream's credential it would be
// about whoever that one is.
func TestWhatNamesNoResourceIsNotForwarded(t *testing.T) {
	called := false
	w := newWorld(t, func(http.ResponseWriter, *http.Request) { called = true }, nil)
	forwarded := 0
	for op := range catalog.V4().Operations() {
		if !forwardable(op) {
			continue
		}
		forwarded++
		if op.Target == catalog.TargetNone || op.Target == catalog.TargetUser || op.Rule != catalog.Groups || op.Target == catalog.TargetAnywhere && op.Method != "GET" {
			t.Errorf("%s is forwarded", op.ID)
		}
	}
	if forwarded < 1000 {
		t.Errorf("only %d operations are forwarded", forwarded)
	}
	for _, line := range []string{"GET /user", "GET /user/tokens", "POST /zones", "POST /accounts", "GET /user/tokens/verify"} {
		res, body := w.raw(line+" HTTP/1.1", "Host: x", "Content-Length: 0", "Connection: close", "", "")
		if res.StatusCode != http.StatusNotFound || !strings.Contains(body, "not forwarded") || called {
			t.Errorf("%s: %d %s", line, res.StatusCode, body)
		}
	}
}

// TestSplitResponsesAreNoAnswers: an upstream's broken header is not handed on.
func TestSplitResponsesAreNoAnswers(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	answers := make(chan string, 1)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			buf := make([]byte, 4096)
			conn.Read(buf)
			io.WriteString(conn, <-answers)
			conn.Close()
		}
	}()
	w := newWorld(t, nil, func(c *Config) { c.URL = "http://" + l.Addr().String() })
	for _, answer := range []string{
		"HTTP/1.1 200 OK\r\nX-A: b\rSet-Cookie: a=b\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
		"garbage " + secret + "\r\n\r\n", "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 100<<10) + "\r\n\r\n", "",
	} {
		answers <- answer
		res, body := w.get(records)
		if res.StatusCode != 502 || !strings.Contains(body, `"success":false`) || strings.Contains(body+w.log.String(), secret) {
			t.Errorf("%.60q: %d %s", answer, res.StatusCode, body)
		}
	}
}

func TestCredentialIsReadAgainAndKeptWhenItIsGone(t *testing.T) {
	w := newWorld(t, echo, nil)
	uses := func(want string) {
		t.Helper()
		w.proxy.credential.next.Store(0)
		if _, body := w.get(records); !strings.Contains(body, "Authorization: Bearer "+want+"\r\n") {
			t.Errorf("want %s: %s", want, body)
		}
	}
	write := func(content string) {
		t.Helper()
		if err := os.WriteFile(w.file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("another-one")
	uses("another-one")
	for _, bad := range []string{"", " \n", "two\nlines", "\x01", strings.Repeat("x", maxCredential+1)} {
		write(bad)
		uses("another-one")
	}
	os.Remove(w.file)
	uses("another-one")
	write("third")
	uses("third")
	if strings.Contains(w.log.String(), "another-one") {
		t.Error("the log has the credential")
	}
}

func TestUpstreamWithoutItsCredentialDoesNotStart(t *testing.T) {
	file := t.TempDir() + "/token"
	if _, err := New(Config{URL: "https://x.example", TokenFile: file}, catalog.V4()); err == nil {
		t.Error("started without the file")
	}
	os.WriteFile(file, []byte("\n"), 0o600)
	if _, err := New(Config{URL: "https://x.example", TokenFile: file}, catalog.V4()); err == nil {
		t.Error("started with an empty file")
	}
	for _, bad := range []Config{
		{URL: "x.example"}, {URL: "ftp://x.example"}, {URL: "https://a:b@x.example"}, {URL: "https://x.example/?a"}, {URL: "https://x.example/a/../b"},
		{URL: "https://x.example", Header: "Connection"}, {URL: "https://x.example", Header: "a b"}, {URL: "https://x.example", Scheme: "a b"},
		{URL: "https://x.example", DialTimeout: -time.Second},
	} {
		if _, err := New(bad, catalog.V4()); err == nil {
			t.Errorf("taken: %+v", bad)
		}
	}
}

func TestCredentialGoesWhereItIsConfigured(t *testing.T) {
	w := newWorld(t, echo, func(c *Config) { c.Header, c.Scheme = "X-Api-Key", "" })
	if _, body := w.get(records, "X-Api-Key: mine", "Authorization: mine"); !strings.Contains(body, "X-Api-Key: "+secret+"\r\n") || strings.Contains(body, "mine") {
		t.Error(body)
	}
	w = newWorld(t, echo, func(c *Config) { c.Scheme = "Token" })
	if _, body := w.get(records); !strings.Contains(body, "Authorization: Token "+secret+"\r\n") {
		t.Error(body)
	}
}

func TestAnswersAreForOneClient(t *testing.T) {
	for in, want := range map[string]string{
		"public, max-age=60": "private, max-age=60", "s-maxage=9": "private", "no-store": "private, no-store", "private, max-age=1": "private, max-age=1",
	} {
		if got := private([]string{in}); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
	if got := private(nil); got != "no-store" {
		t.Error(got)
	}
}
