package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/tokenward/tokenward/internal/authority"
)

//go:embed migrations/sqlite/*.sql
var sqliteMigrations embed.FS

// Options of a SQLite store. The zero value is good.
type Options struct {
	// Readers is the number of connections that read, 0 for a number that fits
	// the machine.
	Readers int
	// BusyTimeout is how long a statement waits for another process that has the
	// database locked, 0 for five seconds.
	BusyTimeout time.Duration
}

// OpenSQLite opens the database in a file and brings its tables up to date. A file
// that is not there is made, for its owner's eyes only; its directory must be there.
func OpenSQLite(ctx context.Context, path string, opts Options) (*Store, error) {
	s, err := openSQLite(ctx, path, opts)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	return s, nil
}

func openSQLite(ctx context.Context, path string, opts Options) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := createFile(path); err != nil {
		return nil, err
	}
	write, err := openPool(sqliteDSN(path, opts, "journal_mode(WAL)", "synchronous(FULL)", "journal_size_limit(67108864)"), 1)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, write, sqliteMigrations, "migrations/sqlite"); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	read, err := openPool(sqliteDSN(path, opts, "query_only(1)"), opts.readers())
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	s := &Store{
		reader:  reader{newStatements(read, sqliteError)},
		readers: read,
		writer:  startWriter(write, sqliteError),
	}
	s.closed = sync.OnceValue(s.close)
	return s, nil
}

// readers is one connection a processor, because reading is what a processor does
// here, and a few more for those that wait for the disk.
func (o Options) readers() int {
	if o.Readers > 0 {
		return o.Readers
	}
	return runtime.GOMAXPROCS(0) + 3
}

// createFile makes an empty database file unless there is a file. SQLite would make
// it with the process's umask; its log files take over the mode of this one.
func createFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes a new file's name survive a power cut.
func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// sqliteDSN names the file and the pragmas of every connection to it. They are here
// because a pragma that is run once on a pool reaches one of its connections.
func sqliteDSN(path string, opts Options, pragmas ...string) string {
	busy := opts.BusyTimeout
	if busy == 0 {
		busy = 5 * time.Second
	}
	q := url.Values{
		"_busy_timeout": {fmt.Sprint(busy.Milliseconds())},
		"_txlock":       {"immediate"},
		"_dqs":          {"0"}, // "name" is never a string: a misspelt column is an error
		"_pragma": append([]string{
			"foreign_keys(1)",
			"temp_store(2)", // in memory
			"trusted_schema(0)",
			"cache_size(-8192)", // KiB, of each connection
		}, pragmas...),
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: q.Encode()}).String()
}

func openPool(dsn string, conns int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// closeSQLite empties the write-ahead log into the file and closes it. A log that
// cannot be emptied now, because another process reads, loses nothing: it is read
// again at the next start.
func closeSQLite(db *sql.DB) error {
	_, err := db.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	return errors.Join(err, db.Close())
}

// sqliteError gives the errors of constraints their names in the port. All others
// (a full disk, a locked or closed database) stay what they are.
func sqliteError(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return fmt.Errorf("%w (%w)", authority.ErrExists, err)
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		// No statement deletes a row that others need, so the one a new row
		// names is not there.
		return fmt.Errorf("%w (%w)", authority.ErrNotFound, err)
	}
	return err
}
