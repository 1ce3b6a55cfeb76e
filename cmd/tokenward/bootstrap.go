package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tokenward/tokenward/internal/authority"
)

// bootstrapFile is where the first credentials are written, in the data folder.
const bootstrapFile = "bootstrap.json"

// firstEmail and firstAccount name the first user and account.
const (
	firstEmail   = "admin@tokenward.local"
	firstAccount = "First account"
)

// bootstrapDocument is bootstrap.json: a contract for scripts, to which members
// may be added.
type bootstrapDocument struct {
	APIBaseURL   string          `json:"api_base_url"`
	DashboardURL string          `json:"dashboard_url"`
	Email        string          `json:"email"`
	Password     string          `json:"password"`
	APIKey       string          `json:"api_key"`
	UserID       string          `json:"user_id"`
	AccountID    string          `json:"account_id"`
	Token        bootstrapToken  `json:"token"`
	Zones        []bootstrapZone `json:"zones,omitempty"`
}

type bootstrapToken struct {
	ID    string `json:"id"`
	Value string `json:"value"`
}

type bootstrapZone struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// bootstrap makes the first user on the first start and writes the credentials
// down, once.
func (in *instance) bootstrap(ctx context.Context, cfg serveConfig, base string, stdout io.Writer) error {
	b := authority.Bootstrap{Email: firstEmail, AccountName: firstAccount, Adopted: cfg.UpstreamAccounts}
	if cfg.Demo {
		b.Zones = demoZones()
	}
	c, made, err := in.authority.Bootstrap(ctx, b)
	if err != nil {
		return fmt.Errorf("make the first user: %w", err)
	}
	path := filepath.Join(cfg.DataDir, bootstrapFile)
	if !made {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(stdout, "There is no %s; tokenward recover issues new credentials.\n", path)
		}
		return nil
	}
	for i := range c.Zones {
		if err := in.demoRecords(ctx, &c.Zones[i]); err != nil {
			return err
		}
	}
	if err := writeBootstrap(path, base, &c); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "First start: made %s, Super Administrator of %q.\nThe first token, API key and password are in %s\n", c.Email, firstAccount, path)
	return nil
}

func writeBootstrap(path, base string, c *authority.Credentials) error {
	d := bootstrapDocument{
		APIBaseURL: base + "/client/v4", DashboardURL: base + "/", Email: c.Email, Password: c.Password,
		APIKey: c.Key.Reveal(), UserID: c.UserID, AccountID: c.AccountID,
		Token: bootstrapToken{ID: c.TokenID, Value: c.Token.Reveal()},
	}
	for _, z := range c.Zones {
		d.Zones = append(d.Zones, bootstrapZone{z.ID, z.Name})
	}
	data, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return fmt.Errorf("encode %s: %w", path, err)
	}
	return writeFileAtomic(path, append(data, '\n'))
}

// writeFileAtomic writes a file that only its owner can read, whole or not at
// all, and returns when it is on disk.
func writeFileAtomic(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // mode 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(f.Name()) // it is gone once it has been renamed
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func readBootstrap(path string) (bootstrapDocument, error) {
	var d bootstrapDocument
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &d)
	}
	return d, err
}
