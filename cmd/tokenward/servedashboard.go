package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/dashboard"
	"github.com/tokenward/tokenward/internal/store"
)

// dashboard makes the pages, nil where they are switched off.
func (in *instance) dashboard(cfg *serveConfig, log *slog.Logger) (http.Handler, error) {
	if cfg.Dashboard == "off" {
		return nil, nil
	}
	return dashboard.New(dashboard.Config{
		Authority: in.authority, Records: in.records, ClientIP: cfg.ClientIP, Logger: log,
		Sessions: store.NewSessions(in.store, time.Now), PublicURL: in.publicURL, Secure: cfg.secure(),
		IdleTimeout: cfg.SessionIdle, Lifetime: cfg.SessionLifetime,
	})
}

// secure says that people reach the server by https, be it through a proxy.
func (c *serveConfig) secure() bool {
	return c.TLSCert != "" || strings.HasPrefix(c.PublicURL, "https://")
}

// announceDashboard says where the pages are, and in a demo how to sign in.
func announceDashboard(w io.Writer, cfg *serveConfig, base string) {
	if cfg.Dashboard == "off" {
		return
	}
	fmt.Fprintf(w, "  dashboard  %s/\n", base)
	if cfg.Demo {
		fmt.Fprintf(w, "  sign in    as %s, with the password that jq -r .password %s prints\n", firstEmail, filepath.Join(cfg.DataDir, bootstrapFile))
	}
}
