package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/tokenward/tokenward/internal/server"
)

// minEnforceSecret is the length of the shortest secret of the enforcement
// endpoint, in bytes: who has it may ask about every token.
const minEnforceSecret = 16

// readEnforce reads the flags of the enforcement endpoint, which belong together.
func (c *serveConfig) readEnforce(listen, secretFile string) error {
	if listen == "" {
		if secretFile != "" {
			return errors.New("is missing beside --enforce-secret-file")
		}
		return nil
	}
	var wrong []error
	var err error
	if c.Enforce, err = parseListen(listen); err != nil {
		wrong = append(wrong, err)
	}
	if secretFile != "" {
		if c.EnforceSecret, err = readEnforceSecret(secretFile); err != nil {
			wrong = append(wrong, err)
		}
	}
	return errors.Join(wrong...)
}

func readEnforceSecret(file string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	secret := strings.TrimSpace(string(data))
	if len(secret) < minEnforceSecret {
		return "", fmt.Errorf("--enforce-secret-file: %s has fewer than %d characters", file, minEnforceSecret)
	}
	return secret, nil
}

// checkEnforceExposure stops strangers from asking by accident.
func (c *serveConfig) checkEnforceExposure(secured bool) error {
	if c.Enforce == "" || !c.enforcesBeyondLoopback() {
		return nil
	}
	var wrong []error
	if c.EnforceSecret == "" {
		wrong = append(wrong, fmt.Errorf("%s is not loopback: give --enforce-secret-file", c.Enforce))
	}
	if !secured && !c.AllowPlainHTTP {
		wrong = append(wrong, fmt.Errorf("%s is not loopback, and without TLS secrets would cross the network in clear: give --tls-cert and --tls-key, or --allow-plain-http", c.Enforce))
	}
	return errors.Join(wrong...)
}

func (c *serveConfig) enforcesBeyondLoopback() bool {
	host, _, err := net.SplitHostPort(c.Enforce)
	return err == nil && !isLoopback(host)
}

// enforcement is the listener of the enforcement endpoint; its zero value is none.
type enforcement struct{ listener net.Listener }

func listenEnforcement(cfg *serveConfig) (enforcement, error) {
	if cfg.Enforce == "" {
		return enforcement{}, nil
	}
	l, err := net.Listen("tcp", cfg.Enforce)
	if err != nil {
		return enforcement{}, fmt.Errorf("%w; another address can be given with --enforce", err)
	}
	return enforcement{l}, nil
}

func (e enforcement) close() {
	if e.listener != nil {
		e.listener.Close()
	}
}

func (e enforcement) announce(w io.Writer) {
	if e.listener != nil {
		fmt.Fprintf(w, "  enforce    %s, for proxies and servers that ask\n", e.listener.Addr())
	}
}

// beside runs the enforcement endpoint beside serve. When one of them ends, so
// does the other.
func (e enforcement) beside(ctx context.Context, cfg serveConfig, in *instance, log *slog.Logger, serve func(context.Context) error) error {
	if e.listener == nil {
		return serve(ctx)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	handler, err := e.handler(ctx, &cfg, in, log)
	if err != nil {
		e.close()
		return err
	}
	if !cfg.enforcesBeyondLoopback() {
		cfg.TLSCert, cfg.TLSKey = "", "" // proxies on this machine need not know the name in the certificate
	}
	ended := make(chan error, 1)
	go func() {
		defer stop()
		ended <- serveHTTP(ctx, cfg, handler, e.listener, log)
	}()
	err = serve(ctx)
	stop()
	return errors.Join(err, <-ended)
}

func (e enforcement) handler(ctx context.Context, cfg *serveConfig, in *instance, log *slog.Logger) (http.Handler, error) {
	return server.NewEnforcement(ctx, server.Config{
		Authority: in.authority, Format: cfg.TokenFormat, ClientIP: cfg.ClientIP, Logger: log, KeysOff: cfg.APIKeys == "off",
	}, cfg.EnforceSecret)
}
