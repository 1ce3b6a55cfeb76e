package upstream

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Defaults of Config.
const (
	DefaultDialTimeout     = 5 * time.Second
	DefaultResponseTimeout = 60 * time.Second
	DefaultStallTimeout    = 2 * time.Minute
	DefaultRecheck         = 5 * time.Second
	DefaultMaxRequests     = 2048
	DefaultMaxListPages    = 100
)

// Bounds that are not configured.
const (
	maxResponseHeader = 64 << 10
	idlePerHost       = 256 // connections kept open to the upstream
	idleTimeout       = 90 * time.Second
	expectTimeout     = time.Second // how long an upload waits for a 100 that it asked for
	maxListPage       = 8 << 20     // bytes of one page of a list that is filtered
)

// Config is what a Proxy is made of.
type Config struct {
	Name string // for the log
	URL  string // scheme, host and what stands before every path

	// TokenFile holds the credential, in one line. "" calls the upstream without.
	TokenFile string
	Header    string // that the credential is sent in, Authorization when empty
	Scheme    string // before the credential, and a space; Bearer in Authorization when empty, "none" for nothing

	DialTimeout     time.Duration // for the connection, and again for TLS
	ResponseTimeout time.Duration // from the end of the request to the header of the answer
	StallTimeout    time.Duration // for which nothing need move in a body; event streams and WebSockets may rest
	Recheck         time.Duration // after which a request that still runs is judged again
	MaxRequests     int           // at one time
	MaxListPages    int           // of the upstream's that are read to make one of a filtered list

	// SharedHost says that pages for people are served by the same host name: what
	// the upstream sends must not act there.
	SharedHost bool
	Logger     *slog.Logger // nil logs nothing
}

func (c *Config) withDefaults() {
	for v, d := range map[*time.Duration]time.Duration{
		&c.DialTimeout: DefaultDialTimeout, &c.ResponseTimeout: DefaultResponseTimeout,
		&c.StallTimeout: DefaultStallTimeout, &c.Recheck: DefaultRecheck,
	} {
		if *v == 0 {
			*v = d
		}
	}
	if c.MaxRequests == 0 {
		c.MaxRequests = DefaultMaxRequests
	}
	if c.MaxListPages == 0 {
		c.MaxListPages = DefaultMaxListPages
	}
	if c.Header == "" {
		c.Header = "Authorization"
	}
	c.Header = http.CanonicalHeaderKey(c.Header)
	switch {
	case c.Scheme == "" && c.Header == "Authorization":
		c.Scheme = "Bearer "
	case c.Scheme == "none":
		c.Scheme = ""
	case c.Scheme != "":
		c.Scheme += " "
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
}

// check gives the base address, or every fault of the configuration.
func (c *Config) check() (*url.URL, error) {
	var wrong []error
	u, err := url.Parse(c.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		wrong = append(wrong, fmt.Errorf("%q is not a URL such as https://api.example.com", clip(c.URL, 100)))
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.RawPath != "":
		wrong = append(wrong, errors.New("its URL may have a scheme, a host and a plain path"))
	case strings.Contains(u.Path, "//") || strings.Contains(u.Path+"/", "/../") || strings.Contains(u.Path+"/", "/./"):
		wrong = append(wrong, errors.New("the path of its URL is not plain"))
	default:
		u.Path = strings.TrimSuffix(u.Path, "/")
	}
	if !isName(c.Header) || isHop(c.Header) {
		wrong = append(wrong, fmt.Errorf("%q is not a header that can hold a credential", c.Header))
	}
	if strings.Trim(c.Scheme, " ") != "" && !isName(strings.TrimSuffix(c.Scheme, " ")) {
		wrong = append(wrong, fmt.Errorf("%q is not a scheme such as Bearer", c.Scheme))
	}
	if c.DialTimeout < 0 || c.ResponseTimeout < 0 || c.StallTimeout < 0 || c.Recheck < 0 || c.MaxRequests < 0 || c.MaxListPages < 0 {
		wrong = append(wrong, errors.New("its limits must be above zero"))
	}
	return u, errors.Join(wrong...)
}

// isName reports whether s is a token of RFC 9110, 5.6.2, of the usual characters.
func isName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == ""
}
