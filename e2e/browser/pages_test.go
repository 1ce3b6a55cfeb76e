package browser

import (
	"slices"
	"strings"
	"testing"
)

// maxWeight is what a page may weigh with everything that it loads.
const maxWeight = 150 << 10

// TestEveryPageIsAccessibleAndLight walks every page that there is, on a phone
// and on a desk, in light and in dark.
func TestEveryPageIsAccessibleAndLight(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	patterns := pagePatterns(t)
	for part := range 2 {
		t.Run([]string{"one half", "other half"}[part], func(t *testing.T) {
			t.Parallel()
			in, out := signedIn(t, s.server, look{}), newTab(t, s.server, look{})
			in.coldCache()
			for i, pattern := range patterns {
				if i%2 != part || isFile(pattern) {
					continue
				}
				for _, path := range s.pathsOf(t, pattern) {
					b := in
					if isOpenPage(pattern) {
						b = out
					}
					b.inspect(path)
				}
			}
		})
	}
}

// TestEveryPageIsWholeWithoutScript: each has its heading and no error then.
func TestEveryPageIsWholeWithoutScript(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	in, out := signedIn(t, s.server, look{noScript: true, phone: true}), newTab(t, s.server, look{noScript: true, phone: true})
	for _, pattern := range pagePatterns(t) {
		if isFile(pattern) {
			continue
		}
		b := in
		if isOpenPage(pattern) {
			b = out
		}
		b.open(s.pathsOf(t, pattern)[0])
		b.wellMade()
	}
}

// isOpenPage reports whether a page is for who has not signed in.
func isOpenPage(pattern string) bool {
	return slices.ContainsFunc([]string{"/sign-in", "/password/", "/reset/", "/invitations/"}, func(p string) bool {
		return strings.HasPrefix(pattern, p)
	})
}

// inspect judges a page in every look. It is loaded once: the window and the
// colours change under it. Rules that colours cannot break are judged in light
// alone.
func (b *tab) inspect(path string) {
	b.t.Helper()
	b.seen.reset()
	b.resize(false)
	b.colours(false)
	b.open(path)
	if weight, from := b.seen.loaded(); weight > maxWeight {
		b.t.Errorf("%s weighs %.0f bytes with what it loads: %q", path, weight, from)
	}
	for _, phone := range []bool{false, true} {
		b.resize(phone)
		b.colours(false)
		b.wellMade()
		b.axe()
		b.colours(true)
		b.axe("color-contrast", "link-in-text-block")
	}
	for _, e := range b.seen.errors() {
		b.t.Errorf("%s: the browser says: %s", path, e)
	}
}

// wellMade fails unless the page has one heading, answers as a page should, and
// nothing in it is wider than the window.
func (b *tab) wellMade() {
	b.t.Helper()
	if got := eval[int](b, "document.querySelectorAll('h1').length"); got != 1 {
		b.t.Errorf("%s has %d h1", b.where(), got)
	}
	if got := b.seen.answered(); got >= 500 {
		b.t.Errorf("%s answers %d", b.where(), got)
	}
	const wide = `(() => {
		const width = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= width) return [];
		const out = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > width + 1 && e.checkVisibility());
		return ["the page is " + document.documentElement.scrollWidth + " wide", ...out.slice(0, 4).map((e) => e.outerHTML.slice(0, 140))];
	})()`
	if got := eval[[]string](b, wide); len(got) > 0 {
		b.t.Errorf("%s (%s) can be scrolled sideways: %q", b.where(), b.look, got)
	}
}
