package middleware

import (
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/tokenward/tokenward/internal/enforcewire"
	"github.com/tokenward/tokenward/internal/token"
)

// kept is the answers that allow, until something changes that they could depend
// on. Refusals are not kept: who was just given a permission may use it.
//
// An answer is put here only if the endpoint had heard, before it judged, all that
// was heard here: one that was on its way while a change came would outlive it.
type kept struct {
	max          int
	maxStaleness time.Duration

	mu      sync.RWMutex
	at      enforcewire.Position
	heard   time.Time // everything up to at was known to be all, then
	size    int
	tokens  map[token.Digest]*tokenAnswers
	digests map[string]token.Digest // by handle
}

// tokenAnswers are the answers about one token. Nothing of it is kept for nobody.
type tokenAnswers struct {
	handle, user string
	answers      map[question]*answer
}

// question is all that an answer about a token depends on, besides facts and time.
type question struct {
	method, path, rawPath, opaque string
	query                         string
	exact                         bool // the query counts
	jurisdiction                  string
	addr                          netip.Addr
}

type answer struct {
	enforcewire.Answer
	until time.Time
}

func newKept(size int, maxStaleness time.Duration) *kept {
	k := &kept{max: size, maxStaleness: maxStaleness}
	k.clear()
	return k
}

func (k *kept) clear() {
	k.tokens, k.digests, k.size = make(map[token.Digest]*tokenAnswers), make(map[string]token.Digest), 0
}

func questionOf(s *shown, p *place) question {
	return question{
		method: p.method, path: p.url.Path, rawPath: p.url.RawPath, opaque: p.url.Opaque,
		jurisdiction: strings.Join(s.jurisdiction, ","), addr: s.addr,
	}
}

// find gives the answer that is kept, if it can be trusted now.
func (k *kept) find(s *shown, p *place, now time.Time) (enforcewire.Answer, bool) {
	if s.credential != "" {
		return enforcewire.Answer{}, false
	}
	q := questionOf(s, p)
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.heard.IsZero() || now.Sub(k.heard) > k.maxStaleness {
		return enforcewire.Answer{}, false
	}
	t := k.tokens[s.digest]
	if t == nil {
		return enforcewire.Answer{}, false
	}
	a := t.answers[q]
	if a == nil {
		q.exact, q.query = true, p.url.RawQuery
		a = t.answers[q]
	}
	if a == nil || !now.Before(a.until) {
		return enforcewire.Answer{}, false
	}
	return a.Answer, true
}

// put keeps an answer that was asked for at start.
func (k *kept) put(s *shown, p *place, a *enforcewire.Answer, at enforcewire.Position, start time.Time) {
	if !a.Allowed || a.KeepMS <= 0 || s.credential != "" || k.max <= 0 {
		return
	}
	q := questionOf(s, p)
	if a.QueryCounts {
		q.exact, q.query = true, p.url.RawQuery
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.heard.IsZero() || at.Epoch != k.at.Epoch || at.Seq < k.at.Seq {
		return
	}
	k.makeRoom()
	t := k.tokens[s.digest]
	if t == nil {
		t = &tokenAnswers{handle: enforcewire.Handle(s.digest), user: a.UserID, answers: make(map[question]*answer)}
		k.tokens[s.digest], k.digests[t.handle] = t, s.digest
	}
	if t.answers[q] == nil {
		k.size++
	}
	t.answers[q] = &answer{*a, start.Add(time.Duration(a.KeepMS) * time.Millisecond)}
}

// makeRoom drops what any tokens have when there is no room left.
func (k *kept) makeRoom() {
	for d := range k.tokens {
		if k.size < k.max {
			return
		}
		k.drop(d)
	}
}

func (k *kept) drop(d token.Digest) {
	if t := k.tokens[d]; t != nil {
		k.size -= len(t.answers)
		delete(k.tokens, d)
		delete(k.digests, t.handle)
	}
}

// hear drops what changes are about. They were asked for at start.
func (k *kept) hear(c *enforcewire.Changes, start time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if c.Reset || c.Epoch != k.at.Epoch {
		k.clear()
	}
	for _, handle := range c.Tokens {
		if d, ok := k.digests[handle]; ok {
			k.drop(d)
		}
	}
	for _, user := range c.Users {
		for d, t := range k.tokens {
			if t.user == user {
				k.drop(d)
			}
		}
	}
	k.at, k.heard = c.Position, start.Add(-time.Duration(c.AgeMS)*time.Millisecond)
}
