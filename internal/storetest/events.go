package storetest

import (
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

func eventTests() []test {
	return []test{
		{"an event comes back as stored", eventRoundTrip},
		{"the zero values of an event come back", eventZeroValues},
		{"events are listed newest first, at most as many as asked for", listEvents},
		{"events are selected by account, user and action", selectEvents},
		{"ids of events are unique", uniqueEvents},
		{"a log is read by number in both directions, without gaps", logByNumber},
		{"a log holds its own events only", logOfOne},
		{"a log can be counted, and read from further on", logOffsets},
		{"a log is cut by number and by time", logBounds},
		{"no event becomes visible after one with a higher number", logInOrder},
		{"the oldest events are pruned, in batches, and their numbers never come again", pruneEvents},
	}
}

func eventID(e authority.Event) string { return e.ID }

func eventRoundTrip(t *testing.T, s Stores) {
	e := newEvent(1)
	change(t, s, insertAll(e))
	list, err := s.Authority.Events(t.Context(), authority.EventQuery{}, 10)
	same(t, "the list", must(t, list, err), []authority.Event{e})
}

func eventZeroValues(t *testing.T, s Stores) {
	e := authority.Event{ID: id(1), At: micro(1)}
	change(t, s, insertAll(e))
	list, err := s.Authority.Events(t.Context(), authority.EventQuery{}, 10)
	same(t, "the list", must(t, list, err), []authority.Event{e})
}

func listEvents(t *testing.T, s Stores) {
	// The second and the third are of the same time; the third was written later.
	first, second, third, fourth := newEvent(1), newEvent(9), newEvent(3), newEvent(4)
	second.At, third.At = micro(2), micro(2)
	change(t, s, insertAll(fourth, second, third, first))
	want := []string{fourth.ID, third.ID, second.ID, first.ID}
	for _, q := range []authority.EventQuery{{}, {AccountID: id(64)}, {UserID: id(65)}} {
		list, err := s.Authority.Events(t.Context(), q, 10)
		same(t, "the list", ids(must(t, list, err), eventID), want)
		list, err = s.Authority.Events(t.Context(), q, 2)
		same(t, "the first two", ids(must(t, list, err), eventID), want[:2])
	}
}

func selectEvents(t *testing.T, s Stores) {
	events := make([]authority.Event, 8)
	for n := range events {
		e := newEvent(n)
		e.AccountID = []string{id(1), id(2)}[n&1]
		e.UserID = []string{id(3), id(4)}[n>>1&1]
		e.Action = []string{"token_create", "token_delete"}[n>>2&1]
		events[n] = e
		change(t, s, insertAll(e))
	}
	for mask := range 8 {
		q := authority.EventQuery{}
		for bit, member := range []struct {
			of    *string
			value string
		}{{&q.AccountID, id(2)}, {&q.UserID, id(4)}, {&q.Action, "token_delete"}} {
			if mask>>bit&1 == 1 {
				*member.of = member.value
			}
		}
		var want []string
		for n := len(events) - 1; n >= 0; n-- {
			if n&mask == mask {
				want = append(want, events[n].ID)
			}
		}
		list, err := s.Authority.Events(t.Context(), q, 10)
		same(t, "the selection", ids(must(t, list, err), eventID), want)
	}
}

func uniqueEvents(t *testing.T, s Stores) {
	change(t, s, insertAll(newEvent(1)))
	wantError(t, "the same id", s.Authority.Write(t.Context(), insertAll(newEvent(1))), authority.ErrExists)
}
