// Package report keeps what was measured, and writes it as tables, plots and a file
// that programs can read.
package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/tokenward/tokenward/bench/growth"
	"github.com/tokenward/tokenward/bench/inprocess"
	"github.com/tokenward/tokenward/bench/measure"
	"github.com/tokenward/tokenward/bench/overhttp"
	"github.com/tokenward/tokenward/bench/writes"
)

// Result is what was measured on one machine.
type Result struct {
	Machine   measure.Machine     `json:"machine"`
	InProcess Part[inprocess.Row] `json:"inprocess"`
	HTTP      Part[overhttp.Row]  `json:"http"`
	Writes    Part[writes.Row]    `json:"writes"`
	Growth    Part[growth.Row]    `json:"growth"`
	Versions  []Version           `json:"versions"`
	Took      map[string]string   `json:"took"`
}

// Part is one kind of rows. They may be older than those of the other parts.
type Part[Row any] struct {
	Date string `json:"date"`
	Rows []Row  `json:"rows"`
}

// Set replaces the rows by those of today.
func (p *Part[Row]) Set(rows []Row) {
	p.Date, p.Rows = time.Now().UTC().Format(time.DateOnly), rows
}

// New is a result without rows.
func New(m measure.Machine) *Result {
	return &Result{Machine: m, Versions: versions(), Took: make(map[string]string)}
}

// folder of the plots and the file, below docs, and the file's name.
const (
	folder   = "performance"
	dataFile = "bench.json"
)

// Read reads what an earlier run wrote below a docs folder. Rows of another machine
// are left out: a table is of one machine.
func Read(docs string, m measure.Machine) (*Result, error) {
	text, err := os.ReadFile(filepath.Join(docs, folder, dataFile))
	if errors.Is(err, fs.ErrNotExist) {
		return New(m), nil
	}
	if err != nil {
		return nil, err
	}
	r := New(m)
	var old Result
	if err := json.Unmarshal(text, &old); err != nil {
		return nil, fmt.Errorf("read %s: %w", dataFile, err)
	}
	now := m
	now.Load, old.Machine.Load = "", ""
	if old.Machine != now {
		fmt.Fprintln(os.Stderr, "what was measured before was on another machine, and is left out")
		return r, nil
	}
	r.InProcess, r.HTTP, r.Writes, r.Growth = old.InProcess, old.HTTP, old.Writes, old.Growth
	for part, took := range old.Took {
		r.Took[part] = took
	}
	return r, nil
}

// Write writes the file and the plots, and replaces the marked sections of
// performance.md.
func (r *Result) Write(docs string) error {
	dir := filepath.Join(docs, folder)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	files := r.plots()
	files[dataFile] = append(text, '\n')
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			return err
		}
	}
	page := filepath.Join(docs, "performance.md")
	old, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	replaced, err := replaceSections(string(old), r.sections())
	if err != nil {
		return fmt.Errorf("%s: %w", page, err)
	}
	return os.WriteFile(page, []byte(replaced), 0o644)
}
