package middleware

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tokenward/tokenward/internal/enforcewire"
)

// script is an endpoint that says what a test wants, in no time.
type script struct {
	checks  atomic.Int64
	away    atomic.Bool
	changes func(after enforcewire.Position) enforcewire.Changes
	answer  enforcewire.Answer
	at      enforcewire.Position
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.away.Load() {
		return nil, errors.New("away")
	}
	var out any
	if r.URL.Path == enforcewire.PathCheck {
		s.checks.Add(1)
		out = enforcewire.Answers{Position: s.at, Answers: []enforcewire.Answer{s.answer}}
	} else {
		q := r.URL.Query()
		after := enforcewire.Position{Epoch: q.Get("epoch")}
		fmt.Sscan(q.Get("after"), &after.Seq)
		if after.Epoch != "" { // a long question
			wait, _ := time.ParseDuration(q.Get("wait_ms") + "ms")
			select {
			case <-time.After(wait):
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
		}
		out = s.changes(after)
	}
	body, _ := json.Marshal(out)
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(string(body))), Header: http.Header{}}, nil
}

func scripted(t *testing.T, s *script) (*Guard, func() int) {
	t.Helper()
	g, err := New(Config{Endpoint: "http://127.0.0.1:1", Secret: "x", API: "shop", Transport: s})
	if err != nil {
		t.Fatal(err)
	}
	h := g.Protect(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	return g, func() int {
		r := httptest.NewRequest("GET", "/stores/north", nil)
		r.Header.Set("Authorization", "Bearer "+strings.Repeat("x", 48))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
}

// TestKeptAnswersAreTrustedForTheBoundAndNoLonger: from the start of the last
// question that was answered, less what the endpoint was behind.
func TestKeptAnswersAreTrustedForTheBoundAndNoLonger(t *testing.T) {
	for _, behind := range []time.Duration{0, 2 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			at := enforcewire.Position{Epoch: "e", Seq: 7}
			s := &script{at: at, answer: enforcewire.Answer{Allowed: true, KeepMS: 3_600_000}}
			s.changes = func(after enforcewire.Position) enforcewire.Changes {
				return enforcewire.Changes{Position: at, Reset: after.Epoch == "", AgeMS: behind.Milliseconds()}
			}
			g, get := scripted(t, s)
			ctx, stop := context.WithCancel(t.Context())
			go g.Follow(ctx)
			synctest.Wait()
			get()
			time.Sleep(time.Minute) // of the bubble: hearing all the while
			if before := s.checks.Load(); get() != 200 || s.checks.Load() != before {
				t.Error("a kept answer was not used")
			}
			s.away.Store(true)
			time.Sleep(2 * time.Second) // the question under way is still answered
			g.kept.mu.RLock()
			trusted := time.Until(g.kept.heard.Add(DefaultMaxStaleness))
			g.kept.mu.RUnlock()
			if trusted > DefaultMaxStaleness-behind {
				t.Errorf("trusted for %s with an endpoint that is %s behind", trusted, behind)
			}
			time.Sleep(trusted)
			if code := get(); code != 200 {
				t.Errorf("within the bound: %d", code)
			}
			time.Sleep(time.Millisecond)
			if code := get(); code != 503 {
				t.Errorf("beyond the bound: %d", code)
			}
			stop()
			synctest.Wait()
		})
	}
}

// TestAnAnswerThatAChangeOvertookIsNotKept: judged before the change, it comes after
// the change was heard.
func TestAnAnswerThatAChangeOvertookIsNotKept(t *testing.T) {
	now := time.Now()
	yes := &enforcewire.Answer{Allowed: true, KeepMS: 60_000, UserID: "u"}
	p := &place{method: "GET", url: &url.URL{Path: "/a"}}
	var s shown
	for _, c := range []struct {
		what   string
		judged enforcewire.Position
		kept   bool
	}{
		{"before it", enforcewire.Position{Epoch: "e", Seq: 8}, false},
		{"with it", enforcewire.Position{Epoch: "e", Seq: 9}, true},
		{"after it", enforcewire.Position{Epoch: "e", Seq: 10}, true},
		{"by another endpoint", enforcewire.Position{Epoch: "f", Seq: 10}, false},
	} {
		k := newKept(10, time.Minute)
		k.put(&s, p, yes, c.judged, now)
		if _, ok := k.find(&s, p, now); ok {
			t.Error("kept before anything was heard")
		}
		k.hear(&enforcewire.Changes{Position: enforcewire.Position{Epoch: "e", Seq: 9}}, now)
		k.put(&s, p, yes, c.judged, now)
		if _, ok := k.find(&s, p, now); ok != c.kept {
			t.Errorf("%s: kept is %v", c.what, ok)
		}
	}
}

func TestChangesEndWhatTheyAreAbout(t *testing.T) {
	now := time.Now()
	at := enforcewire.Position{Epoch: "e", Seq: 1}
	p := &place{method: "GET", url: &url.URL{Path: "/a"}}
	mine, theirs := shown{digest: [32]byte{1}}, shown{digest: [32]byte{2}}
	for _, c := range []struct {
		what         string
		change       enforcewire.Changes
		mine, theirs bool // stay
	}{
		{"nothing", enforcewire.Changes{}, true, true},
		{"my token", enforcewire.Changes{Tokens: []string{enforcewire.Handle(mine.digest)}}, false, true},
		{"my user", enforcewire.Changes{Users: []string{"me"}}, false, true},
		{"anything", enforcewire.Changes{Reset: true}, false, false},
	} {
		k := newKept(10, time.Minute)
		k.hear(&enforcewire.Changes{Position: at, Reset: true}, now)
		k.put(&mine, p, &enforcewire.Answer{Allowed: true, KeepMS: 1000, UserID: "me"}, at, now)
		k.put(&theirs, p, &enforcewire.Answer{Allowed: true, KeepMS: 1000, UserID: "they"}, at, now)
		c.change.Position = at
		k.hear(&c.change, now)
		_, m := k.find(&mine, p, now)
		_, o := k.find(&theirs, p, now)
		if m != c.mine || o != c.theirs {
			t.Errorf("%s: %v %v", c.what, m, o)
		}
		if _, ok := k.find(&mine, p, now.Add(time.Second)); ok {
			t.Error("kept for longer than it is true")
		}
	}
}

// TestOnlyWhatCountsTellsAnswersApart: a query where it names a resource, an address
// always; and there is an end to how many there are.
func TestOnlyWhatCountsTellsAnswersApart(t *testing.T) {
	now := time.Now()
	at := enforcewire.Position{Epoch: "e", Seq: 1}
	with := func(query string) *place { return &place{"GET", &url.URL{Path: "/a", RawQuery: query}} }
	var s shown
	for _, counts := range []bool{false, true} {
		k := newKept(10, time.Minute)
		k.hear(&enforcewire.Changes{Position: at}, now)
		k.put(&s, with(""), &enforcewire.Answer{Allowed: true, KeepMS: 1000, QueryCounts: counts}, at, now)
		if _, ok := k.find(&s, with("store=south"), now); ok == counts {
			t.Errorf("the query counts %v, found %v", counts, ok)
		}
		k.put(&s, with(""), &enforcewire.Answer{Allowed: false}, at, now)
		for i := range 50 {
			k.put(&shown{digest: [32]byte{9, byte(i)}}, with(""), &enforcewire.Answer{Allowed: true, KeepMS: 1000}, at, now)
		}
		if k.size > 10 || len(k.tokens) > 10 || len(k.digests) != len(k.tokens) {
			t.Errorf("%d answers of %d tokens are kept", k.size, len(k.tokens))
		}
	}
}
