package dashboard

import (
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// formPage is the form, or the JSON in its place.
func (w *wizard) formPage() page {
	name := "wizardform"
	if w.document != nil {
		name = "wizardjson"
	}
	p := show(name, w.title(), w)
	p.nav = w.list
	return p
}

// failedPage is the form with what keeps it from going on, which is what the
// reader goes on from.
func (w *wizard) failedPage() page {
	w.focus = "problems"
	p := w.formPage()
	p.status = http.StatusUnprocessableEntity
	return p
}

func (w *wizard) title() string {
	if w.before != nil {
		return "Edit " + w.before.Name
	}
	return "Create an API token"
}

// What templates ask for.

// ID writes the id of an element, and lets the reader go on from it when it is
// the one: with or without script.
func (w *wizard) ID(id string) template.HTMLAttr {
	out := `id="` + template.HTMLEscapeString(id) + `"`
	if id == w.focus {
		out += " autofocus"
	}
	return template.HTMLAttr(out)
}

func (w *wizard) Form() *tokenform.Form            { return &w.form }
func (w *wizard) Draft() *authority.Draft          { return &w.draft }
func (w *wizard) Before() *authority.Token         { return w.before }
func (w *wizard) Path() string                     { return w.path }
func (w *wizard) List() string                     { return w.list }
func (w *wizard) Client() string                   { return w.client }
func (w *wizard) Data() string                     { return w.data }
func (w *wizard) Version() string                  { return w.version }
func (w *wizard) Query() string                    { return w.query }
func (w *wizard) ForAccount() bool                 { return w.forAccount() }
func (w *wizard) Fresh() bool                      { return w.fresh }
func (w *wizard) NoZones() bool                    { return len(w.places.zones) == 0 }
func (w *wizard) NoForm() string                   { return w.noForm }
func (w *wizard) Lines() []tokenform.DocumentFault { return w.lines }
func (w *wizard) Failed() bool                     { return w.focus == "problems" || len(w.problems) > 0 }

// TemplateName is the template's that it started from, "" without one.
func (w *wizard) TemplateName() string {
	if w.template == nil {
		return ""
	}
	return w.template.Name
}

// OtherFamily says what a client of the other family of addresses needs.
func (w *wizard) OtherFamily() string {
	if strings.Contains(w.client, ":") {
		return "You came here by IPv6. A program that also has an IPv4 address may come from that: add it too, or open this page by IPv4 to learn it."
	}
	return "You came here by IPv4. A program that also has an IPv6 address may come from that: add it too, or open this page by IPv6 to learn it."
}

// wizardProblem is a line of what is wrong, leading to where it stands.
type wizardProblem struct{ Target, Text string }

// Problems is all that is wrong.
func (w *wizard) Problems() []wizardProblem {
	var out []wizardProblem
	for _, text := range w.problems {
		out = append(out, wizardProblem{Text: text})
	}
	if !w.Failed() {
		return out
	}
	for _, f := range w.faults {
		out = append(out, wizardProblem{faultTarget(f.Field), f.Message})
	}
	for _, l := range w.lines {
		out = append(out, wizardProblem{fmt.Sprintf("line-%d", l.Line), fmt.Sprintf("Line %d: %s", l.Line, l.Message)})
	}
	return out
}

// faultTarget is the id of what a fault of the form is about: the row, for what
// stands in one.
func faultTarget(field string) string {
	list, rest, inRow := strings.Cut(field, "[")
	if inRow {
		number, _, _ := strings.Cut(rest, "]")
		return "row-" + list + "-" + number
	}
	switch field {
	case "":
		return ""
	case "permissions", "resources", "addresses":
		return "part-" + field
	}
	return "f-" + strings.ReplaceAll(field, ".", "-")
}

// Fault is what is wrong with an input outside of rows, once the form was sent.
func (w *wizard) Fault(field string) string {
	if !w.Failed() {
		return ""
	}
	for _, f := range w.faults {
		if f.Field == field {
			return f.Message
		}
	}
	return ""
}

// Hidden are the inputs that carry the form to the next page.
func (w *wizard) Hidden() []option {
	if w.document != nil {
		return []option{{Value: w.document.Text, Label: "document"}, {Value: w.form.TimeZone, Label: "time_zone"}, {Value: w.form.Template, Label: "template"}}
	}
	v := w.form.Encode()
	var out []option
	for _, name := range slices.Sorted(maps.Keys(v)) {
		value := v.Get(name)
		if strings.HasSuffix(name, ".kind") && value == tokenform.OneZone && v.Get(strings.TrimSuffix(name, "kind")+"account") != "" {
			value = zoneInAccount
		}
		out = append(out, option{Value: value, Label: name})
	}
	return out
}

// Presets are the choices for one of the dates.
func (w *wizard) Presets(which string) []option {
	when, none := w.form.ExpiresOn, "Never"
	var spans []option
	if which == "not_before" {
		when, none = w.form.NotBefore, "At once"
	} else {
		for _, span := range tokenform.Presets() {
			spans = append(spans, option{Value: span, Label: spanLabel(span)})
		}
	}
	value := when.Preset
	if value == "" && when.At == "" {
		value = tokenform.NoDate
	} else if value == "" {
		value = tokenform.AtDate
	}
	return choose(value, append(spans, option{Value: tokenform.AtDate, Label: "On a date"}, option{Value: tokenform.NoDate, Label: none})...)
}

func spanLabel(span string) string {
	n, unit := span[:len(span)-1], map[byte]string{'d': "day", 'y': "year"}[span[len(span)-1]]
	if n != "1" {
		unit += "s"
	}
	return "In " + n + " " + unit
}

// Zones are the time zones to choose from, each with how far it is from UTC now.
func (w *wizard) Zones() []option {
	var out []option
	for _, name := range timeZones() {
		z, err := time.LoadLocation(name)
		if err != nil {
			continue // the form still takes it
		}
		out = append(out, option{Value: name, Label: strings.ReplaceAll(name, "_", " ") + " " + w.basis.Now.In(z).Format("(-07:00)")})
	}
	if w.form.TimeZone == "" {
		return choose("UTC", out...)
	}
	return choose(w.form.TimeZone, out...)
}

// timeZones are enough for most readers; script adds the reader's own.
func timeZones() []string {
	return []string{
		"UTC", "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York",
		"America/Sao_Paulo", "Atlantic/Azores", "Europe/London", "Europe/Lisbon", "Europe/Paris", "Europe/Berlin", "Africa/Lagos",
		"Europe/Athens", "Europe/Kyiv", "Africa/Johannesburg", "Africa/Cairo", "Europe/Istanbul", "Africa/Nairobi", "Asia/Dubai", "Asia/Karachi",
		"Asia/Kolkata", "Asia/Dhaka", "Asia/Bangkok", "Asia/Shanghai", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul", "Australia/Sydney", "Pacific/Auckland",
	}
}
