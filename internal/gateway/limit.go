package gateway

import (
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/tokenward/tokenward/v4"
)

// Limiter says whether a request is one too many. Each call counts one.
type Limiter[C any] interface {
	// Address counts a request from an address; the zero Addr is an unknown one.
	Address(netip.Addr) Allowance
	// Caller counts a request of a known caller. A zero Quota says that no limit
	// applies to this one.
	Caller(C) Allowance
}

// Allowance is where a limit stands after a request was counted.
type Allowance struct {
	Exceeded  bool
	Quota     int           // requests in Window
	Window    time.Duration //
	Remaining int           // requests left
	Reset     time.Duration // until the quota is whole again, or the block ends
}

// within counts a request, tells the client where it stands, and answers it
// when it is one too many. It reports whether the request may go on.
func (a *answer) within(l Allowance) bool {
	if l.Quota == 0 {
		return true
	}
	reset := strconv.Itoa(wholeSeconds(l.Reset))
	h := a.Header()
	// Contract 4.6, after draft-ietf-httpapi-ratelimit-headers.
	h["Ratelimit"] = []string{`"default";r=` + strconv.Itoa(l.Remaining) + ";t=" + reset}
	h["Ratelimit-Policy"] = []string{`"default";q=` + strconv.Itoa(l.Quota) + ";w=" + strconv.Itoa(wholeSeconds(l.Window))}
	if !l.Exceeded {
		return true
	}
	h.Set("Retry-After", strconv.Itoa(max(1, wholeSeconds(l.Reset))))
	a.fail(http.StatusTooManyRequests, v4.Error{Code: v4.CodeRateLimited, Message: "Please wait and consider throttling your request speed"})
	return false
}

func wholeSeconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// withinAddress and withinCaller are true without a limiter.
func (g *Gate[C]) withinAddress(a *answer, addr netip.Addr) bool {
	return g.limits == nil || a.within(g.limits.Address(addr))
}

func (g *Gate[C]) withinCaller(a *answer, caller C) bool {
	return g.limits == nil || a.within(g.limits.Caller(caller))
}
