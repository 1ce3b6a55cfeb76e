// Package demo runs a server with made-up data, as a program of its own, for one
// test.
package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// startTimeout and stopTimeout bound what a server may take on a busy machine.
const (
	startTimeout = 30 * time.Second
	stopTimeout  = 30 * time.Second
)

// Build builds the server from its module's folder into another, and gives the
// path of the program.
func Build(module, dir string) (string, error) {
	path := filepath.Join(dir, "tokenward")
	cmd := exec.Command("go", "build", "-o", path, "./cmd/tokenward")
	cmd.Dir = module
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the server: %w\n%s", err, out)
	}
	return path, nil
}

// Server is a server that a test has for itself.
type Server struct {
	Boot Bootstrap
	Dir  string // of its data
}

// Bootstrap is the server's bootstrap.json.
type Bootstrap struct {
	BaseURL   string `json:"api_base_url"`
	Email     string `json:"email"`
	Password  string `json:"password"`
	APIKey    string `json:"api_key"`
	UserID    string `json:"user_id"`
	AccountID string `json:"account_id"`
	Token     struct {
		ID    string `json:"id"`
		Value string `json:"value"`
	} `json:"token"`
	Zones []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"zones"`
}

// Start starts a server with a data folder of its own, on a free port, and stops
// it when the test is over. It must then end well by itself. It is asked through
// via whether it is ready.
func Start(t *testing.T, binary string, via http.RoundTripper, flags ...string) *Server {
	t.Helper()
	s := &Server{Dir: filepath.Join(t.TempDir(), "data")}
	args := append([]string{"serve", "--demo", "--data", s.Dir, "--listen", "127.0.0.1:0"}, flags...)
	cmd := exec.Command(binary, args...)
	cmd.Env = append(os.Environ(), "TOKENWARD_RATE_LIMITS=off", "TOKENWARD_INVITE_LINKS=true") // a flag says otherwise
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("start the server: %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		stop(t, cmd, ended)
		if t.Failed() {
			t.Logf("the server's log:\n%s", Redact(log.String()))
		}
	})
	s.awaitReady(t, via, ended)
	return s
}

// stop ends the server the way a service manager does.
func stop(t *testing.T, cmd *exec.Cmd, ended <-chan error) {
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("stop the server: %v", err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("the server did not end well: %v", err)
		}
	case <-time.After(stopTimeout):
		cmd.Process.Kill()
		t.Errorf("the server did not end within %s of SIGTERM", stopTimeout)
	}
}

// awaitReady waits until the server has written its first credentials and says
// that it is ready.
func (s *Server) awaitReady(t *testing.T, via http.RoundTripper, ended <-chan error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !s.ready(ctx, via) {
		select {
		case err := <-ended:
			t.Fatalf("the server ended while it started: %v", err)
		case <-ctx.Done():
			t.Fatalf("the server was not ready within %s", startTimeout)
		case <-tick.C:
		}
	}
}

func (s *Server) ready(ctx context.Context, via http.RoundTripper) bool {
	data, err := os.ReadFile(filepath.Join(s.Dir, "bootstrap.json"))
	if err != nil || json.Unmarshal(data, &s.Boot) != nil {
		return false
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Origin()+"/readyz", nil)
	if err != nil {
		return false
	}
	res, err := via.RoundTrip(req)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// Origin is the server's address without the API's path.
func (s *Server) Origin() string { return s.Boot.BaseURL[:len(s.Boot.BaseURL)-len("/client/v4")] }

// SecretPattern matches a secret, which no log of a test may show.
var SecretPattern = regexp.MustCompile(`\b[A-Za-z0-9]+_[A-Za-z0-9]{40}[0-9a-f]{8}\b`)

// Redact is a text without the secrets in it.
func Redact(s string) string { return SecretPattern.ReplaceAllString(s, "[redacted]") }
