package report

import (
	"fmt"
	"math"
	"slices"

	"github.com/tokenward/tokenward/bench/inprocess"
	"github.com/tokenward/tokenward/bench/overhttp"
)

// What a large installation would have.
const (
	manyTokens = 1e9
	manyChecks = 1e7 // a second
	nodeCores  = 8
	coldPart   = 100 // one check in so many
)

// meaning reckons what the figures say about many nodes. It is "" until all parts
// were measured.
func (r *Result) meaning() string {
	cached, ok := r.cachedBytes()
	if !ok || len(r.HTTP.Rows) == 0 || len(r.Growth.Rows) == 0 {
		return ""
	}
	name, perCore := r.fastestOfOurs()
	last := r.Growth.Rows[len(r.Growth.Rows)-1]
	cores := math.Ceil(manyChecks / perCore)
	nodes := math.Ceil(cores / nodeCores)
	check := r.slowestCheck()
	coldCore := 1e9 / last.Cold.Median
	return fmt.Sprintf(`A thousand million tokens and ten million checks a second, reckoned from the figures above
and not measured:

- Checks: %s answers %s a second on one core like these, so %s cores, or %s nodes of %d, answer ten
  million. The check itself takes %s of that, %s cores of them all; the rest is HTTP.
- Memory: a token with three policies takes %s in the cache, so all take %s: %s on each of %s nodes
  when whatever spreads the requests sends a token's always to the same node. Nothing is wrong
  when it does not, but more checks are cold.
- Database: %s a token, so %s for all: no work for one SQLite file, whatever the speed.
- Cold checks: %s each, %s a second for a core. If one check in a hundred is cold, that is %s more
  cores, and %s reads a second of the database.
- Revocations: every node reads the change feed twice a second, %s small reads in all.
`,
		name, count(perCore), count(cores), count(nodes), nodeCores,
		nanoseconds(check), count(math.Ceil(manyChecks*check/1e9)),
		bytes(cached), bytes(cached*manyTokens), bytes(cached*manyTokens/nodes), count(nodes),
		bytes(float64(last.File)/float64(last.Tokens)), bytes(float64(last.File)/float64(last.Tokens)*manyTokens),
		nanoseconds(last.Cold.Median), count(coldCore), count(math.Ceil(manyChecks/coldPart/coldCore)), count(manyChecks/coldPart),
		count(2*nodes))
}

// cachedBytes are what a token with three policies of one zone takes.
func (r *Result) cachedBytes() (float64, bool) {
	for _, row := range r.InProcess.Rows {
		if row.Policies == 3 && row.Zones == 1 && row.Skipped == "" {
			return row.Bytes, true
		}
	}
	return 0, false
}

// slowestCheck is ours among the most tokens.
func (r *Result) slowestCheck() (ns float64) {
	for _, row := range r.InProcess.Rows {
		if row.Subject == inprocess.Ours && row.Skipped == "" {
			ns = max(ns, row.Check.Median)
		}
	}
	return ns
}

func (r *Result) fastestOfOurs() (name string, perSecond float64) {
	for _, row := range r.HTTP.Rows {
		if slices.Contains(overhttp.Ours, row.Subject) && row.PerSec > perSecond {
			name, perSecond = row.Subject, row.PerSec
		}
	}
	return name, perSecond
}
