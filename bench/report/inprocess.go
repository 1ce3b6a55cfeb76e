package report

import (
	"fmt"
	"strings"

	"github.com/tokenward/tokenward/bench/inprocess"
)

// Goals of the part.
const (
	goalDecision = 10   // times as fast as the fastest library
	goalCheck    = 3    // times the bare SHA-256
	goalBytes    = 1024 // of a cached token with three policies
)

func (r *Result) inProcess() string {
	t := newTable("tokens", "policies x zones", "", "decision, median", "p99", "with the digest step, median", "p99", "allocations", "bytes a token")
	previous := ""
	for _, row := range r.InProcess.Rows {
		size := fmt.Sprintf("%s | %d x %d", count(row.Tokens), row.Policies, row.Zones)
		first := size != previous && row.Subject == inprocess.OursDecision
		if first && row.Harness != nil {
			t.row(size, "the harness, asking nobody", nanoseconds(row.Harness.Median), nanoseconds(row.Harness.P99), "", "", fmt.Sprintf("%g", row.Harness.Allocs), "")
		}
		if first && row.SHA256 != nil {
			t.row(size, "one SHA-256 of a secret", "", "", nanoseconds(row.SHA256.Median), nanoseconds(row.SHA256.P99), fmt.Sprintf("%g", row.SHA256.Allocs), "")
		}
		previous = size
		name := strings.TrimSpace(row.Subject + " " + r.version(row.Subject))
		if row.Skipped != "" {
			t.row(size, name, row.Skipped, "", "", "", "", "")
			continue
		}
		t.row(size, name, nanoseconds(row.Decide.Median), nanoseconds(row.Decide.P99), nanoseconds(row.Check.Median), nanoseconds(row.Check.P99),
			fmt.Sprintf("%g", row.Check.Allocs), count(row.Bytes))
	}
	return t.String() + "\n" + r.inProcessGoals() + "\n![Time of a decision](performance/inprocess.svg)\n"
}

func (r *Result) inProcessGoals() string {
	t := newGoals()
	for _, row := range r.InProcess.Rows {
		if row.Skipped != "" {
			continue
		}
		at := fmt.Sprintf(", %s tokens of %d x %d", count(row.Tokens), row.Policies, row.Zones)
		switch {
		case row.Subject == inprocess.OursDecision:
			if name, fastest, ok := r.fastestLibrary(row); ok {
				ratio := fastest / row.Decide.Median
				t.goal("decision as fast as the fastest library"+at, fmt.Sprintf("at least %dx", goalDecision), times(ratio)+" ("+name+")", ratio >= goalDecision)
			} else {
				t.row("decision as fast as the fastest library"+at, fmt.Sprintf("at least %dx", goalDecision), "no library could be run", "")
			}
		case row.Policies == 3:
			t.goal("bytes of a cached token"+at, "under 1 KiB", count(row.Bytes), row.Bytes < goalBytes)
		case row.Subject == inprocess.Ours:
			ratio := row.Check.Median / row.SHA256.Median
			t.goal("whole check to one SHA-256"+at, fmt.Sprintf("at most %dx", goalCheck), times(ratio), ratio <= goalCheck)
			t.goal("allocations of a check"+at, "none", fmt.Sprintf("%g", row.Check.Allocs), row.Check.Allocs == 0)
		}
	}
	return t.String()
}

// fastestLibrary is the fastest that decided about the same model.
func (r *Result) fastestLibrary(ours inprocess.Row) (name string, median float64, ok bool) {
	for _, row := range r.InProcess.Rows {
		if row.Shape == ours.Shape && row.Skipped == "" && r.version(row.Subject) != "" && (!ok || row.Decide.Median < median) {
			name, median, ok = row.Subject, row.Decide.Median, true
		}
	}
	return name, median, ok
}
