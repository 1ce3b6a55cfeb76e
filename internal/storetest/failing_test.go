package storetest_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/store"
	"github.com/tokenward/tokenward/internal/storetest"
)

var errWanted = errors.New("as the test wants")

func openStore(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "test.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestAFailingStoreKeepsTheContractUntilToldOtherwise(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Stores {
		s := openStore(t)
		return storetest.Stores{Authority: storetest.NewFailing(s), DNS: storetest.NewFailingRecords(s)}
	})
}

func insertAccount(id string) func(context.Context, authority.Tx) error {
	return func(ctx context.Context, tx authority.Tx) error {
		return tx.InsertAccount(ctx, authority.Account{ID: id, Version: 1})
	}
}

// TestAFailingStoreFailsAsTold: what fails, and whether the write is kept nevertheless.
func TestAFailingStoreFailsAsTold(t *testing.T) {
	for _, c := range []struct {
		name              string
		told              func(*storetest.Failing)
		write, read, kept bool
	}{
		{"nothing", func(*storetest.Failing) {}, true, true, true},
		{"reads", func(f *storetest.Failing) { f.FailReads(errWanted) }, true, false, true},
		{"writes", func(f *storetest.Failing) { f.FailWrites(errWanted) }, false, true, false},
		{"commit", func(f *storetest.Failing) { f.FailCommit(errWanted) }, false, true, false},
		{"answer", func(f *storetest.Failing) { f.FailAnswer(errWanted) }, false, true, true},
		{"one read", func(f *storetest.Failing) { f.Fail("Accounts", errWanted) }, true, false, true},
		{"one write", func(f *storetest.Failing) { f.Fail("InsertAccount", errWanted) }, false, true, false},
		{"another", func(f *storetest.Failing) { f.Fail("InsertZone", errWanted) }, true, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openStore(t)
			f := storetest.NewFailing(s)
			c.told(f)
			if err := f.Write(t.Context(), insertAccount("1")); (err == nil) != c.write || err != nil && err != errWanted {
				t.Errorf("writing gave %v", err)
			}
			if _, err := f.Accounts(t.Context(), nil); (err == nil) != c.read || err != nil && err != errWanted {
				t.Errorf("reading gave %v", err)
			}
			if _, err := s.Account(t.Context(), "1"); (err == nil) != c.kept {
				t.Errorf("reading the store inside gave %v", err)
			}
		})
	}
}

func TestAFailureCanBeMended(t *testing.T) {
	f := storetest.NewFailing(openStore(t))
	f.FailWrites(errWanted)
	f.FailWrites(nil)
	if err := f.Write(t.Context(), insertAccount("1")); err != nil {
		t.Error(err)
	}
}

func TestAPausedReadReturnsWhatItReadBefore(t *testing.T) {
	s := openStore(t)
	f := storetest.NewFailing(s)
	if err := f.Write(t.Context(), insertAccount("1")); err != nil {
		t.Fatal(err)
	}
	f.Pause("Account", func(ctx context.Context) {
		err := s.Write(ctx, func(ctx context.Context, tx authority.Tx) error {
			return tx.UpdateAccount(ctx, authority.Account{ID: "1", Name: "renamed", Version: 1})
		})
		if err != nil {
			t.Error(err)
		}
	})
	if a, err := f.Account(t.Context(), "1"); err != nil || a.Name != "" {
		t.Errorf("the paused read gave %q (%v), want the name before", a.Name, err)
	}
	f.Pause("Account", nil)
	if a, err := f.Account(t.Context(), "1"); err != nil || a.Name != "renamed" {
		t.Errorf("the next read gave %q (%v)", a.Name, err)
	}
}

func TestAFailingStoreOfRecordsFailsAsTold(t *testing.T) {
	f := storetest.NewFailingRecords(openStore(t))
	nothing := func(context.Context, dns.Tx) error { return nil }
	if err := f.WriteRecords(t.Context(), nothing); err != nil {
		t.Error(err)
	}
	f.FailCommit(errWanted)
	if err := f.WriteRecords(t.Context(), nothing); err != errWanted {
		t.Errorf("writing gave %v", err)
	}
	f.FailReads(errWanted)
	if _, err := f.RecordsByName(t.Context(), "1", "example.com"); err != errWanted {
		t.Errorf("reading gave %v", err)
	}
}
