package browser

import (
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/tokenward/tokenward/e2e/demo"
)

// watch hears what a tab's browser tells of its pages.
type watch struct {
	mu     sync.Mutex
	wrong  []string
	weight float64 // bytes that came over the network since reset
	status int64   // of the last document
	asked  []string
}

// hear takes an event. What makes a test fail is anything in the console that is
// an error or a warning, which a refusal by the content policy is too, and
// anything a page loads that cannot be had.
func (w *watch) hear(ev any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := ev.(type) {
	case *log.EventEntryAdded:
		// What cannot be had is told by the responses below.
		if e.Entry.Source != log.EntrySourceNetwork && (e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning) {
			w.add("%s: %s", e.Entry.Source, e.Entry.Text)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning || e.Type == runtime.ConsoleAPICalledTypeAssert {
			w.add("console: %s", consoleText(e.Args))
		}
	case *runtime.EventExceptionThrown:
		w.add("uncaught: %s %s", e.ExceptionDetails.Text, consoleText([]*runtime.RemoteObject{e.ExceptionDetails.Exception}))
	case *network.EventResponseReceived:
		w.response(e)
	case *network.EventLoadingFinished:
		w.weight += e.EncodedDataLength
	case *network.EventLoadingFailed:
		if e.Type != network.ResourceTypeDocument && !e.Canceled {
			w.add("loading a %s failed: %s %s", e.Type, e.ErrorText, e.BlockedReason)
		}
	case *page.EventJavascriptDialogOpening:
		w.add("a dialog of the browser's opened: %s", e.Message)
	}
}

// response remembers the status of a document, which is for the test to judge.
func (w *watch) response(e *network.EventResponseReceived) {
	w.asked = append(w.asked, e.Response.URL)
	switch {
	case e.Type == network.ResourceTypeDocument:
		w.status = e.Response.Status
	case e.Response.Status >= 400:
		w.add("%s answers %d", e.Response.URL, e.Response.Status)
	}
}

func (w *watch) add(format string, args ...any) {
	w.wrong = append(w.wrong, demo.Redact(fmt.Sprintf(format, args...)))
}

// errors gives what was wrong since the last time.
func (w *watch) errors() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.wrong
	w.wrong = nil
	return out
}

// reset forgets what was loaded.
func (w *watch) reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.weight, w.asked = 0, nil
}

// loaded is what came since reset: how many bytes, and from where.
func (w *watch) loaded() (bytes float64, from []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.weight, append([]string(nil), w.asked...)
}

// answered is the status of the last document.
func (w *watch) answered() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.status
}

func consoleText(args []*runtime.RemoteObject) string {
	var out []string
	for _, a := range args {
		if a == nil {
			continue
		}
		if a.Description != "" {
			out = append(out, a.Description)
		} else {
			out = append(out, string(a.Value))
		}
	}
	return strings.Join(out, " ")
}

// coldCache makes the browser load everything again with each page.
func (b *tab) coldCache() {
	b.t.Helper()
	call(b, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
}
