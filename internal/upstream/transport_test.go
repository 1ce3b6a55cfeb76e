package upstream

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestBodiesOfEveryLengthArriveWhole: short ones and long ones go different ways.
func TestBodiesOfEveryLengthArriveWhole(t *testing.T) {
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			n = -1
		}
		io.WriteString(w, strconv.FormatInt(n, 10)+" "+r.Header.Get("Authorization"))
	}, nil)
	for _, size := range []int{0, 1, 8<<10 - 1, 8 << 10, 8<<10 + 1, 64 << 10, 1 << 20} {
		for _, chunked := range []bool{false, true} {
			var body io.Reader = strings.NewReader(strings.Repeat("x", size))
			if chunked {
				body = io.MultiReader(body) // of which net/http does not know the length
			}
			res, err := http.Post(w.front.URL+records, "text/plain", body)
			if err != nil {
				t.Fatal(err)
			}
			got, _ := io.ReadAll(res.Body)
			res.Body.Close()
			if want := strconv.Itoa(size) + " Bearer " + secret; string(got) != want {
				t.Errorf("%d bytes, chunked %t: %s", size, chunked, got)
			}
		}
	}
}

// half opens a connection to the front and sends the half of a request's body.
func (w *world) half(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", w.front.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	io.WriteString(conn, "POST "+records+" HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\nhalf")
	return conn
}

// TestHalfOfAShortBodyIsNotSent: the upstream hears nothing of a request whose client
// went away, or lost its right, in the middle of a short body.
func TestHalfOfAShortBodyIsNotSent(t *testing.T) {
	var called atomic.Bool
	w := newWorld(t, func(http.ResponseWriter, *http.Request) { called.Store(true) }, func(c *Config) { c.Recheck = 10 * time.Millisecond })
	w.half(t).(*net.TCPConn).CloseWrite()
	conn := w.half(t)
	w.denied.Store(true)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode != http.StatusForbidden || !strings.Contains(string(body), "any more") || called.Load() {
		t.Errorf("%d %s, the upstream was called: %t", res.StatusCode, body, called.Load())
	}
}

// TestNextCallerGetsNoAnswerOfAnothers: an upstream that says too much on a
// connection that is kept.
func TestNextCallerGetsNoAnswerOfAnothers(t *testing.T) {
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery != "more" {
			io.WriteString(w, "mine")
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		one := "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
		io.WriteString(conn, one+"first"+one+"evil!")
		io.Copy(io.Discard, conn)
	}, nil)
	for range 20 {
		if _, body := w.get(records + "?more"); body != "first" {
			t.Errorf("got %q", body)
		}
		if _, body := w.get(records); body != "mine" {
			t.Errorf("the next one got %q", body)
		}
	}
}
