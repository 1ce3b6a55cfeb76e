package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
)

var (
	_ authority.Store = (*Store)(nil)
	_ dns.Store       = (*Store)(nil)
)

// Store is an open database. Its reads see what has been committed; they are the
// methods of reader, which a transaction has too.
type Store struct {
	reader
	readers *sql.DB
	writer  *writer
	closed  func() error // closes, the first time
}

// Write implements [authority.Store].
func (s *Store) Write(ctx context.Context, f func(context.Context, authority.Tx) error) error {
	return s.writer.write(ctx, func(ctx context.Context, t *tx) error { return f(ctx, t) })
}

// WriteRecords implements [dns.Store].
func (s *Store) WriteRecords(ctx context.Context, f func(context.Context, dns.Tx) error) error {
	return s.writer.write(ctx, func(ctx context.Context, t *tx) error { return f(ctx, t) })
}

// Ping reports whether the database can be read.
func (s *Store) Ping(ctx context.Context) error {
	if _, err := s.feedEpoch(ctx); err != nil {
		return fmt.Errorf("ping the database: %w", err)
	}
	return nil
}

// Stats are the counts of the writer so far.
func (s *Store) Stats() Stats { return s.writer.stats() }

// Close answers the writes that wait, empties the write-ahead log into the database
// file and closes it. Whatever is called afterwards fails. Close may be called twice.
func (s *Store) Close() error { return s.closed() }

func (s *Store) close() error {
	s.writer.close()
	// The readers first: only then is nobody left who holds pages of the log.
	if err := errors.Join(s.readers.Close(), closeSQLite(s.writer.db)); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}

// reader reads rows: through the pool, or inside a transaction.
type reader struct{ db *statements }

// tx changes rows inside a transaction of the writer.
type tx struct{ reader }
