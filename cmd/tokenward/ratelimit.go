package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/tokenward/tokenward/v4"
)

// Bounds of a token's rate limit, as the API has them.
const (
	maxLimitRequests = 1_000_000
	maxLimitPeriod   = 24 * time.Hour
)

// parseRateLimit reads a number of requests and the time it is for: 100/60s.
func parseRateLimit(s string) (v4.RateLimit, error) {
	requests, period, _ := strings.Cut(s, "/")
	n, err := strconv.ParseUint(requests, 10, 31)
	if err != nil {
		n = 0
	}
	d, err := time.ParseDuration(period)
	switch {
	case err != nil || n == 0:
		return v4.RateLimit{}, fmt.Errorf("%q is not a number of requests and a time, such as 100/60s or 5000/1h", s)
	case n > maxLimitRequests:
		return v4.RateLimit{}, fmt.Errorf("%d requests are too many: at most %d are possible", n, maxLimitRequests)
	case d < time.Second || d > maxLimitPeriod || d%time.Second != 0:
		return v4.RateLimit{}, fmt.Errorf("the time %s is not possible: whole seconds from 1s to %dh are", period, int(maxLimitPeriod.Hours()))
	}
	return v4.RateLimit{Requests: int(n), Period: int(d / time.Second)}, nil
}

func rateLimitWords(l v4.RateLimit) string {
	return fmt.Sprintf("%d requests in %s", l.Requests, time.Duration(l.Period)*time.Second)
}
