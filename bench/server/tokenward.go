package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/tokenward/tokenward/bench/model"
	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/store"
)

// Build makes the program from the sources in root.
func Build(root, into string) error {
	cmd := exec.Command("go", "build", "-o", into, "./cmd/tokenward")
	cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build tokenward: %w\n%s", err, out)
	}
	return nil
}

// Tokenward is a program and its data folder.
type Tokenward struct {
	Program string
	Dir     string // of its log; the data folder lies in it
	Account string // the first account
	Secret  string // of the first token, which may do everything in it
}

// Running is a server of it.
type Running struct {
	*Process
	API, Enforce, ExtAuthz string // addresses
}

// New makes a data folder, by starting the server once.
func New(program, dir string) (*Tokenward, error) {
	t := &Tokenward{Program: program, Dir: dir}
	run, err := t.Start()
	if err != nil {
		return nil, err
	}
	run.Stop()
	var first struct {
		AccountID string `json:"account_id"`
		Token     struct{ Value string }
	}
	text, err := os.ReadFile(filepath.Join(t.data(), "bootstrap.json"))
	if err == nil {
		err = json.Unmarshal(text, &first)
	}
	if err != nil {
		return nil, fmt.Errorf("read the first credentials: %w", err)
	}
	t.Account, t.Secret = first.AccountID, first.Token.Value
	return t, nil
}

func (t *Tokenward) data() string { return filepath.Join(t.Dir, "data") }

// Database is the path of the database. It is not to be opened while a server runs.
func (t *Tokenward) Database() string { return filepath.Join(t.data(), "tokenward.db") }

// Start runs the server, with more flags, and waits until it is ready.
func (t *Tokenward) Start(flags ...string) (*Running, error) {
	var r Running
	for _, addr := range []*string{&r.API, &r.Enforce, &r.ExtAuthz} {
		free, err := FreeAddr()
		if err != nil {
			return nil, err
		}
		*addr = free
	}
	begun := time.Now()
	args := append([]string{"serve", "--data", t.data(), "--listen", r.API, "--enforce", r.Enforce, "--ext-authz", r.ExtAuthz,
		"--rate-limits", "off", "--log-level", "warn"}, flags...)
	var err error
	if r.Process, err = Start(t.Dir, r.API, nil, t.Program, args...); err != nil {
		return nil, err
	}
	if err := r.await(time.Minute, func() bool { return answers("http://" + r.API + "/readyz") }); err != nil {
		r.Stop()
		return nil, fmt.Errorf("tokenward: %w", err)
	}
	r.Took = time.Since(begun)
	return &r, nil
}

func answers(url string) bool {
	res, err := http.Get(url)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// Open opens the database of a server that is not running.
func (t *Tokenward) Open(ctx context.Context) (*store.Store, error) {
	return store.OpenSQLite(ctx, t.Database(), store.Options{})
}

// batch is how many rows are written in one transaction.
const batch = 5000

// FillZones writes a model's zones.
func FillZones(ctx context.Context, s *store.Store, m *model.Model, account string) error {
	return inBatches(ctx, s, len(m.Zones()), func(ctx context.Context, tx authority.Tx, n int) error {
		return tx.InsertZone(ctx, m.ZoneRow(n, account))
	})
}

// FillTokens writes n tokens, the i-th of which make gives.
func FillTokens(ctx context.Context, s *store.Store, n int, make func(i int) authority.Token) error {
	return inBatches(ctx, s, n, func(ctx context.Context, tx authority.Tx, i int) error { return tx.InsertToken(ctx, make(i)) })
}

func inBatches(ctx context.Context, s *store.Store, rows int, insert func(context.Context, authority.Tx, int) error) error {
	for from := 0; from < rows; from += batch {
		err := s.Write(ctx, func(ctx context.Context, tx authority.Tx) error {
			var wrong error
			for n := from; n < min(from+batch, rows) && wrong == nil; n++ {
				wrong = insert(ctx, tx, n)
			}
			return wrong
		})
		if err != nil {
			return fmt.Errorf("fill the database: %w", err)
		}
	}
	return nil
}

// With opens the database, hands it to f and closes it.
func (t *Tokenward) With(ctx context.Context, f func(*store.Store) error) error {
	s, err := t.Open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(f(s), s.Close())
}
