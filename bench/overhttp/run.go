package overhttp

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tokenward/tokenward/bench/load"
	"github.com/tokenward/tokenward/bench/measure"
	"github.com/tokenward/tokenward/bench/model"
)

// Question says what is to be measured.
type Question struct {
	Model     model.Shape   `json:"model"`
	Conns     []int         `json:"conns"`
	Turns     int           `json:"turns"` // each server is asked so often
	Burst     time.Duration `json:"burst"` // for so long
	Dir       string        `json:"dir"`   // for data and logs
	Bin       string        `json:"bin"`   // where the others are installed
	Tokenward string        `json:"tokenward"`
}

// Row is what was found out about a server.
type Row struct {
	Subject string  `json:"subject"`
	Version string  `json:"version"`
	Tokens  int     `json:"tokens"`
	Conns   int     `json:"conns"`
	PerSec  float64 `json:"per_second"` // the median of the turns
	Median  float64 `json:"median_us"`
	P99     float64 `json:"p99_us"`
	CPU     float64 `json:"cpu_us"` // of the server, a request
	// Load is the part of its core that asking took. Near one, who asks is what
	// limits the number.
	Load float64 `json:"load_busy"`
}

// Run starts all servers and asks each in turn. It is to run on the core for who
// asks.
func Run(ctx context.Context, q Question) ([]Row, error) {
	m := model.New(q.Model)
	all, err := start(
		func() ([]*subject, error) { return ours(ctx, q, m) },
		func() ([]*subject, error) { return plain(q) },
		func() ([]*subject, error) { return opa(q, m) },
		func() ([]*subject, error) { return openfga(q, m) },
		func() ([]*subject, error) { return cerbos(q, m) },
	)
	if err != nil {
		return nil, err
	}
	defer stopAll(all)
	for _, s := range all {
		if err := s.judgesRightly(m); err != nil {
			return nil, err
		}
	}
	var rows []Row
	for _, conns := range q.Conns {
		some, err := inTurn(q, m, all, conns)
		if err != nil {
			return nil, err
		}
		rows = append(rows, some...)
	}
	return rows, nil
}

// found is what the turns of a subject gave.
type found struct {
	pool      *load.Pool
	took      []time.Duration
	perSecond []float64
	ran       time.Duration
	server    time.Duration // of the server's core
	asking    time.Duration // of ours
}

func inTurn(q Question, m *model.Model, all []*subject, conns int) ([]Row, error) {
	results := make([]found, len(all))
	for i, s := range all {
		pool, err := load.Dial(s.addr, conns, s.ask(m.Zone, true))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		defer pool.Close()
		results[i].pool = pool
	}
	for turn := range q.Turns + 1 {
		for i, s := range all {
			if turn == 0 { // opens connections further on, and warms
				if _, err := results[i].pool.Run(q.Burst / 3); err != nil {
					return nil, fmt.Errorf("%s: %w", s.name, err)
				}
			} else if err := results[i].burst(s, q.Burst); err != nil {
				return nil, fmt.Errorf("%s: %w", s.name, err)
			}
		}
	}
	var rows []Row
	for i, s := range all {
		f := &results[i]
		n := time.Duration(len(f.took))
		rows = append(rows, Row{
			Subject: s.name, Version: s.version, Tokens: s.tokens, Conns: conns, PerSec: measure.Quantile(f.perSecond, .5),
			Median: microseconds(measure.Quantile(f.took, .5)), P99: microseconds(measure.Quantile(f.took, .99)),
			CPU: microseconds(f.server / n), Load: float64(f.asking) / float64(f.ran),
		})
	}
	return rows, nil
}

func (f *found) burst(s *subject, d time.Duration) error {
	before, err := measure.CPUTime(s.pids...)
	if err != nil {
		return err
	}
	asked := ownTime()
	r, err := f.pool.Run(d)
	if err != nil {
		return err
	}
	f.asking += ownTime() - asked
	after, err := measure.CPUTime(s.pids...)
	if err != nil {
		return err
	}
	f.server += after - before
	f.ran += r.Ran
	f.took = slices.Concat(f.took, r.Took)
	f.perSecond = append(f.perSecond, float64(len(r.Took))/r.Ran.Seconds())
	return nil
}

// ownTime is the time that this process has used.
func ownTime() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0 // it cannot fail for this process
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func microseconds(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
