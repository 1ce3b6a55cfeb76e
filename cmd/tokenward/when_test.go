package main

import (
	"testing"
	"time"
)

func TestParseWhen(t *testing.T) {
	now := time.Date(2026, 11, 21, 10, 0, 0, 500, time.UTC)
	for in, want := range map[string]string{
		"2027-02-01T00:00:00Z":      "2027-02-01T00:00:00Z",
		"2027-02-01T01:00:00+01:00": "2027-02-01T00:00:00Z",
		"2027-02-01":                "2027-02-01T00:00:00Z",
		"90d":                       "2027-02-19T10:00:00Z",
		"720h":                      "2026-12-21T10:00:00Z",
		"30m":                       "2026-11-21T10:30:00Z",
	} {
		got, err := parseWhen(in, now)
		if err != nil || got.UTC().Format(time.RFC3339) != want {
			t.Errorf("%s: %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "soon", "0d", "-1d", "-5h", "0s", "90", "d", "1.5d", "99999d", "2027-02-30", "none"} {
		if got, err := parseWhen(in, now); err == nil {
			t.Errorf("%q was taken: %v", in, got)
		}
	}
}
