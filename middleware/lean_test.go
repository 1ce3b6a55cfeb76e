package middleware_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// leanVariable says that the endpoint is served as --enforce-server lean has it.
const leanVariable = "TOKENWARD_TEST_LEAN"

// TestGuardsAreServedBothWays runs the tests here again, with an endpoint that hands
// what is not plain on to net/http, on the connection that it came by.
func TestGuardsAreServedBothWays(t *testing.T) {
	t.Parallel()
	if os.Getenv(leanVariable) != "" {
		return // it is what runs again
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	again := exec.CommandContext(t.Context(), self, "-test.v", "-test.count=1")
	again.Env = append(os.Environ(), leanVariable+"=1")
	out, err := again.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestRefusalsAreTheGates") {
		t.Errorf("%v\n%s", err, out)
	}
}
