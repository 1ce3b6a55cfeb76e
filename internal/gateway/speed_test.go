package gateway

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// blank is a ResponseWriter that costs nothing.
type blank struct{ h http.Header }

func (b *blank) Header() http.Header         { return b.h }
func (b *blank) Write(p []byte) (int, error) { return len(p), nil }
func (b *blank) WriteHeader(int)             {}

// BenchmarkGate is one request through the whole gate, handler and Authorizer
// included, without net/http around it.
func BenchmarkGate(b *testing.B) {
	w, auth := zoneReader(b)
	for op := range w.gate.handlers {
		w.gate.handlers[op] = func(http.ResponseWriter, *http.Request, Pass[*holder]) {}
	}
	for _, bm := range []struct{ name, target string }{
		{"allowed", zoneURL},
		{"denied", "/client/v4/zones/" + otherZone + "/dns_records"},
		{"miss", "/client/v4/zones/abc"},
	} {
		r := httptest.NewRequest("GET", bm.target+"?per_page=100", nil)
		r.Header.Set("Authorization", auth[len("Authorization: "):])
		for _, header := range []string{"User-Agent", "Accept", "Accept-Encoding", "X-Client"} {
			r.Header.Set(header, "benchmark")
		}
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w.gate.ServeHTTP(&blank{make(http.Header, 8)}, r)
			}
		})
	}
}
