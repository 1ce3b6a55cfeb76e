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
	// Caller counts a request of a known caller, by the limit of whom the
	// credential belongs to and by that of the token itself. A zero Quota says
	// that there is no such limit.
	Caller(C) (owner, token Allowance)
}

// Allowance is where a limit stands after a request was counted.
type Allowance struct {
	Exceeded  bool
	Quota     int           // requests in Window
	Window    time.Duration //
	Remaining int           // requests left
	Reset     time.Duration // until the quota is whole again, or the block ends
}

// within tells the client where its limits stand, and answers the request when
// it is one too many for either. It reports whether the request may go on.
func (a *answer) within(owner, token Allowance) bool {
	var standing, policy string
	for _, l := range []struct {
		name string
		Allowance
	}{{`"default"`, owner}, {`"token"`, token}} {
		if l.Quota == 0 {
			continue
		}
		if standing != "" {
			standing, policy = standing+", ", policy+", "
		}
		standing += l.name + ";r=" + strconv.Itoa(l.Remaining) + ";t=" + strconv.Itoa(wholeSeconds(l.Reset))
		policy += l.name + ";q=" + strconv.Itoa(l.Quota) + ";w=" + strconv.Itoa(wholeSeconds(l.Window))
	}
	if policy == "" {
		return true
	}
	h := a.Header()
	// Contract 4.6, after draft-ietf-httpapi-ratelimit-headers.
	h["Ratelimit"], h["Ratelimit-Policy"] = []string{standing}, []string{policy}
	if !owner.Exceeded && !token.Exceeded {
		return true
	}
	h.Set("Retry-After", strconv.Itoa(max(1, owner.wait(), token.wait())))
	a.fail(http.StatusTooManyRequests, v4.Error{Code: v4.CodeRateLimited, Message: "Please wait and consider throttling your request speed"})
	return false
}

// wait is how long the client has to wait, in seconds.
func (l *Allowance) wait() int {
	if !l.Exceeded {
		return 0
	}
	return wholeSeconds(l.Reset)
}

func wholeSeconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// withinAddress and withinCaller are true without a limiter.
func (g *Gate[C]) withinAddress(a *answer, addr netip.Addr) bool {
	return g.limits == nil || a.within(g.limits.Address(addr), Allowance{})
}

func (g *Gate[C]) withinCaller(a *answer, caller C) bool {
	return g.limits == nil || a.within(g.limits.Caller(caller))
}
