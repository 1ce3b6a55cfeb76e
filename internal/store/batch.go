package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"runtime/debug"
	"sync/atomic"
)

// insideWrite is the key under which f's context holds the writer that runs it.
type insideWrite struct{}

// write is one call of Write on its way through the writer.
type write struct {
	ctx     context.Context
	f       func(context.Context, *tx) error
	claimed atomic.Bool   // by the writer, or by a caller who leaves
	done    chan struct{} // closed once err is the answer
	err     error
}

// claim reports whether the one who asks is the first, and so decides its fate.
func (r *write) claim() bool { return r.claimed.CompareAndSwap(false, true) }

// session is the writer's connection with its prepared statements.
type session struct {
	conn *sql.Conn
	db   *statements
}

// commit runs a batch as one transaction and answers its callers. When the shared
// transaction is lost each write gets one of its own, so that the one that broke it
// fails alone.
func (w *writer) commit(batch []*write) {
	ran, err := w.together(batch)
	if err != nil && !ran && len(batch) > 1 {
		for _, r := range batch {
			w.commit([]*write{r})
		}
		return
	}
	if err == nil {
		w.batches.Add(1)
		w.largest.Store(max(w.largest.Load(), int64(len(batch))))
	}
	for _, r := range batch {
		w.answer(r, err)
	}
}

// answer tells a caller how its write ended: with f's own error, which is returned as
// it is, or with the transaction's.
func (w *writer) answer(r *write, err error) {
	if r.err == nil {
		r.err = err
	}
	if r.err == nil {
		w.writes.Add(1)
	} else {
		w.failed.Add(1)
	}
	close(r.done)
}

// together runs a batch in one transaction. On an error nothing of it stays. Then ran
// says whether all of it was run, so that to run it again would not help.
func (w *writer) together(batch []*write) (ran bool, err error) {
	forget(batch)
	ctx := context.Background() // no caller's end may interrupt the others
	s, err := w.openSession(ctx)
	if err != nil {
		return true, fmt.Errorf("connect the writer: %w", err)
	}
	defer func() {
		if err != nil {
			w.endSession() // and with it whatever of the transaction is left
		}
	}()
	if err := s.db.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return true, fmt.Errorf("begin a transaction: %w", err)
	}
	for _, r := range batch {
		if err := w.runOne(ctx, s, r); err != nil {
			return false, fmt.Errorf("the transaction was lost: %w", err)
		}
	}
	if err := s.db.exec(ctx, "COMMIT"); err != nil {
		forget(batch)
		return true, fmt.Errorf("commit: %w", err)
	}
	return true, nil
}

// forget drops what each f answered, because it saw rows that did not stay.
func forget(batch []*write) {
	for _, r := range batch {
		r.err = nil
	}
}

// runOne runs one write inside a savepoint of its own. Its error is the transaction's;
// the write's own is in r.err.
func (w *writer) runOne(ctx context.Context, s *session, r *write) error {
	if r.err = r.ctx.Err(); r.err != nil {
		return nil // its caller's context ended while it waited
	}
	if err := s.db.exec(ctx, "SAVEPOINT one"); err != nil {
		return err
	}
	r.err = w.call(s, r)
	if s.db.broken != nil {
		return s.db.broken
	}
	if r.err != nil {
		if err := s.db.exec(ctx, "ROLLBACK TO one"); err != nil {
			return err
		}
	}
	return s.db.exec(ctx, "RELEASE one")
}

// call runs f on a goroutine that is not the writer's: a panic, or a Goexit such as that
// of a test's FailNow, ends that one at the most.
func (w *writer) call(s *session, r *write) error {
	err := fmt.Errorf("the write's function ended its goroutine")
	ctx := context.WithValue(context.WithoutCancel(r.ctx), insideWrite{}, w)
	if w.hand == nil {
		w.hand = startHand()
	}
	if !w.hand.do(func() {
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("the write's function panicked: %v\n%s", p, debug.Stack())
			}
		}()
		err = r.f(ctx, &tx{reader{s.db}})
	}) {
		w.hand = nil
	}
	return err
}

// openSession gives the writer's connection.
func (w *writer) openSession(ctx context.Context) (*session, error) {
	if w.session != nil {
		return w.session, nil
	}
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	db := newStatements(conn, w.mapped)
	db.single = true
	w.session = &session{conn: conn, db: db}
	return w.session, nil
}

// endSession closes the connection, and does not only give it back to the pool: a
// transaction that did not end well must not meet the next one.
func (w *writer) endSession() {
	if w.session == nil {
		return
	}
	s := w.session
	w.session = nil
	_, _ = s.conn.ExecContext(context.Background(), "ROLLBACK") // an error when there is none to undo
	s.db.close()
	_ = s.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = s.conn.Close()
}
