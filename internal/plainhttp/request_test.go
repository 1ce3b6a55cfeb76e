package plainhttp

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/http/httpguts"
)

// FuzzRead: what is taken for a plain request is one for net/http too, the same
// one, and nothing is left of it. The request before it leaves nothing behind.
func FuzzRead(f *testing.F) {
	for _, c := range cases {
		if len(c.raw) <= maxHead {
			f.Add([]byte(c.raw))
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var q request
		q.init("192.0.2.1:1")
		if !q.read([]byte("GET /before?x HTTP/1.1\r\nHost: before\r\nA: 1\r\nA: 2\r\nAuthorization: before\r\n\r\n")) {
			t.Fatal("the request before is not plain")
		}
		q.reset()
		for range 2 { // the second time all names are known
			if !bytes.HasSuffix(raw, endOfHead) || !q.read(bytes.Clone(raw)) {
				return
			}
			compare(t, raw, q.reset())
		}
	})
}

// compare holds a request against what net/http reads, and would let through.
func compare(t *testing.T, raw []byte, got *http.Request) {
	t.Helper()
	r := bufio.NewReader(bytes.NewReader(raw))
	want, err := http.ReadRequest(r)
	if err != nil {
		t.Fatalf("%q: net/http refuses it: %v", raw, err)
	}
	if rest, _ := io.ReadAll(r); len(rest) > 0 {
		t.Errorf("%q: net/http leaves %q", raw, rest)
	}
	if d := cmp.Diff(partsOf(want), partsOf(got)); d != "" {
		t.Errorf("%q: %s", raw, d)
	}
	if !httpguts.ValidHostHeader(got.Host) {
		t.Errorf("%q: the host is for net/http to refuse", raw)
	}
	for name, values := range got.Header {
		for _, v := range values {
			if !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(v) {
				t.Errorf("%q: %q: %q is for net/http to refuse", raw, name, v)
			}
		}
	}
}

// partsOf is what a request says.
func partsOf(r *http.Request) any {
	return map[string]any{
		"method": r.Method, "target": r.RequestURI, "url": *r.URL, "host": r.Host, "header": r.Header, "protocol": r.Proto,
		"version": [2]int{r.ProtoMajor, r.ProtoMinor}, "length": r.ContentLength, "coding": len(r.TransferEncoding),
		"trailer": len(r.Trailer), "close": r.Close, "no body": r.Body == http.NoBody,
	}
}

func TestHeadersBeyondTheLimitsAreNotPlain(t *testing.T) {
	for lines, want := range map[int]bool{maxLines - 1: true, maxLines: false} { // beside Host
		var q request
		q.init("")
		if got := q.read([]byte("GET / HTTP/1.1\r\nHost: x\r\n" + strings.Repeat("A: b\r\n", lines) + "\r\n")); got != want {
			t.Errorf("%d lines: %v", lines, got)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	head := []byte("GET /forward-auth/nginx/toyshop HTTP/1.1\r\nHost: api.example.com\r\nUser-Agent: curl/8\r\nAccept: */*\r\nAuthorization: Bearer " +
		strings.Repeat("x", 50) + "\r\nX-Original-Method: GET\r\nX-Original-URI: /stores/north\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n")
	var q request
	q.init("192.0.2.1:1")
	b.ReportAllocs()
	for b.Loop() {
		if !q.read(head) {
			b.Fatal("not plain")
		}
		q.reset()
	}
}
