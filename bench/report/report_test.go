package report

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/bench/growth"
	"github.com/tokenward/tokenward/bench/inprocess"
	"github.com/tokenward/tokenward/bench/measure"
	"github.com/tokenward/tokenward/bench/model"
	"github.com/tokenward/tokenward/bench/overhttp"
	"github.com/tokenward/tokenward/bench/writes"
)

var tenByTen = model.Shape{Tokens: 1000, Policies: 10, Zones: 10}

// full is a result with a row of each kind.
func full() *Result {
	timing := func(ns float64) *measure.Timing { return &measure.Timing{Median: ns, P99: 2 * ns} }
	row := func(s model.Shape, subject string, decide float64) inprocess.Row {
		return inprocess.Row{Shape: s, Subject: subject, Decide: timing(decide), Check: timing(decide + 300), SHA256: timing(150), Harness: timing(10), Bytes: 900}
	}
	r := New(measure.Machine{CPU: "a processor", Cores: 2, Memory: 8 << 30, Kernel: "Linux 6", Go: "go1.26", Disk: "/dev/x, ext4", Load: "0.1"})
	r.Versions = []Version{{inprocess.Cedar, "v1.9.0"}, {inprocess.Casbin, "v2.135.0"}}
	skipped := inprocess.Row{Shape: tenByTen, Subject: inprocess.Casbin, Skipped: "not run: 110 KiB a token"}
	r.InProcess.Set([]inprocess.Row{
		row(tenByTen, inprocess.OursDecision, 100), row(tenByTen, inprocess.Ours, 200), row(tenByTen, inprocess.Cedar, 1500), skipped,
		row(model.Shape{Tokens: 1000, Policies: 3, Zones: 1}, inprocess.Ours, 200),
	})
	var rows []overhttp.Row
	for i, subject := range overhttp.Subjects {
		rows = append(rows, overhttp.Row{Subject: subject, Version: "v1", Tokens: 10, Conns: 64, PerSec: 80_000 / float64(i+1), Median: 10, P99: 20, CPU: 5})
	}
	r.HTTP.Set(rows)
	r.Writes.Set([]writes.Row{{Verb: "issue", Clients: 64, PerSec: 6000, Median: 1, P99: 2, Fsyncs: 1000}, {Verb: "roll", Clients: 64, PerSec: 6000, Median: 1, P99: 2, Fsyncs: 9000}})
	r.Growth.Set([]growth.Row{{
		Shape: model.Shape{Tokens: 1000, Policies: 3, Zones: 1}, Cold: *timing(60_000), Select: *timing(15_000), Warm: *timing(500), Working: 1000,
		ListP50: 1, ListP99: 2, Started: 100, Resident: 60 << 20, InUse: 90 << 20, File: 2 << 20, FillRate: 20_000,
	}})
	return r
}

