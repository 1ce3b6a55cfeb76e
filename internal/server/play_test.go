package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// player acts out one script.
type player struct {
	*world
	t      *testing.T
	cached bool
	line   scriptLine

	draft   *draft // being written, not yet issued
	drafts  map[string]*draft
	callers map[string]credential
	as      credential
	made    int // records and zones, to give each a name of its own

	whole bool     // every word of a refusal is to be in the script
	left  []string // what the last answer says that the script has not said yet
}

// play acts out the script in a world that others have used, with a cast of its
// own.
func (s *script) play(t *testing.T, w *world, cached bool) {
	s.act(&player{world: w, t: t, cached: cached})
}

func (s *script) act(p *player) {
	p.t.Helper()
	p.cast, p.drafts = p.newCast(), make(map[string]*draft)
	p.callers = map[string]credential{
		"nobody": nil, "stranger": stranger(),
		"alice": p.key("alice"), "bob": p.key("bob"), "carol": p.key("carol"),
		"alice with bob's key":               func(h http.Header) { p.key("bob")(h); h.Set("X-Auth-Email", p.emails["alice"]) },
		"key of alice without email":         func(h http.Header) { p.key("alice")(h); h.Del("X-Auth-Email") },
		"alice's key and a stranger's token": func(h http.Header) { p.key("alice")(h); stranger()(h) },
	}
	p.told()
	for _, p.line = range s.lines {
		p.step(p.line.text)
	}
	if p.draft != nil {
		p.t.Fatalf("%s: nothing is done with the token", p.line.where)
	}
	p.said()
}

// told lets the authority hear what was changed, when it is to use its cache.
func (p *player) told() {
	if p.cached {
		p.hear()
	}
}

func (p *player) fatal(format string, args ...any) {
	p.t.Helper()
	p.t.Fatalf("%s: %s\n%s", p.line.where, p.line.text, fmt.Sprintf(format, args...))
}

// step acts out one line.
func (p *player) step(text string) {
	p.t.Helper()
	word, rest, _ := strings.Cut(text, " ")
	if word == "and" {
		p.and(text)
		return
	}
	p.said()
	if word != "token" && p.draft != nil && p.draft.line(p, word, rest) {
		return
	}
	want, refused := strings.CutPrefix(text, "-> ")
	if p.draft != nil {
		p.issue(want)
	}
	switch {
	case refused:
	case word == "token":
		p.draft = newDraft(p, rest)
	case word == "as":
		p.as = p.caller(rest)
	case word == "when":
		p.when(rest)
	default:
		p.access(text)
	}
}

func (p *player) caller(name string) credential {
	p.t.Helper()
	if value, ok := strings.CutPrefix(name, "bearer "); ok {
		return bearer(strings.Trim(value, `"`))
	}
	if lines, ok := strings.CutPrefix(name, "headers "); ok {
		return headersOf(lines)
	}
	c, ok := p.callers[name]
	if twice, both := strings.CutSuffix(name, " twice"); both {
		c, ok = p.callers[twice], true
		return func(h http.Header) { c(h); h.Add("Authorization", h.Get("Authorization")) }
	}
	if !ok {
		p.fatal("nobody is called %q here", name)
	}
	return c
}

// accessForm is: METHOD path [jurisdiction j] [from address] [at time] [with {json}] -> outcome
var accessForm = regexp.MustCompile(`^([A-Z]+) +(\S+)(?: jurisdiction (\S+))?(?: from (\S+))?(?: at (\S+))?(?: with (\{.*\}))? -> (.+)$`)

// access plays an attempt. From the cache a read is played twice: the first
// time may have filled the cache.
func (p *player) access(text string) {
	p.t.Helper()
	m := accessForm.FindStringSubmatch(text)
	if m == nil {
		p.fatal("cannot be read")
	}
	if m[5] != "" {
		before := p.clock.now()
		p.clock.set(p.instant(m[5]))
		defer p.clock.set(before)
	}
	path := p.fill(m[2])
	times := 1
	if p.cached && m[1] == "GET" {
		times = 2
	}
	for range times {
		a := p.call(p.t, call{as: p.as, method: m[1], path: path, jurisdiction: m[3], from: m[4], body: p.body(m[1], m[2], m[6])})
		p.judge(&a, m[7])
		p.keep(m[1], m[2], &a)
	}
}

// keep remembers the secret that a roll gave: "as strong rolled".
func (p *player) keep(method, path string, a *answer) {
	parts := strings.Split(path, "/")
	if method != "PUT" || parts[len(parts)-1] != "value" || a.status != 200 {
		return
	}
	var value string
	a.decode(p.t, &value)
	p.callers[parts[len(parts)-2]+" rolled"] = bearer(value)
}

