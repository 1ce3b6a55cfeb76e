package enforce_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/enforcetest"
)

// BenchmarkForwardAuth is a question that is answered yes, over HTTP and many
// connections, by net/http and by plainhttp, beside a handler that does nothing on
// net/http. What asks costs as much as what answers, so the ratio is what is to be looked at. p99
// is in ns.
func BenchmarkForwardAuth(b *testing.B) {
	w := enforcetest.New(b)
	w.Settle()
	tok := w.Issue("north", "Stores Read", "north")
	empty := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer empty.Close()
	question := "GET " + nginx + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + tok.Secret +
		"\r\nUser-Agent: curl/8\r\nAccept: */*\r\nX-Original-Method: GET\r\nX-Original-Uri: /stores/north\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n"
	for _, conns := range []int{1, 16} {
		for _, s := range []struct {
			name   string
			server *httptest.Server
		}{{"empty", empty}, {"forwardauth", w.Open}, {"lean", w.Lean}} {
			b.Run(fmt.Sprintf("%s/conns=%d", s.name, conns), func(b *testing.B) {
				b.ReportAllocs()
				load(b, s.server.Listener.Addr().String(), question, conns)
			})
		}
	}
}

// load asks b.N times over some connections.
func load(b *testing.B, addr, question string, conns int) {
	b.Helper()
	took := make([][]time.Duration, conns)
	var wg sync.WaitGroup
	for i := range conns {
		n := b.N / conns
		if i == 0 {
			n = b.N - n*(conns-1)
		}
		wg.Go(func() {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			r := bufio.NewReader(conn)
			for range n {
				start := time.Now()
				if _, err := conn.Write([]byte(question)); err != nil {
					b.Error(err)
					return
				}
				line, err := r.ReadSlice('\n')
				if err != nil || string(line[9:12]) != "204" {
					b.Errorf("%q %v", line, err)
					return
				}
				for len(line) > 2 && err == nil {
					line, err = r.ReadSlice('\n')
				}
				took[i] = append(took[i], time.Since(start))
			}
		})
	}
	wg.Wait()
	all := slices.Concat(took...)
	if len(all) > 0 {
		slices.Sort(all)
		b.ReportMetric(float64(all[len(all)*99/100]), "p99-ns")
	}
}

// BenchmarkAnswer is the endpoint's part of it alone.
func BenchmarkAnswer(b *testing.B) {
	w := enforcetest.New(b)
	w.Settle()
	tok := w.Issue("north", "Stores Read", "north")
	r := httptest.NewRequest(http.MethodGet, nginx, nil)
	r.Header = original("GET", "/stores/north", tok.Secret)
	handler := w.Open.Config.Handler
	b.ReportAllocs()
	for b.Loop() {
		out := &blank{header: make(http.Header, 8)}
		if handler.ServeHTTP(out, r); out.status != 204 {
			b.Fatal(out.status)
		}
	}
}

// blank is a ResponseWriter that costs nothing.
type blank struct {
	header http.Header
	status int
}

func (w *blank) Header() http.Header         { return w.header }
func (w *blank) Write(b []byte) (int, error) { return len(b), nil }
func (w *blank) WriteHeader(status int)      { w.status = status }
