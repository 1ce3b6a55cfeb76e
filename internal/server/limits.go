package server

import (
	"net/netip"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/gateway"
	"github.com/tokenward/tokenward/internal/ratelimit"
)

// limits is a rate limiter as the gate knows it: the credentials of a user count
// together, an account's token counts for itself (contract 4.6).
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

func (l limits) Caller(c authority.Caller) gateway.Allowance {
	switch user, token := c.UserID(), c.TokenID(); {
	case user != "":
		return gateway.Allowance(l.limiter.Caller(ratelimit.Key{ID: user}))
	case token != "":
		return gateway.Allowance(l.limiter.Caller(ratelimit.Key{Token: true, ID: token}))
	}
	return gateway.Allowance{} // nobody: their address counts
}
