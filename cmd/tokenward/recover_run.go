package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/store"
)

// runRecover issues new credentials to whoever holds the data folder, and
// writes them where the first ones were. A server that runs on the folder
// meanwhile knows of them at once, since it follows the change feed.
func runRecover(ctx context.Context, cfg recoverConfig, stdout, stderr io.Writer) (err error) {
	database := filepath.Join(cfg.DataDir, databaseFile)
	if _, err := os.Stat(database); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no %s: is --data the folder of an authority that has been started before?", database)
	}
	db, err := store.OpenSQLite(ctx, database, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	a, err := authority.New(authority.Config{
		Store: db, Catalog: catalog.V4(), Format: cfg.TokenFormat, Logger: newLogger(stderr, "text", slog.LevelWarn),
	})
	if err != nil {
		return err
	}
	c, err := a.Recover(ctx, cfg.Email)
	if err != nil {
		return err
	}
	path := filepath.Join(cfg.DataDir, bootstrapFile)
	if err := writeBootstrap(path, lastBaseURL(path), &c); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "New password, API key and token of %s are in %s; the old password and the old key no longer work.\nTokens stay as they are: list and revoke those you do not trust.\n", c.Email, path)
	return nil
}

// lastBaseURL is the server's address as the file names it, or the usual one.
func lastBaseURL(path string) string {
	d, err := readBootstrap(path)
	if base, ok := strings.CutSuffix(d.APIBaseURL, "/client/v4"); err == nil && ok {
		return base
	}
	return "http://127.0.0.1:8484"
}
