package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/dashboard"
	"github.com/tokenward/tokenward/internal/server"
)

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

// isTaken reports whether the server serves something itself at a prefix or below:
// accounts' pages begin with an id.
func isTaken(prefix string) bool {
	first, _, _ := strings.Cut(strings.ToLower(prefix[1:]), "/")
	return first == "" || len(first) == 32 || slices.Contains(dashboard.Sections(), first) || slices.Contains(server.Sections(), first)
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
	if s.host == "" && isTaken(s.prefix) {
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
