package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// replaceSections replaces what stands between the marks of each section, which are
// lines of their own. A page without the marks of one is refused: the section would
// be missing.
func replaceSections(page string, sections map[string]string) (string, error) {
	for _, name := range slices.Sorted(maps.Keys(sections)) {
		open, shut := "<!-- bench:"+name+" -->\n", "<!-- /bench:"+name+" -->\n"
		before, rest, ok := strings.Cut(page, open)
		_, after, ok2 := strings.Cut(rest, shut)
		if !ok || !ok2 {
			return "", fmt.Errorf("there is no section between %q and %q", strings.TrimSpace(open), strings.TrimSpace(shut))
		}
		page = before + open + sections[name] + shut + after
	}
	return page, nil
}

// sections are the text of each part that was measured, by name.
func (r *Result) sections() map[string]string {
	all := map[string]string{"machine": r.machine()}
	if len(r.InProcess.Rows) > 0 {
		all["inprocess"] = dated(r.InProcess.Date, r.inProcess())
	}
	if len(r.HTTP.Rows) > 0 {
		all["http"] = dated(r.HTTP.Date, r.http())
	}
	if len(r.Writes.Rows) > 0 {
		all["writes"] = dated(r.Writes.Date, r.writes())
	}
	if len(r.Growth.Rows) > 0 {
		all["growth"] = dated(r.Growth.Date, r.growth())
	}
	if meaning := r.meaning(); meaning != "" {
		all["meaning"] = meaning
	}
	return all
}

func dated(date, text string) string { return text + "\nMeasured on " + date + ".\n" }

// Tables are all sections, for a terminal.
func (r *Result) Tables() string {
	all := r.sections()
	var b strings.Builder
	for _, name := range []string{"machine", "inprocess", "http", "writes", "growth", "meaning"} {
		if all[name] != "" {
			fmt.Fprintf(&b, "%s\n\n%s\n", strings.ToUpper(name), all[name])
		}
	}
	return b.String()
}

func (r *Result) machine() string {
	m := r.Machine
	return fmt.Sprintf("%s, %d cores, %s of memory, %s, %s; databases on %s. The load average before was %s.\n",
		m.CPU, m.Cores, bytes(float64(m.Memory)), m.Kernel, m.Go, m.Disk, m.Load)
}

// table writes a Markdown table.
type table struct{ strings.Builder }

func newTable(columns ...string) *table {
	t := new(table)
	t.row(columns...)
	t.row(slices.Repeat([]string{"---"}, len(columns))...)
	return t
}

func (t *table) row(cells ...string) { fmt.Fprintf(t, "| %s |\n", strings.Join(cells, " | ")) }

// goal is one row of a table of goals.
func (t *table) goal(what, goal, measured string, met bool) {
	verdict := "missed"
	if met {
		verdict = "met"
	}
	t.row(what, goal, measured, verdict)
}

func newGoals() *table { return newTable("goal", "", "measured", "") }
