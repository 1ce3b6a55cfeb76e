package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFilesThatOthersCanReadAreWarnedOf, and no others.
func TestFilesThatOthersCanReadAreWarnedOf(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	cfg := &serveConfig{DataDir: dir, SecretKeyFile: filepath.Join(dir, secretKeyFile)}
	for name, mode := range map[string]os.FileMode{databaseFile: 0o600, secretKeyFile: 0o644} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil { // whatever the umask
			t.Fatal(err)
		}
	}
	var log bytes.Buffer
	warnOfReaders(cfg, newTestLog(&log))
	if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), secretKeyFile) {
		t.Errorf("want one line, about %s:\n%s", secretKeyFile, log.String())
	}
}
