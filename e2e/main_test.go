package e2e

import (
	"fmt"
	"os"
	"testing"

	"github.com/tokenward/tokenward/e2e/demo"
)

func TestMain(m *testing.M) { os.Exit(runAll(m)) }

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
	if serverBinary, err = demo.Build("..", dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}
