package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

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
