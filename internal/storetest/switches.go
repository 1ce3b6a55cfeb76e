package storetest

import (
	"context"
	"sync"
)

// switches say what fails. A nil error lets it work again.
type switches struct {
	mu      sync.Mutex
	methods map[string]error
	pauses  map[string]func(context.Context)
	reads   error
	writes  error
	commit  error
	answer  error
}

// Fail lets one method fail, of the store or of its transactions: "TokenByDigest",
// "Changes", "AppendEvent". It is not called then.
func (s *switches) Fail(method string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.methods == nil {
		s.methods = map[string]error{}
	}
	s.methods[method] = err
}

// FailReads lets every read fail, of the store and of its transactions.
func (s *switches) FailReads(err error) { s.set(&s.reads, err) }

// FailWrites lets every write fail before it runs.
func (s *switches) FailWrites(err error) { s.set(&s.writes, err) }

// FailCommit lets every write fail after it ran, with nothing of it kept.
func (s *switches) FailCommit(err error) { s.set(&s.commit, err) }

// FailAnswer lets every write fail after it was kept: the answer was lost on its way.
func (s *switches) FailAnswer(err error) { s.set(&s.answer, err) }

// Pause calls hook in every call of a reading method of the store, between the reading
// and the return: whoever waits in it holds a row that may be old by then. It hears the
// call's context. nil ends it.
func (s *switches) Pause(method string, hook func(context.Context)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pauses == nil {
		s.pauses = map[string]func(context.Context){}
	}
	s.pauses[method] = hook
}

func (s *switches) set(which *error, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*which = err
}

// read is the error of a reading method.
func (s *switches) read(method string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.methods[method]; err != nil {
		return err
	}
	return s.reads
}

// write is the error of a writing method of the store; a writing method of a transaction
// fails by its own name only (method).
func (s *switches) write(method string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.methods[method]; err != nil {
		return err
	}
	return s.writes
}

func (s *switches) method(method string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.methods[method]
}

func (s *switches) failed(which *error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return *which
}

func (s *switches) pause(ctx context.Context, method string) {
	s.mu.Lock()
	hook := s.pauses[method]
	s.mu.Unlock()
	if hook != nil {
		hook(ctx)
	}
}

// paused reads, unless that fails, and pauses with what it read.
func paused[T any](ctx context.Context, s *switches, method string, read func() (T, error)) (T, error) {
	if err := s.read(method); err != nil {
		var none T
		return none, err
	}
	v, err := read()
	s.pause(ctx, method)
	return v, err
}
