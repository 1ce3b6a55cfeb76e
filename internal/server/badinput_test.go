package server_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestBadInputIsRefusedInTheWordsOfTheManual plays testdata/badinput: a request
// and everything that is wrong with it. What is refused leaves nothing behind.
func TestBadInputIsRefusedInTheWordsOfTheManual(t *testing.T) {
	t.Parallel()
	topics := readScripts(t, "testdata/badinput")
	if len(topics) == 0 {
		t.Fatal("there is nothing in testdata/badinput")
	}
	for topic, scripts := range topics {
		t.Run(topic, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, config{})
			db := rowsOf(t, w.path)
			for _, s := range scripts {
				t.Run(s.title, func(t *testing.T) { s.send(t, w, db) })
			}
		})
	}
}

// requestForm is: METHOD path [as caller]
var requestForm = regexp.MustCompile(`^([A-Z]+) (\S+)(?: as (\w+))?$`)

// send plays a script of one request: its line, its body, and what comes of it.
// "-> status" is followed by "number pointer text" of the first error, and each
// other error has a line with "and".
func (s *script) send(t *testing.T, w *world, db *rows) {
	p := &player{world: w, t: t}
	var body, want []string
	for _, p.line = range s.lines[1:] {
		if p.line.expects() || strings.HasPrefix(p.line.text, "and ") {
			want = append(want, p.fill(p.line.text))
			continue
		}
		body = append(body, p.line.text)
	}
	m := requestForm.FindStringSubmatch(s.lines[0].text)
	if m == nil || len(want) == 0 {
		t.Fatalf("%s: cannot be read", s.lines[0].where)
	}
	before := db.count(t)
	a := w.call(t, call{
		as: w.key(orElse(m[3], "alice")), method: m[1], path: p.fill(m[2]), body: []byte(p.expand(strings.Join(body, "\n"))),
	})
	if got := a.faults(); got != strings.Join(want, "\n") {
		t.Errorf("%s: got\n%s\nwant\n%s", s.lines[0].where, got, strings.Join(want, "\n"))
	}
	if after := db.count(t); a.status != http.StatusOK && after != before {
		t.Errorf("%s: a refusal left something behind: %s before, %s after", s.lines[0].where, before, after)
	}
}

// faults is an answer in the form of a script.
func (a *answer) faults() string {
	if a.status == http.StatusOK {
		return "-> 200" + a.page()
	}
	var lines []string
	for i, e := range a.envelope.Errors {
		line := fmt.Sprintf("%d %s %s", e.Code, orElse(e.Source.Pointer, "-"), e.Message)
		if i == 0 {
			line = fmt.Sprintf("-> %d %s", a.status, line)
		} else {
			line = "and " + line
		}
		lines = append(lines, line)
		for _, c := range e.Chain {
			lines = append(lines, fmt.Sprintf("and chain %d", c.Code)) // its text is the gate's to test
		}
	}
	return strings.Join(lines, "\n")
}

// page is what the answer says of itself as a part of a list, "" if it is none.
func (a *answer) page() string {
	info := a.envelope.ResultInfo
	if info == nil {
		return ""
	}
	return fmt.Sprintf(" page %d of %d, %d of %d rows, %d on a page",
		info["page"], info["total_pages"], info["count"], info["total_count"], info["per_page"])
}

var (
	repeatForm = regexp.MustCompile(`<(.+?) x (\d+)>`)
	groupIDs   = regexp.MustCompile(`<group "([^"]+)">`)
)

// expand writes out what a body abbreviates: <é x 121> is 121 times é, <group
// "DNS Read"> is that group's id, <zone/A> the zone's.
func (p *player) expand(body string) string {
	body = repeatForm.ReplaceAllStringFunc(body, func(s string) string {
		m := repeatForm.FindStringSubmatch(s)
		n, err := strconv.Atoi(m[2])
		if err != nil {
			p.fatal("%v", err)
		}
		return strings.Repeat(m[1], n)
	})
	body = groupIDs.ReplaceAllStringFunc(body, func(s string) string {
		return groupsOf(p, strings.Trim(s[len("<group "):], ">"))[0].(map[string]any)["id"].(string)
	})
	return placeholder.ReplaceAllStringFunc(body, func(s string) string { return orElse(p.ids[s[1:len(s)-1]], s) })
}

// rows counts what is in a database, through a connection of its own.
type rows struct{ *sql.DB }

func rowsOf(t testing.TB, path string) *rows {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return &rows{db}
}

// count says how many rows each table has that a request could write to.
func (r *rows) count(t testing.TB) string {
	t.Helper()
	var out []string
	for _, table := range []string{"tokens", "zones", "dns_records", "events", "changes"} {
		var n int
		if err := r.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%d %s", n, table))
	}
	return strings.Join(out, ", ")
}
