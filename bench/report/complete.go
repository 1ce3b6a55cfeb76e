package report

import (
	"errors"
	"fmt"
	"slices"

	"github.com/tokenward/tokenward/bench/inprocess"
	"github.com/tokenward/tokenward/bench/overhttp"
	"github.com/tokenward/tokenward/bench/writes"
)

// Expected is what a report must have.
type Expected struct {
	InProcess []inprocess.Question
	Conns     []int // of all servers
	Clients   []int // of all verbs
	Sizes     []int // of the database
}

// Complete fails, with all that is missing, unless every expected row of the parts
// was really measured. Only a library may say in its row why it was not.
func (r *Result) Complete(parts []string, want Expected) error {
	var missing []error
	for part, check := range map[string]func(Expected) []error{
		"inprocess": r.completeInProcess, "http": r.completeHTTP, "writes": r.completeWrites, "growth": r.completeGrowth,
	} {
		if slices.Contains(parts, part) {
			missing = append(missing, check(want)...)
		}
	}
	return errors.Join(missing...)
}

func (r *Result) completeInProcess(want Expected) (missing []error) {
	for _, q := range want.InProcess {
		ok := slices.ContainsFunc(r.InProcess.Rows, func(row inprocess.Row) bool {
			if row.Subject != q.Subject || row.Shape != q.Shape {
				return false
			}
			if row.Skipped != "" {
				return slices.Contains(inprocess.Libraries, row.Subject)
			}
			return row.Decide.Median > 0 && row.Decide.P99 > 0 && row.Check.Median > 0 && row.Check.P99 > 0 && row.SHA256.Median > 0 && row.Bytes > 0
		})
		if !ok {
			missing = append(missing, fmt.Errorf("%s was not measured with %d tokens", q.Subject, q.Tokens))
		}
	}
	return missing
}

func (r *Result) completeHTTP(want Expected) (missing []error) {
	for _, conns := range want.Conns {
		for _, subject := range overhttp.Subjects {
			ok := slices.ContainsFunc(r.HTTP.Rows, func(row overhttp.Row) bool {
				return row.Subject == subject && row.Conns == conns && row.PerSec > 0 && row.Median > 0 && row.P99 >= row.Median && row.Version != ""
			})
			if !ok {
				missing = append(missing, fmt.Errorf("%s was not measured with %d connections", subject, conns))
			}
		}
	}
	return missing
}

func (r *Result) completeWrites(want Expected) (missing []error) {
	for _, clients := range want.Clients {
		for _, verb := range writes.Verbs {
			ok := slices.ContainsFunc(r.Writes.Rows, func(row writes.Row) bool {
				return row.Verb == verb && row.Clients == clients && row.PerSec > 0 && row.Median > 0 && row.Fsyncs > 0
			})
			if !ok {
				missing = append(missing, fmt.Errorf("%s was not measured with %d clients", verb, clients))
			}
		}
	}
	return missing
}

func (r *Result) completeGrowth(want Expected) (missing []error) {
	for i, size := range want.Sizes {
		if i >= len(r.Growth.Rows) {
			missing = append(missing, fmt.Errorf("a database of %d tokens was not measured", size))
			continue
		}
		row := r.Growth.Rows[i]
		if row.Tokens != size || row.Cold.Median <= 0 || row.Select.Median <= 0 || row.Warm.Median <= 0 || row.ListP50 <= 0 ||
			row.Started <= 0 || row.Resident <= 0 || row.InUse <= 0 || row.File <= 0 || row.FillRate <= 0 {
			missing = append(missing, fmt.Errorf("a database of %d tokens was not measured: %+v", size, row))
		}
	}
	return missing
}
