package upstream

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// bytesToStream is how much goes through in a test: 64 MiB, or what
// TOKENWARD_TEST_STREAM says in MiB.
func bytesToStream(t *testing.T) int64 { return int64(numberOf(t, "TOKENWARD_TEST_STREAM", 64)) << 20 }

// numberOf is a number from the environment.
func numberOf(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	s := os.Getenv(variable)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q", variable, s)
	}
	return n
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// TestBigBodiesKeepMemoryFlat: up and down at once, with the heap looked at on the
// way.
func TestBigBodiesKeepMemoryFlat(t *testing.T) {
	size := bytesToStream(t)
	var most uint64
	look := func(n int64) {
		if n%(8<<20) == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		}
	}
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			n, err := io.Copy(io.Discard, r.Body)
			fmt.Fprint(w, n, err)
			return
		}
		buf := make([]byte, 64<<10)
		for sent := int64(0); sent < size; sent += int64(len(buf)) {
			look(sent)
			w.Write(buf)
		}
	}, nil)
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	res, err := http.Get(w.front.URL + records)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, res.Body); n != size || err != nil {
		t.Errorf("download: %d bytes, %v", n, err)
	}
	res.Body.Close()
	up := &watched{r: io.LimitReader(zeros{}, size), look: look}
	if res, err = http.Post(w.front.URL+records, "application/octet-stream", up); err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, _ := io.ReadAll(res.Body); string(b) != fmt.Sprint(size, nil) {
		t.Errorf("upload: %s", b)
	}
	if most == 0 || most > before.HeapInuse+(16<<20) {
		t.Errorf("the heap grew from %d to %d KiB", before.HeapInuse>>10, most>>10)
	}
}

type watched struct {
	r    io.Reader
	n    int64
	look func(int64)
}

func (w *watched) Read(b []byte) (int, error) {
	n, err := w.r.Read(b[:min(len(b), 32<<10)])
	w.n += int64(n)
	w.look(w.n)
	return n, err
}

func TestEventsArriveAtOnceAndMayRest(t *testing.T) {
	next := make(chan string)
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		for e := range next {
			io.WriteString(w, e)
			w.(http.Flusher).Flush()
		}
	}, func(c *Config) { c.StallTimeout, c.Recheck = 20*time.Millisecond, 5*time.Millisecond })
	defer close(next)
	go func() { next <- "data: 1\n\n" }()
	res, err := http.Get(w.front.URL + records)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewReader(res.Body)
	if got, _ := lines.ReadString('\n'); got != "data: 1\n" {
		t.Fatal(got)
	}
	rested := time.NewTimer(100 * time.Millisecond) // longer than anything else may rest
	<-rested.C
	lines.ReadString('\n')
	next <- "data: 2\n\n"
	if got, err := lines.ReadString('\n'); got != "data: 2\n" {
		t.Fatal(got, err)
	}
}

func TestTrailersOfAnswersArrive(t *testing.T) {
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, "body")
		w.(http.Flusher).Flush()
		w.Header().Set("X-Sum", "4")
		w.Header().Set(http.TrailerPrefix+"Set-Cookie", "a=b")
	}, nil)
	res, err := http.Get(w.front.URL + records)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	io.Copy(io.Discard, res.Body)
	if res.Trailer.Get("X-Sum") != "4" || res.Trailer.Get("Set-Cookie") != "" {
		t.Error(res.Trailer)
	}
}

func TestUploadWaitsForAContinue(t *testing.T) {
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusRequestEntityTooLarge) // without looking at the body
	}, nil)
	res, _ := w.raw("POST "+records+" HTTP/1.1", "Host: x", "Connection: close", "Content-Length: 1000000", "Expect: 100-continue", "", "")
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Error(res.StatusCode)
	}
}

// TestWhoIsRevokedIsCutOff: in the middle of a download, of an upload and of a
// WebSocket.
func TestWhoIsRevokedIsCutOff(t *testing.T) {
	begun := make(chan struct{}, 3)
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Upgrade") != "":
			echoSocket(w)
		case r.Method == http.MethodPost:
			io.Copy(io.Discard, r.Body)
		default:
			io.WriteString(w, "first")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}
	}, func(c *Config) { c.Recheck = 10 * time.Millisecond })
	res, err := http.Get(w.front.URL + records)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	socket := w.socket(t, w.front.Listener.Addr().String())
	defer socket.Close()
	body, feed := io.Pipe()
	uploaded := make(chan string, 1)
	go func() {
		res, err := http.Post(w.front.URL+records, "", body)
		if err != nil {
			uploaded <- err.Error()
			return
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		uploaded <- fmt.Sprint(res.StatusCode, string(b))
	}()
	feed.Write([]byte("part"))
	begun <- struct{}{}
	w.denied.Store(true)
	if got, err := io.ReadAll(res.Body); err == nil || string(got) != "first" {
		t.Errorf("the download ended well: %q %v", got, err)
	}
	socket.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.ReadAll(socket); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the WebSocket goes on")
	}
	if got := <-uploaded; !strings.HasPrefix(got, "403") || !strings.Contains(got, "any more") {
		t.Errorf("the upload: %s", got)
	}
	feed.Close()
}

