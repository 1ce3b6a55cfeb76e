package catalogfile

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
)

const small = "version: 1\nname: NAME\naccount: caller\noperations:\n  - {id: a, method: GET, path: /a, access: live}\n"

// TestAFaultyFileKeepsWhatWasInForce, and the log says which line is at fault.
func TestAFaultyFileKeepsWhatWasInForce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "shop.yaml")
	var log bytes.Buffer
	var used []string
	write := func(text string, age time.Duration) {
		t.Helper()
		when := time.Now().Add(-age)
		if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chtimes(path, when, when)); err != nil {
			t.Fatal(err)
		}
	}
	write(strings.Replace(small, "NAME", "one", 1), 4*time.Hour)
	w := NewWatcher(catalog.V4(), []Source{{Path: path}}, func(c *catalog.Catalog) error {
		used = append(used, c.APIs()[0].Name)
		return nil
	}, slog.New(slog.NewTextHandler(&log, nil)))
	polls := func(n int, want ...string) {
		t.Helper()
		for range n {
			w.Poll()
		}
		if strings.Join(used, " ") != strings.Join(want, " ") {
			t.Fatalf("put in force: %v, want %v", used, want)
		}
	}
	polls(3)
	write(strings.Replace(small, "NAME", "two", 1), 3*time.Hour)
	polls(1) // it may still be being written
	polls(3, "two")
	write("version: 1\nname: three\ncolour: red\n", 2*time.Hour)
	polls(3, "two")
	if !strings.Contains(log.String(), "shop.yaml:3:1: error") || strings.Count(log.String(), "not loaded") != 1 {
		t.Errorf("the log says %s", log.String())
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	polls(3, "two")
	write(strings.Replace(small, "NAME", "four", 1), time.Hour)
	polls(3, "two", "four")
	w.Reload()
	polls(1, "two", "four", "four")
}
