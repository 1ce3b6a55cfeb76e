package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/tokenward/tokenward/bench/growth"
	"github.com/tokenward/tokenward/bench/inprocess"
	"github.com/tokenward/tokenward/bench/measure"
	"github.com/tokenward/tokenward/bench/model"
	"github.com/tokenward/tokenward/bench/overhttp"
	"github.com/tokenward/tokenward/bench/report"
	"github.com/tokenward/tokenward/bench/writes"
)

// Names of the parts.
const (
	partInProcess = "inprocess"
	partHTTP      = "http"
	partWrites    = "writes"
	partGrowth    = "growth"
)

// parts are run in this order.
var parts = []struct {
	name string
	run  func(context.Context, *options, *report.Result) error
}{{partInProcess, inProcess}, {partHTTP, overHTTP}, {partWrites, changes}, {partGrowth, grow}}

func partNames() []string {
	var names []string
	for _, p := range parts {
		names = append(names, p.name)
	}
	return names
}

// plan is how much is measured.
type plan struct {
	sizes  []int // of models in process
	budget time.Duration
	fill   time.Duration
	small  int // tokens of the rows about memory
	http   overhttp.Question
	writes writes.Question
	growth growth.Question
}

var fullPlan = plan{
	sizes: []int{1000, 100_000, 1_000_000}, budget: time.Second, fill: 20 * time.Minute, small: 100_000,
	http:   overhttp.Question{Model: model.Shape{Tokens: 1000, Policies: 10, Zones: 10}, Conns: []int{1, 64}, Turns: 5, Burst: time.Second},
	writes: writes.Question{Clients: []int{1, 64}, Rounds: 7, Tokens: 448, Fsync: 4 * time.Second},
	growth: growth.Question{Sizes: []int{1000, 10_000, 100_000, 1_000_000, 5_000_000}, Policies: 3, Zones: 1, Budget: 2 * time.Second, Working: 100_000},
}

// shortPlan shows that everything can be measured. Its figures mean nothing.
var shortPlan = plan{
	sizes: []int{10, 50}, budget: time.Millisecond, fill: time.Minute, small: 50,
	http:   overhttp.Question{Model: model.Shape{Tokens: 5, Policies: 10, Zones: 10}, Conns: []int{1, 4}, Turns: 1, Burst: 20 * time.Millisecond},
	writes: writes.Question{Clients: []int{1, 4}, Rounds: 1, Tokens: 8, Fsync: 20 * time.Millisecond},
	growth: growth.Question{Sizes: []int{50, 1500}, Policies: 3, Zones: 1, Budget: time.Millisecond, Working: 20},
}

func (o *options) plan() plan {
	if o.short {
		return shortPlan
	}
	return fullPlan
}

// expected is what a report of the plan must have.
func (p plan) expected() report.Expected {
	return report.Expected{InProcess: p.inProcess(), Conns: p.http.Conns, Clients: p.writes.Clients, Sizes: p.growth.Sizes}
}

// inProcess are the questions of the part: all subjects at all sizes, and ours with
// fewer policies, for the memory that they take.
func (p plan) inProcess() []inprocess.Question {
	var all []inprocess.Question
	for _, size := range p.sizes {
		for _, subject := range inprocess.Subjects {
			all = append(all, inprocess.Question{Shape: model.Shape{Tokens: size, Policies: 10, Zones: 10}, Subject: subject, Budget: p.budget, Fill: p.fill})
		}
	}
	for _, zones := range []int{1, 10} {
		all = append(all, inprocess.Question{Shape: model.Shape{Tokens: p.small, Policies: 3, Zones: zones}, Subject: inprocess.Ours, Budget: p.budget, Fill: p.fill})
	}
	return all
}

func inProcess(ctx context.Context, o *options, r *report.Result) error {
	var rows []inprocess.Row
	for _, q := range o.plan().inProcess() {
		var row inprocess.Row
		if err := ask(ctx, anyCore, partInProcess, q, &row); err != nil {
			return err
		}
		rows = append(rows, row)
		fmt.Fprintf(os.Stderr, "  %s, %d tokens of %d x %d: loaded in %.0f s %s\n", row.Subject, row.Tokens, row.Policies, row.Zones, row.Loading, row.Skipped)
	}
	r.InProcess.Set(rows)
	return nil
}

func overHTTP(ctx context.Context, o *options, r *report.Result) (err error) {
	q := o.plan().http
	// The programs are started from another folder than this one.
	if q.Bin, err = filepath.Abs(filepath.Join(o.root, "bench", ".bin")); err != nil {
		return err
	}
	q.Tokenward = o.tokenward
	if q.Dir, err = o.folder(partHTTP); err != nil {
		return err
	}
	return fill(ctx, measure.LoadCore, partHTTP, q, &r.HTTP)
}

func changes(ctx context.Context, o *options, r *report.Result) (err error) {
	q := o.plan().writes
	q.Tokenward = o.tokenward
	if q.Dir, err = o.folder(partWrites); err != nil {
		return err
	}
	return fill(ctx, measure.LoadCore, partWrites, q, &r.Writes)
}

func grow(ctx context.Context, o *options, r *report.Result) (err error) {
	q := o.plan().growth
	q.Tokenward = o.tokenward
	if q.Dir, err = o.folder(partGrowth); err != nil {
		return err
	}
	return fill(ctx, anyCore, partGrowth, q, &r.Growth)
}

// fill asks a question, and replaces a part by its answer.
func fill[Row any](ctx context.Context, core int, name string, question any, part *report.Part[Row]) error {
	var rows []Row
	if err := ask(ctx, core, name, question, &rows); err != nil {
		return err
	}
	part.Set(rows)
	return nil
}

// folder makes one for a part's data.
func (o *options) folder(name string) (string, error) {
	dir := filepath.Join(o.dir, name)
	return dir, os.Mkdir(dir, 0o755)
}
