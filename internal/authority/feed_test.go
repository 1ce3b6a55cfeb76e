package authority_test

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

var errAway = errors.New("the store is away")

// feedKey is how the change feed names a token.
func feedKey(d token.Digest) string { return hex.EncodeToString(d[:]) }

// cached reports whether a check is answered without the store.
func (w *world) cached(cred token.Credential, op string, at policy.Path) bool {
	w.t.Helper()
	w.store.FailReads(errAway)
	defer w.store.FailReads(nil)
	_, d, err := w.Authorize(context.Background(), cred, w.attempt(op, at))
	if err != nil && d.Allowed {
		w.t.Error("an error and an allow")
	}
	return err == nil
}

func TestCacheIsNotUsedBeforeTheFeedWasHeard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	deaf, err := authority.New(authority.Config{Store: w.store, Catalog: catalog.V4(), Clock: w.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	w.Authority = deaf
	for range 2 {
		w.allowed(cred, authority.OpDNSCreate, inZone(shop))
		if w.cached(cred, authority.OpDNSCreate, inZone(shop)) {
			t.Error("a cache was used that nobody keeps right")
		}
	}
	if s := deaf.Staleness(); s >= 0 {
		t.Errorf("staleness is %v, want negative for never", s)
	}
}

// TestSilentFeedMakesChecksStrict: from MaxStaleness on the store is asked each
// time; when it is away too, nothing is allowed; when the feed is heard again,
// the cache is used again.
func TestSilentFeedMakesChecksStrict(t *testing.T) {
	t.Parallel()
	const bound = 3 * time.Second
	w := newWorld(t, func(c *authority.Config) { c.MaxStaleness = bound })
	o := w.admin.owner()
	made, cred := w.issue(o, allow("DNS Write", zone(shop)))
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	use := func(want bool) {
		t.Helper()
		if got := w.cached(cred, authority.OpDNSCreate, inZone(shop)); got != want {
			t.Errorf("%v after the feed was heard the cache is used: %v", w.Staleness(), got)
		}
	}
	w.clock.Advance(bound)
	use(true)
	w.clock.Advance(time.Nanosecond)
	use(false)
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	use(false) // asking the store does not make the feed heard
	w.poll()
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	use(true)

	w.clock.Advance(bound + time.Second)
	w.revokeElsewhere(made)
	w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
	w.poll()
	w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
}

// TestSilentFeedMakesEveryFactStrict: what another node changed is felt at once,
// of tokens, of people and of zones.
func TestSilentFeedMakesEveryFactStrict(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(w *world, made authority.Token){
		"revoked": func(w *world, made authority.Token) { w.revokeElsewhere(made) },
		"left":    func(w *world, _ authority.Token) { w.elsewhere(leave(w.admin, acme)) },
		"moved":   func(w *world, _ authority.Token) { w.elsewhere(move(shop, rival)) },
		"suspended": func(w *world, _ authority.Token) {
			w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
				u, err := tx.User(ctx, w.admin.id)
				u.Suspended = true
				return errors.Join(err, tx.UpdateUser(ctx, u))
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			made, cred := w.issue(w.admin.owner(), allow("DNS Write", account(acme)))
			w.allowed(cred, authority.OpDNSCreate, inZone(shop))
			w.clock.Advance(authority.DefaultMaxStaleness + time.Nanosecond)
			change(w, made)
			if d := w.decide(cred, authority.OpDNSCreate, inZone(shop)); d.Allowed {
				t.Error("the change is not felt")
			}
		})
	}
}

// TestFreshnessCountsFromTheStartOfAPoll: what it answers was true when it was
// asked.
func TestFreshnessCountsFromTheStartOfAPoll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, method := range []string{"FeedHead", "Changes"} {
		w.elsewhere(func(ctx context.Context, tx authority.Tx) error { // so that there are changes to read
			return tx.AppendChange(ctx, authority.ChangeAccount, acme)
		})
		w.store.Pause(method, func(context.Context) { w.clock.Advance(2 * time.Second) })
		w.poll()
		w.store.Pause(method, nil)
		if got := w.Staleness(); got != 2*time.Second {
			t.Errorf("after a poll that waited two seconds for %s, staleness is %v", method, got)
		}
	}
}

func TestFailedPollDoesNotCountAndLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	w.revokeElsewhere(made)
	for _, method := range []string{"FeedHead", "Changes"} {
		w.clock.Advance(time.Second)
		before := w.Staleness()
		w.store.Fail(method, errAway)
		if err := w.Poll(t.Context()); !errors.Is(err, errAway) {
			t.Errorf("%s: %v", method, err)
		}
		w.store.Fail(method, nil)
		if got := w.Staleness(); got != before {
			t.Errorf("%s failed and staleness went from %v to %v", method, before, got)
		}
	}
	w.poll()
	w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
}

func TestChangeOfAnotherNodeIsFeltWithinOnePoll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other, err := authority.New(authority.Config{Store: w.db, Catalog: catalog.V4(), Clock: w.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	o := accountOwner(acme)
	here := w.attempt(authority.OpDNSCreate, inZone(shop))
	made, first := w.issue(o, allow("DNS Write", zone(shop)))
	w.allowed(first, authority.OpDNSCreate, inZone(shop))

	rolled, err := other.Roll(t.Context(), other.System("test"), o, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.allowed(first, authority.OpDNSCreate, inZone(shop)) // the bound is a poll, not nothing
	w.poll()
	w.denied(first, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
	w.allowed(bearer(rolled), authority.OpDNSCreate, inZone(shop))

	if _, err := other.Exposed(t.Context(), other.System("test"), []string{rolled.Reveal()}, ""); err != nil {
		t.Fatal(err)
	}
	w.poll()
	w.denied(bearer(rolled), authority.OpDNSCreate, inZone(shop), policy.Disabled)

	if err := other.Revoke(t.Context(), other.System("test"), o, made.ID); err != nil {
		t.Fatal(err)
	}
	w.poll()
	w.denied(bearer(rolled), authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
	if _, d, err := other.Authorize(t.Context(), bearer(rolled), here); err != nil || d.Allowed {
		t.Error("the other node still allows it: ", err)
	}
}

func TestLongFeedIsReadToItsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		for range 2500 {
			if err := tx.AppendChange(ctx, authority.ChangeZone, blog); err != nil {
				return err
			}
		}
		return nil
	})
	w.revokeElsewhere(made)
	w.poll()
	w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
}

// TestEntryThatCannotBeReadForgetsEverything: it could be about anything. And it
// must not end the program.
func TestEntryThatCannotBeReadForgetsEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, cred := w.issue(w.admin.owner(), allow("DNS Write", zone(shop)))
	digest := strings.Repeat("ab", 32)
	for _, c := range []struct {
		kind    authority.ChangeKind
		key     string
		forgets bool
	}{
		{authority.ChangeToken, "", true},
		{authority.ChangeToken, "x", true},
		{authority.ChangeToken, digest[1:], true},
		{authority.ChangeToken, digest[2:], true},
		{authority.ChangeToken, digest + "ab", true},
		{authority.ChangeToken, strings.Repeat(digest, 100), true},
		{authority.ChangeToken, "zz" + digest[2:], true},
		{authority.ChangeUser, "", true},
		{authority.ChangeUser, digest, true},
		{authority.ChangeUser, strings.ToUpper(spelled("ab")), true},
		{authority.ChangeZone, "*", true},
		{"", "", true},
		{"role", acme, true},
		// These are about somebody else.
		{authority.ChangeToken, digest, false},
		{authority.ChangeUser, spelled("ab"), false},
		{authority.ChangeZone, blog, false},
		{authority.ChangeAccount, acme, false},
	} {
		w.allowed(cred, authority.OpDNSCreate, inZone(shop))
		w.elsewhere(func(ctx context.Context, tx authority.Tx) error { return tx.AppendChange(ctx, c.kind, c.key) })
		w.poll()
		if got := !w.cached(cred, authority.OpDNSCreate, inZone(shop)); got != c.forgets {
			t.Errorf("%s %.70q: everything is forgotten %v, want %v", c.kind, c.key, got, c.forgets)
		}
	}
}

