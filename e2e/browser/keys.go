package browser

import (
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// press presses keys by their names, or types text.
func (b *tab) press(keys ...string) {
	b.t.Helper()
	named := map[string]string{
		"Tab": kb.Tab, "Enter": kb.Enter, "Space": " ", "Escape": kb.Escape, "Delete": kb.Delete,
		"Down": kb.ArrowDown, "Up": kb.ArrowUp,
	}
	for _, k := range keys {
		var options []chromedp.KeyOption
		if k == "Shift+Tab" {
			k, options = "Tab", append(options, chromedp.KeyModifiers(chromedp.ModifierShift))
		}
		if code, ok := named[k]; ok {
			k = code
		}
		if err := chromedp.Do(b.ctx, chromedp.KeyEvent(k, options...)); err != nil {
			b.t.Fatalf("press: %v", err)
		}
	}
}
