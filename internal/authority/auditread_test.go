package authority_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// farOff is a Before that no event reaches.
var farOff = start.AddDate(50, 0, 0)

// auditor is an account token of acme that may read its audit log, and no more.
func (w *world) auditor() authority.Caller {
	w.t.Helper()
	_, cred := w.issue(accountOwner(acme), allow("Account Settings Read", account(acme)))
	return w.as(cred)
}

func (w *world) from(c authority.Caller, q authority.AuditQuery) ([]authority.Event, string) {
	w.t.Helper()
	q.Op, q.AccountID = authority.OpAcctAuditV2, acme
	if q.Limit == 0 {
		q.Limit = 1000
	}
	events, cursor, err := w.AuditFrom(context.Background(), c, q)
	if err != nil {
		w.t.Fatal(err)
	}
	return events, cursor
}

// write puts an event at a time into acme's log, as another node would.
func (w *world) write(n int, at time.Time) {
	w.t.Helper()
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error { return tx.AppendEvent(ctx, written(n, at)) })
}

func written(n int, at time.Time) authority.Event {
	return authority.Event{ID: fmt.Sprintf("%032x", n), At: at, Action: "test", AccountID: acme}
}

func idsOf(events []authority.Event) []string {
	var ids []string
	for _, e := range events {
		if e.Action == "test" {
			ids = append(ids, e.ID[28:])
		}
	}
	return ids
}

func wantIDs(t *testing.T, what string, got []authority.Event, want ...string) {
	t.Helper()
	if !slices.Equal(idsOf(got), want) {
		t.Errorf("%s: events %v, want %v", what, idsOf(got), want)
	}
}