// feedStore gives another head and other changes than are there.
type feedStore struct {
	authority.Store
	mu    sync.Mutex
	epoch string
	seq   int64
	hide  bool // changes are there no more
}

func (s *feedStore) FeedHead(ctx context.Context) (string, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	epoch, seq, err := s.Store.FeedHead(ctx)
	return epoch + s.epoch, seq + s.seq, err
}

func (s *feedStore) Changes(ctx context.Context, after int64, limit int) ([]authority.Change, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, err := s.Store.Changes(ctx, after-s.seq, limit)
	if s.hide {
		list = nil
	}
	for i := range list {
		list[i].Seq += s.seq
	}
	return slices.Clip(list), err
}

func (s *feedStore) set(epoch string, seq int64, hide bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch, s.seq, s.hide = epoch, seq, hide
}

// TestRestoredOrCutFeedForgetsEverything: the numbers mean other changes then.
func TestRestoredOrCutFeedForgetsEverything(t *testing.T) {
	t.Parallel()
	var feed *feedStore
	w := newWorld(t, func(c *authority.Config) {
		feed = &feedStore{Store: c.Store, seq: 100}
		c.Store = feed
	})
	_, cred := w.issue(w.admin.owner(), allow("DNS Write", zone(shop)))
	kept := func(what string, want bool) {
		t.Helper()
		w.poll()
		if got := w.cached(cred, authority.OpDNSCreate, inZone(shop)); got != want {
			t.Errorf("%s: the cache is kept %v, want %v", what, got, want)
		}
		w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	}
	w.poll() // it hears of its own changes too
	w.allowed(cred, authority.OpDNSCreate, inZone(shop))
	kept("nothing changed", true)
	feed.set("restored", 100, false)
	kept("another epoch", false)
	kept("the same epoch again", true)
	feed.set("restored", 50, false)
	kept("numbers that went back", false)
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		return tx.AppendChange(ctx, authority.ChangeZone, blog)
	})
	feed.set("restored", 50, true)
	kept("changes that were deleted unread", false)
	feed.set("restored", 50, false)
	kept("nothing more", true)
}

// TestFollowKeepsTheBound runs Follow on the test's own time: it hears the feed
// every half second, and when the store stalls checks become strict in time.
func TestFollowKeepsTheBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *authority.Config) { c.Clock = time.Now })
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { w.Follow(ctx); close(ended) }()

		made, cred := w.issue(accountOwner(acme), allow("DNS Write", zone(shop)))
		w.allowed(cred, authority.OpDNSCreate, inZone(shop))
		tick(10 * time.Second)
		if s := w.Staleness(); s < 0 || s > 500*time.Millisecond {
			t.Errorf("staleness is %v, want half a second at most", s)
		}
		w.allowed(cred, authority.OpDNSCreate, inZone(shop))
		if !w.cached(cred, authority.OpDNSCreate, inZone(shop)) {
			t.Error("the cache is not used")
		}

		stall := make(chan struct{})
		w.store.Pause("FeedHead", func(context.Context) { <-stall })
		tick(authority.DefaultMaxStaleness + time.Second)
		if w.cached(cred, authority.OpDNSCreate, inZone(shop)) {
			t.Error("the poll stalls and the cache is still used")
		}
		w.revokeElsewhere(made)
		w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)
		w.store.Pause("FeedHead", nil)
		close(stall)
		tick(time.Second)
		if s := w.Staleness(); s > 500*time.Millisecond {
			t.Errorf("after the stall staleness is %v", s)
		}
		w.denied(cred, authority.OpDNSCreate, inZone(shop), policy.UnknownCredential)

		cancel()
		<-ended
	})
}

// tick lets time pass, and whatever is due happen.
func tick(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}
