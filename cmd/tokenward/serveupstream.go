package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/server"
	"github.com/tokenward/tokenward/internal/upstream"
)

// upstreamSpec is an --upstream as it was written.
type upstreamSpec struct {
	config       upstream.Config
	api          string // name of a custom catalogue, "" for the v4 API
	prefix, host string
}

// v4Name is how --upstream names the v4 API among catalogues.
const v4Name = "v4"

// noToken in place of a token file is an upstream without a credential.
const noToken = "none"

// readUpstreams reads --upstream, each a URL or a list of key=value, and checks
// them against the catalogues, which have been read before.
func (f *serveFlags) readUpstreams(c *serveConfig) error {
	if c.Catalog == nil {
		return nil // the fault has been named
	}
	if len(f.upstreams) == 0 && f.upstreamTokenFile != "" {
		return errors.New("is missing beside --upstream-token-file")
	}
	var wrong []error
	for _, text := range f.upstreams {
		s, err := f.readUpstream(c, text)
		if err == nil {
			err = c.placeUpstream(&s)
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%q: %w", text, err))
			continue
		}
		c.Upstreams = append(c.Upstreams, s)
	}
	return errors.Join(wrong...)
}

func (f *serveFlags) readUpstream(c *serveConfig, text string) (upstreamSpec, error) {
	s := upstreamSpec{api: c.onlyAPI()}
	s.config.Recheck = c.MaxStaleness
	s.config.TokenFile = string(f.upstreamTokenFile)
	if !strings.HasPrefix(text, "http://") && !strings.HasPrefix(text, "https://") {
		if err := s.readKeys(text); err != nil {
			return s, err
		}
	} else {
		s.config.URL = text
	}
	switch s.api {
	case "":
		return s, errors.New("there are several catalogues: say which with catalog=NAME, or catalog=v4")
	case v4Name:
		s.api = ""
	}
	switch s.config.TokenFile {
	case "":
		return s, errors.New("needs token-file=FILE, or token-file=none to call it without a credential")
	case noToken:
		s.config.TokenFile = ""
	}
	u, err := url.Parse(s.config.URL)
	if err != nil || u.Host == "" {
		return s, errors.New("needs url=URL, such as https://api.example.com")
	}
	if u.Scheme == "http" && !isLoopback(u.Hostname()) && !c.AllowPlainHTTP && s.config.TokenFile != "" {
		return s, errors.New("its credential would cross the network in clear: use https, or --allow-plain-http")
	}
	return s, nil
}

