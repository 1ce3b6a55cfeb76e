package authority_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

// useCounter counts the uses that are written.
type useCounter struct {
	authority.Store
	mu     sync.Mutex
	writes int
	uses   []authority.TokenUse
}

func (s *useCounter) TouchTokens(ctx context.Context, uses []authority.TokenUse) error {
	if err := s.Store.TouchTokens(ctx, uses); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	s.uses = append(s.uses, uses...)
	return nil
}

func (s *useCounter) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.uses)
}

func newUseWorld(t *testing.T, with ...func(*authority.Config)) (*world, *useCounter) {
	var s *useCounter
	w := newWorld(t, append(with, func(c *authority.Config) {
		s = &useCounter{Store: c.Store}
		c.Store = s
	})...)
	return w, s
}

// lastUse is what the database says.
func (w *world) lastUse(k authority.Token) time.Time {
	w.t.Helper()
	row, err := w.db.Token(context.Background(), k.Owner, k.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return row.LastUsedOn
}

func TestFirstUseIsWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	idle, _ := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	w.clock.Advance(1234567 * time.Microsecond)
	w.poll()
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	w.FlushUses(t.Context())
	if got := w.lastUse(made); !got.Equal(start.Add(1234567 * time.Microsecond)) {
		t.Errorf("last used on %v", got)
	}
	if got := w.lastUse(idle); !got.IsZero() {
		t.Errorf("a token that was not used was used on %v", got)
	}
	if got := must(w.Token(t.Context(), w.system(), made.Owner, made.ID))(t); got.Version != 1 || !got.ModifiedOn.Equal(start) {
		t.Error("a use counts as a change")
	}
}

func TestRefusedUseIsNoUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	w.denied(cred, authority.OpDNSCreate, inZone(blog), policy.NoGrant)
	w.FlushUses(t.Context())
	if got := w.lastUse(made); !got.IsZero() {
		t.Errorf("last used on %v", got)
	}
}

func TestTokenInConstantUseIsWrittenOnceAMinute(t *testing.T) {
	t.Parallel()
	for _, heard := range []bool{true, false} {
		w, s := newUseWorld(t)
		made, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
		for range 301 { // ten minutes and the first second of the eleventh
			if heard {
				w.poll()
			}
			w.allowed(cred, authority.OpDNSCreate, inZone(shop))
			w.FlushUses(t.Context())
			w.clock.Advance(2 * time.Second)
		}
		if n := s.count(); n != 11 {
			t.Errorf("in ten minutes it was written %d times (cached %v), want 11", n, heard)
		}
		if got := w.lastUse(made); !got.Equal(start.Add(10 * time.Minute)) {
			t.Errorf("last used on %v", got)
		}
	}
}

func TestUsesOfManyTokensAreOneWrite(t *testing.T) {
	t.Parallel()
	w, s := newUseWorld(t)
	var made []authority.Token
	for range 20 {
		k, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
		made = append(made, k)
		w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	}
	w.FlushUses(t.Context())
	if s.writes != 1 || s.count() != 20 {
		t.Errorf("%d uses in %d writes", s.count(), s.writes)
	}
	for _, k := range made {
		if w.lastUse(k).IsZero() {
			t.Error("a use is lost")
		}
	}
}

func TestUseThatCannotBeWrittenIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, oneCred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	two, twoCred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	w.allowed(oneCred, authority.OpDNSCreate, inZone(shop))
	w.store.Fail("TouchTokens", errDisk)
	w.FlushUses(t.Context())
	w.clock.Advance(2 * time.Second)
	w.allowed(twoCred, authority.OpDNSCreate, inZone(shop))
	w.FlushUses(t.Context())
	w.store.Fail("TouchTokens", nil)
	w.clock.Advance(2 * time.Second)
	w.FlushUses(t.Context())
	if got := w.lastUse(one); !got.Equal(start) {
		t.Errorf("the first was last used on %v, want %v", got, start)
	}
	if got := w.lastUse(two); !got.Equal(start.Add(2 * time.Second)) {
		t.Errorf("the second was last used on %v, want %v", got, start.Add(2*time.Second))
	}
}

// TestNewerUseIsNotLostToAnOlderOneThatIsTriedAgain: the second use comes while
// the write of the first is failing.
func TestNewerUseIsNotLostToAnOlderOneThatIsTriedAgain(t *testing.T) {
	t.Parallel()
	var s *duringTouch
	w := newWorld(t, func(c *authority.Config) {
		s = &duringTouch{Store: c.Store}
		c.Store = s
	})
	made, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	s.do = func() {
		w.clock.Advance(2 * time.Minute)
		w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	}
	w.FlushUses(t.Context())
	s.do = nil
	w.clock.Advance(time.Minute)
	w.FlushUses(t.Context())
	if got := w.lastUse(made); !got.Equal(start.Add(2 * time.Minute)) {
		t.Errorf("last used on %v, want %v", got, start.Add(2*time.Minute))
	}
}

// duringTouch does something while a write fails.
type duringTouch struct {
	authority.Store
	do func()
}

func (s *duringTouch) TouchTokens(ctx context.Context, uses []authority.TokenUse) error {
	if s.do != nil {
		s.do()
		return errDisk
	}
	return s.Store.TouchTokens(ctx, uses)
}

// TestFollowWritesUsesWhileItRunsAndWhenItEnds, on the test's own time.
func TestFollowWritesUsesWhileItRunsAndWhenItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *authority.Config) { c.Clock = time.Now })
		first, firstCred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
		last, lastCred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { w.Follow(ctx); close(ended) }()
		tick(5 * time.Second)

		used := time.Now()
		w.allowed(firstCred, authority.OpDNSCreate, inZone(shop))
		tick(3 * time.Second)
		if got := w.lastUse(first); !got.Equal(used.UTC().Truncate(time.Microsecond)) {
			t.Errorf("last used on %v, want %v", got, used)
		}
		w.allowed(lastCred, authority.OpDNSCreate, inZone(shop))
		cancel()
		<-ended
		if w.lastUse(last).IsZero() {
			t.Error("what was pending at the end is lost")
		}
	})
}

// TestUsesAtOnceAreOneUse: many checks of one token in the same second.
func TestUsesAtOnceAreOneUse(t *testing.T) {
	t.Parallel()
	w, s := newUseWorld(t)
	_, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	at := w.attempt(authority.OpDNSCreate, inZone(shop))
	atOnce(8, func(int) error {
		for range 50 {
			if _, d, err := w.Authorize(context.Background(), cred, at); err != nil || !d.Allowed {
				t.Error(d, err)
			}
		}
		return nil
	})
	w.FlushUses(t.Context())
	if n := s.count(); n != 1 {
		t.Errorf("%d uses were written", n)
	}
}
