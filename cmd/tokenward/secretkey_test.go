package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/store"
)

func openTestStore(t *testing.T) (db *store.Store, keyFile string) {
	t.Helper()
	dir := t.TempDir()
	db, err := store.OpenSQLite(t.Context(), filepath.Join(dir, databaseFile), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db, filepath.Join(dir, secretKeyFile)
}

func newTestLog(w io.Writer) *slog.Logger { return newLogger(w, "text", slog.LevelInfo) }

func TestSecretKeyIsMadeOnceForItsOwnersEyes(t *testing.T) {
	db, path := openTestStore(t)
	key, err := openSecretKey(t.Context(), path, db, newTestLog(io.Discard))
	if err != nil || len(key) != authority.SecretKeyLength {
		t.Fatal(len(key), err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has the mode %v, %v", info.Mode(), err)
	}
	again, err := openSecretKey(t.Context(), path, db, newTestLog(io.Discard))
	if err != nil || !bytes.Equal(key, again) {
		t.Errorf("the second time it is another key, or %v", err)
	}
}

// TestSecretKeyThatIsMissingAndNeededIsNotMadeAnew: it could still be put back.
func TestSecretKeyThatIsMissingAndNeededIsNotMadeAnew(t *testing.T) {
	db, path := openTestStore(t)
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	err := db.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error {
		u := authority.User{ID: strings.Repeat("a", 32), Email: "alice@example.com", Version: 1}
		f := authority.SecondFactor{UserID: u.ID, Sealed: []byte("sealed"), CreatedOn: now, ConfirmedOn: now, Version: 1}
		return errors.Join(tx.InsertUser(ctx, u), tx.InsertSecondFactor(ctx, f))
	})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	key, err := openSecretKey(t.Context(), path, db, newTestLog(&log))
	if err != nil || key != nil {
		t.Errorf("a key of %d bytes, %v", len(key), err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is there: %v", err)
	}
	if !strings.Contains(log.String(), "the secret key is missing") {
		t.Errorf("the log says %q", &log)
	}
}

func TestSecretKeyThatIsNoneIsRefusedWithoutShowingIt(t *testing.T) {
	db, path := openTestStore(t)
	for _, text := range []string{"", "abc123", strings.Repeat("ab", 31), strings.Repeat("ab", 33), strings.Repeat("xy", 32)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := openSecretKey(t.Context(), path, db, newTestLog(io.Discard))
		if err == nil || text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("%d characters: %v", len(text), err)
		}
	}
	if _, err := openSecretKey(t.Context(), filepath.Dir(path), db, newTestLog(io.Discard)); err == nil {
		t.Error("a folder was taken")
	}
}
