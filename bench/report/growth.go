package report

import "fmt"

// goalCold is how many times a bare SELECT a cold check takes.
const goalCold = 3

func (r *Result) growth() string {
	t := newTable("tokens", "cold check", "bare SELECT", "ratio", "warm check", "list page, median ms", "p99", "start, ms",
		"memory at start", "with tokens in use", "database", "filled/s")
	goals := newGoals()
	for _, row := range r.Growth.Rows {
		ratio := row.Cold.Median / row.Select.Median
		t.row(count(row.Tokens), nanoseconds(row.Cold.Median), nanoseconds(row.Select.Median), times(ratio), nanoseconds(row.Warm.Median),
			three(row.ListP50), three(row.ListP99), three(row.Started), bytes(float64(row.Resident)),
			fmt.Sprintf("%s (%s)", bytes(float64(row.InUse)), count(row.Working)), bytes(float64(row.File)), count(row.FillRate))
		goals.goal("cold check to a bare SELECT, "+count(row.Tokens)+" tokens", fmt.Sprintf("at most %dx", goalCold), times(ratio), ratio <= goalCold)
	}
	return t.String() + "\n" + goals.String() +
		"\n![Times as tokens become more](performance/growth-time.svg)\n\n![Sizes as tokens become more](performance/growth-size.svg)\n"
}
