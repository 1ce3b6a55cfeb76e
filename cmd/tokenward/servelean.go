package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"

	"github.com/tokenward/tokenward/internal/plainhttp"
)

// leanServer is the value of --enforce-server that has plain requests answered
// without net/http.
const leanServer = "lean"

// serveLean is serveHTTP with a listener that answers plain requests itself. With
// TLS it speaks HTTP/1.1 only.
func serveLean(ctx context.Context, cfg serveConfig, h http.Handler, l net.Listener, log *slog.Logger) error {
	if cfg.TLSCert != "" {
		secured, err := cfg.secured(l, "http/1.1")
		if err != nil {
			l.Close()
			return err
		}
		l = secured
	}
	plain := plainhttp.New(l, plainhttp.Config{Handler: h, HeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, Logger: log})
	srv := newHTTPServer(h, log)
	shutdown := func(ctx context.Context) error { return errors.Join(srv.Shutdown(ctx), plain.Drain(ctx)) }
	return serveUntil(ctx, &cfg, log, shutdown, func() error { return srv.Serve(plain) })
}
