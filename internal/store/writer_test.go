package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

// hold keeps the writer busy with a write until it is released.
func hold(t *testing.T, s *Store) (release func()) {
	t.Helper()
	running, free := make(chan struct{}), make(chan struct{})
	started := sync.OnceFunc(func() { close(running) })
	ended := make(chan error, 1)
	go func() {
		ended <- s.Write(context.Background(), func(context.Context, authority.Tx) error {
			started()
			<-free
			return nil
		})
	}()
	<-running
	release = sync.OnceFunc(func() {
		close(free)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(release)
	return release
}

// queue starts writes that wait behind a held one, in their order, and gives their
// answers.
func queue(t *testing.T, s *Store, writes ...func(context.Context, *tx) error) []<-chan error {
	t.Helper()
	var answers []<-chan error
	for n, f := range writes {
		answer := make(chan error, 1)
		go func() { answer <- s.writer.write(context.Background(), f) }()
		waitFor(t, s, n+1)
		answers = append(answers, answer)
	}
	return answers
}

// waitFor waits until a number of writes wait.
func waitFor(t *testing.T, s *Store, n int) {
	t.Helper()
	for s.Stats().Waiting < n {
		if err := t.Context().Err(); err != nil {
			t.Fatal(err)
		}
		runtime.Gosched()
	}
}

func testStore(t *testing.T) *Store { return open(t, filepath.Join(t.TempDir(), "test.db"), Options{}) }

// insertAs inserts token n, counting how often it runs.
func insertAs(n int, runs *atomic.Int64) func(context.Context, *tx) error {
	return func(ctx context.Context, t *tx) error {
		runs.Add(1)
		return t.InsertToken(ctx, benchToken(n))
	}
}

// wantTokens checks which of the tokens 0, 1, 2 ... are there.
func wantTokens(t *testing.T, s *Store, want ...bool) {
	t.Helper()
	for n, there := range want {
		_, err := s.TokenByDigest(context.Background(), benchDigest(n))
		if err != nil && !errors.Is(err, authority.ErrNotFound) {
			t.Fatal(err)
		}
		if (err == nil) != there {
			t.Errorf("token %d: there is %t, want %t", n, err == nil, there)
		}
	}
}

// wantOther checks for an error that says nothing about rows.
func wantOther(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil || errors.Is(err, authority.ErrNotFound) || errors.Is(err, authority.ErrExists) || errors.Is(err, authority.ErrConflict) {
		t.Errorf("%s: the error is %v", what, err)
	}
}

func TestWritesThatWaitShareOneCommit(t *testing.T) {
	s := testStore(t)
	release := hold(t, s)
	var runs atomic.Int64
	var writes []func(context.Context, *tx) error
	for n := range 100 {
		writes = append(writes, insertAs(n, &runs))
	}
	answers := queue(t, s, writes...)
	release()
	for n, a := range answers {
		if err := <-a; err != nil {
			t.Errorf("write %d: %v", n, err)
		}
	}
	got := s.Stats()
	if got.Batches != 2 || got.Writes != 101 || got.Largest != 100 || runs.Load() != 100 {
		t.Errorf("101 writes took %+v and %d runs, want one commit for the first and one for the others", got, runs.Load())
	}
}

func TestManyWritersNeedFewCommits(t *testing.T) {
	s := testStore(t)
	const writers, each = 64, 20
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := range each {
				if err := s.Write(t.Context(), insert(benchToken(each*w+n))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	got := s.Stats()
	if got.Writes != writers*each || got.Batches > writers*each/4 {
		t.Errorf("%d writes took %d commits", got.Writes, got.Batches)
	}
	t.Logf("%d writes in %d commits, at most %d in one", got.Writes, got.Batches, got.Largest)
}

func TestABatchHasAnEnd(t *testing.T) {
	s := testStore(t)
	release := hold(t, s)
	var wg sync.WaitGroup
	for range maxBatch + 10 {
		wg.Go(func() {
			if err := s.Write(context.Background(), func(context.Context, authority.Tx) error { return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	waitFor(t, s, maxBatch+10)
	release()
	wg.Wait()
	if got := s.Stats().Largest; got != maxBatch {
		t.Errorf("the largest batch has %d writes, want %d", got, maxBatch)
	}
}

func TestAnErrorUndoesItsOwnWriteOfABatch(t *testing.T) {
	s := testStore(t)
	release := hold(t, s)
	var runs atomic.Int64
	wish := errors.New("undo this")
	answers := queue(t, s,
		insertAs(0, &runs),
		func(ctx context.Context, t *tx) error { return errors.Join(t.InsertToken(ctx, benchToken(1)), wish) },
		insertAs(0, &runs), // the first has taken its id in the same transaction
		insertAs(3, &runs),
	)
	release()
	for n, want := range []error{nil, wish, authority.ErrExists, nil} {
		if err := <-answers[n]; !errors.Is(err, want) {
			t.Errorf("write %d: the error is %v, want %v", n, err, want)
		}
	}
	wantTokens(t, s, true, false, false, true)
	if got := s.Stats(); got.Batches != 2 || got.Failed != 2 {
		t.Errorf("the batch took %+v", got)
	}
}

func TestALostTransactionFailsOnlyTheWriteThatLostIt(t *testing.T) {
	s := testStore(t)
	release := hold(t, s)
	var runs atomic.Int64
	answers := queue(t, s,
		insertAs(0, &runs),
		func(ctx context.Context, t *tx) error {
			_ = t.InsertToken(ctx, benchToken(1))
			return t.db.exec(ctx, "ROLLBACK")
		},
		insertAs(2, &runs),
	)
	release()
	for n, lost := range []bool{false, true, false} {
		err := <-answers[n]
		if (err != nil) != lost {
			t.Errorf("write %d: the error is %v", n, err)
		}
	}
	wantTokens(t, s, true, false, true)
	if runs.Load() != 3 {
		t.Errorf("the two good writes ran %d times, want 3: the first was run again", runs.Load())
	}
}

func TestNothingRunsAfterTheTransactionBroke(t *testing.T) {
	s := testStore(t)
	err := s.writer.write(t.Context(), func(ctx context.Context, t *tx) error {
		_ = t.db.exec(ctx, "no such statement") // and takes no notice of the error
		_ = t.InsertToken(ctx, benchToken(0))
		return nil
	})
	wantOther(t, "the write", err)
	wantTokens(t, s, false)
}

func TestAFullDiskAcknowledgesNothing(t *testing.T) {
	s := testStore(t)
	release := hold(t, s)
	var runs atomic.Int64
	full := func(ctx context.Context, t *tx) error {
		if err := t.db.exec(ctx, "PRAGMA max_page_count = 1"); err != nil { // and SQLite takes as many as there are
			return err
		}
		for n := 100; ; n++ {
			if err := t.InsertToken(ctx, benchToken(n)); err != nil {
				return err
			}
		}
	}
	answers := queue(t, s, insertAs(0, &runs), full, insertAs(2, &runs))
	release()
	if err := <-answers[0]; err != nil {
		t.Error(err)
	}
	err := <-answers[1]
	wantOther(t, "the write that filled the disk", err)
	if err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("the error is %v, want one that says that the disk is full", err)
	}
	if err := <-answers[2]; err != nil {
		t.Error(err)
	}
	wantTokens(t, s, true, false, true)
	if _, err := s.TokenByDigest(t.Context(), benchDigest(100)); !errors.Is(err, authority.ErrNotFound) {
		t.Errorf("a token of the write that failed: %v", err)
	}
}

func TestAFailedCommitFailsAllOfItsBatch(t *testing.T) {
	s := testStore(t)
	release := hold(t, s)
	var runs atomic.Int64
	answers := queue(t, s,
		insertAs(0, &runs),
		func(ctx context.Context, t *tx) error {
			// A reference that is checked by COMMIT is what makes one fail here.
			if err := t.db.exec(ctx, "PRAGMA defer_foreign_keys = 1"); err != nil {
				return err
			}
			return t.InsertZone(ctx, authority.Zone{ID: "1", AccountID: "none", Version: 1})
		},
		func(ctx context.Context, t *tx) error {
			return errors.Join(insertAs(0, &runs)(ctx, t), errors.New("saw a row that does not stay"))
		},
	)
	release()
	for n, a := range answers {
		if err := <-a; err == nil || !strings.HasPrefix(err.Error(), "commit: ") {
			t.Errorf("write %d: the error is %v, want the commit's", n, err)
		}
	}
	wantTokens(t, s, false)
	if err := s.Write(t.Context(), insert(benchToken(0))); err != nil {
		t.Errorf("the next write: %v", err)
	}
}

// TestWritesThatAreReadyShareACommit: on one processor the first of them wakes the
// writer, and the others have had no turn yet to queue theirs.
func TestWritesThatAreReadyShareACommit(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	s := testStore(t)
	const callers, each = 16, 64
	var wg sync.WaitGroup
	for caller := range callers {
		wg.Go(func() {
			for n := range each {
				if err := s.Write(context.Background(), insert(benchToken(caller*each+n))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := s.Stats(); got.Batches > callers*each/10 {
		t.Errorf("%d writes took %d commits", got.Writes, got.Batches)
	}
}

func TestAPanicIsNamedAndTheWriterLives(t *testing.T) {
	s := testStore(t)
	release := hold(t, s)
	var runs atomic.Int64
	answers := queue(t, s,
		insertAs(0, &runs),
		func(ctx context.Context, t *tx) error { _ = t.InsertToken(ctx, benchToken(1)); panic("out of cheese") },
		func(ctx context.Context, t *tx) error {
			_ = t.InsertToken(ctx, benchToken(2))
			runtime.Goexit()
			return nil
		},
		insertAs(3, &runs),
	)
	release()
	for n, want := range []string{"", "out of cheese", "ended its goroutine", ""} {
		if err := <-answers[n]; (err != nil) != (want != "") || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("write %d: the error is %v, want %q", n, err, want)
		}
	}
	wantTokens(t, s, true, false, false, true)
}

func TestACallerLeavesTheQueueWhenItsContextEnds(t *testing.T) {
	s := testStore(t)
	release := hold(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	var runs atomic.Int64
	answer := make(chan error, 1)
	go func() { answer <- s.writer.write(ctx, insertAs(0, &runs)) }()
	waitFor(t, s, 1)
	cancel()
	if err := <-answer; !errors.Is(err, context.Canceled) { // while the writer is still held
		t.Errorf("the error is %v, want %v", err, context.Canceled)
	}
	beside := queue(t, s, insertAs(1, &runs), insertAs(2, &runs))
	release()
	for _, a := range beside {
		if err := <-a; err != nil {
			t.Error(err)
		}
	}
	wantTokens(t, s, false, true, true)
	if runs.Load() != 2 {
		t.Errorf("%d writes ran, want 2", runs.Load())
	}
}

func TestACallerWhoseWriteRunsGetsItsAnswer(t *testing.T) {
	s := testStore(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Write(ctx, func(inner context.Context, x authority.Tx) error {
		cancel()
		if inner.Err() != nil {
			return errors.New("the caller's end reached the transaction")
		}
		return x.InsertToken(inner, benchToken(0))
	})
	if err != nil {
		t.Errorf("the write was kept and its answer is %v", err)
	}
	wantTokens(t, s, true)
}

func TestAWriteInsideAWriteIsRefused(t *testing.T) {
	s := testStore(t)
	err := s.Write(t.Context(), func(ctx context.Context, _ authority.Tx) error { return s.Write(ctx, insert(benchToken(0))) })
	wantOther(t, "the write", err)
}

func TestCloseAnswersTheWritesThatWait(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	s := open(t, path, Options{})
	release := hold(t, s)
	var runs atomic.Int64
	answers := queue(t, s, insertAs(0, &runs), insertAs(1, &runs), insertAs(2, &runs))
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	<-s.writer.closing
	late := s.Write(t.Context(), insert(benchToken(3)))
	wantOther(t, "a write after Close began", late)
	release()
	for n, a := range answers {
		if err := <-a; err != nil {
			t.Errorf("write %d: %v", n, err)
		}
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	wantTokens(t, open(t, path, Options{}), true, true, true, false)
}

func TestAClosedStoreAnswersNothing(t *testing.T) {
	s := testStore(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	wantOther(t, "write", s.Write(t.Context(), insert(benchToken(0))))
	wantOther(t, "touch", s.TouchTokens(t.Context(), []authority.TokenUse{{TokenID: "1"}}))
	_, err := s.TokenByDigest(t.Context(), benchDigest(0))
	wantOther(t, "read", err)
	_, _, err = s.FeedHead(t.Context())
	wantOther(t, "read the feed", err)
	wantOther(t, "ping", s.Ping(t.Context()))
}

// TestWritesAndCloseRace: a write that meets Close is kept and told so, or neither.
func TestWritesAndCloseRace(t *testing.T) {
	for range 10 {
		path := filepath.Join(t.TempDir(), "test.db")
		s := open(t, path, Options{})
		told := make([]bool, 100)
		var wg sync.WaitGroup
		for n := range told {
			wg.Go(func() { told[n] = s.Write(context.Background(), insert(benchToken(n))) == nil })
			if n == len(told)/2 {
				wg.Go(func() { _ = s.Close() })
			}
		}
		wg.Wait()
		wantTokens(t, open(t, path, Options{}), told...)
	}
}
