package browser

import (
	"net/http"
	"strings"
	"testing"
)

// TestTokenIsEditedRolledSwitchedAndDeleted from its page.
func TestTokenIsEditedRolledSwitchedAndDeleted(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bothWays(t, func(t *testing.T, l look) {
		b := signedIn(t, s, l)
		name := map[bool]string{false: "with script", true: "without script"}[l.noScript]
		made := s.root(t).newToken(false, named(name, policy("allow", onZone(s.Boot.Zones[0].ID), groupDNSRead)))
		page := "/profile/api-tokens/" + made.ID
		b.open(page)

		b.follow("Edit")
		b.fill("Name", name+", renamed")
		b.choose("What it may do with DNS", "Edit")
		b.follow("Continue to summary")
		b.sees("Change this token?", "What changes")
		b.axe()
		b.follow("Save the changes")
		b.at(page)
		b.sees(name + ", renamed is changed")
		zone := "/zones/" + s.Boot.Zones[0].ID + "/dns_records"
		bot := &api{t, s, made.Value}
		bot.do("POST", zone, object{"type": "TXT", "name": strings.ReplaceAll(name, " ", "-"), "content": `"it writes"`, "ttl": 300}, nil)

		b.confirm("Roll", "Roll token")
		secret := b.copied("The secret")
		if s.works(t, made.Value) || !s.works(t, secret) {
			t.Errorf("after a roll the old secret works: %v, the new one: %v", s.works(t, made.Value), s.works(t, secret))
		}
		b.reload() // sends the form again
		b.seesNot(secret)
		if !s.works(t, secret) {
			t.Error("loading the page again rolled once more")
		}

		b.open(page)
		b.confirm("Disable", "Disable token")
		b.at(page)
		b.sees("disabled")
		if status, _ := (&api{t, s, secret}).ask("GET", zone, nil); status != http.StatusForbidden && status != http.StatusUnauthorized {
			t.Errorf("a disabled token is answered %d", status)
		}
		b.confirm("Enable", "Enable token")
		b.at(page)
		(&api{t, s, secret}).do("GET", zone, nil, nil)

		b.confirm("Delete", "Delete token")
		b.at("/profile/api-tokens")
		b.sees(name + ", renamed is deleted")
		if s.works(t, secret) {
			t.Error("a deleted token works")
		}
		b.open(page)
		b.gives(404)
	})
}

// TestTokenIsNarrowedToWhatItDid, once the reader has seen what goes.
func TestTokenIsNarrowedToWhatItDid(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bothWays(t, func(t *testing.T, l look) {
		b := signedIn(t, s, l)
		zone, other := s.Boot.Zones[0].ID, s.Boot.Zones[1].ID
		made := s.root(t).newToken(false, named("bot", policy("allow", onZone(zone), groupDNSRead, groupDNSWrite), policy("allow", onZone(other), groupCachePurge)))
		bot := &api{t, s, made.Value}
		bot.do("GET", "/zones/"+zone+"/dns_records", nil, nil)
		b.poll(func() bool { // what it did is written by and by
			var now struct{ State string }
			s.root(t).do("GET", "/tokenward/user/tokens/"+made.ID+"/suggestion", nil, &now)
			return now.State == "narrower"
		})
		page := "/profile/api-tokens/" + made.ID
		b.open(page)
		b.follow("Narrow it to what it did")
		b.sees("What changes", "DNS Read", "Cache Purge", "nothing: it was not used", "younger than the days")
		b.axe()
		b.follow("Narrow the token")
		b.at(page)
		b.sees("bot is narrowed to what it did")
		bot.do("GET", "/zones/"+zone+"/dns_records", nil, nil)
		if status, _ := bot.ask("POST", "/zones/"+zone+"/dns_records", object{"type": "TXT", "name": "x", "content": `"x"`}); status != http.StatusForbidden {
			t.Errorf("what it did not do is answered %d", status)
		}
	})
}

// confirm presses something that asks before it is done, and says yes. With
// script the question comes over the page, without it is a page.
func (b *tab) confirm(what, yes string) {
	b.t.Helper()
	if b.look.noScript {
		b.follow(what)
	} else {
		b.click(what)
		b.until("a dialog opens", "document.querySelector('dialog[open]') !== null")
	}
	b.axe()
	b.follow(yes)
}

// TestEscapeLeavesADialogAndNothingIsDone, and the reader is where they were.
func TestEscapeLeavesADialogAndNothingIsDone(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	b := signedIn(t, s, look{})
	b.open("/profile/api-tokens/" + s.Boot.Token.ID)
	b.click("Delete")
	b.until("a dialog opens", "document.querySelector('dialog[open]') !== null")
	b.press("Escape")
	b.until("it is closed", "document.querySelector('dialog') === null")
	if got := eval[string](b, "document.activeElement.innerText"); strings.TrimSpace(got) != "Delete" {
		t.Errorf("the focus is on %q", got)
	}
	if !s.works(t, s.Boot.Token.Value) {
		t.Error("the token is gone")
	}
}
