package storetest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// readLog gives the numbers in the ids of a log's events.
func readLog(t *testing.T, s Stores, q authority.LogQuery) []authority.LoggedEvent {
	t.Helper()
	list, err := s.Authority.EventLog(t.Context(), q)
	return must(t, list, err)
}

func loggedID(e authority.LoggedEvent) string { return e.ID }

// eventOf is an event of an account's log and a user's.
func eventOf(n, account, user int) authority.Event {
	e := newEvent(n)
	e.AccountID, e.UserID = id(account), id(user)
	return e
}

func logByNumber(t *testing.T, s Stores) {
	var want []authority.Event
	for n := range 9 {
		want = append(want, eventOf(n+1, 1, 2))
		change(t, s, insertAll(want[n]))
	}
	for _, log := range []authority.Log{{AccountID: id(1)}, {UserID: id(2)}} {
		for _, back := range []bool{false, true} {
			var got []authority.Event
			q := authority.LogQuery{Log: log, Descending: back, Limit: 4}
			for page := readLog(t, s, q); len(page) > 0; page = readLog(t, s, q) {
				for _, e := range page {
					got = append(got, e.Event)
				}
				if last := page[len(page)-1].Seq; back {
					q.Below = last
				} else {
					q.Above = last
				}
			}
			if back {
				slices.Reverse(got)
			}
			same(t, fmt.Sprintf("log %v, backwards %v", log, back), got, want)
		}
	}
	head, err := s.Authority.EventHead(t.Context())
	last := readLog(t, s, authority.LogQuery{Log: authority.Log{AccountID: id(1)}, Descending: true, Limit: 1})
	same(t, "the head", must(t, head, err), last[0].Seq)
}

func logOfOne(t *testing.T, s Stores) {
	neither := newEvent(3)
	neither.AccountID, neither.UserID = "", ""
	change(t, s, insertAll(eventOf(1, 1, 11), eventOf(2, 2, 12), neither))
	for log, want := range map[authority.Log][]string{
		{AccountID: id(1)}: {id(1)}, {AccountID: id(2)}: {id(2)}, {UserID: id(12)}: {id(2)}, {}: {},
	} {
		got := readLog(t, s, authority.LogQuery{Log: log, Limit: 9})
		same(t, fmt.Sprintf("log %v", log), ids(got, loggedID), want)
	}
}

func logBounds(t *testing.T, s Stores) {
	// Times do not follow numbers.
	for _, n := range []int{3, 1, 4, 2} {
		change(t, s, insertAll(eventOf(n, 1, 2)))
	}
	log := authority.Log{AccountID: id(1)}
	whole := readLog(t, s, authority.LogQuery{Log: log, Limit: 9})
	for _, c := range []struct {
		q    authority.LogQuery
		want []string
	}{
		{authority.LogQuery{Since: micro(2)}, []string{id(3), id(4), id(2)}},
		{authority.LogQuery{Before: micro(3)}, []string{id(1), id(2)}},
		{authority.LogQuery{Since: micro(2), Before: micro(4)}, []string{id(3), id(2)}},
		{authority.LogQuery{Above: whole[0].Seq, Below: whole[3].Seq}, []string{id(1), id(4)}},
	} {
		for _, back := range []bool{false, true} {
			c.q.Log, c.q.Limit, c.q.Descending = log, 9, back
			got := ids(readLog(t, s, c.q), loggedID)
			if back {
				slices.Reverse(got)
			}
			same(t, fmt.Sprintf("%+v", c.q), got, c.want)
		}
	}
}

// logInOrder follows the log while many write to it, always from the highest number
// seen: an event that turned up below it would be missed.
func logInOrder(t *testing.T, s Stores) {
	const writers, each = 8, 20
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := range each {
				if err := s.Authority.Write(t.Context(), insertAll(eventOf(1+w*each+n, 1, 2))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	written := make(chan struct{})
	go func() { wg.Wait(); close(written) }()
	seen := make(map[string]int)
	q := authority.LogQuery{Log: authority.Log{AccountID: id(1)}, Limit: 7}
	for done := false; ; {
		page := readLog(t, s, q)
		for _, e := range page {
			seen[e.ID]++
			q.Above = e.Seq
		}
		if len(page) > 0 {
			continue
		}
		if done {
			break
		}
		select {
		case <-written:
			done = true
		default:
		}
	}
	for n := range writers * each {
		if seen[id(1+n)] != 1 {
			t.Errorf("event %d was seen %d times", n, seen[id(1+n)])
		}
	}
}

func pruneEvents(t *testing.T, s Stores) {
	for _, n := range []int{5, 1, 4, 2, 3} {
		change(t, s, insertAll(eventOf(n, 1, 2)))
	}
	prune := func(before time.Time, limit int) int {
		n, err := s.Authority.PruneEvents(t.Context(), before, limit)
		return must(t, n, err)
	}
	left := func() []string {
		return ids(readLog(t, s, authority.LogQuery{Log: authority.Log{AccountID: id(1)}, Limit: 9}), loggedID)
	}
	same(t, "the first batch", prune(micro(5), 3), 3)
	same(t, "what is left", left(), []string{id(5), id(4)})
	same(t, "the second batch", prune(micro(5), 3), 1)
	same(t, "the third batch", prune(micro(5), 3), 0)
	same(t, "the last", prune(micro(6), 3), 1)
	change(t, s, insertAll(eventOf(6, 1, 2)))
	log := readLog(t, s, authority.LogQuery{Log: authority.Log{AccountID: id(1)}, Limit: 9})
	same(t, "the number after everything was pruned", log[0].Seq, int64(6))
}

// logOffsets: a page that begins further on is a part of the whole, and the
// count stops where it is told.
func logOffsets(t *testing.T, s Stores) {
	for n := range 9 {
		change(t, s, insertAll(eventOf(n+1, 1, 2), eventOf(100+n, 3, 4)))
	}
	for _, log := range []authority.Log{{AccountID: id(1)}, {UserID: id(2)}} {
		for _, back := range []bool{false, true} {
			q := authority.LogQuery{Log: log, Descending: back, Limit: 100}
			all := readLog(t, s, q)
			same(t, "the number of events", len(all), 9)
			q.Offset, q.Limit = 4, 3
			same(t, "three after the first four", readLog(t, s, q), all[4:7])
			q.Offset = 8
			same(t, "what is left after eight", readLog(t, s, q), all[8:])
			q.Offset = 9
			same(t, "what is left after all", len(readLog(t, s, q)), 0)
			for most, want := range map[int]int{100: 9, 9: 9, 4: 4, 0: 0} {
				n, err := s.Authority.CountEvents(t.Context(), q, most)
				same(t, fmt.Sprintf("the count up to %d", most), must(t, n, err), want)
			}
			q.Above, q.Below = min(all[1].Seq, all[7].Seq), max(all[1].Seq, all[7].Seq)
			n, err := s.Authority.CountEvents(t.Context(), q, 100)
			same(t, "the count between two numbers", must(t, n, err), 5)
		}
	}
	n, err := s.Authority.CountEvents(t.Context(), authority.LogQuery{}, 100)
	same(t, "the count of nobody's log", must(t, n, err), 0)
}
