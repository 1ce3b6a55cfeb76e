package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/catalogfile"
)

// readCatalogs reads the files of --catalog and puts them beside the built-in
// catalogue, which the row before has read.
func (c *serveConfig) readCatalogs(files []string) error {
	c.BuiltIn = c.Catalog
	if c.Catalog == nil {
		return nil // the fault has been named
	}
	var wrong []error
	for _, file := range files {
		s, err := catalogfile.ParseSource(file)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%q %w", file, err))
		}
		c.Catalogs = append(c.Catalogs, s)
	}
	if err := errors.Join(wrong...); err != nil {
		return err
	}
	loaded, err := catalogfile.Load(c.BuiltIn, c.Catalogs)
	if err == nil {
		c.Catalog = loaded
	}
	return err
}

// followCatalogs loads the files of --catalog again when they change, and on
// SIGHUP, until ctx ends.
func followCatalogs(ctx context.Context, cfg *serveConfig, a *authority.Authority, log *slog.Logger) {
	// Without files there is nothing to load, and the signal must not end the
	// server either.
	reload := make(chan os.Signal, 1)
	signal.Notify(reload, syscall.SIGHUP)
	w := catalogfile.NewWatcher(cfg.BuiltIn, cfg.Catalogs, func(c *catalog.Catalog) error { return a.Reload(c) }, log)
	go func() {
		defer signal.Stop(reload)
		w.Run(ctx, reload)
	}()
}
