package enforce_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/enforcetest"
)

// raw sends exactly these bytes, and gives the status of the first answer and
// whether there is another one.
func raw(t *testing.T, to *httptest.Server, request string) (status int, more bool) {
	t.Helper()
	conn, err := net.Dial("tcp", to.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	io.WriteString(conn, request)
	r := bufio.NewReader(conn)
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Errorf("%q: %v", request, err)
		return 0, false
	}
	io.Copy(io.Discard, res.Body)
	conn.(*net.TCPConn).CloseWrite() // not earlier: to net/http it says that the client went away
	_, err = r.ReadByte()
	return res.StatusCode, err == nil
}

// TestNoFormOfAQuestionGetsAnotherAnswer: bytes by which a question about one store
// could be read as one about another, or as two, get what net/http has for them from
// both servers.
func TestNoFormOfAQuestionGetsAnotherAnswer(t *testing.T) {
	w := enforcetest.New(t)
	tok := w.Issue("north", "Stores Read", "north")
	question := func(lines ...string) string {
		return "GET " + nginx + " HTTP/1.1\r\nHost: x\r\n" + strings.Join(append(lines, "", ""), "\r\n")
	}
	secret, get := "Authorization: Bearer "+tok.Secret, "X-Original-Method: GET"
	north, south := "X-Original-Uri: /stores/north", "X-Original-Uri: /stores/south"
	for _, c := range []struct {
		what, request string
		want          int
		more          bool
	}{
		{what: "a good one", request: question(secret, get, north), want: 204},
		{what: "names in any case", request: question("AUTHORIZATION: Bearer "+tok.Secret, "x-original-method: GET", "x-OrIgInAl-URI: /stores/north"), want: 204},
		{what: "about another store", request: question(secret, get, south), want: 403},
		{what: "about both", request: question(secret, get, north, south), want: 403},
		{what: "about both, in two cases", request: question(secret, get, north, "x-original-uri: /stores/south"), want: 403},
		{what: "with an underscore", request: question(secret, get, "X_Original_Uri: /stores/north"), want: 403},
		{what: "folded", request: question(secret, get, "X-Original-Uri: /stores/south", " /../north"), want: 403},
		{what: "folded with a tab", request: question(secret, get, "X-Original-Uri: /stores/south", "\t/north"), want: 403},
		{what: "a space before the colon", request: question(secret, get, "X-Original-Uri : /stores/north"), want: 400},
		{what: "a NUL in the target", request: question(secret, get, "X-Original-Uri: /stores/north\x00/south"), want: 400},
		{what: "CR in the target", request: question(secret, get, "X-Original-Uri: /stores/south\rX-Original-Uri: /stores/north"), want: 400},
		{what: "two credentials", request: question(secret, secret, get, north), want: 403},
		{what: "two credentials in one line", request: question(secret+", Bearer "+tok.Secret, get, north), want: 403},
		{what: "a tab after the scheme", request: question("Authorization: Bearer\t"+tok.Secret, get, north), want: 403},
		{what: "a question within a body", request: question(secret, get, south, fmt.Sprint("Content-Length: ", len(question(secret, get, north)))) + question(secret, get, north), want: 403},
		{what: "two lengths", request: question(secret, get, north, "Content-Length: 0", "Content-Length: 9") + "123456789", want: 400},
		{what: "a length and chunks", request: question(secret, get, south, "Content-Length: 4", "Transfer-Encoding: chunked") + "0\r\n\r\n", want: 403},
		{what: "an unknown coding", request: question(secret, get, north, "Transfer-Encoding: chunked, identity") + "0\r\n\r\n", want: 501},
		{what: "two questions at once", request: question(secret, get, south) + question(secret, get, north), want: 403, more: true},
		{what: "lines that end with LF", request: strings.ReplaceAll(question(secret, get, south), "\r\n", "\n"), want: 403},
		{what: "no host", request: "GET " + nginx + " HTTP/1.1\r\n" + north + "\r\n\r\n", want: 400},
		{what: "two hosts", request: question("Host: y", secret, get, north), want: 400},
		{what: "another method", request: strings.Replace(question(secret, get, south), "GET", "QUERY", 1), want: 403},
		{what: "its own path escaped", request: strings.Replace(question(secret, get, north), "/toyshop", "%2Ftoyshop", 1), want: 204},
		{what: "its own path in two slashes", request: strings.Replace(question(secret, get, north), "/forward", "//forward", 1), want: 404},
		{what: "a whole URL", request: strings.Replace(question(secret, get, south), "GET /", "GET http://x/", 1), want: 403},
	} {
		for name, server := range map[string]*httptest.Server{"net/http": w.Open, "plainhttp": w.Lean} {
			if status, more := raw(t, server, c.request); status != c.want || more != c.more {
				t.Errorf("%s, %s: %d, want %d; another answer: %v", name, c.what, status, c.want, more)
			}
		}
	}
}
