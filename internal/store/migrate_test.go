package store

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// migrateTo applies files to a database in a file.
func migrateTo(t *testing.T, path string, files map[string]string) error {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys["m/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	db, err := openPool(sqliteDSN(path, Options{}, "journal_mode(WAL)"), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	return migrate(t.Context(), db, fsys, "m")
}

const (
	firstFile  = "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT); CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1);"
	secondFile = "CREATE TABLE b (x INTEGER);"
)

func TestMigrationsAreAppliedOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	for _, files := range []map[string]string{
		{"0001_first.sql": firstFile},
		{"0001_first.sql": firstFile},
		{"0001_first.sql": firstFile, "0002_second.sql": secondFile},
		{"0001_first.sql": firstFile, "0002_second.sql": secondFile},
	} {
		if err := migrateTo(t, path, files); err != nil {
			t.Fatal(err)
		}
	}
	if got := count(t, path, "SELECT count(*) FROM a"); got != 1 {
		t.Errorf("the first file left %d rows, want 1", got)
	}
	if got := count(t, path, "SELECT count(*) FROM schema_migrations WHERE length(checksum) = 64"); got != 2 {
		t.Errorf("%d migrations are written down, want 2", got)
	}
}

func count(t *testing.T, path, query string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", sqliteDSN(path, Options{}))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	if err := migrateTo(t, path, map[string]string{"0001_first.sql": firstFile, "0002_second.sql": secondFile}); err != nil {
		t.Fatal(err)
	}
	err := migrateTo(t, path, map[string]string{"0001_first.sql": firstFile})
	wantMessage(t, err, "a newer version")
}

func TestADatabaseOfANewerProgramDoesNotOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	s := open(t, path, Options{})
	if _, err := s.writer.db.Exec("SELECT 1"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", sqliteDSN(path, Options{}))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("INSERT INTO schema_migrations VALUES (9999, '9999_future.sql', '', 0)"); err != nil {
		t.Fatal(err)
	}
	_, err = OpenSQLite(t.Context(), path, Options{})
	wantMessage(t, err, "schema 9999")
}

func TestAChangedFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	if err := migrateTo(t, path, map[string]string{"0001_first.sql": firstFile}); err != nil {
		t.Fatal(err)
	}
	err := migrateTo(t, path, map[string]string{"0001_first.sql": firstFile + " -- one more word"})
	wantMessage(t, err, "another content")
}

func TestAMigrationThatFailsLeavesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	if err := migrateTo(t, path, map[string]string{"0001_first.sql": firstFile}); err != nil {
		t.Fatal(err)
	}
	broken := secondFile + " INSERT INTO nowhere VALUES (1);"
	err := migrateTo(t, path, map[string]string{"0001_first.sql": firstFile, "0002_second.sql": broken})
	wantMessage(t, err, "0002_second.sql")
	if got := count(t, path, "SELECT count(*) FROM sqlite_schema WHERE name = 'b'"); got != 0 {
		t.Error("the failed file's table stayed")
	}
	if err := migrateTo(t, path, map[string]string{"0001_first.sql": firstFile, "0002_second.sql": secondFile}); err != nil {
		t.Errorf("the mended file: %v", err)
	}
}

func TestMigrationsAreNumberedWithoutGaps(t *testing.T) {
	for _, name := range []string{"0003_third.sql", "second.sql", "2.sql", "0001_again.sql"} {
		err := migrateTo(t, filepath.Join(t.TempDir(), "test.db"), map[string]string{"0001_first.sql": firstFile, name: secondFile})
		if err == nil {
			t.Errorf("%s was taken for the second file", name)
		}
	}
	wantMessage(t, migrateTo(t, filepath.Join(t.TempDir(), "test.db"), nil), "there are none")
}

func wantMessage(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %v, want one with %q", err, want)
	}
}
