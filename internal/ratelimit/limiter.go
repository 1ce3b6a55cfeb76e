package ratelimit

import (
	"net/netip"
	"sync"
	"time"
)

// Defaults of Config (contract 4.6).
const (
	DefaultRequests   = 1200
	DefaultWindow     = 5 * time.Minute
	DefaultPerAddress = 200
	DefaultRemembered = 65_536
)

// Config is what a Limiter is made of. Zero members are the defaults.
type Config struct {
	Requests   int              // a caller's in Window; one more blocks the caller for as long
	Window     time.Duration    //
	PerAddress int              // an address's in a second
	Remembered int              // callers, tokens and addresses, each, kept in memory at least; twice as many at most
	Clock      func() time.Time // nil is time.Now
}

// Key names a caller.
type Key struct {
	Token bool // an account-owned token, not a user
	ID    string
}

// Quota is a limit that belongs to one token.
type Quota struct {
	Requests int // in Window; one more blocks the token for as long
	Window   time.Duration
}

// State is where a limit stands after a request was counted.
type State struct {
	Exceeded  bool
	Quota     int
	Window    time.Duration
	Remaining int           // requests left
	Reset     time.Duration // until the quota is whole again, or the block ends
}

// Limiter counts requests. It is safe for concurrent use.
type Limiter struct {
	requests   int
	window     time.Duration
	perAddress int
	clock      func() time.Time

	mu        sync.Mutex
	callers   recent[Key, quota]
	tokens    recent[string, quota]
	addresses recent[netip.Prefix, bucket]
}

// New makes a Limiter.
func New(cfg Config) *Limiter {
	orDefault(&cfg.Requests, DefaultRequests)
	orDefault(&cfg.Window, DefaultWindow)
	orDefault(&cfg.PerAddress, DefaultPerAddress)
	orDefault(&cfg.Remembered, DefaultRemembered)
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	return &Limiter{
		requests: cfg.Requests, window: cfg.Window, perAddress: cfg.PerAddress, clock: cfg.Clock,
		callers: newRecent[Key, quota](cfg.Remembered), tokens: newRecent[string, quota](cfg.Remembered),
		addresses: newRecent[netip.Prefix, bucket](cfg.Remembered),
	}
}

func orDefault[T int | time.Duration](v *T, d T) {
	if *v <= 0 {
		*v = d
	}
}

// Caller counts a request of a caller.
func (l *Limiter) Caller(k Key) State {
	now := l.clock()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.callers.get(k).count(now, l.requests, l.window)
}

// Token counts a request of a token that has a limit of its own: for the token,
// and for its owner too unless it was one too many for the token. So a token that
// asks on and on does not use up what its owner's other credentials may.
//
// The limit may be another one at each call; what was counted stays.
func (l *Limiter) Token(id string, limit Quota, owner Key) (ofOwner, ofToken State) {
	now := l.clock()
	l.mu.Lock()
	defer l.mu.Unlock()
	ofToken = l.tokens.get(id).count(now, limit.Requests, limit.Window)
	q := l.callers.get(owner)
	if ofToken.Exceeded {
		return q.look(now, l.requests, l.window), ofToken
	}
	return q.count(now, l.requests, l.window), ofToken
}

// Address counts a request from an address. Those of an IPv6 network of 64 bits,
// which one subscriber has for themself, count together, and so do all that are
// not known.
func (l *Limiter) Address(addr netip.Addr) State {
	now := l.clock()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.addresses.get(network(addr)).count(now, l.perAddress)
}

// network is whom an address belongs to. The zero Addr gives the zero Prefix.
func network(addr netip.Addr) netip.Prefix {
	bits := 64
	if addr = addr.Unmap(); addr.Is4() {
		bits = 32
	}
	p, err := addr.WithZone("").Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}
