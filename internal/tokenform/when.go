package tokenform

import (
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the form is read in the reader's zone, wherever the server runs
)

// When is a date of the form: a preset, or a date and time in the form's zone.
type When struct {
	Preset string // NoDate, AtDate, or from now: "30d", "1y"; "" goes by At
	At     string // "2027-03-01T00:00", as an input of type datetime-local has it
}

// Values of When.Preset beside spans from now.
const (
	NoDate = "none"
	AtDate = "at"
)

// Presets are the spans worth offering for an end.
func Presets() []string { return []string{"7d", "30d", "90d", "1y"} }

const (
	badDate = "Write a date and time such as 2027-03-01T00:00."
	badSpan = "Choose a span such as 30d or 1y, a date, or none."
)

// dateLayouts are what browsers send, and what people write where the browser
// has no input for dates. The first three are also what FromDraft writes.
func dateLayouts() []string {
	return []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02T15:04:05.000000", "2006-01-02T15:04:05.999999", "2006-01-02 15:04", time.DateOnly}
}

// time is the moment that is meant, zero for none, or what is wrong: in which of
// the two inputs, and why.
func (w When) time(zone *time.Location, now time.Time) (t time.Time, input, wrong string) {
	switch preset := w.preset(); preset {
	case NoDate:
		return time.Time{}, "", ""
	case AtDate:
		for _, layout := range dateLayouts() {
			if t, err := time.ParseInLocation(layout, strings.TrimSpace(w.At), zone); err == nil {
				return t.UTC(), "", ""
			}
		}
		return time.Time{}, "at", badDate
	default:
		if t, ok := ahead(preset, now.In(zone)); ok {
			return t.UTC().Truncate(time.Second), "", ""
		}
		return time.Time{}, "preset", badSpan
	}
}

func (w When) preset() string {
	switch {
	case w.Preset != "":
		return w.Preset
	case w.At != "":
		return AtDate
	}
	return NoDate
}

// ahead is a number of days or years from now on.
func ahead(span string, now time.Time) (time.Time, bool) {
	if span == "" {
		return time.Time{}, false
	}
	n, err := strconv.ParseUint(span[:len(span)-1], 10, 16)
	switch {
	case err != nil || n == 0 || n > 36500:
	case span[len(span)-1] == 'd':
		return now.AddDate(0, 0, int(n)), true
	case span[len(span)-1] == 'y' && n <= 100:
		return now.AddDate(int(n), 0, 0), true
	}
	return time.Time{}, false
}

// zone finds a time zone by name. "Local" would be the server's.
func zone(name string) (*time.Location, bool) {
	if name == "Local" || len(name) > 64 {
		return time.UTC, false
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC, false
	}
	return z, true
}

// whenOf writes a moment for the form. It reports whether the form reads the
// same moment again: an hour that comes twice in autumn is one that it does not.
func whenOf(t time.Time, zone *time.Location) (When, bool) {
	if t.IsZero() {
		return When{Preset: NoDate}, true
	}
	for _, layout := range dateLayouts()[:3] {
		w := When{AtDate, t.In(zone).Format(layout)}
		if back, _, _ := w.time(zone, t); back.Equal(t) {
			return w, true
		}
	}
	return When{}, false
}
