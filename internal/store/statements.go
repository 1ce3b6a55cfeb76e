package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/tokenward/tokenward/internal/authority"
)

// statements runs statements on a pool or on one connection and keeps each one
// prepared. There are as many as there are functions in this package.
//
// A LIMIT is written as a sum: where it is a placeholder alone, SQLite plans for its
// value, and prepares the statement anew each time that one is bound, which takes longer
// than a short page.
type statements struct {
	db     preparer
	mapped func(error) error // gives an error of the driver its name in the port

	mu     sync.RWMutex
	byText map[string]*sql.Stmt

	// single marks statements of one connection, inside whose transaction they
	// run; broken is then the error that ended it.
	single bool
	broken error
}

type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// row is a *sql.Row or the present one of *sql.Rows.
type row interface{ Scan(dest ...any) error }

func newStatements(db preparer, mapped func(error) error) *statements {
	return &statements{db: db, mapped: mapped, byText: map[string]*sql.Stmt{}}
}

// one reads one row, or answers ErrNotFound.
func one[T any](ctx context.Context, s *statements, scan func(row) (T, error), text string, args ...any) (T, error) {
	var none T
	st, err := s.prepared(ctx, text)
	if err != nil {
		return none, err
	}
	v, err := scan(st.QueryRowContext(ctx, args...))
	if err != nil {
		return none, s.failure(ctx, err)
	}
	return v, nil
}

// all reads all rows before it returns, so no lock and no connection is held while
// the caller looks at them.
func all[T any](ctx context.Context, s *statements, scan func(row) (T, error), text string, args ...any) ([]T, error) {
	st, err := s.prepared(ctx, text)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return nil, s.failure(ctx, err)
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, s.failure(ctx, err)
		}
		list = append(list, v)
	}
	if err := rows.Err(); err != nil {
		return nil, s.failure(ctx, err)
	}
	return list, nil
}

// exec changes rows.
func (s *statements) exec(ctx context.Context, text string, args ...any) error {
	_, err := s.count(ctx, text, args...)
	return err
}

// swap changes a row whose version the statement compares: no row, no match.
func (s *statements) swap(ctx context.Context, text string, args ...any) error {
	n, err := s.count(ctx, text, args...)
	if err == nil && n == 0 {
		return authority.ErrConflict
	}
	return err
}

func (s *statements) count(ctx context.Context, text string, args ...any) (int64, error) {
	st, err := s.prepared(ctx, text)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, s.failure(ctx, err)
	}
	return res.RowsAffected()
}

func (s *statements) prepared(ctx context.Context, text string) (*sql.Stmt, error) {
	if s.single && s.broken != nil {
		return nil, s.broken
	}
	s.mu.RLock()
	st := s.byText[text]
	s.mu.RUnlock()
	if st != nil {
		return st, nil
	}
	st, err := s.db.PrepareContext(ctx, text)
	if err != nil {
		return nil, s.failure(ctx, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if first := s.byText[text]; first != nil {
		st.Close() // somebody else was faster; theirs is as good
		return first, nil
	}
	s.byText[text] = st
	return st, nil
}

// close lets go of the statements. A connection that is closed while it has some stays
// open underneath, with its locks.
func (s *statements) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.byText {
		_ = st.Close()
	}
	clear(s.byText)
}

// failure names an error as the port does. That no row came is an answer only while
// the context lives: a cancelled read must never look like a row that is not there.
//
// Some errors (a full disk among them) make SQLite undo the whole transaction, and
// the next statement would then run outside of it and stay. So after an error that is
// not about the row itself nothing more runs on this connection.
func (s *statements) failure(ctx context.Context, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		if cause := ctx.Err(); cause != nil {
			return cause
		}
		return authority.ErrNotFound
	}
	err = s.mapped(err)
	if s.single && !errors.Is(err, authority.ErrExists) && !errors.Is(err, authority.ErrNotFound) {
		s.broken = err
	}
	return err
}
