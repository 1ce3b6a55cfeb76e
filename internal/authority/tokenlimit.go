package authority

import (
	"fmt"
	"time"

	"github.com/tokenward/tokenward/internal/policy"
)

// Bounds of a token's rate limit.
const (
	MaxLimitRequests = 1_000_000
	MaxLimitPeriod   = 86_400 // seconds: a day
)

// RateLimit is how many requests a token may make in a period. It comes on top of
// what its owner may: who exceeds either is refused. The zero value is no limit.
type RateLimit struct {
	Requests int
	Period   int // in seconds
}

// IsZero reports whether there is no limit.
func (l RateLimit) IsZero() bool { return l == RateLimit{} }

// Window is the period.
func (l RateLimit) Window() time.Duration { return time.Duration(l.Period) * time.Second }

// RateLimit is that of the caller's token, the zero one without.
func (c *Caller) RateLimit() RateLimit {
	if c.record == nil {
		return RateLimit{}
	}
	return RateLimit{Requests: int(c.record.requests), Period: int(c.record.period)}
}

// Counts reports whether what the caller asks is to count for whom its credential
// belongs to. Whoever found the secret of a token that is disabled, expired or
// exposed, or that holds only elsewhere, must not use up what its owner may.
func (c *Caller) Counts() bool {
	return c.standing() == policy.Granted && (c.record == nil || c.record.set.AllowsFrom(c.addr))
}

// checkLimit finds what is wrong with the limit of a draft. Zeros were meant as
// something, and must not be taken for no limit.
func checkLimit(l *RateLimit) []policy.Fault {
	if l == nil {
		return nil
	}
	var faults []policy.Fault
	if l.Requests < 1 || l.Requests > MaxLimitRequests {
		faults = append(faults, policy.Fault{Pointer: "/rate_limit/requests",
			Message: fmt.Sprintf("requests must be from 1 to %d", MaxLimitRequests)})
	}
	if l.Period < 1 || l.Period > MaxLimitPeriod {
		faults = append(faults, policy.Fault{Pointer: "/rate_limit/period",
			Message: fmt.Sprintf("period must be from 1 to %d seconds", MaxLimitPeriod)})
	}
	return faults
}
