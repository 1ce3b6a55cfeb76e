// Package writes measures how many tokens a server issues, rolls and revokes a
// second over HTTP, with every answer given when the change is on the disk.
package writes

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/tokenward/tokenward/bench/measure"
	"github.com/tokenward/tokenward/bench/server"
)

// Question says what is to be measured.
type Question struct {
	Clients   []int         `json:"clients"`
	Rounds    int           `json:"rounds"`
	Tokens    int           `json:"tokens"` // of a round, in all; an account may have 500
	Fsync     time.Duration `json:"fsync"`
	Dir       string        `json:"dir"`
	Tokenward string        `json:"tokenward"`
}

// Row is what was found out.
type Row struct {
	Verb    string  `json:"verb"`
	Clients int     `json:"clients"`
	PerSec  float64 `json:"per_second"` // the median of the rounds
	Median  float64 `json:"median_ms"`
	P99     float64 `json:"p99_ms"`
	// Fsyncs is what the disk did a second when one wrote after the other, measured
	// before and after.
	Fsyncs float64 `json:"fsyncs_per_second"`
}

// Verbs are what is measured, in the order in which a token meets them.
var Verbs = [3]string{"issue", "roll", "revoke"}

// Run starts a server and changes tokens. It is to run on the core for who asks.
func Run(ctx context.Context, q Question) ([]Row, error) {
	before, err := Fsyncs(q.Dir, q.Fsync/2)
	if err != nil {
		return nil, fmt.Errorf("measure fsync: %w", err)
	}
	t, err := server.New(q.Tokenward, q.Dir)
	if err != nil {
		return nil, err
	}
	run, err := t.Start()
	if err != nil {
		return nil, err
	}
	defer run.Stop()
	c := client{http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: slices.Max(q.Clients)}}, secret: t.Secret,
		tokens: "http://" + run.API + "/client/v4/accounts/" + t.Account + "/tokens"}
	if err := c.findGroup(ctx, t.Account); err != nil {
		return nil, err
	}
	var rows []Row
	for _, clients := range q.Clients {
		some, err := c.rounds(ctx, q, clients)
		if err != nil {
			return nil, err
		}
		rows = append(rows, some...)
	}
	after, err := Fsyncs(q.Dir, q.Fsync/2)
	for i := range rows {
		rows[i].Fsyncs = (before + after) / 2
	}
	return rows, err
}

// rounds issue tokens, then roll all of them, then revoke all of them.
func (c *client) rounds(ctx context.Context, q Question, clients int) ([]Row, error) {
	var rates [len(Verbs)][]float64
	var took [len(Verbs)][]time.Duration
	for range q.Rounds {
		ids := make([]string, q.Tokens)
		for i, verb := range []func(context.Context, *string) error{c.issue, c.roll, c.revoke} {
			times := make([]time.Duration, q.Tokens)
			begun := time.Now()
			if err := share(clients, q.Tokens, func(n int) error {
				start := time.Now()
				defer func() { times[n] = time.Since(start) }()
				return verb(ctx, &ids[n])
			}); err != nil {
				return nil, fmt.Errorf("%s with %d clients: %w", Verbs[i], clients, err)
			}
			rates[i] = append(rates[i], float64(q.Tokens)/time.Since(begun).Seconds())
			took[i] = append(took[i], times...)
		}
	}
	var rows []Row
	for i, verb := range Verbs {
		rows = append(rows, Row{
			Verb: verb, Clients: clients, PerSec: measure.Quantile(rates[i], .5),
			Median: milliseconds(measure.Quantile(took[i], .5)), P99: milliseconds(measure.Quantile(took[i], .99)),
		})
	}
	return rows, nil
}

// share has workers do n things, each one after the other, until one fails.
func share(workers, n int, do func(int) error) error {
	next := make(chan int, n)
	for i := range n {
		next <- i
	}
	close(next)
	wrong := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range next {
				if wrong[w] = do(i); wrong[w] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range wrong {
		if err != nil {
			return err
		}
	}
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
