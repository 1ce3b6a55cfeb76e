package upstream

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// newHTTP2World is a world whose upstream speaks TLS and, by ALPN, HTTP/2. opened
// counts its connections.
func newHTTP2World(t *testing.T, toy http.HandlerFunc, change func(*Config)) (w *world, opened *atomic.Int64) {
	t.Helper()
	opened = new(atomic.Int64)
	back := httptest.NewUnstartedServer(toy)
	back.EnableHTTP2 = true
	back.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	back.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	back.StartTLS()
	t.Cleanup(back.Close)
	w = newWorld(t, nil, func(c *Config) {
		c.URL = back.URL
		if change != nil {
			change(c)
		}
	})
	roots := x509.NewCertPool()
	roots.AddCert(back.Certificate())
	w.proxy.transport.full.TLSClientConfig = &tls.Config{RootCAs: roots}
	return w, opened
}

// TestHTTP2UpstreamShares one connection among requests, with their trailers and
// without the credential in what comes back.
func TestHTTP2UpstreamShares(t *testing.T) {
	const together = 20
	var all sync.WaitGroup
	all.Add(together)
	w, opened := newHTTP2World(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "first" {
			return
		}
		all.Done()
		all.Wait() // all are under way at one time
		w.Header().Set("Trailer", "X-Sum")
		w.Header().Set("X-Echo", r.Header.Get("Authorization"))
		fmt.Fprint(w, r.Proto, " ", r.Header.Get("Authorization") == "Bearer "+secret, " ", r.Header.Get("Tokenward-Owner"))
		w.(http.Flusher).Flush() // or its length is known, and HTTP/1.1 has no trailers then
		w.Header().Set("X-Sum", "1")
		w.Header().Set(http.TrailerPrefix+"X-Late", r.Header.Get("Authorization"))
	}, nil)
	w.get(records + "?first") // opens the connection
	var group sync.WaitGroup
	for range together {
		group.Go(func() {
			res, body := w.get(records)
			if body != "HTTP/2.0 true account:"+account || res.Trailer.Get("X-Sum") != "1" {
				t.Errorf("%d %s %v", res.StatusCode, body, res.Trailer)
			}
			if all := fmt.Sprint(res.Header, res.Trailer); strings.Contains(all, secret) {
				t.Error(all)
			}
		})
	}
	group.Wait()
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

func TestHTTP2UpstreamStreamsBigBodies(t *testing.T) {
	const size = 8 << 20
	w, _ := newHTTP2World(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			n, err := io.Copy(io.Discard, r.Body)
			fmt.Fprint(w, r.Proto, n, err)
			return
		}
		io.CopyN(w, zeros{}, size)
	}, nil)
	res, err := http.Get(w.front.URL + records)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if n, err := io.Copy(io.Discard, res.Body); n != size || err != nil {
		t.Errorf("download: %d bytes, %v", n, err)
	}
	if res, err = http.Post(w.front.URL+records, "", io.LimitReader(zeros{}, size)); err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, _ := io.ReadAll(res.Body); string(b) != fmt.Sprint("HTTP/2.0", size, nil) {
		t.Errorf("upload: %s", b)
	}
}

func TestHTTP2UpstreamSendsEventsAtOnce(t *testing.T) {
	next := make(chan string)
	w, _ := newHTTP2World(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for e := range next {
			io.WriteString(w, e)
			w.(http.Flusher).Flush()
		}
	}, nil)
	defer close(next)
	go func() { next <- "data: 1\n" }()
	res, err := http.Get(w.front.URL + records)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewReader(res.Body)
	for i := 1; i < 4; i++ {
		if got, err := lines.ReadString('\n'); got != fmt.Sprintf("data: %d\n", i) {
			t.Fatal(got, err)
		}
		if i < 3 {
			next <- fmt.Sprintf("data: %d\n", i+1)
		}
	}
}

// TestHTTP2UpstreamMayGoAway: it ends its connections in good order, again and again,
// and no request is lost.
func TestHTTP2UpstreamMayGoAway(t *testing.T) {
	var served atomic.Int64
	w, opened := newHTTP2World(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if served.Add(1)%10 == 0 {
			w.Header().Set("Connection", "close") // GOAWAY, in HTTP/2
		}
		fmt.Fprint(w, r.Proto, string(b))
	}, nil)
	const clients, each = 8, 25
	var group sync.WaitGroup
	for range clients {
		group.Go(func() {
			for i := range each {
				method, lines, want := "GET", []string{""}, "HTTP/2.0"
				if i%2 == 1 {
					method, lines, want = "POST", []string{"Content-Length: 4", "", "body"}, "HTTP/2.0body"
				}
				res, body := w.raw(append([]string{method + " " + records + " HTTP/1.1", "Host: x", "Connection: close"}, append(lines, "")...)...)
				if method == "POST" {
					body = strings.TrimSuffix(body, "\r\n")
				}
				if res.StatusCode != 200 || body != want {
					t.Errorf("%s: %d %q", method, res.StatusCode, body)
				}
			}
		})
	}
	group.Wait()
	if n := opened.Load(); n < 5 {
		t.Errorf("only %d connections", n)
	}
	if n := served.Load(); n != clients*each {
		t.Errorf("%d requests were served, of %d", n, clients*each)
	}
}

// TestHTTP2UpstreamThatBreaksOneStreamHarmsNoOther.
func TestHTTP2UpstreamThatBreaksOneStreamHarmsNoOther(t *testing.T) {
	release := make(chan struct{})
	w, opened := newHTTP2World(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.RawQuery {
		case "break":
			io.WriteString(w, "part")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		case "sleep":
			<-release
		}
		io.WriteString(w, "whole")
	}, func(c *Config) { c.ResponseTimeout = 300 * time.Millisecond })
	defer close(release)
	w.get(records)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			res, err := http.Get(w.front.URL + records + "?break")
			if err == nil {
				_, err = io.ReadAll(res.Body)
				res.Body.Close()
			}
			if err == nil {
				t.Error("half a body passed for a whole one")
			}
		})
		group.Go(func() {
			if res, body := w.get(records + "?sleep"); res.StatusCode != 504 || !strings.Contains(body, `"code":7031`) {
				t.Errorf("slow: %d %s", res.StatusCode, body)
			}
		})
		group.Go(func() {
			if res, body := w.get(records); res.StatusCode != 200 || body != "whole" {
				t.Errorf("beside them: %d %s", res.StatusCode, body)
			}
		})
	}
	group.Wait()
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

// TestHTTP2UpstreamTakesWebSockets, over connections that speak HTTP/1.1.
func TestHTTP2UpstreamTakesWebSockets(t *testing.T) {
	w, _ := newHTTP2World(t, func(w http.ResponseWriter, _ *http.Request) { echoSocket(w) }, nil)
	conn := w.socket(t, w.front.Listener.Addr().String())
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	io.WriteString(conn, "ping")
	got := make([]byte, 4)
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != "ping" {
		t.Error(string(got), err)
	}
}

// TestUpstreamWhoseCertificateNobodyVouchesFor gets no credential.
func TestUpstreamWhoseCertificateNobodyVouchesFor(t *testing.T) {
	var called atomic.Bool
	w, _ := newHTTP2World(t, func(http.ResponseWriter, *http.Request) { called.Store(true) }, nil)
	w.proxy.transport.full.TLSClientConfig = nil
	if res, body := w.get(records); res.StatusCode != 502 || !strings.Contains(body, `"code":7030`) || called.Load() {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}
