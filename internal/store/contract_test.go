package store

import (
	"path/filepath"
	"testing"

	"github.com/tokenward/tokenward/internal/storetest"
)

func TestSQLiteKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Stores {
		s := open(t, filepath.Join(t.TempDir(), "test.db"), Options{})
		return storetest.Stores{Authority: s, DNS: s}
	})
}

// open opens a store that ends with the test.
func open(t *testing.T, path string, opts Options) *Store {
	t.Helper()
	s, err := OpenSQLite(t.Context(), path, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
