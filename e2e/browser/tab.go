package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/tokenward/tokenward/e2e/demo"
)

// patience is how long a page may take to become what a test expects.
const patience = 15 * time.Second

// tab is a reader with a browser of their own: one tab, and cookies that no other
// tab has. What fails ends the test.
type tab struct {
	t    *testing.T
	ctx  context.Context
	base string // address of the server, no slash at its end
	look look
	seen *watch
	mark int // number of the document that is left
}

// newTab opens an empty tab. When the test is over, it must have seen no error
// of a page.
func newTab(t *testing.T, s *server, l look) *tab {
	t.Helper()
	w := new(watch)
	ctx, cancel := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext(), chromedp.WithListener(w.hear))
	b := &tab{t: t, ctx: ctx, base: s.url(""), look: l, seen: w}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the tab %s is at %s\n%s", l, b.where(), demo.Redact(b.text()))
		}
		cancel()
		for _, e := range w.errors() {
			t.Errorf("the browser (%s) says: %s", l, e)
		}
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	l.put(b)
	return b
}

// call sends a command of the browser's protocol.
func call[P, R any](b *tab, cmd command[P, R], params P) R {
	b.t.Helper()
	got, err := chromedp.Call(b.ctx, cmd, params)
	if err != nil {
		b.t.Fatalf("%s: %v", cmd.Method, err)
	}
	return got
}

// open goes to a path of the server, or to an address, and waits until all of
// the page is there.
func (b *tab) open(path string) {
	b.t.Helper()
	address := path
	if path == "" || path[0] == '/' {
		address = b.base + path
	}
	b.leave(func() {
		if got := call(b, page.Navigate, page.NavigateParams{URL: address}); got.ErrorText != "" {
			b.t.Fatalf("open %s: %s", path, got.ErrorText)
		}
	})
}

// leave does what leads to another document, and waits until all of that is
// there.
func (b *tab) leave(by func()) {
	b.t.Helper()
	b.mark++
	if err := b.try(fmt.Sprintf("document.left = %d", b.mark), nil); err != nil {
		b.t.Fatalf("mark the page: %v", err)
	}
	by()
	b.until("another page comes", fmt.Sprintf(`document.left !== %d && document.readyState === "complete" && location.href !== "about:blank"`, b.mark))
}

// until waits until an expression is true.
func (b *tab) until(what, expression string) {
	b.t.Helper()
	var err error
	if !b.poll(func() bool {
		var ok bool
		err = b.try(expression, &ok)
		return err == nil && ok
	}) {
		b.t.Fatalf("waited %s until %s (%v); at %s", patience, what, err, b.where())
	}
}

// poll asks again and again, with a moment between, until the answer is yes. It
// reports false when patience ends.
func (b *tab) poll(ask func() bool) bool {
	deadline, tick := time.NewTimer(patience), time.NewTicker(15*time.Millisecond)
	defer deadline.Stop()
	defer tick.Stop()
	for !ask() {
		select {
		case <-tick.C:
		case <-deadline.C:
			return false
		}
	}
	return true
}

// try evaluates an expression, of which the value goes to into. A document that
// is being replaced can make it fail.
func (b *tab) try(expression string, into any) error {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	raw, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte]("(async () => JSON.stringify("+expression+") ?? null)()", chromedp.EvalAwaitPromise))
	if err != nil || into == nil {
		return err
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return fmt.Errorf("%s: %w", raw, err)
	}
	return json.Unmarshal([]byte(text), into)
}

// eval is the value of an expression.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	var out T
	if err := b.try(expression, &out); err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return out
}

// where is the address of the page without the server: path and query.
func (b *tab) where() string {
	var href string
	if b.try("location.href", &href) != nil {
		return "?"
	}
	u, err := url.Parse(href)
	if err != nil {
		return href
	}
	return demo.Redact(u.RequestURI())
}

// text is what a reader can see.
func (b *tab) text() string {
	var out string
	if err := b.try("document.body ? document.body.innerText : ''", &out); err != nil {
		return err.Error()
	}
	return out
}

// reload loads the page again; a form that made it is sent again.
func (b *tab) reload() {
	b.t.Helper()
	b.leave(func() { call(b, page.Reload, page.ReloadParams{}) })
}

// back goes to the page before in the tab's history.
func (b *tab) back() {
	b.t.Helper()
	history := call(b, page.GetNavigationHistory, none{})
	if history.CurrentIndex < 1 {
		b.t.Fatal("there is no page before")
	}
	entry := history.Entries[history.CurrentIndex-1]
	b.leave(func() {
		call(b, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: entry.ID})
	})
}

// copied is the text of something that can be copied, by its label.
func (b *tab) copied(label string) string {
	b.t.Helper()
	const script = `(document.querySelector("[data-copy] pre[aria-label=" + CSS.escape(%[1]s) + "]") || {}).innerText || ""`
	text := eval[string](b, fmt.Sprintf(script, quote(label)))
	if text == "" {
		b.t.Fatalf("there is nothing to copy that is called %q at %s", label, b.where())
	}
	return text
}
