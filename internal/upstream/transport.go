package upstream

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"

	"github.com/tokenward/tokenward/internal/h1"
)

// transport sends requests to the upstream: those that h1 takes by it, and all
// others, which are rarer and longer, by net/http. They share limits and timeouts,
// not connections.
type transport struct {
	lean *h1.Transport // nil for an upstream that is not called over plain HTTP
	full *http.Transport
}

func newTransport(cfg *Config, base *url.URL) *transport {
	dialer := &net.Dialer{Timeout: cfg.DialTimeout}
	t := &transport{full: &http.Transport{
		Proxy:       nil, // the environment of the server has no say in where the credential goes
		DialContext: dialer.DialContext, TLSHandshakeTimeout: cfg.DialTimeout,
		ResponseHeaderTimeout: cfg.ResponseTimeout, ExpectContinueTimeout: expectTimeout,
		MaxIdleConnsPerHost: idlePerHost, IdleConnTimeout: idleTimeout,
		MaxResponseHeaderBytes: maxResponseHeader,
		DisableCompression:     true, // what the client takes is between it and the upstream
		ForceAttemptHTTP2:      true,
	}}
	if base.Scheme == "http" && isPlainHost(base.Host) {
		t.lean = h1.New(h1.Config{
			Address: withPort(base), Host: base.Host,
			DialTimeout: cfg.DialTimeout, AnswerTimeout: cfg.ResponseTimeout,
			IdleTimeout: idleTimeout, MaxIdle: idlePerHost, MaxHeader: maxResponseHeader,
		})
	}
	return t
}

// RoundTrip is http.RoundTripper's.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if t.lean != nil && h1.Takes(r) {
		return t.lean.RoundTrip(r)
	}
	r, err := hold(r)
	if err != nil {
		return nil, err
	}
	return t.full.RoundTrip(r)
}

// hold reads a short body into memory. An HTTP/2 upstream that is about to end a
// connection says which requests on it it has not looked at (RFC 9113, 6.8); net/http
// sends those again whose bodies it can have once more.
func hold(r *http.Request) (*http.Request, error) {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength <= 0 || r.ContentLength > h1.MaxBody || len(r.Header["Expect"]) > 0 {
		return r, nil
	}
	defer r.Body.Close()
	body, err := io.ReadAll(io.LimitReader(r.Body, r.ContentLength+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(body)) != r.ContentLength:
		return nil, errors.New("the body is not as long as was said")
	}
	held := r.WithContext(r.Context()) // r is the caller's
	held.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	held.Body, _ = held.GetBody()
	return held, nil
}

// CloseIdleConnections closes what is kept for later requests.
func (t *transport) CloseIdleConnections() {
	t.full.CloseIdleConnections()
	if t.lean != nil {
		t.lean.CloseIdleConnections()
	}
}

// isPlainHost reports whether a host and port can be written in a request and
// dialled as they are: not names in other alphabets, and not addresses with a zone.
func isPlainHost(host string) bool {
	for i := range len(host) {
		if c := host[i]; c <= ' ' || c > '~' || c == '%' {
			return false
		}
	}
	return host != ""
}

func withPort(u *url.URL) string {
	if u.Port() != "" {
		return u.Host
	}
	return net.JoinHostPort(u.Hostname(), "80")
}
