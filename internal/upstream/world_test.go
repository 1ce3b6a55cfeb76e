package upstream

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

const (
	account = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
	zone    = "11223344556677889900aabbccddeeff"
	records = "/zones/" + zone + "/dns_records"
)

// secret is what the upstream is called with.
var secret = strings.Repeat("upstream-", 5)

// world is a proxy before a toy upstream, both on real connections. The gate's
// part is played by a match with the built-in catalogue.
type world struct {
	tb     testing.TB
	proxy  *Proxy
	front  *httptest.Server
	file   string // of the credential
	log    *lockedBuffer
	denied atomic.Bool                // the caller may not do it any more
	sees   func(row policy.Path) bool // nil sees all
	// records judges records one by one; nil is for a caller who has all of them.
	records func(context.Context) (*Records, error)
}

func newWorld(tb testing.TB, toy http.HandlerFunc, change func(*Config)) *world {
	tb.Helper()
	back := httptest.NewServer(toy)
	tb.Cleanup(back.Close)
	w := &world{tb: tb, file: filepath.Join(tb.TempDir(), "token"), log: new(lockedBuffer)}
	if err := os.WriteFile(w.file, []byte(secret+"\n"), 0o600); err != nil {
		tb.Fatal(err)
	}
	cfg := Config{Name: "toy", URL: back.URL + "/base", TokenFile: w.file, Logger: slog.New(slog.NewTextHandler(w.log, nil))}
	if change != nil {
		change(&cfg)
	}
	var err error
	if w.proxy, err = New(cfg, catalog.V4()); err != nil {
		tb.Fatal(err)
	}
	w.front = httptest.NewUnstartedServer(http.HandlerFunc(w.serve))
	w.front.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	w.front.Start()
	tb.Cleanup(w.front.Close)
	tb.Cleanup(w.proxy.transport.CloseIdleConnections)
	return w
}

func (w *world) serve(rw http.ResponseWriter, r *http.Request) {
	m, miss := catalog.V4().Match(r.Method, r.URL.EscapedPath())
	if miss != catalog.Hit {
		rw.WriteHeader(http.StatusTeapot)
		return
	}
	w.proxy.Forward(rw, r, &Pass{
		Match: m, Addr: netip.MustParseAddr("203.0.113.7"),
		Identity: Identity{TokenID: "t1", TokenName: "a ünnamed", Owner: "account:" + account, Account: account, RequestID: "ray"},
		Records:  w.records,
		Find:     func(catalog.Place) (string, bool) { return "", false },
		Still:    func(context.Context) bool { return !w.denied.Load() },
		Sees: func(_ context.Context, _ *catalog.Operation, row policy.Path) (bool, error) {
			return w.sees == nil || w.sees(row), nil
		},
	})
}

// raw sends exactly these lines over a connection of its own.
func (w *world) raw(lines ...string) (*http.Response, string) {
	w.tb.Helper()
	conn, err := net.Dial("tcp", w.front.Listener.Addr().String())
	if err != nil {
		w.tb.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	io.WriteString(conn, strings.Join(lines, "\r\n"))
	method, _, _ := strings.Cut(lines[0], " ")
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		w.tb.Fatalf("%s: %v", lines[0], err)
	}
	body, _ := io.ReadAll(res.Body)
	return res, string(body)
}

func (w *world) get(path string, headers ...string) (*http.Response, string) {
	w.tb.Helper()
	lines := append([]string{"GET " + path + " HTTP/1.1", "Host: front.example", "Connection: close"}, headers...)
	return w.raw(append(lines, "", "")...)
}

// lockedBuffer is a buffer that a server may write while a test reads.
type lockedBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
