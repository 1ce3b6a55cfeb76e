package browser

import (
	"strings"
	"testing"
	"time"
)

// TestTimesAreInTheReadersZoneAndWords, where script runs; without it they are in
// UTC, and say so.
func TestTimesAreInTheReadersZoneAndWords(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	end := time.Date(time.Now().Year()+1, time.July, 14, 2, 30, 0, 0, time.UTC)
	made := s.root(t).newToken(false, with(named("dated", policy("allow", onZone(s.Boot.Zones[0].ID), groupDNSRead)), "expires_on", end.Format(time.RFC3339)))
	for _, c := range []struct {
		l    look
		want []string
	}{
		{look{locale: "en-US", zone: "America/New_York"}, []string{"Jul 13, ", "10:30 PM"}},
		{look{locale: "de-DE", zone: "Europe/Berlin"}, []string{"14.07.", "04:30"}},
		{look{locale: "en-US", zone: "America/New_York", noScript: true}, []string{"14 Jul", "02:30", "UTC"}},
	} {
		b := signedIn(t, s, c.l)
		b.open("/profile/api-tokens/" + made.ID)
		text := eval[string](b, `document.querySelector("time[datetime^='`+end.Format("2006-01-02T15:04")+`']").innerText`)
		text = strings.Join(strings.Fields(text), " ")
		for _, w := range c.want {
			if !strings.Contains(text, w) {
				t.Errorf("%+v: the end is written %q, without %q", c.l, text, w)
			}
		}
	}
}

// TestWizardReadsDatesInTheReadersZone: what was typed there is meant there.
func TestWizardReadsDatesInTheReadersZone(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	b := signedIn(t, s, look{locale: "en-US", zone: "America/New_York"})
	b.open("/profile/api-tokens/create/form")
	b.until("the zone is the reader's", `document.querySelector("[data-time-zone]").value === "America/New_York"`)
}

// TestThemeIsKept from page to page, against what the system prefers.
func TestThemeIsKept(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bothWays(t, func(t *testing.T, l look) {
		l.dark = false
		b := newTab(t, s, l)
		b.open("/sign-in")
		const sheet = `getComputedStyle(document.querySelector(".sheet")).backgroundColor`
		before := eval[string](b, sheet)
		b.click("Theme")
		if l.noScript {
			b.follow("Dark")
		} else {
			b.click("Dark")
		}
		b.until("it is dark", sheet+" !== "+quote(before))
		if !b.poll(func() bool { b.open("/password/forgot"); return eval[string](b, sheet) != before }) {
			t.Error("the next page is light again")
		}
	})
}
