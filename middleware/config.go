package middleware

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Defaults of Config.
const (
	DefaultMaxStaleness = 5 * time.Second
	DefaultTimeout      = 2 * time.Second
	DefaultCacheSize    = 65_536
)

// Config is what a Guard is made of.
type Config struct {
	// Endpoint is where the enforcement endpoint is: http://127.0.0.1:9443. Plain
	// http is for loopback and for networks that nobody can read.
	Endpoint string
	// Secret is what the endpoint asks for: the content of its
	// --enforce-secret-file.
	Secret string
	// API is the name of the catalogue by which requests are judged.
	API string
	// Prefix is what the API's paths begin with, "" for nothing.
	Prefix string

	// ClientAddr is the client's address; nil is the TCP peer's. The zero Addr is
	// an unknown address. Behind a proxy the peer is the proxy: then this has to
	// read the one header that it writes, and take only what it wrote itself.
	ClientAddr func(*http.Request) netip.Addr
	// FiltersLists are the ids of operations that the catalogue marks as lists and
	// whose handlers ask May about each row. Every other list is refused: whoever has
	// a live token would be shown all of it.
	FiltersLists []string
	// KeepCredential leaves the Authorization header in requests for handlers.
	KeepCredential bool

	MaxStaleness time.Duration     // for how long a revocation may go unnoticed; 0 is DefaultMaxStaleness
	Timeout      time.Duration     // of a question; 0 is DefaultTimeout
	CacheSize    int               // answers that are kept; 0 is DefaultCacheSize, below 0 none
	Transport    http.RoundTripper // to the endpoint; nil is one of its own
	Logger       *slog.Logger      // nil logs nothing
}

func (c *Config) complete() (*url.URL, error) {
	c.MaxStaleness = cmp.Or(c.MaxStaleness, DefaultMaxStaleness)
	c.Timeout = cmp.Or(c.Timeout, DefaultTimeout)
	c.CacheSize = cmp.Or(c.CacheSize, DefaultCacheSize)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Transport == nil {
		c.Transport = &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Minute}
	}
	if c.ClientAddr == nil {
		c.ClientAddr = peerAddr
	}
	var faults []error
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" || u.User != nil || u.RawQuery != "" {
		faults = append(faults, fmt.Errorf("middleware: Endpoint %q is not a URL such as http://127.0.0.1:9443", c.Endpoint))
	}
	if c.Secret == "" {
		faults = append(faults, errors.New("middleware: no Secret"))
	}
	if c.API == "" {
		faults = append(faults, errors.New("middleware: no API"))
	}
	if c.Prefix != "" && !strings.HasPrefix(c.Prefix, "/") {
		faults = append(faults, fmt.Errorf("middleware: Prefix %q does not begin with a slash", c.Prefix))
	}
	if c.MaxStaleness < 0 || c.Timeout < 0 {
		faults = append(faults, errors.New("middleware: MaxStaleness and Timeout cannot be negative"))
	}
	return u, errors.Join(faults...)
}

func peerAddr(r *http.Request) netip.Addr {
	p, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return p.Addr().Unmap().WithZone("")
}