// readKeys reads key=value, separated by commas.
func (s *upstreamSpec) readKeys(text string) error {
	c := &s.config
	keys := map[string]func(string) error{
		"url": into(&c.URL), "catalog": into(&s.api), "prefix": into(&s.prefix), "host": into(&s.host),
		"token-file": into(&c.TokenFile), "header": into(&c.Header), "scheme": into(&c.Scheme),
		"dial-timeout": parsed(&c.DialTimeout, parsePositive), "response-timeout": parsed(&c.ResponseTimeout, parsePositive),
		"stall-timeout": parsed(&c.StallTimeout, parsePositive), "max-requests": parsed(&c.MaxRequests, parseCount),
		"max-list-pages": parsed(&c.MaxListPages, parseCount),
	}
	seen := map[string]bool{}
	for part := range strings.SplitSeq(text, ",") {
		key, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		set := keys[key]
		switch {
		case !ok || set == nil:
			return fmt.Errorf("%q is neither a URL nor one of url, catalog, prefix, host, token-file, header, scheme, dial-timeout, response-timeout, stall-timeout, max-requests, max-list-pages with = and a value", part)
		case seen[key]:
			return fmt.Errorf("%s is there twice", key)
		}
		seen[key] = true
		if err := set(value); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

func into(v *string) func(string) error {
	return func(s string) error { *v = s; return nil }
}

func parsed[T int | time.Duration](v *T, parse func(string) (T, error)) func(string) error {
	return func(s string) (err error) { *v, err = parse(s); return err }
}

// onlyAPI is the API that an --upstream without catalog= is for: the v4 API, or
// that of the only custom catalogue.
func (c *serveConfig) onlyAPI() string {
	switch apis := c.Catalog.APIs(); len(apis) {
	case 0:
		return v4Name
	case 1:
		return apis[0].Name
	}
	return "" // it must be said; see placeUpstream
}

// takenPaths begin the paths that the server itself serves.
var takenPaths = []string{
	"client", "docs", "openapi.json", "readyz", "healthz", "static", "sign-in", "sign-out", "profile", "accounts", "account",
	"invitations", "password", "reset", "theme", "zones", "tokens", "api-tokens", "members", "user", "users", "audit", "home",
}

// placeUpstream completes where an upstream's API is served, and checks that no
// other is served there.
func (c *serveConfig) placeUpstream(s *upstreamSpec) error {
	s.config.Name = s.api
	if s.api == "" {
		return c.placeV4(s)
	}
	if _, ok := c.Catalog.API(s.api); !ok {
		return fmt.Errorf("no --catalog is named %q", s.api)
	}
	switch {
	case s.prefix == "" && s.host == "":
		s.prefix = "/" + s.api
	case s.prefix == "":
		s.prefix = "/"
	}
	if s.prefix != "/" {
		if names, err := catalog.CheckTemplate(s.prefix); err != nil || len(names) > 0 || strings.HasSuffix(s.prefix, "/") {
			return fmt.Errorf("prefix %q is not a plain path such as /shop", s.prefix)
		}
	}
	if first, _, _ := strings.Cut(s.prefix[1:], "/"); s.host == "" && (first == "" || len(first) == 32 || slices.Contains(takenPaths, strings.ToLower(first))) {
		return fmt.Errorf("prefix %q is where the server's own pages are: give another prefix=, or a host=", s.prefix)
	}
	if s.host != "" && (strings.ContainsAny(s.host, "/: @") || net.ParseIP(s.host) != nil) {
		return fmt.Errorf("host %q is not a name such as shop.example.com", s.host)
	}
	s.config.SharedHost = s.host == ""
	for _, other := range c.Upstreams {
		if other.api != "" && strings.EqualFold(other.host, s.host) && other.prefix == s.prefix {
			return errors.New("another upstream is served there")
		}
	}
	return nil
}

func (c *serveConfig) placeV4(s *upstreamSpec) error {
	s.config.Name, s.config.SharedHost = v4Name, true
	switch {
	case c.hasV4():
		return errors.New("another upstream serves the v4 API")
	case s.prefix != "" || s.host != "":
		return errors.New("the v4 API is under /client/v4: prefix= and host= are for custom catalogues")
	}
	if u, err := url.Parse(s.config.URL); err == nil && strings.Trim(u.Path, "/") == "" {
		s.config.URL = strings.TrimSuffix(s.config.URL, "/") + "/client/v4"
	}
	return nil
}

// checkElsewhere: what is not served here needs somewhere to go.
func (c *serveConfig) checkElsewhere() error {
	if c.Zones != "off" && c.Accounts != "off" && len(c.UpstreamAccounts) == 0 {
		return nil
	}
	if !c.hasV4() {
		return errors.New("needs an --upstream of the v4 API")
	}
	return nil
}

func (c *serveConfig) hasV4() bool {
	return slices.ContainsFunc(c.Upstreams, func(o upstreamSpec) bool { return o.api == "" })
}

// readUpstreamAccounts reads ID or ID=NAME.
func (c *serveConfig) readUpstreamAccounts(list []string) error {
	var wrong []error
	for _, text := range list {
		id, name, ok := strings.Cut(text, "=")
		if !ok {
			name = "Account " + id
		}
		if _, valid := policy.ParseID(id); !valid || name == "" {
			wrong = append(wrong, fmt.Errorf("%q is not an account's id of 32 hex digits, or ID=NAME", text))
			continue
		}
		c.UpstreamAccounts = append(c.UpstreamAccounts, authority.AccountDraft{ID: id, Name: name})
	}
	return errors.Join(wrong...)
}

// adopt makes the upstream's accounts known here.
func (in *instance) adopt(ctx context.Context, cfg *serveConfig) error {
	for _, d := range cfg.UpstreamAccounts {
		if _, err := in.authority.AdoptAccount(ctx, in.authority.System("--upstream-account"), d, firstEmail); err != nil {
			return fmt.Errorf("--upstream-account %s: %w", d.ID, err)
		}
	}
	return nil
}

// upstreams are the proxies of a running server.
type upstreams struct {
	served []server.Upstream
	zones  *upstream.Zones // where zones are asked for, nil for here
}

func openUpstreams(cfg *serveConfig, log *slog.Logger) (upstreams, error) {
	var out upstreams
	for _, s := range cfg.Upstreams {
		s.config.Logger = log
		p, err := upstream.New(s.config, cfg.BuiltIn)
		if err != nil {
			return upstreams{}, fmt.Errorf("--upstream %s: %w", s.config.Name, err)
		}
		if s.api == "" && cfg.Zones == "off" {
			out.zones = upstream.NewZones(p)
		}
		out.served = append(out.served, server.Upstream{Proxy: p, API: s.api, Prefix: s.prefix, Host: s.host})
	}
	return out, nil
}

// zoneAccount is nil where zones are kept here.
func (u *upstreams) zoneAccount() func(context.Context, string) (string, error) {
	if u.zones == nil {
		return nil
	}
	return u.zones.Account
}

// announceUpstreams says where the APIs behind the gate are.
func announceUpstreams(w io.Writer, cfg *serveConfig, base string) {
	for _, s := range cfg.Upstreams {
		at := base + "/client/v4"
		switch {
		case s.api != "" && s.host != "":
			at = "host " + s.host + s.prefix
		case s.api != "":
			at = base + s.prefix
		}
		fmt.Fprintf(w, "  upstream   %s to %s\n", at, s.config.URL)
	}
}