func TestDeadAndSlowUpstreamsEndInTime(t *testing.T) {
	release := make(chan struct{})
	w := newWorld(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Query().Get("do") {
		case "sleep":
			<-release
		case "stall":
			io.WriteString(w, "part")
			w.(http.Flusher).Flush()
			<-release
		}
	}, func(c *Config) {
		c.ResponseTimeout, c.StallTimeout, c.Recheck = 100*time.Millisecond, 50*time.Millisecond, 10*time.Millisecond
	})
	defer close(release)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if res, body := w.get(records + "?do=sleep"); res.StatusCode != 504 || !strings.Contains(body, `"code":7031`) {
				t.Errorf("slow: %d %s", res.StatusCode, body)
			}
		})
	}
	for range 20 {
		if res, _ := w.get(records); res.StatusCode != 200 {
			t.Errorf("beside the slow ones: %d", res.StatusCode)
		}
	}
	group.Wait()
	res, err := http.Get(w.front.URL + records + "?do=stall")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if _, err := io.ReadAll(res.Body); err == nil {
		t.Error("half a body passed for a whole one")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	dead := newWorld(t, nil, func(c *Config) { c.URL = "http://" + address })
	if res, body := dead.get(records); res.StatusCode != 502 || !strings.Contains(body, `"code":7030`) || strings.Contains(body, address) {
		t.Errorf("dead: %d %s", res.StatusCode, body)
	}
}

func TestRequestsAtOneTimeAreBounded(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	w := newWorld(t, func(http.ResponseWriter, *http.Request) { entered <- struct{}{}; <-release }, func(c *Config) { c.MaxRequests = 2 })
	done := make(chan int, 2)
	for range 2 {
		go func() {
			res, _ := w.get(records)
			done <- res.StatusCode
		}()
		<-entered
	}
	res, body := w.get(records)
	if res.StatusCode != 503 || res.Header.Get("Retry-After") != "1" || !strings.Contains(body, `"success":false`) {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	close(release)
	if a, b := <-done, <-done; a != 200 || b != 200 {
		t.Error(a, b)
	}
}

// echoSocket takes an upgrade and answers what it gets.
func echoSocket(w http.ResponseWriter) {
	conn, buf, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSet-Cookie: a=b\r\n\r\n")
	copySmall(conn, buf.Reader)
}

// socket opens a WebSocket at the front, or at the toy itself.
func (w *world) socket(tb testing.TB, address string) net.Conn {
	tb.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		tb.Fatal(err)
	}
	io.WriteString(conn, "GET "+records+" HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	one := make([]byte, 1)
	var head strings.Builder
	for !strings.HasSuffix(head.String(), "\r\n\r\n") {
		if _, err := conn.Read(one); err != nil {
			tb.Fatalf("%v after %q", err, head.String())
		}
		head.Write(one)
	}
	through := address == w.front.Listener.Addr().String()
	if !strings.HasPrefix(head.String(), "HTTP/1.1 101 ") || through && (strings.Contains(head.String(), "Cookie") || !strings.Contains(head.String(), "Cf-Ray: ray")) {
		tb.Fatal(head.String())
	}
	conn.SetDeadline(time.Time{})
	return conn
}

// TestIdleWebSocketsAreCheap: the client and the toy upstream are in this process
// too; what they cost without a gateway is taken off. There are 200 of them, or as
// many as TOKENWARD_TEST_SOCKETS says.
func TestIdleWebSocketsAreCheap(t *testing.T) {
	number := numberOf(t, "TOKENWARD_TEST_SOCKETS", 200)
	w := newWorld(t, func(w http.ResponseWriter, _ *http.Request) { echoSocket(w) }, nil)
	inUse := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapInuse + m.StackInuse
	}
	cost := func(address string) uint64 {
		w.socket(t, address).Close()
		before := inUse()
		var open []net.Conn
		for range number {
			open = append(open, w.socket(t, address))
		}
		after := inUse()
		for _, c := range open {
			c.SetDeadline(time.Now().Add(10 * time.Second))
			io.WriteString(c, "ping")
			got := make([]byte, 4)
			if _, err := io.ReadFull(c, got); err != nil || string(got) != "ping" {
				t.Fatal(string(got), err)
			}
			c.Close()
		}
		return (after - min(before, after)) / uint64(number)
	}
	through := cost(w.front.Listener.Addr().String())
	bare := cost(w.proxy.base.Host)
	t.Logf("%d KiB each through the gateway, %d without", through>>10, bare>>10)
	if through > bare+64<<10 {
		t.Errorf("an idle WebSocket costs %d KiB", (through-bare)>>10)
	}
}

func TestOnlyAGetBecomesAWebSocket(t *testing.T) {
	w := newWorld(t, echo, nil)
	res, body := w.raw("POST "+records+" HTTP/1.1", "Host: x", "Connection: Upgrade", "Upgrade: websocket", "Content-Length: 0", "", "")
	if res.StatusCode != 400 {
		t.Errorf("%d %s", res.StatusCode, body)
	}
	_, body = w.raw("GET "+records+" HTTP/1.1", "Host: x", "Connection: Upgrade, HTTP2-Settings, close", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA", "", "")
	if strings.Contains(body, "h2c") || strings.Contains(body, "Settings") || !strings.HasPrefix(body, "GET ") {
		t.Error(body)
	}
}

// TestClientThatGoesAwayEndsTheUpstreamsWork too.
func TestClientThatGoesAwayEndsTheUpstreamsWork(t *testing.T) {
	gone := make(chan struct{})
	entered := make(chan struct{})
	w := newWorld(t, func(_ http.ResponseWriter, r *http.Request) { close(entered); <-r.Context().Done(); close(gone) }, nil)
	ctx, leave := context.WithCancel(t.Context())
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, w.front.URL+records, nil)
	go http.DefaultClient.Do(req)
	<-entered
	leave()
	<-gone
}
