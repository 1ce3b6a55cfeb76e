package report

import "fmt"

// The goal is for disks that are slow to say that something is on them: with many
// clients more changes a second than the disk can confirm one after the other.
const (
	slowDisk   = 2000 // fsyncs a second
	goalFsyncs = 5
	manyAtOnce = 64
)

func (r *Result) writes() string {
	t := newTable("", "clients", "a second", "median, ms", "p99, ms", "serial fsyncs a second", "changes for each")
	for _, row := range r.Writes.Rows {
		t.row(row.Verb, count(row.Clients), count(row.PerSec), three(row.Median), three(row.P99), count(row.Fsyncs), three(row.PerSec/row.Fsyncs))
	}
	goals := newGoals()
	for _, row := range r.Writes.Rows {
		if row.Clients != manyAtOnce {
			continue
		}
		what := fmt.Sprintf("%s to serial fsyncs, %d clients", row.Verb, row.Clients)
		ratio := row.PerSec / row.Fsyncs
		if row.Fsyncs >= slowDisk {
			goals.row(what, fmt.Sprintf("above %dx where fsyncs are under %s/s", goalFsyncs, count(slowDisk)), times(ratio)+", with "+count(row.Fsyncs)+" fsyncs/s", "does not apply")
			continue
		}
		goals.goal(what, fmt.Sprintf("above %dx", goalFsyncs), times(ratio), ratio > goalFsyncs)
	}
	return t.String() + "\n" + goals.String()
}
