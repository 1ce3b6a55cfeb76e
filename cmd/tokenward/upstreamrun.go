package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/server"
	"github.com/tokenward/tokenward/internal/upstream"
)

// checkElsewhere: what is not served here needs somewhere to go.
func (c *serveConfig) checkElsewhere(elsewhere bool) error {
	if elsewhere && !c.hasV4() {
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
		if !authority.IsAccountID(id) || name == "" {
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
			out.zones = p.Zones()
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
