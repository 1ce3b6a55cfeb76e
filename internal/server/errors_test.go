package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/ratelimit"
)

// TestRefusalsAreAnsweredWordForWord plays testdata/errors: the error tables of
// the wire contract, with status, number and text of each error, its pointer and
// its chain, and nothing beside them.
func TestRefusalsAreAnsweredWordForWord(t *testing.T) {
	t.Parallel()
	topics := readScripts(t, "testdata/errors")
	if len(topics) == 0 {
		t.Fatal("there is nothing in testdata/errors")
	}
	for topic, scripts := range topics {
		t.Run(topic, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, worldOf(topic))
			for _, s := range scripts {
				t.Run(s.title, func(t *testing.T) { s.act(&player{world: w, t: t, whole: true}) })
			}
		})
	}
}

// worldOf is the world in which a topic is played: limits need one that soon has
// enough.
func worldOf(topic string) config {
	switch topic {
	case "limits":
		now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
		return config{limits: ratelimit.New(ratelimit.Config{
			Requests: 2, Window: time.Minute, PerAddress: 1000, Clock: func() time.Time { return now },
		})}
	case "quotas":
		return config{quota: 2}
	}
	return config{}
}

// rest is what an answer says of its errors beside the number and text of the
// first.
func (a *answer) rest() (lines []string) {
	for i, e := range a.envelope.Errors {
		if i > 0 {
			lines = append(lines, fmt.Sprintf("and %d %s", e.Code, e.Message))
		}
		if e.Source.Pointer != "" {
			lines = append(lines, "and at "+e.Source.Pointer)
		}
		for _, c := range e.Chain {
			lines = append(lines, fmt.Sprintf("and chain %d %s", c.Code, c.Message))
		}
	}
	return lines
}

// and holds a line of the script against the next thing that the answer says.
func (p *player) and(text string) {
	p.t.Helper()
	want, got := p.fill(text), "nothing"
	if len(p.left) > 0 {
		got, p.left = p.left[0], p.left[1:]
	}
	if got != want {
		p.t.Errorf("%s:\n got %s\nwant %s", p.line.where, got, want)
	}
}

// said is called when the script has no more to say of the last answer.
func (p *player) said() {
	p.t.Helper()
	if p.whole && len(p.left) > 0 {
		p.t.Errorf("%s: before it an answer says more than the script:\n  %s", p.line.where, strings.Join(p.left, "\n  "))
	}
	p.left = nil
}

// headersOf reads: Name: value; Name: value.
func headersOf(lines string) credential {
	return func(h http.Header) {
		for _, line := range strings.Split(lines, "; ") {
			name, value, _ := strings.Cut(line, ": ")
			h.Add(name, value)
		}
	}
}
