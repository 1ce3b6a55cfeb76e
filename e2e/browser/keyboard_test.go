package browser

import (
	"strings"
	"testing"
)

// TestKeyboardAloneCompletesTheWizard: from the list to the secret without a
// mouse, and where the focus is can always be seen.
func TestKeyboardAloneCompletesTheWizard(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	b := newTab(t, s, look{})
	b.open("/sign-in")
	b.press(s.Boot.Email) // the field has the focus
	b.press("Tab", s.Boot.Password)
	b.leave(func() { b.press("Enter") })
	b.open("/profile/api-tokens")
	b.tabTo("Skip to the content")
	b.press("Enter")
	b.tabTo("Create token")
	b.leave(func() { b.press("Enter") })
	b.tabTo("Start with an empty form")
	b.leave(func() { b.press("Enter") })

	b.tabTo("Name")
	b.press("made by keys")
	b.tabTo("Add a permission")
	b.press("dns")
	b.until("permissions are offered", `document.querySelectorAll('[role=option]').length > 0`)
	b.axe()
	b.press("Enter")
	b.until("the permission is there", `document.activeElement.getAttribute("aria-label") === "What it may do with DNS"`)
	b.press("Edit")
	b.tabTo("Which resources")
	b.tabTo("Zone")
	b.press(s.Boot.Zones[1].Name)
	b.tabTo("Use my current address")
	b.press("Space")
	b.until("the address is there", `[...document.querySelectorAll("input")].some((i) => i.value.startsWith("127.0.0.1"))`)
	b.tabTo("Continue to summary")
	b.leave(func() { b.press("Enter") })
	b.sees("made by keys", s.Boot.Zones[1].Name, "127.0.0.1")
	b.tabTo("Create the token")
	b.leave(func() { b.press("Enter") })
	if secret := b.copied("The secret"); !s.works(t, secret) {
		t.Error("the secret does not work")
	}
}

// focused is what has the focus, and whether that can be seen.
type focused struct {
	Name    string
	Visible bool
	HTML    string
}

const focusScript = `(() => {
	const words = (s) => (s || "").replace(/\s+/g, " ").trim();
	const e = document.activeElement;
	const style = getComputedStyle(e);
	const box = e.getBoundingClientRect();
	const labels = [...(e.labels || [])].map((l) => words(l.innerText)).join(" ");
	return {
		name: words(e.getAttribute("aria-label")) || labels || words(e.innerText),
		visible: e === document.body || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none")
			&& box.bottom > 0 && box.top < innerHeight,
		html: e.outerHTML.slice(0, 160),
	};
})()`

// tabTo goes on with the Tab key until something has the focus.
func (b *tab) tabTo(name string) {
	b.t.Helper()
	var passed []string
	for range 80 {
		b.press("Tab")
		at := eval[focused](b, focusScript)
		if !at.Visible {
			b.t.Errorf("at %s the focus cannot be seen on %s", b.where(), at.HTML)
		}
		if at.Name == name || strings.HasPrefix(at.Name, name+" ") || strings.HasPrefix(at.Name, name+",") {
			return
		}
		passed = append(passed, at.Name)
	}
	b.t.Fatalf("the Tab key does not lead to %q; it leads to %q", name, passed)
}
