package plainhttp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// served is a server with a listener in front.
type served struct {
	*httptest.Server
	plain *Listener
	left  atomic.Int64 // requests that came to the server
}

func serve(t testing.TB, h http.Handler) *served {
	s := new(served)
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.left.Add(1)
		h.ServeHTTP(w, r)
	}))
	s.plain = New(s.Server.Listener, Config{Handler: h, HeaderTimeout: 10 * time.Second, IdleTimeout: 10 * time.Second})
	s.Server.Listener = s.plain
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// echo answers what it was asked.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "text/plain")
	w.Header().Add("X-Two", "1")
	w.Header().Add("X-Two", "2")
	w.WriteHeader(http.StatusAccepted)
	fmt.Fprintf(w, "%s %s %s %q %q %q", r.Method, r.RequestURI, r.Host, r.URL.Path, r.URL.RawPath, r.URL.RawQuery)
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		fmt.Fprintf(w, " %s=%q", name, r.Header[name])
	}
	fmt.Fprintf(w, " %q %v", body, err)
})

// exchange sends bytes, says that there are no more, and reads all answers.
func exchange(t *testing.T, addr, raw string) (answers []string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	go func() {
		io.WriteString(conn, raw)
		conn.(*net.TCPConn).CloseWrite()
	}()
	method, _, _ := strings.Cut(raw, " ")
	for r := bufio.NewReader(conn); ; {
		res, err := http.ReadResponse(r, &http.Request{Method: method})
		if err != nil {
			if ne := net.Error(nil); errors.As(err, &ne) && ne.Timeout() {
				t.Errorf("%.200q: %v", raw, err)
			}
			return answers
		}
		body, _ := io.ReadAll(res.Body)
		res.Header.Del("Date")
		var text bytes.Buffer
		fmt.Fprintln(&text, res.Proto, res.StatusCode, res.ContentLength, res.Close)
		res.Header.Write(&text)
		answers = append(answers, text.String()+string(body))
	}
}

// TestEveryRequestIsAnsweredAsByNetHTTP, and only plain ones without it.
func TestEveryRequestIsAnsweredAsByNetHTTP(t *testing.T) {
	alone := httptest.NewServer(echo)
	defer alone.Close()
	s := serve(t, echo)
	for _, c := range cases {
		s.left.Store(0)
		want, got := exchange(t, alone.Listener.Addr().String(), c.raw), exchange(t, s.Listener.Addr().String(), c.raw)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", c.what, d)
		}
		if plain := len(got) > 0 && strings.Contains(got[0], " 202 ") && s.left.Load() == 0; plain != c.plain {
			t.Errorf("%s: plain is %v: %q", c.what, plain, got)
		}
	}
}

// TestRequestsOfAConnectionDoNotMix: what one said is not in the next, what a
// handler has kept stays, and the connection goes on after one that is not plain.
func TestRequestsOfAConnectionDoNotMix(t *testing.T) {
	var kept []string
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kept = append(kept, r.RequestURI, r.Header.Get("A"), r.Header.Get("B"))
		if r.URL.Path == "/1" {
			w.Header().Set("X-First", "1")
			io.WriteString(w, "a long answer to the first")
		}
	}))
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	r := bufio.NewReader(conn)
	for i, raw := range []string{
		"GET /1 HTTP/1.1\r\nHost: x\r\nA: first\r\nA: again\r\nB: too\r\n\r\n", "GET /2 HTTP/1.1\r\nHost: x\r\nB: second\r\n\r\n",
		"POST /3 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nA: third\r\n\r\nabc", "GET /4 HTTP/1.1\r\nHost: x\r\n\r\n",
	} {
		for _, part := range []string{raw[:9], raw[9:]} { // a header comes in any pieces
			io.WriteString(conn, part)
		}
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		if first := i == 0; res.StatusCode != 200 || (len(body) > 0) != first || (res.Header.Get("X-First") != "") != first {
			t.Errorf("%d: %s %v %q", i, res.Status, res.Header, body)
		}
	}
	if d := cmp.Diff([]string{"/1", "first", "too", "/2", "", "second", "/3", "third", "", "/4", "", ""}, kept); d != "" {
		t.Error(d)
	}
	if n := s.left.Load(); n != 2 {
		t.Errorf("net/http has answered %d requests", n)
	}
}

// TestAnAnswersValueBeginsNoLine: nor does it end the header.
func TestAnAnswersValueBeginsNoLine(t *testing.T) {
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Name", "a\r\nX-Forged: b\n\nc")
		w.WriteHeader(http.StatusNoContent)
		io.WriteString(w, "a body that a 204 does not have")
	}))
	res, err := http.Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	_, err = http.ParseTime(res.Header.Get("Date"))
	res.Header.Del("Date")
	if d := cmp.Diff(http.Header{"X-Name": {"a  X-Forged: b  c"}}, res.Header); d != "" || err != nil || s.left.Load() != 0 {
		t.Errorf("%s %v", d, err)
	}
}
