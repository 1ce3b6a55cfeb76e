package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

const (
	maxBatch    = 256  // writes in one transaction
	queueLength = 1024 // writes that wait; more block their callers
)

// errClosed answers every write after Close.
var errClosed = errors.New("the store is closed")

// writer is the one that writes. An fsync takes as long for one write as for many,
// so while it commits one batch the next one collects in the queue. It waits for
// nobody: a write that comes alone is committed alone, at once.
type writer struct {
	db      *sql.DB // of one connection
	mapped  func(error) error
	session *session // the goroutine's own, as is
	hand    *hand    // what runs the writes' functions; nil for none yet
	yield   yield

	queue     chan *write
	closeOnce sync.Once
	closing   chan struct{} // closed: take what is in the queue, then stop
	stopped   chan struct{} // closed: nobody reads the queue any more

	batches, writes, failed, largest atomic.Int64
}

// Stats counts what the writer did.
type Stats struct {
	Batches int64 // transactions committed
	Writes  int64 // writes in them
	Failed  int64 // writes undone, for their own error or the database's
	Largest int64 // writes in the largest transaction
	Waiting int   // writes in the queue now
}

func startWriter(db *sql.DB, mapped func(error) error) *writer {
	w := &writer{
		db:      db,
		mapped:  mapped,
		queue:   make(chan *write, queueLength),
		closing: make(chan struct{}),
		stopped: make(chan struct{}),
	}
	go w.run()
	return w
}

func (w *writer) stats() Stats {
	return Stats{
		Batches: w.batches.Load(),
		Writes:  w.writes.Load(),
		Failed:  w.failed.Load(),
		Largest: w.largest.Load(),
		Waiting: len(w.queue),
	}
}

// write queues f and returns when it is on disk or undone. A context that ends while
// f waits takes it out of the queue; once it runs, the answer is awaited, because
// only the answer says whether f took place.
func (w *writer) write(ctx context.Context, f func(context.Context, *tx) error) error {
	if ctx.Value(insideWrite{}) == w {
		return errors.New("a write inside a write would wait for itself for ever")
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	r := &write{ctx: ctx, f: f, done: make(chan struct{})}
	select {
	case <-w.closing: // on its own first: select picks at random among the ready
		return errClosed
	default:
	}
	select {
	case w.queue <- r:
	case <-w.closing:
		return errClosed
	case <-ctx.Done():
		return fmt.Errorf("write: %w", ctx.Err())
	}
	return w.await(r)
}

func (w *writer) await(r *write) error {
	select {
	case <-r.done:
		return r.err
	case <-r.ctx.Done():
		if r.claim() {
			return fmt.Errorf("write: %w", r.ctx.Err())
		}
	case <-w.stopped:
		if r.claim() {
			return errClosed
		}
	}
	<-r.done
	return r.err
}

func (w *writer) close() {
	w.closeOnce.Do(func() { close(w.closing) })
	<-w.stopped
}

func (w *writer) run() {
	defer close(w.stopped)
	for {
		batch := w.collect()
		if len(batch) == 0 {
			w.endSession()
			w.hand.rest()
			return
		}
		w.commit(batch)
	}
}

// collect waits for a write and takes those that wait behind it. It gives none when
// the store is closing and the queue is empty.
func (w *writer) collect() []*write {
	var batch []*write
	for len(batch) == 0 {
		select {
		case r := <-w.queue:
			batch = w.take(batch, r)
		case <-w.closing:
			return w.drain(batch)
		}
	}
	w.yield.toOthers()
	return w.drain(batch)
}

// drain takes what is in the queue now, as much as a batch may hold.
func (w *writer) drain(batch []*write) []*write {
	for len(batch) < maxBatch {
		select {
		case r := <-w.queue:
			batch = w.take(batch, r)
		default:
			return batch
		}
	}
	return batch
}

func (w *writer) take(batch []*write, r *write) []*write {
	if !r.claim() {
		return batch // its caller has left
	}
	return append(batch, r)
}
