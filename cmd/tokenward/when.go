package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// parseWhen reads a moment: RFC 3339, a date, or a time from now.
func parseWhen(s string, now time.Time) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, nil
	}
	d, err := parseAhead(s)
	if err != nil || d <= 0 {
		return time.Time{}, fmt.Errorf("%q is not a time such as 2027-02-01T00:00:00Z, 2027-02-01, 90d or 720h", s)
	}
	return now.Add(d).UTC().Truncate(time.Second), nil
}

const (
	day     = 24 * time.Hour
	maxDays = 100 * 365
)

// parseAhead reads days, which time.ParseDuration does not know, and the rest.
func parseAhead(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		if err == nil && n > maxDays {
			err = strconv.ErrRange
		}
		return time.Duration(n) * day, err
	}
	return time.ParseDuration(s)
}
