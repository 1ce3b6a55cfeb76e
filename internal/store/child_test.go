package store

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

// The tests of what survives run this test program again, as a child that is killed or
// watched. These variables tell it that it is the child and what to do.
const (
	childDatabase = "STORE_TEST_CHILD_DATABASE" // the file to write to
	childFrom     = "STORE_TEST_CHILD_FROM"     // number of the first token
	childWriters  = "STORE_TEST_CHILD_WRITERS"  // goroutines that write
	childWrites   = "STORE_TEST_CHILD_WRITES"   // tokens of each, 0 for no end
)

func TestMain(m *testing.M) {
	if path := os.Getenv(childDatabase); path != "" {
		if err := child(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child issues tokens from many goroutines, and revokes every third. It says on its
// standard output, a line and a system call each, what it is about to do and what has
// been acknowledged:
//
//	BEGIN 7   token 7 is being written
//	ACK 7     it is kept
//	REVOKE 7  it is being deleted
//	GONE 7    it is kept that it is gone
func child(path string) error {
	s, err := OpenSQLite(context.Background(), path, Options{})
	if err != nil {
		return err
	}
	from, writers, writes := number(childFrom), number(childWriters), number(childWrites)
	failed := make(chan error, writers)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := 0; n < writes || writes == 0; n++ {
				if err := childToken(s, from+n*writers+w); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(failed)
	if err := <-failed; err != nil {
		return err
	}
	return s.Close()
}

func number(name string) int {
	n, _ := strconv.Atoi(os.Getenv(name))
	return n
}

func childToken(s *Store, n int) error {
	say("BEGIN", n)
	if err := s.Write(context.Background(), insert(benchToken(n))); err != nil {
		return err
	}
	say("ACK", n)
	if n%3 != 0 {
		return nil
	}
	say("REVOKE", n)
	err := s.Write(context.Background(), func(ctx context.Context, t authority.Tx) error {
		return t.DeleteToken(ctx, benchToken(n).ID, 1)
	})
	if err != nil {
		return err
	}
	say("GONE", n)
	return nil
}

// say writes a line in one system call, which a pipe keeps whole.
func say(what string, n int) { os.Stdout.Write(fmt.Appendf(nil, "%s %d\n", what, n)) }
