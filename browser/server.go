package browser

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

// serverBinary is the server that was built for this run.
var serverBinary string

// buildServer builds the server from the module above this one.
func buildServer(dir string) (string, error) {
	path := filepath.Join(dir, "tokenward")
	cmd := exec.Command("go", "build", "-o", path, "./cmd/tokenward")
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the server: %w\n%s", err, out)
	}
	return path, nil
}

// server is a demo server that a test has for itself.
type server struct {
	boot bootstrap
	dir  string
}

// bootstrap is the server's bootstrap.json.
type bootstrap struct {
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

// newServer starts a server with a data folder of its own, on a free port, and
// stops it when the test is over. It must then end well by itself.
func newServer(t *testing.T, flags ...string) *server {
	t.Helper()
	s := &server{dir: filepath.Join(t.TempDir(), "data")}
	args := append([]string{"serve", "--demo", "--data", s.dir, "--listen", "127.0.0.1:0"}, flags...)
	cmd := exec.Command(serverBinary, args...)
	cmd.Env = append(os.Environ(), "TOKENWARD_RATE_LIMITS=off", "TOKENWARD_INVITE_LINKS=true")
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
			t.Logf("the server's log:\n%s", redact(log.String()))
		}
	})
	s.awaitReady(t, ended)
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
func (s *server) awaitReady(t *testing.T, ended <-chan error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !s.ready(ctx) {
		select {
		case err := <-ended:
			t.Fatalf("the server ended while it started: %v", err)
		case <-ctx.Done():
			t.Fatalf("the server was not ready within %s", startTimeout)
		case <-tick.C:
		}
	}
}

func (s *server) ready(ctx context.Context) bool {
	data, err := os.ReadFile(filepath.Join(s.dir, "bootstrap.json"))
	if err != nil || json.Unmarshal(data, &s.boot) != nil {
		return false
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url("/readyz"), nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// url is the address of a page.
func (s *server) url(path string) string {
	return s.boot.BaseURL[:len(s.boot.BaseURL)-len("/client/v4")] + path
}

// secretPattern matches what no log of a test may show.
var secretPattern = regexp.MustCompile(`\b[A-Za-z0-9]+_[A-Za-z0-9]{40}[0-9a-f]{8}\b`)

func redact(s string) string { return secretPattern.ReplaceAllString(s, "[redacted]") }
