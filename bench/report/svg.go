package report

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// chart is a plot with lines, both axes logarithmic.
type chart struct {
	title, x string
	lines    []line
	units    []string // of the upright axis: each a thousand times the last
}

type line struct {
	name   string
	points [][2]float64 // from left to right, all above zero
}

// Sizes of the plots, in pixels.
const (
	width, height           = 760, 380
	left, right, top, below = 84, 200, 44, 52
)

// style suits pages in the light and in the dark: the background is the page's.
const style = `<style>
text{font:13px system-ui,sans-serif;fill:#24292f}.t{font-size:15px;font-weight:600}.g{stroke:#8c959f;stroke-opacity:.3}
.c0{--c:#0969da}.c1{--c:#bc4c00}.c2{--c:#1a7f37}.c3{--c:#8250df}.c4{--c:#bf3989}.c5{--c:#4d2d00}.c6{--c:#57606a}
polyline{fill:none;stroke:var(--c);stroke-width:2}circle,rect{fill:var(--c)}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}
.c0{--c:#58a6ff}.c1{--c:#f0883e}.c2{--c:#3fb950}.c3{--c:#bc8cff}.c4{--c:#ff7bc5}.c5{--c:#d4b483}.c6{--c:#8b949e}}
</style>
`

func begin(b *strings.Builder, w, h int, title string) {
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-label="%s">`+"\n%s",
		w, h, w, h, html.EscapeString(title), style)
	text(b, 12, 24, "start", "t", title)
}

func text(b *strings.Builder, x, y float64, anchor, class, s string) {
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="%s" class="%s">%s</text>`+"\n", x, y, anchor, class, html.EscapeString(s))
}

// svg draws the chart.
func (c *chart) svg() []byte {
	var b strings.Builder
	begin(&b, width, height, c.title)
	xs, ys := c.decades(0), c.decades(1)
	for d := xs[0]; d <= xs[1]; d++ {
		x := place(math.Pow10(d), xs, left, width-right)
		fmt.Fprintf(&b, `<line x1="%.1f" x2="%.1f" y1="%d" y2="%d" class="g"/>`+"\n", x, x, top, height-below)
		text(&b, x, height-below+20, "middle", "", count(math.Pow10(d)))
	}
	for d := ys[0]; d <= ys[1]; d++ {
		y := place(math.Pow10(d), ys, height-below, top)
		fmt.Fprintf(&b, `<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" class="g"/>`+"\n", left, width-right, y, y)
		text(&b, left-8, y+4, "end", "", c.tick(d))
	}
	text(&b, (left+width-right)/2, height-12, "middle", "", c.x)
	names := c.namePlaces(ys)
	for i, l := range c.lines {
		fmt.Fprintf(&b, `<g class="c%d"><polyline points="`, i%7)
		for _, p := range l.points {
			fmt.Fprintf(&b, "%.1f,%.1f ", place(p[0], xs, left, width-right), place(p[1], ys, height-below, top))
		}
		b.WriteString(`"/>`)
		for _, p := range l.points {
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="3.5"/>`, place(p[0], xs, left, width-right), place(p[1], ys, height-below, top))
		}
		fmt.Fprintf(&b, `<rect x="%d" y="%.1f" width="10" height="10"/></g>`+"\n", width-right+12, names[i]-9)
		text(&b, width-right+28, names[i], "start", "", l.name)
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// Units of times and sizes.
var (
	unitsOfTime = []string{"ns", "us", "ms", "s"}
	unitsOfSize = []string{"B", "kB", "MB", "GB", "TB"}
)

// tick is a power of ten, with its unit.
func (c *chart) tick(d int) string {
	unit := max(0, min(d/3, len(c.units)-1))
	return count(math.Pow10(d-3*unit)) + " " + c.units[unit]
}

// decades are the powers of ten around all values of an axis.
func (c *chart) decades(axis int) [2]int {
	low, high := math.Inf(1), math.Inf(-1)
	for _, l := range c.lines {
		for _, p := range l.points {
			low, high = min(low, p[axis]), max(high, p[axis])
		}
	}
	d := [2]int{int(math.Floor(math.Log10(low))), int(math.Ceil(math.Log10(high)))}
	if d[0] == d[1] {
		d[1]++
	}
	return d
}

// place is where a value lies between two ends of an axis.
func place(v float64, decades [2]int, from, to float64) float64 {
	part := (math.Log10(v) - float64(decades[0])) / float64(decades[1]-decades[0])
	return from + part*(to-from)
}

// namePlaces are the heights of the lines' names: beside their ends, but not one
// upon the other.
func (c *chart) namePlaces(ys [2]int) []float64 {
	const apart = 18
	places := make([]float64, len(c.lines))
	order := make([]int, len(c.lines))
	for i, l := range c.lines {
		places[i], order[i] = place(l.points[len(l.points)-1][1], ys, height-below, top)+4, i
	}
	sortBy(order, func(i int) float64 { return places[i] })
	for n := 1; n < len(order); n++ {
		places[order[n]] = max(places[order[n]], places[order[n-1]]+apart)
	}
	return places
}
