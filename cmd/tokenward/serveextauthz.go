package main

import (
	"context"
	"log/slog"

	"github.com/tokenward/tokenward/internal/server"
)

// serveExtAuthz makes what answers Envoy, with TLS where strangers could listen:
// beyond loopback.
func (e enforcement) serveExtAuthz(cfg *serveConfig, in *instance, log *slog.Logger) (func(context.Context) error, error) {
	envoy, err := server.NewExtAuthz(in.enforcement(cfg, log), cfg.EnforceSecret)
	if err != nil {
		return nil, err
	}
	l := e.extAuthz
	if cfg.TLSCert != "" && beyondLoopback(cfg.ExtAuthz) {
		if l, err = cfg.secured(l, "h2"); err != nil {
			return nil, err
		}
	}
	timeout := cfg.ShutdownTimeout
	return func(ctx context.Context) error { return envoy.Serve(ctx, l, timeout) }, nil
}
