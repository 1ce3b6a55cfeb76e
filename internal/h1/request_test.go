package h1

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func write(t *testing.T, method, target string, h http.Header, length int64, body io.Reader) (string, error) {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	r := &http.Request{Method: method, URL: u, Header: h, ContentLength: length}
	if body != nil {
		r.Body = io.NopCloser(body)
	}
	b, err := appendRequest(nil, r, "api.example")
	return string(b), err
}

func TestRequestsAreWrittenInFull(t *testing.T) {
	for want, got := range map[string]func() (string, error){
		"GET /a%2Fb?c=d%20e HTTP/1.1\r\nHost: api.example\r\n\r\n": func() (string, error) {
			return write(t, "GET", "http://api.example/a%2Fb?c=d%20e", http.Header{"User-Agent": {""}}, 0, nil)
		},
		"GET / HTTP/1.1\r\nHost: api.example\r\nX: 1\r\nX: \r\nX: \xff\t\r\n\r\n": func() (string, error) {
			return write(t, "GET", "http://api.example", http.Header{"X": {"1", "", "\xff\t"}}, 0, nil)
		},
		"POST / HTTP/1.1\r\nHost: api.example\r\nContent-Length: 0\r\n\r\n": func() (string, error) {
			return write(t, "POST", "http://api.example/", nil, 0, nil)
		},
		"PUT / HTTP/1.1\r\nHost: api.example\r\nContent-Length: 4\r\n\r\nbody": func() (string, error) {
			return write(t, "PUT", "http://api.example/", http.Header{
				"Content-Length": {"9"}, "Transfer-Encoding": {"chunked"}, "Connection": {"close"}, "Host": {"other"}, "Trailer": {"X"},
			}, 4, iotest.OneByteReader(strings.NewReader("body")))
		},
	} {
		if got, err := got(); got != want || err != nil {
			t.Errorf("want %q\ngot  %q, %v", want, got, err)
		}
	}
}

// TestRequestThatCouldBeTwoIsNotSent: by whatever way a line break gets there.
func TestRequestThatCouldBeTwoIsNotSent(t *testing.T) {
	p := newPeer(t, toAll(fine))
	c := p.transport()
	for name, spoil := range map[string]func(*http.Request){
		"method":        func(r *http.Request) { r.Method = "GET / HTTP/1.1\r\nX:" },
		"no method":     func(r *http.Request) { r.Method = "" },
		"header":        func(r *http.Request) { r.Header.Set("X", "a\r\nAuthorization: b") },
		"bare LF":       func(r *http.Request) { r.Header.Set("X", "a\nb") },
		"NUL":           func(r *http.Request) { r.Header.Set("X", "a\x00b") },
		"name":          func(r *http.Request) { r.Header["X: y\r\nZ"] = []string{"a"} },
		"no name":       func(r *http.Request) { r.Header[""] = []string{"a"} },
		"name, space":   func(r *http.Request) { r.Header["Content-Length "] = []string{"5"} },
		"query":         func(r *http.Request) { r.URL.RawQuery = "a b\r\nc" },
		"opaque":        func(r *http.Request) { r.URL.Opaque = "//other/ HTTP/1.1\r\n\r\n" },
		"another host":  func(r *http.Request) { r.URL.Host = "elsewhere.example" },
		"TLS":           func(r *http.Request) { r.URL.Scheme = "https" },
		"short body":    func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(strings.NewReader("abc")), 4 },
		"long body":     func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(strings.NewReader("abc")), 2 },
		"broken body":   func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(iotest.ErrReader(io.ErrNoProgress)), 2 },
		"no length":     func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(strings.NewReader("abc")), -1 },
		"a huge body":   func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(strings.NewReader("abc")), MaxBody+1 },
		"an upgrade":    func(r *http.Request) { r.Header.Set("Upgrade", "websocket") },
		"a trailer":     func(r *http.Request) { r.Trailer = http.Header{"X": nil} },
		"CONNECT":       func(r *http.Request) { r.Method = "CONNECT" },
		"expects":       func(r *http.Request) { r.Header.Set("Expect", "100-continue") },
		"wants no more": func(r *http.Request) { r.Close = true },
		"coding":        func(r *http.Request) { r.TransferEncoding = []string{"chunked"} },
	} {
		r := p.request("GET", "")
		spoil(r)
		if _, err := c.RoundTrip(r); err == nil {
			t.Errorf("%s: was sent", name)
		}
	}
	if n := p.conns.Load(); n != 0 {
		t.Errorf("%d connections were opened", n)
	}
}

type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

func TestBodyIsClosedWhateverHappens(t *testing.T) {
	p := newPeer(t, toAll(fine))
	c := p.transport()
	for _, host := range []string{p.addr, "elsewhere.example"} {
		b := &closing{Reader: strings.NewReader("body")}
		r := p.request("POST", "body")
		r.Body, r.URL.Host = b, host
		if res, err := c.RoundTrip(r); err == nil {
			res.Body.Close()
		}
		if !b.closed {
			t.Errorf("%s: the body stays open", host)
		}
	}
}

// FuzzRequest: what is written is read as the one request that it was made of.
func FuzzRequest(f *testing.F) {
	f.Add("GET", "/a?b", "X-A", "1", "")
	f.Add("POST", "/", "Content-Length", "1", "body")
	f.Add("GET", "/\r\n", "X\r\nY", "1\n", "GET / HTTP/1.1\r\n\r\n")
	f.Fuzz(func(t *testing.T, method, path, name, value, body string) {
		r := &http.Request{Method: method, URL: &url.URL{Scheme: "http", Host: "h", Path: path}, Header: http.Header{name: {value}}}
		if body != "" {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		}
		if !Takes(r) {
			return
		}
		b, err := appendRequest(nil, r, "h")
		if err != nil {
			return
		}
		in := bufio.NewReader(bytes.NewReader(b))
		got, err := http.ReadRequest(in)
		if err != nil {
			t.Fatalf("%q: %v", b, err)
		}
		read, err := io.ReadAll(got.Body)
		if err != nil || string(read) != body || got.Method != method || got.Host != "h" || got.RequestURI != r.URL.RequestURI() {
			t.Fatalf("%q: %v %q", b, err, read)
		}
		if lines := got.Header.Values(name); !isFraming(name) && !(name == "User-Agent" && value == "") && !slices.Equal(lines, []string{strings.Trim(value, " \t")}) {
			t.Fatalf("%q: %q", b, lines)
		}
		if _, err := http.ReadRequest(in); !errors.Is(err, io.EOF) {
			t.Fatalf("%q: another one follows: %v", b, err)
		}
	})
}
