package e2e

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) { os.Exit(runAll(m)) }

// serverVariable names a server that has been built already: a test that runs
// itself again in another network sets it.
const serverVariable = "TOKENWARD_E2E_SERVER"

func runAll(m *testing.M) int {
	if serverBinary = os.Getenv(serverVariable); serverBinary != "" {
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "tokenward-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if serverBinary, err = buildServer(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}
