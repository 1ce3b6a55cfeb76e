package e2e

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/tokenward/tokenward/e2e/demo"
)

// clientTimeout bounds one run of a client.
const clientTimeout = 60 * time.Second

// result is how a run of a client went.
type result struct {
	stdout, stderr string
	code           int
}

// run runs a client with nothing in its environment but PATH and what it is
// given, in an empty home of its own. A client that is not there fails the test.
func run(t *testing.T, env []string, name string, args ...string) result {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is missing, run make deps: %v", name, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), clientTimeout)
	defer cancel()
	home := t.TempDir()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = home
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "CI=true", "NO_COLOR=1", "LC_ALL=C.UTF-8"}, env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || ctx.Err() != nil {
		t.Fatalf("run %s: %v, %v\n%s", name, err, ctx.Err(), demo.Redact(stderr.String()))
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// fails ends the test with what a client wrote.
func (r *result) fails(t *testing.T, why string) {
	t.Helper()
	t.Fatalf("%s\nexit code %d\nstdout:\n%s\nstderr:\n%s", why, r.code, demo.Redact(r.stdout), demo.Redact(r.stderr))
}

// node runs a script or a command of the packages in js/node_modules.
func node(t *testing.T, env []string, script string, args ...string) result {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("js", script))
	if err != nil {
		t.Fatal(err)
	}
	for _, need := range []string{path, filepath.Join("js", "node_modules", "cloudflare", "package.json")} {
		if _, err := os.Stat(need); err != nil {
			t.Fatalf("the JavaScript clients are missing, run make deps: %v", err)
		}
	}
	return run(t, env, "node", append([]string{path}, args...)...)
}