// TestGoalsAreReckonedFromTheRows: met, missed, and where none applies.
func TestGoalsAreReckonedFromTheRows(t *testing.T) {
	text := full().Tables()
	for _, want := range []string{
		"| decision as fast as the fastest library, 1,000 tokens of 10 x 10 | at least 10x | 15.0x (cedar-go) | met |",
		"| 1,000 | 10 x 10 | the harness, asking nobody | 10 ns | 20 ns |",
		"| whole check to one SHA-256, 1,000 tokens of 10 x 10 | at most 3x | 3.33x | missed |",
		"| bytes of a cached token, 1,000 tokens of 3 x 1 | under 1 KiB | 900 | met |",
		"| 1,000 | 10 x 10 | casbin v2.135.0 | not run: 110 KiB a token |",
		"| forward-auth to the best engine, 64 connections | at least 5x | 6.00x (OPA server) | met |",
		"| forward-auth, lean server to the best engine, 64 connections | at least 5x | 3.00x (OPA server) | missed |",
		"| issue to serial fsyncs, 64 clients | above 5x | 6.00x | met |",
		"with 9,000 fsyncs/s | does not apply |",
		"| cold check to a bare SELECT, 1,000 tokens | at most 3x | 4.00x | missed |",
		"forward-auth answers 80,000 a second on one core like these, so 125 cores, or 16 nodes of 8,",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the tables lack %q", want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// TestAResultIsWrittenAndReadAgain: the page keeps what stands outside of the marks,
// and another machine's rows are not taken over.
func TestAResultIsWrittenAndReadAgain(t *testing.T) {
	docs := t.TempDir()
	page := "# Speed\n"
	for _, name := range []string{"machine", "inprocess", "http", "writes", "growth", "meaning"} {
		page += "before " + name + "\n<!-- bench:" + name + " -->\nof a run before\n<!-- /bench:" + name + " -->\n"
	}
	file := filepath.Join(docs, "performance.md")
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	r := full()
	if err := r.Write(docs); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(first), "of a run before") || !strings.Contains(string(first), "before growth\n") {
		t.Fatalf("%v\n%s", err, first)
	}
	again, err := Read(docs, r.Machine)
	if err != nil || len(again.HTTP.Rows) != len(r.HTTP.Rows) {
		t.Fatalf("%d rows were read: %v", len(again.HTTP.Rows), err)
	}
	again.Versions = r.Versions
	if err := again.Write(docs); err != nil {
		t.Fatal(err)
	}
	if second, err := os.ReadFile(file); err != nil || string(second) != string(first) {
		t.Errorf("written again it is another page: %v", err)
	}
	other := r.Machine
	other.Cores = 64
	if none, err := Read(docs, other); err != nil || len(none.HTTP.Rows) != 0 {
		t.Errorf("another machine's rows were taken over: %v", err)
	}
}

// TestThePageHasAllMarks: the one that is in the tree.
func TestThePageHasAllMarks(t *testing.T) {
	page, err := os.ReadFile("../../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := full().sections()
	if len(sections) != 6 {
		t.Errorf("%d sections", len(sections))
	}
	if _, err := replaceSections(string(page), sections); err != nil {
		t.Error(err)
	}
}

// TestAPageWithoutAMarkIsRefused: its section would be missing.
func TestAPageWithoutAMarkIsRefused(t *testing.T) {
	if _, err := replaceSections("# Speed\n", map[string]string{"http": "x"}); err == nil {
		t.Error("it was accepted")
	}
}

// TestARowThatWasNotMeasuredIsMissed: whatever part it is of.
func TestARowThatWasNotMeasuredIsMissed(t *testing.T) {
	want := Expected{Conns: []int{64}, Sizes: []int{1000}}
	all := []string{"inprocess", "http", "writes", "growth"}
	if err := full().Complete(all, want); err != nil {
		t.Errorf("a complete result: %v", err)
	}
	skipped := inprocess.Question{Shape: tenByTen, Subject: inprocess.Casbin}
	if err := full().Complete(all, Expected{InProcess: []inprocess.Question{skipped}}); err != nil {
		t.Errorf("a library says why it was not run: %v", err)
	}
	for name, spoil := range map[string]func(*Result, *Expected){
		"a library is not there": func(_ *Result, e *Expected) {
			e.InProcess = []inprocess.Question{{Shape: tenByTen, Subject: inprocess.OPA}}
		},
		"ours was left out": func(r *Result, e *Expected) {
			r.InProcess.Rows[1].Skipped, e.InProcess = "not run", []inprocess.Question{{Shape: tenByTen, Subject: inprocess.Ours}}
		},
		"a server was not asked":     func(r *Result, _ *Expected) { r.HTTP.Rows[3].PerSec = 0 },
		"a server has no version":    func(r *Result, _ *Expected) { r.HTTP.Rows[6].Version = "" },
		"a verb was not measured":    func(_ *Result, e *Expected) { e.Clients = []int{64} },
		"a database was not filled":  func(_ *Result, e *Expected) { e.Sizes = []int{1000, 10_000} },
		"a memory was not looked at": func(r *Result, _ *Expected) { r.Growth.Rows[0].InUse = 0 },
	} {
		r, e := full(), want
		spoil(r, &e)
		if r.Complete(all, e) == nil {
			t.Errorf("%s, and nobody missed it", name)
		}
	}
}

// TestPlotsAreWellFormed: browsers refuse to show others.
func TestPlotsAreWellFormed(t *testing.T) {
	plots := full().plots()
	if len(plots) != 4 {
		t.Errorf("%d plots", len(plots))
	}
	for name, text := range plots {
		for d := xml.NewDecoder(strings.NewReader(string(text))); ; {
			_, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
		}
		if strings.Contains(string(text), "NaN") || strings.Contains(string(text), "Inf") {
			t.Errorf("%s has a place that is no number", name)
		}
	}
}
