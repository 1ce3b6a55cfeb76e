package dashboard

import (
	"fmt"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// The chart's field, in its own units; it is drawn as wide as there is room.
const (
	chartHeight = 100
	chartSlot   = 10 // a day
	chartBar    = 7
)

// usageChart is the use of a token in some days, as bars.
type usageChart struct {
	Bars            []usageBar // oldest first
	Width, Height   int
	Top             int64 // what the full height stands for
	Allowed, Denied int64 // in all
	From, To        time.Time
	Label           string // says it in a sentence
}

// usageBar is a day: what was denied stands on what was allowed.
type usageBar struct {
	Day             time.Time
	Allowed, Denied int64
	SlotX, X        int
	AllowedY        int
	AllowedHeight   int
	DeniedY         int
	DeniedHeight    int
	Slot, Bar       int
	Title           string
}

func newUsageChart(days []authority.DayUse) usageChart {
	c := usageChart{Width: chartSlot * len(days), Height: chartHeight}
	for _, d := range days {
		c.Allowed += d.Allowed
		c.Denied += d.Denied
		c.Top = max(c.Top, d.Allowed+d.Denied)
	}
	for i, d := range days {
		c.Bars = append(c.Bars, c.bar(i, d))
	}
	if len(days) > 0 {
		c.From, c.To = days[0].Day, days[len(days)-1].Day
	}
	c.Label = fmt.Sprintf("Uses a day in the last %d days: %d allowed and %d denied in all, at most %d in a day.", len(days), c.Allowed, c.Denied, c.Top)
	return c
}

func (c *usageChart) bar(i int, d authority.DayUse) usageBar {
	b := usageBar{
		Day: d.Day, Allowed: d.Allowed, Denied: d.Denied, Slot: chartSlot, Bar: chartBar,
		SlotX: i * chartSlot, X: i*chartSlot + (chartSlot-chartBar)/2,
		AllowedHeight: c.height(d.Allowed), DeniedHeight: c.height(d.Denied),
		Title: fmt.Sprintf("%s: %d allowed, %d denied", d.Day.Format("2 Jan"), d.Allowed, d.Denied),
	}
	// A little of each must be seen, be the rest ever so much.
	if over := b.AllowedHeight + b.DeniedHeight - chartHeight; over > 0 {
		if b.AllowedHeight > b.DeniedHeight {
			b.AllowedHeight -= over
		} else {
			b.DeniedHeight -= over
		}
	}
	b.AllowedY = chartHeight - b.AllowedHeight
	b.DeniedY = b.AllowedY - b.DeniedHeight
	return b
}

// height is at least 2 for what is there at all.
func (c *usageChart) height(n int64) int {
	if n == 0 {
		return 0
	}
	return max(2, int(float64(n)/float64(c.Top)*chartHeight))
}
