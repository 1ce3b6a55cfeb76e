package authority

import (
	"fmt"
	"sync"
	"time"
)

// How many wrong guesses are let through, in triesWindow.
const (
	triesOfStrangers = 10 // at one user's password, from browsers that are not known
	triesOfAddress   = 30 // from one client address, from browsers that are not known
	triesOfDevice    = 10 // at one user's password, from one known browser
	triesOfCodes     = 5  // at one user's second factor
	triesOfPerson    = 10 // at the password of somebody who is signed in
	triesOfKey       = 5  // at the password of somebody who shows an API key

	triesWindow = 15 * time.Minute
)

// triesRemembered is how many keys of one kind are kept in memory at least;
// twice as many at most. Each new one costs its maker a password hashed, or an
// address to come from, so that more than these are not made in a window to have
// one forgotten.
const triesRemembered = 65_536

// tries counts guesses by key, for a window of time from the first. It counts
// and does not refill, and counts are in memory alone: what is on disk could be
// filled by anybody.
type tries struct {
	limit int

	mu         sync.Mutex
	young, old map[string]*spell
}

// spell is the present window of a key.
type spell struct {
	began time.Time
	used  int
}

func newTries(limit int) *tries { return &tries{limit: limit, young: make(map[string]*spell)} }

// take counts a guess before it is looked at: of a thousand at once no more are
// looked at than may be. When none is left it says how long to wait, and counts
// nothing.
func (t *tries) take(key string, now time.Time) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.spell(key)
	// A clock may go back a little between two requests, and be set back far.
	if age := now.Sub(s.began); age >= triesWindow || age <= -triesWindow {
		*s = spell{began: now}
	}
	if s.used >= t.limit {
		return max(time.Second, triesWindow-now.Sub(s.began))
	}
	s.used++
	return 0
}

// giveBack takes back a guess that was right.
func (t *tries) giveBack(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := t.spell(key); s.used > 0 {
		s.used--
	}
}

// spell is that of a key, a new one if it is not remembered.
func (t *tries) spell(key string) *spell {
	if s := t.young[key]; s != nil {
		return s
	}
	s := t.old[key]
	if s == nil {
		s = new(spell)
	}
	if len(t.young) >= triesRemembered {
		t.old, t.young = t.young, make(map[string]*spell)
	}
	t.young[key] = s
	return s
}

// guessCount is a count that a guess goes to.
type guessCount struct {
	of  *tries
	key string
}

// guess counts a guess at all of its counts. It stays counted as wrong until
// right is called.
//
// Errors: CodeTooMany when one of them is used up, and none is counted.
func (a *Authority) guess(list ...guessCount) (right func(), err error) {
	now := a.clock()
	for i, t := range list {
		if wait := t.of.take(t.key, now); wait > 0 {
			giveAllBack(list[:i])
			return nil, tooMany(wait)
		}
	}
	return func() { giveAllBack(list) }, nil
}

func giveAllBack(list []guessCount) {
	for _, t := range list {
		t.of.giveBack(t.key)
	}
}

func tooMany(wait time.Duration) error {
	wait = (wait + time.Second - 1).Truncate(time.Second)
	return &Error{Code: CodeTooMany, Message: fmt.Sprintf("too many wrong guesses: try again in %s", wait), RetryAfter: wait}
}
