package server

import (
	"net/netip"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/internal/ratelimit"
)

// limits is a rate limiter as the gate knows it: the credentials of a user count
// together, an account's token counts for itself (contract 4.6), and a token that
// has a limit of its own counts by that one too.
type limits struct{ limiter *ratelimit.Limiter }

// limiterOf is nil, and not an interface that holds nil, without a limiter.
func limiterOf(l *ratelimit.Limiter) gateway.Limiter[authority.Caller] {
	if l == nil {
		return nil
	}
	return limits{l}
}

func (l limits) Address(addr netip.Addr) gateway.Allowance {
	return gateway.Allowance(l.limiter.Address(addr))
}

func (l limits) Caller(c authority.Caller) (owner, token gateway.Allowance) {
	key := ratelimit.Key{ID: c.UserID()}
	if key.ID == "" {
		key = ratelimit.Key{Token: true, ID: c.TokenID()}
	}
	own := c.RateLimit()
	switch {
	case !c.Counts(): // their address counts
		return gateway.Allowance{}, gateway.Allowance{}
	case own.IsZero():
		return gateway.Allowance(l.limiter.Caller(key)), gateway.Allowance{}
	}
	o, t := l.limiter.Token(c.TokenID(), ratelimit.Quota{Requests: own.Requests, Window: own.Window()}, key)
	return gateway.Allowance(o), gateway.Allowance(t)
}