// outcomeForm is: status [showing names] or status [number [text]]
var outcomeForm = regexp.MustCompile(`^(\d{3})(?: showing ?(.*)| (\d+)(?: (.+))?)?$`)

func (p *player) judge(a *answer, want string) {
	p.t.Helper()
	if want == "passes" { // the gate; whether something serves it yet is not the question
		if want = "200"; a.status == http.StatusNotFound {
			want = notServed
		}
	}
	m := outcomeForm.FindStringSubmatch(want)
	if m == nil {
		p.fatal("the outcome cannot be read")
	}
	p.left = a.rest()
	code, text := a.first()
	got := fmt.Sprintf("%d", a.status)
	if m[3] != "" {
		got += fmt.Sprintf(" %d", code)
	}
	if m[4] != "" {
		got += " " + text
	}
	if strings.Contains(want, " showing") {
		got = strings.TrimSpace(got + " showing " + p.shown(a))
	}
	if want = p.fill(want); got != want {
		p.t.Errorf("%s: %s\n got %s\nwant %s\n%s", p.line.where, p.line.text, got, want, clip(a.raw))
	}
}

// shown names the rows of a list in alphabetical order, or says the status of
// one thing.
func (p *player) shown(a *answer) string {
	p.t.Helper()
	var one struct{ Status string }
	if json.Unmarshal(a.envelope.Result, &one) == nil {
		return one.Status
	}
	var rows []struct{ ID string }
	a.decode(p.t, &rows)
	names := make([]string, 0, len(rows))
	for _, r := range rows {
		name := "?"
		for n, id := range p.ids {
			if id == r.ID {
				name = n[strings.LastIndexByte(n, '/')+1:]
			}
		}
		names = append(names, name)
	}
	slices.Sort(names)
	if total := a.envelope.ResultInfo["total_count"]; total != len(rows) {
		p.t.Errorf("%s: %d rows, but total_count is %d", p.line.where, len(rows), total)
	}
	return strings.Join(names, ", ")
}

var placeholder = regexp.MustCompile(`<([^<>]+)>`)

// ids1 puts ids where a path or a text names things: /zones/A, <account/1>.
func (p *player) fill(text string) string {
	text = placeholder.ReplaceAllStringFunc(text, func(s string) string {
		if id := p.ids[s[1:len(s)-1]]; id != "" {
			return id
		}
		return s
	})
	path, query, asked := strings.Cut(text, "?")
	parts := strings.Split(path, "/")
	for i := 1; i < len(parts); i++ {
		kind := strings.TrimSuffix(parts[i-1], "s")
		switch id := p.ids[kind+"/"+parts[i]]; {
		case id != "":
			parts[i] = id
		case parts[i] == "unknown":
			parts[i] = newID()
		case parts[i] == "record":
			parts[i] = p.ids["record"]
		}
	}
	if path = strings.Join(parts, "/"); asked {
		path += "?" + query
	}
	return path
}

// body is a body that is good for an operation, with the members given put over
// it.
func (p *player) body(method, path, given string) []byte {
	p.t.Helper()
	p.made++
	b := make(map[string]any)
	switch parts := strings.Split(path, "/"); {
	case method == "GET" || method == "DELETE":
		return nil
	case strings.Contains(path, "/dns_records"):
		b = map[string]any{"type": "A", "name": fmt.Sprintf("host-%d", p.made), "content": "192.0.2.7"}
	case strings.HasSuffix(path, "/purge_cache"):
		b["purge_everything"] = true
	case path == "/zones":
		b["name"] = fmt.Sprintf("new-%d.example", p.made)
	case strings.HasSuffix(path, "/tokens"):
		b = map[string]any{"name": "made by a vector", "policies": []any{}}
	case len(parts) > 2 && parts[len(parts)-2] == "tokens":
		b = p.draftOf(parts[len(parts)-1]).wire(p)
	}
	if given != "" {
		if err := json.Unmarshal([]byte(p.fill(given)), &b); err != nil {
			p.fatal("%v", err)
		}
	}
	out, err := json.Marshal(b)
	if err != nil {
		p.fatal("%v", err)
	}
	return out
}

func (p *player) instant(text string) time.Time {
	p.t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		p.fatal("%v", err)
	}
	return at
}

func (p *player) draftOf(name string) *draft {
	if d := p.drafts[name]; d != nil {
		return d
	}
	return &draft{}
}
