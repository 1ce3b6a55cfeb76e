package client

import (
	"errors"
	"net/http"
	"time"
)

// DefaultTimeout is how long a call may take, its answer included.
const DefaultTimeout = 30 * time.Second

// Client calls a v4 API. It may be used by many goroutines.
type Client struct {
	base string // without a slash at the end
	auth credential
	http *http.Client
}

// New is a client for the API at baseURL, which ends in /client/v4. Without
// [WithToken] or [WithKey] it sends no credential.
//
// Plain http is for loopback addresses only, unless [AllowPlainHTTP] is given:
// credentials and new secrets would cross the network in clear.
func New(baseURL string, opts ...Option) (*Client, error) {
	s := settings{timeout: DefaultTimeout}
	for _, o := range opts {
		o(&s)
	}
	base, err := parseBase(baseURL, s.plainHTTP)
	if err != nil {
		return nil, err
	}
	if err := s.auth.check(); err != nil {
		return nil, err
	}
	if s.timeout <= 0 {
		return nil, errors.New("client: the timeout must be positive")
	}
	return &Client{base: base, auth: s.auth, http: &http.Client{
		Transport:     s.transport,
		Timeout:       s.timeout,
		CheckRedirect: checkRedirect,
	}}, nil
}

// BaseURL is the address of the API, without a slash at the end.
func (c *Client) BaseURL() string { return c.base }

// Option sets something of a [Client].
type Option func(*settings)

type settings struct {
	auth      credential
	timeout   time.Duration
	plainHTTP bool
	transport http.RoundTripper
}

// WithToken sends secret as the bearer token.
func WithToken(secret string) Option {
	return func(s *settings) { s.auth.token = secret; s.auth.bearer = true }
}

// WithKey sends a user's e-mail address and API key.
func WithKey(email, key string) Option {
	return func(s *settings) { s.auth.email, s.auth.key = email, key; s.auth.keyed = true }
}

// WithTimeout is how long a call may take in place of [DefaultTimeout].
func WithTimeout(d time.Duration) Option {
	return func(s *settings) { s.timeout = d }
}

// WithTransport sends requests through rt, for an authority with a certificate
// of its own for one. Redirects and the timeout stay with the client.
func WithTransport(rt http.RoundTripper) Option {
	return func(s *settings) { s.transport = rt }
}

// AllowPlainHTTP lets New take an http address that is not loopback. Whoever can
// read the network between can then read every secret.
func AllowPlainHTTP() Option {
	return func(s *settings) { s.plainHTTP = true }
}