// TestAPollerSeesEveryEventOnce: twenty write while one follows the cursor with
// an account's token, in pages of seven.
func TestAPollerSeesEveryEventOnce(t *testing.T) {
	t.Parallel()
	const writers, each = 20, 15
	w := newWorld(t)
	c := w.auditor()
	var all sync.WaitGroup
	for n := range writers {
		all.Go(func() {
			for i := range each {
				// Times are all over the place: they must not matter.
				at := start.Add(time.Duration((n*7+i*13)%60) * time.Second)
				if err := w.db.Write(context.Background(), func(ctx context.Context, tx authority.Tx) error {
					return tx.AppendEvent(ctx, written(n*each+i, at))
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()

	seen := make(map[string]int)
	cursor, finished := "", false
	for {
		page, next := w.from(c, authority.AuditQuery{Since: start, Before: farOff, Cursor: cursor, Limit: 7})
		for _, id := range idsOf(page) {
			seen[id]++
		}
		if next == "" {
			t.Fatal("a poller was sent home while events may still come")
		}
		cursor = next
		if len(page) > 0 {
			continue
		}
		if finished {
			break
		}
		select {
		case <-done:
			finished = true
		default:
		}
	}
	if len(seen) != writers*each {
		t.Errorf("saw %d events, want %d", len(seen), writers*each)
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("event %s was seen %d times", id, n)
		}
	}
}

// TestGoingBackwardsSeesWhatWasThereOnce: what is written meanwhile does not
// move the pages.
func TestGoingBackwardsSeesWhatWasThereOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.auditor()
	for n := range 50 {
		w.write(n, start)
	}
	var seen []authority.Event
	for cursor, n := "", 100; ; n++ {
		page, next := w.from(c, authority.AuditQuery{Since: start, Before: farOff, Cursor: cursor, Descending: true, Limit: 7})
		seen = append(seen, page...)
		w.write(n, start)
		if cursor = next; cursor == "" {
			break
		}
	}
	ids := idsOf(seen)
	if len(ids) != 50 || ids[0] != "0031" || ids[49] != "0000" || !slices.IsSortedFunc(ids, func(a, b string) int { return -cmpString(a, b) }) {
		t.Errorf("saw %v", ids)
	}
}

func cmpString(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// TestAMovingBeforeLosesNothing: events become readable in another order than
// that of their times, so a poller whose Before is the present must not step
// over one that Before still hides.
func TestAMovingBeforeLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.auditor()
	w.write(1, start.Add(1*time.Second))
	w.write(2, start.Add(9*time.Second)) // began later
	w.write(3, start.Add(2*time.Second)) // and was faster than this one
	first, cursor := w.from(c, authority.AuditQuery{Since: start, Before: start.Add(5 * time.Second)})
	wantIDs(t, "at first", first, "0001")
	second, cursor := w.from(c, authority.AuditQuery{Since: start, Before: start.Add(20 * time.Second), Cursor: cursor})
	wantIDs(t, "then", second, "0002", "0003")
	w.write(4, start.Add(3*time.Second)) // hung for a while
	third, _ := w.from(c, authority.AuditQuery{Since: start.Add(20 * time.Second), Before: start.Add(40 * time.Second), Cursor: cursor})
	wantIDs(t, "at last", third, "0004")
}

// TestAPastWindowIsWhole: long after, times are all that counts, and the last
// page says that it is the last.
func TestAPastWindowIsWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n, at := range []int{1, 9, 2, 5} {
		w.write(n+1, start.Add(time.Duration(at)*time.Second))
	}
	w.clock.Advance(time.Hour)
	w.poll()
	c := w.auditor()
	for _, back := range []bool{false, true} {
		got, cursor := w.from(c, authority.AuditQuery{Since: start.Add(time.Second), Before: start.Add(5 * time.Second), Descending: back})
		want := []string{"0001", "0003"}
		if back {
			slices.Reverse(want)
		}
		wantIDs(t, "the window", got, want...)
		if cursor != "" {
			t.Error("a window that is over has a cursor")
		}
	}
}

// TestAnEventFromTheFutureHoldsNobodyUp: a clock was wrong for a moment.
func TestAnEventFromTheFutureHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write(1, start.AddDate(1, 0, 0))
	w.write(2, start)
	got, _ := w.from(w.auditor(), authority.AuditQuery{Since: start, Before: start.Add(time.Second)})
	wantIDs(t, "the log", got, "0002")
}

// TestForeignCursorsAreRefused: of another account, another direction, another
// database, and what never was a cursor.
func TestForeignCursorsAreRefused(t *testing.T) {
	t.Parallel()
	w, other := newWorld(t), newWorld(t)
	c := w.auditor()
	q := authority.AuditQuery{Op: authority.OpAcctAuditV2, AccountID: acme, Since: start, Before: farOff, Limit: 1}
	_, good := w.from(c, q)
	_, elsewhere := other.from(other.auditor(), q)
	ofRival := q
	ofRival.AccountID = rival
	_, foreign, err := w.AuditFrom(t.Context(), w.as(w.both.credential()), ofRival)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := base64.RawURLEncoding.DecodeString(good)
	cursors := []string{elsewhere, foreign, good + "A", good[1:], "x", good + good + good, " ", "\x00"}
	for i := range raw {
		raw[i] ^= 1
		cursors = append(cursors, base64.RawURLEncoding.EncodeToString(raw))
		raw[i] ^= 1
	}
	for _, cursor := range cursors {
		q.Cursor = cursor
		_, _, err := w.AuditFrom(t.Context(), c, q)
		wantCode(t, err, authority.CodeInvalid)
	}
	q.Cursor, q.Descending = good, true
	_, _, err = w.AuditFrom(t.Context(), c, q)
	wantCode(t, err, authority.CodeInvalid)
	if len(good) != authority.MaxAuditCursor {
		t.Errorf("a cursor has %d bytes, the limit is %d", len(good), authority.MaxAuditCursor)
	}
}

// TestAFilterThatMatchesLittleGoesOn: pages are cut by what they look at, and
// the cursor goes on from there.
func TestAFilterThatMatchesLittleGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.auditor()
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		for n := range 2500 {
			if err := tx.AppendEvent(ctx, written(n, start)); err != nil {
				return err
			}
		}
		return nil
	})
	for _, back := range []bool{false, true} {
		last := fmt.Sprintf("%032x", 2400)
		got, _ := w.from(c, authority.AuditQuery{
			Since: start, Before: farOff, Descending: back, Match: func(e *authority.Event) bool { return e.ID == last },
		})
		wantIDs(t, "the log", got, "0960")
	}
}

func TestAuditLogsAreForWhoMayReadThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, dns := w.issue(accountOwner(acme), allow("DNS Read", account(acme)))
	q := authority.AuditQuery{Op: authority.OpAcctAuditV2, AccountID: acme, Limit: 1}
	for name, c := range map[string]authority.Caller{
		"nobody": {}, "another group": w.as(dns), "a guest": w.as(w.guest.credential()),
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := w.AuditFrom(t.Context(), c, q)
			wantCode(t, err, authority.CodeForbidden)
			_, _, err = w.AuditPages(t.Context(), c, q)
			wantCode(t, err, authority.CodeForbidden)
			own := q
			own.Op, own.AccountID = authority.OpUserAudit, ""
			if name != "a guest" {
				_, _, err = w.AuditPages(t.Context(), c, own)
				wantCode(t, err, authority.CodeForbidden)
			}
		})
	}
	w.store.Fail("EventLog", errDisk)
	_, _, err := w.AuditFrom(t.Context(), w.as(w.admin.credential()), q)
	wantCode(t, err, authority.CodeUnavailable)
}

