package report

import (
	"fmt"
	"slices"

	"github.com/tokenward/tokenward/bench/overhttp"
)

// goalEngines is how many times as many questions as the best engine ours answer.
const goalEngines = 5

// engines are the servers that decide and are not ours.
var engines = []string{overhttp.OPA, overhttp.OpenFGA, overhttp.OpenFGAGRPC, overhttp.Cerbos, overhttp.CerbosGRPC}

// busy is the part of its core from which on whoever asks is what limits.
const busy = .95

func (r *Result) http() string {
	t := newTable("connections", "", "version", "tokens", "requests/s", "median, us", "p99, us", "CPU us a request")
	limited := false
	for _, row := range r.HTTP.Rows {
		tokens, most := count(row.Tokens), ""
		if row.Tokens == 0 {
			tokens = "does not look"
		}
		if row.Load >= busy {
			most, limited = " *", true
		}
		t.row(count(row.Conns), row.Subject, row.Version, tokens, count(row.PerSec)+most, three(row.Median), three(row.P99), three(row.CPU))
	}
	text := t.String()
	if limited {
		text += "\n\\* the one who asks was busy all the time: the server could answer more.\n"
	}
	return text + "\n" + r.httpGoals() + "\n![Requests a second](performance/http.svg)\n"
}

func (r *Result) httpGoals() string {
	t := newGoals()
	for _, row := range r.HTTP.Rows {
		if !slices.Contains(overhttp.Ours, row.Subject) {
			continue
		}
		name, best := r.bestEngine(row.Conns)
		ratio := row.PerSec / best
		t.goal(fmt.Sprintf("%s to the best engine, %d connections", row.Subject, row.Conns), fmt.Sprintf("at least %dx", goalEngines),
			times(ratio)+" ("+name+")", ratio >= goalEngines)
	}
	return t.String()
}

func (r *Result) bestEngine(conns int) (name string, best float64) {
	for _, row := range r.HTTP.Rows {
		if row.Conns == conns && slices.Contains(engines, row.Subject) && row.PerSec > best {
			name, best = row.Subject, row.PerSec
		}
	}
	return name, best
}
