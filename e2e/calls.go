package e2e

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// call is one request and the status of its answer.
type call struct {
	method, path, query string
	status              int
}

// calls passes requests on and remembers them, so that a test can tell that its
// client did ask the server, and how often.
type calls struct {
	transport *http.Transport
	mu        sync.Mutex
	list      []call
}

func newCalls(t *testing.T) *calls {
	c := &calls{transport: http.DefaultTransport.(*http.Transport).Clone()}
	c.transport.Proxy = nil
	t.Cleanup(c.transport.CloseIdleConnections)
	return c
}

// RoundTrip makes calls an http.RoundTripper.
func (c *calls) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := c.transport.RoundTrip(r)
	made := call{method: r.Method, path: strings.TrimPrefix(r.URL.EscapedPath(), "/client/v4"), query: r.URL.RawQuery}
	if err == nil {
		made.status = res.StatusCode
	}
	c.add(made)
	return res, err
}

func (c *calls) add(made call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, made)
}

// take gives the calls since the last take.
func (c *calls) take() []call {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.list
	c.list = nil
	return list
}

// count says how many of the calls since the last take were of one kind.
func (c *calls) count(method, path string) int {
	n := 0
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, made := range c.list {
		if made.method == method && made.path == path {
			n++
		}
	}
	return n
}

// want fails the test unless these were the calls, "METHOD /path status" each,
// in this order.
func want(t *testing.T, got []call, lines ...string) {
	t.Helper()
	have := make([]string, len(got))
	for i, c := range got {
		have[i] = c.String()
	}
	if !slices.Equal(have, lines) {
		t.Errorf("calls:\n  %s\nwant:\n  %s", strings.Join(have, "\n  "), strings.Join(lines, "\n  "))
	}
}

func (c call) String() string { return c.method + " " + c.path + " " + http.StatusText(c.status) }
