package dashboard

import (
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// readDocument takes the JSON that was typed, as a token's definition.
func (w *wizard) readDocument(text string) {
	text = strings.ReplaceAll(text, "\r\n", "\n") // browsers send a text area so
	doc, draft, faults := tokenform.ReadDocument(w.basis, text)
	w.document, w.draft, w.lines = &doc, draft, faults
}

// documentPage shows a draft as JSON.
func (w *wizard) documentPage(d *authority.Draft) (page, error) {
	text, err := w.basis.Picker.Document(d)
	if err != nil {
		return page{}, err
	}
	w.readDocument(text)
	return w.formPage(), nil
}

// toDocument goes on with the JSON of what the form means. A form in which
// something was typed that means nothing stays, or it would be lost.
func (w *wizard) toDocument() {
	if w.document != nil {
		return
	}
	if slices.ContainsFunc(w.faults, func(f tokenform.Fault) bool { return !missing(f.Field) && w.form.Encode().Get(f.Field) != "" }) {
		w.focus = "problems"
		return
	}
	text, err := w.basis.Picker.Document(&w.draft)
	if err != nil {
		w.problems = append(w.problems, "This cannot be written as JSON.")
		return
	}
	w.faults = nil
	w.readDocument(text)
	w.focus = "f-document"
}

// missing reports whether a fault is of something that was not chosen yet, rather
// than of something that was typed.
func missing(field string) bool {
	switch field {
	case "name", "permissions", "resources":
		return true
	}
	return strings.HasSuffix(field, ".zone") || strings.HasSuffix(field, ".account") || strings.HasSuffix(field, ".kind") || strings.HasSuffix(field, ".level")
}

// toForm goes on with the form that means what the JSON means, if there is one.
func (w *wizard) toForm() {
	if w.document == nil {
		return
	}
	if len(w.lines) > 0 {
		w.noForm = "Mend what is wrong with the JSON first."
		return
	}
	w.basis.TimeZone = w.form.TimeZone
	f, ok, why := tokenform.FromDraft(w.basis, &w.draft)
	if !ok {
		w.noForm = why
		return
	}
	f.Template = w.form.Template
	w.form, w.document, w.focus = f, nil, "f-name"
	w.settle()
	w.faults = nil
}

// Document is the text of the JSON.
func (w *wizard) Document() string { return w.document.Text }

// DocumentRows is how high its text area is.
func (w *wizard) DocumentRows() int { return min(max(strings.Count(w.document.Text, "\n")+2, 12), 30) }

// documentLine is a line of the JSON with what is wrong in it.
type documentLine struct {
	Number int
	Text   string
	Faults []string
	Gap    bool // lines before it were left out
}

// aroundFault is how many lines are shown on both sides of a fault.
const aroundFault = 2

// Marked are the lines around what is wrong.
func (w *wizard) Marked() []documentLine {
	faults := map[int][]string{}
	for _, f := range w.lines {
		faults[f.Line] = append(faults[f.Line], f.Message)
	}
	near := func(n int) bool {
		for i := n - aroundFault; i <= n+aroundFault; i++ {
			if faults[i] != nil {
				return true
			}
		}
		return false
	}
	var out []documentLine
	last := 0
	for i, text := range strings.Split(w.document.Text, "\n") {
		if n := i + 1; near(n) {
			out = append(out, documentLine{n, text, faults[n], n != last+1})
			last = n
		}
	}
	return out
}
