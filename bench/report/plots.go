package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/bench/growth"
	"github.com/tokenward/tokenward/bench/inprocess"
	"github.com/tokenward/tokenward/bench/overhttp"
)

// plots are the plots of the parts that were measured, by file name.
func (r *Result) plots() map[string][]byte {
	files := make(map[string][]byte)
	if len(r.InProcess.Rows) > 0 {
		files["inprocess.svg"] = r.inProcessPlot().svg()
	}
	if len(r.HTTP.Rows) > 0 {
		files["http.svg"] = r.httpPlot()
	}
	if len(r.Growth.Rows) > 0 {
		files["growth-time.svg"] = r.growthPlot("Time, as tokens become more", unitsOfTime, []curve{
			{"list page, over HTTP", func(row growth.Row) float64 { return row.ListP50 * 1e6 }},
			{"start", func(row growth.Row) float64 { return row.Started * 1e6 }},
			{"cold check", func(row growth.Row) float64 { return row.Cold.Median }},
			{"bare SELECT", func(row growth.Row) float64 { return row.Select.Median }},
			{"warm check", func(row growth.Row) float64 { return row.Warm.Median }},
		}).svg()
		files["growth-size.svg"] = r.growthPlot("Memory and disk, as tokens become more", unitsOfSize, []curve{
			{"database", func(row growth.Row) float64 { return float64(row.File) }},
			{"memory, tokens in use", func(row growth.Row) float64 { return float64(row.InUse) }},
			{"memory at start", func(row growth.Row) float64 { return float64(row.Resident) }},
		}).svg()
	}
	return files
}

func (r *Result) inProcessPlot() *chart {
	c := &chart{title: "Time of a decision, without the digest step", x: "tokens", units: unitsOfTime}
	for _, name := range inprocess.Subjects {
		l := line{name: name}
		for _, row := range r.InProcess.Rows {
			if row.Subject == name && row.Skipped == "" && row.Policies == 10 {
				l.points = append(l.points, [2]float64{float64(row.Tokens), row.Decide.Median})
			}
		}
		if len(l.points) > 0 {
			c.lines = append(c.lines, l)
		}
	}
	return c
}

// curve is what a line of the growth plots shows.
type curve struct {
	name string
	of   func(growth.Row) float64
}

func (r *Result) growthPlot(title string, units []string, curves []curve) *chart {
	c := &chart{title: title, x: "tokens in the database", units: units}
	for _, v := range curves {
		l := line{name: v.name}
		for _, row := range r.Growth.Rows {
			l.points = append(l.points, [2]float64{float64(row.Tokens), v.of(row)})
		}
		c.lines = append(c.lines, l)
	}
	return c
}

// httpPlot has a bar for each server, with the most connections.
func (r *Result) httpPlot() []byte {
	const bar, names, values = 28, 200, 110
	conns := 0
	for _, row := range r.HTTP.Rows {
		conns = max(conns, row.Conns)
	}
	rows := slices.DeleteFunc(slices.Clone(r.HTTP.Rows), func(row overhttp.Row) bool { return row.Conns != conns })
	slices.SortFunc(rows, func(x, y overhttp.Row) int { return cmp.Compare(y.PerSec, x.PerSec) })
	var b strings.Builder
	begin(&b, width, top+bar*len(rows)+12, fmt.Sprintf("Requests a second, %d connections, one core", conns))
	for i, row := range rows {
		y := float64(top + i*bar)
		color := 6
		if slices.Contains(overhttp.Ours, row.Subject) {
			color = 0
		} else if slices.Contains(engines, row.Subject) {
			color = 1
		}
		long := (width - names - values) * row.PerSec / rows[0].PerSec
		text(&b, names-10, y+16, "end", "", row.Subject)
		fmt.Fprintf(&b, `<g class="c%d"><rect x="%d" y="%.1f" width="%.1f" height="20"/></g>`+"\n", color, names, y+2, long)
		text(&b, names+long+8, y+16, "start", "", count(row.PerSec))
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

func sortBy(order []int, by func(int) float64) {
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(by(i), by(j)) })
}
