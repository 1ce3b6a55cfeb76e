package dashboard_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/tokenward/tokenward/internal/dashboard"
)

// pathOf is a path that a pattern matches.
func (w *world) pathOf(pattern string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	path = strings.NewReplacer("{account}", w.made.AccountID, "{$}", "", "{token}", w.made.TokenID).Replace(path)
	path = w.furnished().Replace(path)
	for {
		before, rest, ok := strings.Cut(path, "{")
		if !ok {
			return method, path
		}
		_, after, _ := strings.Cut(rest, "}")
		path = before + strings.Repeat("0", 32) + after
	}
}

// TestEveryPageNeedsASession unless its route says otherwise, and these do.
func TestEveryPageNeedsASession(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	var open []string
	for pattern, isOpen := range dashboard.Routes(w.pages) {
		if isOpen {
			open = append(open, pattern)
			continue
		}
		method, path := w.pathOf(pattern)
		b := w.browser()
		if method == http.MethodGet {
			to := "/sign-in"
			if path != "/" {
				to += "?next=" + url.QueryEscape(path)
			}
			b.get(path).leads(t, to)
			continue
		}
		b.post(path, url.Values{}).wants(t, http.StatusForbidden, "You are signed out")
	}
	slices.Sort(open)
	want := []string{
		"GET /invitations/{secret}", "GET /password/forgot", "GET /reset/{secret}", "GET /sign-in", "GET /sign-in/code",
		"POST /invitations", "POST /password/forgot", "POST /reset", "POST /sign-in", "POST /sign-in/code", "POST /theme",
	}
	if !slices.Equal(open, want) {
		t.Errorf("open to everybody are\n%q, want\n%q", open, want)
	}
}

// TestEveryAnswerCarriesItsHeaders, whatever it is.
func TestEveryAnswerCarriesItsHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	b := w.browser()
	paths := []string{"/nowhere", "/nowhere/", "/static/none"}
	for pattern := range dashboard.Routes(w.pages) {
		_, path := w.pathOf(pattern)
		paths = append(paths, path)
	}
	for _, path := range paths {
		for _, method := range []string{"GET", "POST", "PUT", "HEAD"} {
			a := b.do(b.request(method, path, nil))
			for header, want := range map[string]string{
				"Content-Security-Policy":    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
				"X-Content-Type-Options":     "nosniff",
				"Cross-Origin-Opener-Policy": "same-origin",
				"Strict-Transport-Security":  "max-age=31536000",
				"Cache-Control":              "no-store",
			} {
				if got := a.header.Get(header); got != want {
					t.Errorf("%s %s: %s is %q", method, path, header, got)
				}
			}
			if a.status >= 500 {
				t.Errorf("%s %s: %d", method, path, a.status)
			}
		}
	}
}

// TestEveryPageIsWellFormed: one h1, a label for every control, no id twice, and
// nothing in it that the content policy would refuse.
func TestEveryPageIsWellFormed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	for name, b := range map[string]*browser{"visitor": w.browser(), "signed in": w.signedIn()} {
		for pattern := range dashboard.Routes(w.pages) {
			method, path := w.pathOf(pattern)
			if method == http.MethodGet {
				if a := b.get(path); a.to == "" && strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
					checkPage(t, name+" "+path, a.body)
				}
			}
		}
		checkPage(t, name+" nowhere", b.get("/nowhere").body)
	}
	b := w.browser()
	checkPage(t, "a failed sign-in", b.post("/sign-in", url.Values{"email": {"x"}, "next": {`/"><script>`}}).body)
}

// page is what the check of a page has seen.
type page struct {
	ids      map[string]int
	labels   map[string]bool // what for names
	controls []*html.Node
	h1       int
}

func checkPage(t *testing.T, name, body string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	p := &page{ids: map[string]int{}, labels: map[string]bool{}}
	p.walk(t, name, doc)
	if p.h1 != 1 {
		t.Errorf("%s has %d h1", name, p.h1)
	}
	for id, n := range p.ids {
		if n > 1 {
			t.Errorf("%s: the id %s is there %d times", name, id, n)
		}
	}
	for _, c := range p.controls {
		if !p.labels[attr(c, "id")] && attr(c, "aria-label") == "" && !within(c, "label") {
			t.Errorf("%s: the %s %q has no label", name, c.Data, attr(c, "name"))
		}
		for _, id := range strings.Fields(attr(c, "aria-describedby")) {
			if p.ids[id] == 0 {
				t.Errorf("%s: %q is described by %s, which is not there", name, attr(c, "name"), id)
			}
		}
	}
	balanced(t, name, body)
}

func (p *page) walk(t *testing.T, name string, n *html.Node) {
	t.Helper()
	if n.Type == html.ElementNode {
		p.element(t, name, n)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.walk(t, name, c)
	}
}

func (p *page) element(t *testing.T, name string, n *html.Node) {
	t.Helper()
	for _, a := range n.Attr {
		if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") {
			t.Errorf("%s: <%s %s=%q>", name, n.Data, a.Key, a.Val)
		}
		if a.Key == "src" || a.Key == "href" || a.Key == "action" {
			if !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") && !strings.HasPrefix(a.Val, "?") || strings.HasPrefix(a.Val, "//") {
				t.Errorf("%s: <%s %s=%q> leads elsewhere", name, n.Data, a.Key, a.Val)
			}
		}
	}
	if id := attr(n, "id"); id != "" {
		p.ids[id]++
	}
	switch n.Data {
	case "style":
		t.Errorf("%s has a style of its own", name)
	case "script":
		if attr(n, "src") == "" {
			t.Errorf("%s has a script of its own", name)
		}
	case "h1":
		p.h1++
	case "label":
		p.labels[attr(n, "for")] = true
	case "input", "select", "textarea":
		if kind := attr(n, "type"); kind != "hidden" && kind != "submit" {
			p.controls = append(p.controls, n)
		}
	case "img":
		if !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "alt" }) {
			t.Errorf("%s: an image without alt", name)
		}
	}
}

// balanced finds elements that are not closed, or closed and never opened, which
// the parser would mend in silence.
func balanced(t *testing.T, name, body string) {
	t.Helper()
	void := []string{"meta", "link", "input", "img", "br", "hr", "source", "col", "wbr"}
	var open []string
	z := html.NewTokenizer(strings.NewReader(body))
	for {
		kind := z.Next()
		tag, _ := z.TagName()
		switch {
		case kind == html.ErrorToken:
			if len(open) > 0 {
				t.Errorf("%s: %q are not closed", name, open)
			}
			return
		case kind == html.StartTagToken && !slices.Contains(void, string(tag)):
			open = append(open, string(tag))
		case kind == html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != string(tag) {
				t.Errorf("%s: </%s> closes %q", name, tag, open)
				return
			}
			open = open[:len(open)-1]
		}
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func within(n *html.Node, tag string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == tag {
			return true
		}
	}
	return false
}
