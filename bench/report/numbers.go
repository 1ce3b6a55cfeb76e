package report

import (
	"fmt"
	"strings"
)

// count is a number with commas between thousands.
func count[T int | int64 | float64](n T) string {
	digits := fmt.Sprintf("%.0f", float64(n))
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// nanoseconds is a time in the unit that fits it, with about three digits.
func nanoseconds(ns float64) string {
	switch {
	case ns < 10_000:
		return count(ns) + " ns"
	case ns < 10_000_000:
		return three(ns/1e3) + " us"
	}
	return three(ns/1e6) + " ms"
}

// bytes is a size in the unit that fits it.
func bytes(n float64) string {
	for _, unit := range []string{"B", "KiB", "MiB", "GiB"} {
		if n < 1024*10 && unit == "B" || n < 1024 {
			return three(n) + " " + unit
		}
		n /= 1024
	}
	return three(n) + " TiB"
}

// three writes a number with about three digits.
func three(n float64) string {
	switch {
	case n < 10:
		return fmt.Sprintf("%.2f", n)
	case n < 100:
		return fmt.Sprintf("%.1f", n)
	}
	return count(n)
}

func times(n float64) string { return three(n) + "x" }
