package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/internal/catalogfile"
)

func newCatalogLint(p program) *cobra.Command {
	format := "text"
	cmd := &cobra.Command{
		Use:   "lint FILE...",
		Short: "Say what is wrong with catalogues, and where",
		Long: `Say what is wrong with catalogues: operations that are never reached or that
share a path, groups and kinds that are not there or not used, resources that a
request does not name, operations that everybody is denied.

The exit code is 1 when there are errors, and 0 when there are only warnings.`,
		Example: `  tokenward catalog lint shop.yaml
  tokenward catalog lint --format json shop.yaml`,
		Args: cobra.MinimumNArgs(1),
	}
	cmd.Flags().StringVar(&format, "format", format, "`form` of the output: text or json")
	cmd.RunE = func(_ *cobra.Command, files []string) error {
		if format != "text" && format != "json" {
			return usagef("--format: %q is none of: text, json", format)
		}
		var all []lintRow
		for _, file := range files {
			rows, err := p.lint(file)
			if err != nil {
				return err
			}
			all = append(all, rows...)
		}
		return p.showFaults(all, format)
	}
	return cmd
}

// lintRow is a fault as lint shows it.
type lintRow struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Level   string `json:"level"` // "error" or "warning"
	Rule    string `json:"rule"`
	Message string `json:"message"`
}

func (p program) lint(file string) ([]lintRow, error) {
	data, err := p.readCatalog(file, catalogfile.MaxSize)
	if err != nil {
		return nil, err
	}
	f, faults := catalogfile.Read(data)
	if !faults.Errors() {
		faults = append(faults, f.Lint()...)
	}
	rows := []lintRow{}
	for _, fault := range faults {
		level := "error"
		if fault.Warning {
			level = "warning"
		}
		rows = append(rows, lintRow{file, fault.Line, fault.Column, level, fault.Rule, fault.Message})
	}
	return rows, nil
}

func (p program) showFaults(rows []lintRow, format string) error {
	errs := 0
	for _, r := range rows {
		if r.Level == "error" {
			errs++
		}
	}
	if format == "json" {
		if err := printJSON(p.stdout, append([]lintRow{}, rows...)); err != nil {
			return err
		}
	} else {
		for _, r := range rows {
			fmt.Fprintln(p.stdout, plain(fmt.Sprintf("%s:%d:%d: %s: %s (%s)", r.File, r.Line, r.Column, r.Level, r.Message, r.Rule)))
		}
	}
	if errs > 0 {
		return fmt.Errorf("errors: %d, warnings: %d", errs, len(rows)-errs)
	}
	p.note("errors: 0, warnings: %d", len(rows))
	return nil
}

// readBounded reads at most max bytes.
func readBounded(r io.Reader, max int) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, int64(max)+1))
	if err == nil && len(data) > max {
		err = usagef("there are more than %d bytes", max)
	}
	return data, err
}
