package ratelimit

import (
	"math"
	"time"

	"golang.org/x/time/rate"
)

// quota is what a caller used of the present window, which began with their
// first request in it. A request too many blocks them for a window's length, and
// what they ask meanwhile neither counts nor prolongs it (contract 4.6).
//
// It counts and does not refill: a bucket that does would let nearly twice the
// quota pass in a window.
type quota struct {
	began   time.Time
	used    int
	blocked bool
}

func (q *quota) count(now time.Time, requests int, window time.Duration) State {
	q.turn(now, requests, window)
	if !q.blocked && q.used >= requests {
		q.began, q.blocked = now, true
	}
	if !q.blocked {
		q.used++
	}
	return q.state(now, requests, window)
}

// look says where the quota stands and counts nothing.
func (q *quota) look(now time.Time, requests int, window time.Duration) State {
	q.turn(now, requests, window)
	return q.state(now, requests, window)
}

// turn begins a window when the last one is over, and when the clock was set back
// as far. A little back is nothing: of two requests at once the later may be
// counted first. Whoever is given more than they have used is blocked no longer.
func (q *quota) turn(now time.Time, requests int, window time.Duration) {
	if age := now.Sub(q.began); q.began.IsZero() || age >= window || age <= -window {
		*q = quota{began: now}
	}
	q.blocked = q.blocked && q.used >= requests
}

func (q *quota) state(now time.Time, requests int, window time.Duration) State {
	s := State{Exceeded: q.blocked, Quota: requests, Window: window, Reset: q.began.Add(window).Sub(now)}
	if !q.blocked {
		s.Remaining = max(0, requests-q.used)
	}
	return s
}

// bucket is what an address has left: as many as it may send in a second, and
// refilled at that rate.
type bucket struct{ *rate.Limiter }

func (b *bucket) count(now time.Time, perSecond int) State {
	if b.Limiter == nil {
		b.Limiter = rate.NewLimiter(rate.Limit(perSecond), perSecond)
	}
	ok := b.AllowN(now, 1)
	left := max(0, b.TokensAt(now))
	missing := (float64(perSecond) - left) / float64(perSecond)
	return State{
		Exceeded: !ok, Quota: perSecond, Window: time.Second, Remaining: int(left),
		Reset: time.Duration(math.Ceil(missing * float64(time.Second))),
	}
}
