package upstream

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"
)

// BenchmarkAgainstBareProxy measures the median latency of a small GET, through
// Forward and through a ReverseProxy that does nothing else, one after the other
// in turns, so that what else the machine does meets both. The gate before Forward
// has a benchmark of its own.
func BenchmarkAgainstBareProxy(b *testing.B) {
	toy := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"result":null,"success":true,"errors":[],"messages":[]}`)
	}
	w := newWorld(b, toy, nil)
	target, _ := url.Parse(w.proxy.base.String())
	bare := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }, Transport: w.proxy.transport.full})
	b.Cleanup(bare.Close)
	for _, clients := range []int{1, 64} {
		b.Run(map[int]string{1: "1 connection", 64: "64 connections"}[clients], func(b *testing.B) {
			var ours, theirs []time.Duration
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * clients}}
			defer client.CloseIdleConnections()
			burst(b, client, clients, w.front.URL) // opens the connections
			burst(b, client, clients, bare.URL)
			for b.Loop() {
				ours = append(ours, burst(b, client, clients, w.front.URL)...)
				theirs = append(theirs, burst(b, client, clients, bare.URL)...)
			}
			m, n := median(ours), median(theirs)
			b.ReportMetric(float64(m)/1000, "µs/forward")
			b.ReportMetric(float64(n)/1000, "µs/bare")
			b.ReportMetric(float64(m)/float64(n), "ratio")
		})
	}
}

// burst is the latencies of 20 requests of each client, all clients at once.
func burst(b *testing.B, client *http.Client, clients int, base string) []time.Duration {
	const each = 20
	out := make([]time.Duration, clients*each)
	var group sync.WaitGroup
	for c := range clients {
		group.Go(func() {
			for i := range each {
				begun := time.Now()
				res, err := client.Get(base + records)
				if err != nil {
					b.Error(err)
					return
				}
				io.Copy(io.Discard, res.Body)
				res.Body.Close()
				out[c*each+i] = time.Since(begun)
			}
		})
	}
	group.Wait()
	return out
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}
