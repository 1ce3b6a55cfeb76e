package dashboard_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/dashboard"
)

// TestRoutesAreListed: testdata/routes.txt names every route, one a line. The
// tests in browser/ walk all that are in it.
func TestRoutesAreListed(t *testing.T) {
	t.Parallel()
	const file = "testdata/routes.txt"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for pattern := range dashboard.Routes(newWorld(t, false).pages) {
		have = append(have, pattern)
	}
	slices.Sort(have)
	listed := strings.Split(strings.TrimSpace(string(text)), "\n")
	for _, pattern := range have {
		if !slices.Contains(listed, pattern) {
			t.Errorf("%s lacks %s", file, pattern)
		}
	}
	for _, pattern := range listed {
		if !slices.Contains(have, pattern) {
			t.Errorf("%s lists %s, which is not there", file, pattern)
		}
	}
	if !slices.IsSorted(listed) {
		t.Errorf("%s is not in order", file)
	}
}
