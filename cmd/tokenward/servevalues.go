package main

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/token"
)

func notEmpty(s string) (string, error) {
	if s == "" {
		return "", errors.New("must not be empty")
	}
	return s, nil
}

func parseToggle(s string) (bool, error) {
	on, err := strconv.ParseBool(s)
	if err != nil {
		return false, fmt.Errorf("%q is neither true nor false", s)
	}
	return on, nil
}

func parsePositive(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("%q is not a time above zero, such as 5s or 2m", s)
	}
	return d, nil
}

func parseCount(s string) (int, error) {
	n, err := strconv.ParseUint(s, 10, 31)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is not a number from 1 to %d", s, 1<<31-1)
	}
	return int(n), nil
}

const (
	minSize = 1 << 10
	maxSize = 1 << 30
)

// parseSize reads a number of bytes with KiB, MiB or GiB behind it.
func parseSize(s string) (int64, error) {
	digits, unit := s, uint64(1)
	for suffix, n := range map[string]uint64{"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30} {
		if rest, ok := strings.CutSuffix(s, suffix); ok {
			digits, unit = strings.TrimSpace(rest), n
		}
	}
	n, err := strconv.ParseUint(digits, 10, 31)
	if err != nil || n*unit < minSize || n*unit > maxSize {
		return 0, fmt.Errorf("%q is not a size from 1KiB to 1GiB, such as 1MiB or a number of bytes", s)
	}
	return int64(n * unit), nil
}

func parsePrefix(s string) (token.Format, error) {
	f, err := token.NewFormat(s)
	return f, withoutPackage(err)
}

func parseCompatibility(s string) (*catalog.Catalog, error) {
	if _, err := notEmpty(s); err != nil {
		return nil, err
	}
	return catalog.V4Compatible(s)
}

func parseLevel(s string) (slog.Level, error) {
	var level slog.Level
	if _, err := oneOf("debug", "info", "warn", "error")(s); err != nil {
		return 0, err
	}
	err := level.UnmarshalText([]byte(s))
	return level, err
}

func oneOf(values ...string) func(string) (string, error) {
	return func(s string) (string, error) {
		if !slices.Contains(values, s) {
			return "", fmt.Errorf("%q is none of: %s", s, strings.Join(values, ", "))
		}
		return s, nil
	}
}
