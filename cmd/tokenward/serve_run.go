package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/server"
	"github.com/tokenward/tokenward/internal/store"
)

// databaseFile is the database's name in the data folder.
const databaseFile = "tokenward.db"

// Limits of the HTTP server. A client that sends its header or its body slowly
// must not hold a connection for ever.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 60 * time.Second
	idleTimeout   = 120 * time.Second
	maxHeader     = 64 << 10
)

// runServe runs the server until ctx ends.
func runServe(ctx context.Context, cfg serveConfig, stdout, stderr io.Writer) error {
	defer holdHeapFloor()()
	log := newLogger(stderr, cfg.LogFormat, cfg.LogLevel)
	// What holds the data folder open ends after the last request.
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	// First of all, so that a start that cannot be leaves nothing behind.
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("%w; another address can be given with --listen", err)
	}
	asked, err := listenEnforcement(&cfg)
	if err != nil {
		listener.Close()
		return err
	}
	unlock, err := lockFolder(cfg.DataDir)
	if err != nil {
		listener.Close()
		asked.close()
		return err
	}
	defer unlock()
	in, err := openInstance(background, cfg, log)
	if err != nil {
		listener.Close()
		asked.close()
		return err
	}
	defer in.close(stop, log)
	base := cfg.baseURL(listener.Addr())
	in.base.Store(base)
	if err := in.bootstrap(ctx, cfg, base, stdout); err != nil {
		listener.Close()
		asked.close()
		return err
	}
	if err := in.adopt(ctx, &cfg); err != nil {
		listener.Close()
		asked.close()
		return err
	}
	followCatalogs(background, &cfg, in.authority, log)
	announce(stdout, cfg, base)
	asked.announce(stdout)
	return asked.beside(ctx, cfg, in, log, func(ctx context.Context) error {
		return serveHTTP(ctx, cfg, in.handler, listener, log)
	})
}

// announce says where to look.
func announce(w io.Writer, cfg serveConfig, base string) {
	fmt.Fprintf(w, "\ntokenward is ready.\n")
	announceDashboard(w, &cfg, base)
	fmt.Fprintf(w, "  API        %s/client/v4\n  data       %s\n", base, cfg.DataDir)
	announceUpstreams(w, &cfg, base)
	fmt.Fprintf(w, "  try it     curl %s/client/v4/user/tokens/verify -H \"Authorization: Bearer $(jq -r .token.value %s)\"\n",
		base, filepath.Join(cfg.DataDir, bootstrapFile))
	fmt.Fprintf(w, "  stop       Ctrl-C\n")
}

// instance is what a running server is made of.
type instance struct {
	store     *store.Store
	authority *authority.Authority
	records   *dns.Service
	handler   http.Handler
	followed  chan struct{}
	base      atomic.Value // string: how people reach the server, known once it listens
}

func (in *instance) publicURL() string {
	base, _ := in.base.Load().(string)
	return base
}

func openInstance(ctx context.Context, cfg serveConfig, log *slog.Logger) (*instance, error) {
	db, err := store.OpenSQLite(ctx, filepath.Join(cfg.DataDir, databaseFile), store.Options{})
	if err != nil {
		return nil, err
	}
	key, err := openSecretKey(ctx, cfg.SecretKeyFile, db, log)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	warnOfReaders(&cfg, log)
	in := &instance{store: db, followed: make(chan struct{}), records: dns.NewService(db, time.Now)}
	behind, err := openUpstreams(&cfg, log)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	in.authority, err = authority.New(authority.Config{
		Store: db, Catalog: cfg.Catalog, Format: cfg.TokenFormat, Logger: log,
		CacheSize: cfg.CacheSize, MaxStaleness: cfg.MaxStaleness,
		AuditRetention: cfg.AuditRetention, Mailer: cfg.mailer(), InviteLinks: cfg.InviteLinks, PublicURL: in.publicURL,
		SecretKey: key, ZoneAccount: behind.zoneAccount(),
	})
	var pages http.Handler
	if err == nil {
		pages, err = in.dashboard(&cfg, log)
	}
	if err == nil {
		in.handler, err = server.New(server.Config{
			Authority: in.authority, Records: in.records, Format: cfg.TokenFormat, ClientIP: cfg.ClientIP,
			MaxBody: cfg.MaxBody, Logger: log, Ready: db.Ping,
			Limits: cfg.limiter(), KeysOff: cfg.APIKeys == "off", Networks: cfg.Networks,
			Dashboard: pages, Upstreams: behind.served, ZonesOff: cfg.Zones == "off", AccountsOff: cfg.Accounts == "off",
		})
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	go func() {
		defer close(in.followed)
		in.authority.Follow(ctx)
	}()
	return in, nil
}

// close writes what is still in memory, then closes the database.
func (in *instance) close(stop func(), log *slog.Logger) {
	stop()
	<-in.followed
	if err := in.store.Close(); err != nil {
		log.Error("close the database", "err", err)
	}
}

// serveHTTP serves until ctx ends, and then lets the requests under way finish.
func serveHTTP(ctx context.Context, cfg serveConfig, h http.Handler, l net.Listener, log *slog.Logger) error {
	srv := newHTTPServer(h, log)
	return serveUntil(ctx, &cfg, log, srv.Shutdown, func() error {
		if cfg.TLSCert != "" {
			return srv.ServeTLS(l, cfg.TLSCert, cfg.TLSKey)
		}
		return srv.Serve(l)
	})
}

func newHTTPServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// serveUntil runs serve until ctx ends, and then shutdown, which has it end when
// the requests under way have finished.
func serveUntil(ctx context.Context, cfg *serveConfig, log *slog.Logger, shutdown func(context.Context) error, serve func() error) error {
	failed := make(chan error, 1)
	go func() { failed <- serve() }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping", "timeout", cfg.ShutdownTimeout.String())
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), cfg.ShutdownTimeout)
	defer cancel()
	if err := shutdown(deadline); err != nil {
		return fmt.Errorf("some requests did not finish within %s: %w", cfg.ShutdownTimeout, err)
	}
	return nil
}

func newLogger(w io.Writer, format string, level slog.Level) *slog.Logger {
	opts := &slog.HandlerOptions{Level: level}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

// baseURL is how clients reach the server, without a slash at the end.
func (c *serveConfig) baseURL(addr net.Addr) string {
	if c.PublicURL != "" {
		return c.PublicURL
	}
	scheme := "http"
	if c.TLSCert != "" {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return scheme + "://" + addr.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}
