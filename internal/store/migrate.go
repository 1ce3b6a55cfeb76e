package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"time"
)

// migration is one numbered file: 0001_tables.sql.
type migration struct {
	version  int
	name     string
	text     string
	checksum string // hex of the SHA-256 of the text
}

// migrate brings the tables up to date, in one transaction and holding the lock of a
// writer from its start, so that of two processes that start together one waits. It
// refuses a database that a newer program made, and one that a file was applied to
// which is another one here: nobody knows what those tables look like.
func migrate(ctx context.Context, db *sql.DB, files fs.FS, dir string) error {
	shipped, err := readMigrations(files, dir)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	t, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin migrations: %w", err)
	}
	defer t.Rollback()
	if err := createBookkeeping(ctx, t); err != nil {
		return fmt.Errorf("create the table of migrations: %w", err)
	}
	applied, err := appliedMigrations(ctx, t)
	if err != nil {
		return fmt.Errorf("read the table of migrations: %w", err)
	}
	if err := checkApplied(shipped, applied); err != nil {
		return err
	}
	for _, m := range shipped[len(applied):] {
		if err := apply(ctx, t, m); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
	}
	if err := beginFeed(ctx, t); err != nil {
		return fmt.Errorf("begin the change feed: %w", err)
	}
	return t.Commit()
}

// readMigrations gives the files in order and checks that they are numbered 1, 2, 3.
func readMigrations(files fs.FS, dir string) ([]migration, error) {
	names, err := fs.Glob(files, path.Join(dir, "*.sql")) // sorted
	if err != nil {
		return nil, err
	}
	var list []migration
	for i, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		base := path.Base(name)
		version, err := strconv.Atoi(base[:min(4, len(base))])
		if err != nil || version != i+1 {
			return nil, fmt.Errorf("%s should be number %d", base, i+1)
		}
		sum := sha256.Sum256(text)
		list = append(list, migration{version, base, string(text), hex.EncodeToString(sum[:])})
	}
	if len(list) == 0 {
		return nil, errors.New("there are none")
	}
	return list, nil
}

func createBookkeeping(ctx context.Context, t *sql.Tx) error {
	_, err := t.ExecContext(ctx, `
		CREATE TABLE IF NOT EXISTS schema_migrations (
			version    INTEGER NOT NULL PRIMARY KEY,
			name       TEXT    NOT NULL,
			checksum   TEXT    NOT NULL,
			applied_on BIGINT  NOT NULL
		)`)
	return err
}

func appliedMigrations(ctx context.Context, t *sql.Tx) ([]migration, error) {
	rows, err := t.QueryContext(ctx, `
		SELECT version, name, checksum
		FROM schema_migrations
		ORDER BY version`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []migration
	for rows.Next() {
		var m migration
		if err := rows.Scan(&m.version, &m.name, &m.checksum); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, rows.Err()
}

// checkApplied compares what was applied with what this program ships.
func checkApplied(shipped, applied []migration) error {
	if len(applied) > len(shipped) {
		return fmt.Errorf("the database has schema %d and this program knows %d: a newer version of it was here",
			applied[len(applied)-1].version, len(shipped))
	}
	for i, m := range applied {
		if m.version != shipped[i].version || m.checksum != shipped[i].checksum {
			return fmt.Errorf("migration %s was applied to this database with another content than %s has here",
				m.name, shipped[i].name)
		}
	}
	return nil
}

func apply(ctx context.Context, t *sql.Tx, m migration) error {
	if _, err := t.ExecContext(ctx, m.text); err != nil {
		return err
	}
	_, err := t.ExecContext(ctx, `
		INSERT INTO schema_migrations (version, name, checksum, applied_on)
		VALUES ($1, $2, $3, $4)`,
		m.version, m.name, m.checksum, micros(time.Now()))
	return err
}

// beginFeed gives a new database its feed's epoch.
func beginFeed(ctx context.Context, t *sql.Tx) error {
	epoch := make([]byte, 16)
	rand.Read(epoch)
	_, err := t.ExecContext(ctx, `
		INSERT INTO meta (key, value)
		VALUES ('feed_epoch', $1)
		ON CONFLICT (key) DO NOTHING`,
		hex.EncodeToString(epoch))
	return err
}
