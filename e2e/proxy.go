package e2e

import (
	"io"
	"log"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
)

// recorded gives the base URL of a proxy that passes everything on to the server
// as it is and remembers it, for clients that run in a process of their own.
func (s *server) recorded(t *testing.T) (baseURL string, seen *calls) {
	t.Helper()
	target, err := url.Parse(s.Origin())
	if err != nil {
		t.Fatal(err)
	}
	seen = newCalls(t)
	seen.transport.DisableCompression = true
	proxy := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport: seen,
		ErrorLog:  log.New(io.Discard, "", 0),
	})
	t.Cleanup(proxy.Close)
	return proxy.URL + "/client/v4", seen
}
