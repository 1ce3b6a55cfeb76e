package store

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
)

func TestTheFilesAreTheirOwnersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	s := open(t, path, Options{})
	if err := s.Write(t.Context(), insert(benchToken(0))); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("the mode of %s is %v", info.Name(), mode)
		}
	}
}

func TestCloseLeavesOneFile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "test.db"), Options{})
	if err := s.Write(t.Context(), insert(benchToken(0))); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Errorf("after Close there are %v, %v", files, err)
	}
}

func TestADirectoryThatIsMissingIsAnError(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "missing")
	if _, err := OpenSQLite(t.Context(), filepath.Join(dir, "test.db"), Options{}); err == nil {
		t.Error("the store opened")
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the directory was made")
	}
}

func TestAPathIsTakenAsItIs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b%20#c")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "x?mode=memory&y.db")
	s := open(t, path, Options{})
	if err := s.Write(t.Context(), insert(benchToken(0))); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wantTokens(t, open(t, path, Options{}), true)
}

func TestAFileThatIsNoDatabaseIsRefusedAndKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	text := strings.Repeat("these are somebody's notes\n", 100)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenSQLite(t.Context(), path, Options{}); err == nil {
		t.Error("the store opened")
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != text {
		t.Errorf("the file was changed (%v)", err)
	}
}

// TestEveryConnectionHasThePragmas takes all connections of the pools at once.
func TestEveryConnectionHasThePragmas(t *testing.T) {
	s := testStore(t)
	wantPragmas(t, s.readers, map[string]string{"journal_mode": "wal", "foreign_keys": "1", "query_only": "1",
		"temp_store": "2", "busy_timeout": "5000", "trusted_schema": "0"})
	s.writer.close() // gives its connection back
	wantPragmas(t, s.writer.db, map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "query_only": "0",
		"temp_store": "2", "busy_timeout": "5000", "trusted_schema": "0"})
}

func wantPragmas(t *testing.T, db *sql.DB, want map[string]string) {
	t.Helper()
	for range db.Stats().MaxOpenConnections {
		conn, err := db.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		for name, value := range want {
			var got string
			if err := conn.QueryRowContext(t.Context(), "PRAGMA "+name).Scan(&got); err != nil || got != value {
				t.Errorf("%s is %q, want %q (%v)", name, got, value, err)
			}
		}
	}
}

func TestReadersCannotWrite(t *testing.T) {
	s := testStore(t)
	if _, err := s.readers.ExecContext(t.Context(), "DELETE FROM tokens"); err == nil {
		t.Error("a reader's connection deleted rows")
	}
}

func TestADatabaseThatIsLockedIsAnErrorAndNoAnswer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	s := open(t, path, Options{BusyTimeout: 20 * time.Millisecond})
	other, err := openPool(sqliteDSN(path, Options{}), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	lock, err := other.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	wantOther(t, "write", s.Write(t.Context(), insert(benchToken(0))))
	wantTokens(t, s, false) // reading goes on
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := s.Write(t.Context(), insert(benchToken(1))); err != nil {
		t.Errorf("write after the lock is gone: %v", err)
	}
	wantTokens(t, s, false, true)
}

func TestTwoProcessesMayOpenANewDatabaseAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	epochs := make([]string, 8)
	var wg sync.WaitGroup
	for n := range epochs {
		wg.Go(func() {
			s, err := OpenSQLite(context.Background(), path, Options{})
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			epochs[n], _, err = s.FeedHead(context.Background())
			if err != nil {
				t.Error(err)
			}
			if err := s.Write(context.Background(), insert(benchToken(n))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if slices.Sort(epochs); len(slices.Compact(epochs)) != 1 {
		t.Errorf("the epochs are %v", epochs)
	}
}

func TestNumbersOfTheFeedNeverComeAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	s := open(t, path, Options{})
	change := func(ctx context.Context, x authority.Tx) error {
		return x.AppendChange(ctx, authority.ChangeUser, "1")
	}
	if err := s.Write(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	_, first, err := s.FeedHead(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.writer.write(t.Context(), func(ctx context.Context, x *tx) error { return x.db.exec(ctx, "DELETE FROM changes") }); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, Options{})
	if err := s.Write(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	if _, second, err := s.FeedHead(t.Context()); err != nil || second <= first {
		t.Errorf("the number after %d is %d (%v)", first, second, err)
	}
}

// TestEveryReadWalksAnIndex asks SQLite for its plan of every statement that reads.
func TestEveryReadWalksAnIndex(t *testing.T) {
	s := testStore(t)
	readEverything(t, s)
	parameter := regexp.MustCompile(`\$(\d+)`)
	for text := range s.db.byText {
		var args []any
		for _, m := range parameter.FindAllStringSubmatch(text, -1) {
			if n, _ := strconv.Atoi(m[1]); n > len(args) {
				args = append(args, "")
			}
		}
		for _, step := range plan(t, s, text, args) {
			sorted := strings.Contains(step, "TEMP B-TREE")
			scanned := strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "events_by_time")
			if sorted || scanned {
				t.Errorf("%s\nis read with: %s", text, step)
			}
		}
	}
}

func plan(t *testing.T, s *Store, text string, args []any) []string {
	t.Helper()
	rows, err := s.readers.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if len(steps) == 0 {
		t.Errorf("there is no plan for %s (%v)", text, rows.Err())
	}
	return steps
}

// readEverything calls every method that reads, so that its statement is prepared.
func readEverything(t *testing.T, s *Store) {
	t.Helper()
	ctx := t.Context()
	_, _ = s.TokenByDigest(ctx, benchDigest(0))
	_, _ = s.Token(ctx, authority.Owner{}, "")
	_, _, _ = s.Tokens(ctx, authority.TokenQuery{})
	_, _, _ = s.Tokens(ctx, authority.TokenQuery{Descending: true})
	_, _ = s.User(ctx, "")
	_, _ = s.UserByEmail(ctx, "")
	_, _ = s.Memberships(ctx, "")
	_, _ = s.Account(ctx, "")
	_, _ = s.Zone(ctx, "")
	_, _ = s.ZoneByName(ctx, "", "")
	_, _ = s.ZoneByName(ctx, "1", "")
	_ = s.Zones(ctx, []string{"1"}, func(authority.Zone) bool { return true })
	_, _ = s.Changes(ctx, 0, 1)
	_, _, _ = s.FeedHead(ctx)
	_, _ = s.Events(ctx, authority.EventQuery{}, 1)
	_, _ = s.Events(ctx, authority.EventQuery{AccountID: "1"}, 1)
	_, _ = s.Events(ctx, authority.EventQuery{UserID: "1"}, 1)
	for _, log := range []authority.Log{{AccountID: "1"}, {UserID: "1"}} {
		_, _ = s.EventLog(ctx, authority.LogQuery{Log: log})
		_, _ = s.EventLog(ctx, authority.LogQuery{Log: log, Descending: true})
	}
	_, _ = s.EventHead(ctx)
	_, _ = s.Record(ctx, "", "")
	_ = s.Records(ctx, "", func(dns.Record) bool { return true })
	_, _ = s.RecordsByName(ctx, "", "")
	_ = s.Ping(ctx)
	if len(s.db.byText) < 20 {
		t.Errorf("only %d statements were prepared", len(s.db.byText))
	}
}
