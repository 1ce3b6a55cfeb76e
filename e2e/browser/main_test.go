package browser

import (
	"fmt"
	"os"
	"testing"

	"github.com/tokenward/tokenward/e2e/demo"
)

func TestMain(m *testing.M) { os.Exit(runAll(m)) }

// runAll builds the server and starts the browser once for all tests.
func runAll(m *testing.M) int {
	dir, err := os.MkdirTemp("", "tokenward-browser-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if serverBinary, err = demo.Build("../..", dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var stop func()
	if chromium, stop, err = startChromium(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer stop()
	return m.Run()
}
