package browser

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/tokenward/tokenward/e2e/demo"
)

//go:embed drive.js
var driveScript string

// found is what drive.js answers.
type found struct {
	X, Y    float64
	Yes     bool
	Text    string
	Trouble string
}

// find asks for something on the page until it is there.
func (b *tab) find(verb, label, value string) found {
	b.t.Helper()
	var got found
	var err error
	if !b.poll(func() bool {
		got = found{}
		err = b.try(driveCall(verb, label, value), &got)
		return err == nil && got.Trouble == ""
	}) {
		b.t.Fatalf("%s %q: %s (%v); at %s", verb, label, got.Trouble, err, b.where())
	}
	return got
}

func driveCall(verb, label, value string) string {
	args, err := json.Marshal([]string{verb, label, value})
	if err != nil {
		panic(err) // strings have a JSON form
	}
	return fmt.Sprintf("%s(...%s)", strings.TrimSpace(driveScript), args)
}

// click presses a link, button or summary by the text on it, with the mouse. It
// must be in sight with nothing over it.
func (b *tab) click(label string) {
	b.t.Helper()
	at := b.find("click", label, "")
	b.clickAt(at.X, at.Y)
}

func (b *tab) clickAt(x, y float64) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.MouseClickXY(x, y)); err != nil {
		b.t.Fatalf("click: %v", err)
	}
}

// follow is click, and waits for the page to which that leads.
func (b *tab) follow(label string) {
	b.t.Helper()
	at := b.find("click", label, "")
	b.leave(func() { b.clickAt(at.X, at.Y) })
}

// offers reports whether a link or button is in sight.
func (b *tab) offers(label string) bool {
	b.t.Helper()
	return b.find("has", label, "").Yes
}

// fill types into a field by its label, in place of what was in it.
func (b *tab) fill(label, text string) {
	b.t.Helper()
	b.find("focus", label, "")
	if text == "" {
		b.press("Delete")
		return
	}
	call(b, input.InsertText, input.InsertTextParams{Text: text})
}

// choose picks an option of a select by the labels of both.
func (b *tab) choose(label, option string) {
	b.t.Helper()
	b.find("choose", label, option)
}

// tick ticks a box or radio button by its label, with the mouse.
func (b *tab) tick(label string) {
	b.t.Helper()
	if at := b.find("tick", label, ""); !at.Yes {
		b.clickAt(at.X, at.Y)
	}
}

// value is what is in a field.
func (b *tab) value(label string) string {
	b.t.Helper()
	return b.find("value", label, "").Text
}

// fault is what a page says to be wrong with a field.
func (b *tab) fault(label string) string {
	b.t.Helper()
	return b.find("error", label, "").Text
}

// sees waits until all of the words are in sight. White space counts as one.
func (b *tab) sees(words ...string) {
	b.t.Helper()
	for _, w := range words {
		b.until(fmt.Sprintf("%q is in sight", w), "document.body.innerText.replace(/\\s+/g, ' ').includes("+quote(w)+")")
	}
}

// seesNot fails when words are in sight, or anywhere in the page's source.
func (b *tab) seesNot(words ...string) {
	b.t.Helper()
	for _, w := range words {
		if eval[bool](b, "(document.documentElement.outerHTML + document.body.innerText).includes("+quote(w)+")") {
			b.t.Errorf("%q is in the page at %s", demo.Redact(w), b.where())
		}
	}
}

// at fails unless the page has this path.
func (b *tab) at(path string) {
	b.t.Helper()
	if got, _, _ := strings.Cut(b.where(), "?"); got != path {
		b.t.Fatalf("at %s, want %s\n%s", got, path, demo.Redact(b.text()))
	}
}

// gives fails unless the last page came with this status.
func (b *tab) gives(status int64) {
	b.t.Helper()
	if got := b.seen.answered(); got != status {
		b.t.Errorf("%s answered %d, want %d\n%s", b.where(), got, status, demo.Redact(b.text()))
	}
}

func quote(s string) string {
	out, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings have a JSON form
	}
	return string(out)
}
