package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"

	"github.com/tokenward/tokenward/internal/server"
)

// minEnforceSecret is the length of the shortest secret of the enforcement
// endpoint, in bytes: who has it may ask about every token.
const minEnforceSecret = 16

// parseListenIfGiven reads an address that need not be there.
func parseListenIfGiven(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	return parseListen(s)
}

// readEnforceSecret reads the file with the secret of the enforcement endpoint, if
// there is one. It needs the endpoint's addresses.
func (c *serveConfig) readEnforceSecret(file string) error {
	switch {
	case file == "":
		return nil
	case c.Enforce == "" && c.ExtAuthz == "":
		return errors.New("needs --enforce or --ext-authz")
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	c.EnforceSecret = strings.TrimSpace(string(data))
	if len(c.EnforceSecret) < minEnforceSecret {
		return fmt.Errorf("%s has fewer than %d characters", file, minEnforceSecret)
	}
	return nil
}

// checkEnforceExposure stops strangers from asking at an address by accident.
func (c *serveConfig) checkEnforceExposure(listen string, secured bool) error {
	if !beyondLoopback(listen) {
		return nil
	}
	var wrong []error
	if c.EnforceSecret == "" {
		wrong = append(wrong, fmt.Errorf("%s is not loopback: give --enforce-secret-file", listen))
	}
	if !secured && !c.AllowPlainHTTP {
		wrong = append(wrong, fmt.Errorf("%s is not loopback, and without TLS secrets would cross the network in clear: give --tls-cert and --tls-key, or --allow-plain-http", listen))
	}
	return errors.Join(wrong...)
}

// beyondLoopback reports whether others than this machine reach an address; nobody
// reaches "".
func beyondLoopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	return err == nil && !isLoopback(host)
}

// enforcement is the listeners of the enforcement endpoint: for HTTP, and for
// Envoy's gRPC. nil is none.
type enforcement struct{ http, extAuthz net.Listener }

func listenEnforcement(cfg *serveConfig) (enforcement, error) {
	var e enforcement
	for _, l := range []struct {
		into       *net.Listener
		flag, addr string
	}{{&e.http, "--enforce", cfg.Enforce}, {&e.extAuthz, "--ext-authz", cfg.ExtAuthz}} {
		if l.addr == "" {
			continue
		}
		opened, err := net.Listen("tcp", l.addr)
		if err != nil {
			e.close()
			return enforcement{}, fmt.Errorf("%w; another address can be given with %s", err, l.flag)
		}
		*l.into = opened
	}
	return e, nil
}

func (e enforcement) close() {
	for _, l := range []net.Listener{e.http, e.extAuthz} {
		if l != nil {
			l.Close()
		}
	}
}

func (e enforcement) announce(w io.Writer) {
	if e.http != nil {
		fmt.Fprintf(w, "  enforce    %s, for proxies and servers that ask\n", e.http.Addr())
	}
	if e.extAuthz != nil {
		fmt.Fprintf(w, "  ext_authz  %s, for Envoy\n", e.extAuthz.Addr())
	}
}

// beside runs the enforcement endpoint beside serve. When one of them ends, so do
// the others.
func (e enforcement) beside(ctx context.Context, cfg serveConfig, in *instance, log *slog.Logger, serve func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	all := []func(context.Context) error{serve}
	if e.http != nil {
		answer, err := e.serveHTTP(ctx, cfg, in, log)
		if err != nil {
			e.close()
			return err
		}
		all = append(all, answer)
	}
	if e.extAuthz != nil {
		answer, err := e.serveExtAuthz(&cfg, in, log)
		if err != nil {
			e.close()
			return err
		}
		all = append(all, answer)
	}
	ended := make(chan error, len(all))
	for _, run := range all {
		go func() {
			defer stop()
			ended <- run(ctx)
		}()
	}
	var err error
	for range all {
		err = errors.Join(err, <-ended)
	}
	return err
}

func (e enforcement) serveHTTP(ctx context.Context, cfg serveConfig, in *instance, log *slog.Logger) (func(context.Context) error, error) {
	handler, err := server.NewEnforcement(ctx, in.enforcement(&cfg, log), cfg.EnforceSecret)
	if !beyondLoopback(cfg.Enforce) {
		cfg.TLSCert, cfg.TLSKey = "", "" // proxies on this machine need not know the name in the certificate
	}
	serve := serveHTTP
	if cfg.EnforceServer == leanServer {
		serve = serveLean
	}
	return func(ctx context.Context) error { return serve(ctx, cfg, handler, e.http, log) }, err
}

func (in *instance) enforcement(cfg *serveConfig, log *slog.Logger) server.Config {
	return server.Config{Authority: in.authority, Format: cfg.TokenFormat, ClientIP: cfg.ClientIP, Logger: log, KeysOff: cfg.APIKeys == "off"}
}