// TestAUsersLogHidesTokensFromWhoMayNotReadThem: User Details Read is in tokens
// that are to know nothing of the user's other tokens.
func TestAUsersLogHidesTokensFromWhoMayNotReadThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, _ := w.issue(w.admin.owner(), allow("DNS Read", zone(shop)))
	_, details := w.issue(w.admin.owner(), allow("User Details Read", user(w.admin.id)))
	_, both := w.issue(w.admin.owner(), allow("User Details Read, API Tokens Read", user(w.admin.id)))
	q := authority.AuditQuery{
		Op: authority.OpUserAudit, Limit: 10, Match: func(e *authority.Event) bool { return e.Resource.ID == made.ID },
	}
	for name, c := range map[string]struct {
		as    authority.Caller
		shows bool
	}{
		"details":            {w.as(details), false},
		"details and tokens": {w.as(both), true},
		"the key":            {w.as(w.admin.credential()), true},
	} {
		events, total, err := w.AuditPages(t.Context(), c.as, q)
		if err != nil || total != 1 || len(events) != 1 {
			t.Fatalf("%s: %d events: %v", name, total, err)
		}
		if shows := events[0].New != nil && events[0].Metadata != nil; shows != c.shows || events[0].Resource.ID != made.ID {
			t.Errorf("%s: what the token may do is shown: %v", name, shows)
		}
	}
}

func TestEventsAreKeptAsLongAsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *authority.Config) { c.AuditRetention = 24 * time.Hour })
	w.elsewhere(func(ctx context.Context, tx authority.Tx) error {
		for n := range 700 {
			if err := tx.AppendEvent(ctx, written(n, start.Add(time.Duration(n-600)*time.Microsecond))); err != nil {
				return err
			}
		}
		return nil
	})
	left := func() int { return len(must(w.db.Events(t.Context(), authority.EventQuery{Action: "test"}, 1000))(t)) }
	w.clock.Set(start.Add(24 * time.Hour))
	for _, want := range []int{200, 100, 100} {
		w.Prune(t.Context())
		if n := left(); n != want {
			t.Errorf("%d events are left, want %d", n, want)
		}
	}
	w.clock.Advance(time.Minute)
	w.Prune(t.Context())
	if n := left(); n != 100 {
		t.Errorf("%d events are left before it was time to look again", n)
	}
	w.clock.Advance(10 * time.Minute)
	w.Prune(t.Context())
	if n := left(); n != 0 {
		t.Errorf("%d events are left after their time", n)
	}
}

// TestACursorOfAUsersLogIsForThatLogOnly, and walks it page by page while events
// are being written.
func TestACursorOfAUsersLogIsForThatLogOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 5 {
		w.issue(w.admin.owner(), allow("DNS Read", zone(shop)))
	}
	admin := w.as(w.admin.credential())
	q := authority.AuditQuery{Op: authority.OpUserAudit, Descending: true, Limit: 2}
	seen := map[string]bool{}
	for range 10 {
		page, cursor, err := w.AuditFrom(t.Context(), admin, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page {
			if seen[e.ID] {
				t.Errorf("the event %s came twice", e.ID)
			}
			seen[e.ID] = true
		}
		if q.Cursor = cursor; cursor == "" {
			break
		}
		w.issue(w.admin.owner(), allow("DNS Read", zone(shop))) // newer than the first page
	}
	if len(seen) != 5 {
		t.Errorf("saw %d events, want those that were there at first", len(seen))
	}
	_, cursor, err := w.AuditFrom(t.Context(), admin, authority.AuditQuery{Op: authority.OpUserAudit, Descending: true, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]authority.AuditQuery{
		"an account's log":    {Op: authority.OpAcctAuditV2, AccountID: acme, Descending: true, Cursor: cursor},
		"the other direction": {Op: authority.OpUserAudit, Cursor: cursor},
	} {
		_, _, err := w.AuditFrom(t.Context(), admin, other)
		if !t.Run(name, func(t *testing.T) { wantCode(t, err, authority.CodeInvalid) }) {
			return
		}
	}
	_, _, err = w.AuditFrom(t.Context(), w.as(w.guest.credential()), authority.AuditQuery{Op: authority.OpUserAudit, Descending: true, Cursor: cursor})
	wantCode(t, err, authority.CodeInvalid)
}
