package browser

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/e2e/demo"
)

// cli runs a command of tokenward and gives what it prints.
func (s *server) cli(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), serverBinary, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("tokenward %s: %v\n%s", strings.Join(args, " "), err, demo.Redact(string(out)))
	}
	return string(out)
}

var resetPattern = regexp.MustCompile(`/reset/\S+`)

// resetLink is the path of a link with which a user chooses another password.
func (s *server) resetLink(t *testing.T, email string) string {
	t.Helper()
	return resetPattern.FindString(s.cli(t, "user", "reset-password", "--data", s.Dir, "--email", email))
}
