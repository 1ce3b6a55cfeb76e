package browser

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestFaultyLineOfTheDocumentIsNamed and what was typed is not lost; set right,
// the token is made.
func TestFaultyLineOfTheDocumentIsNamed(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bothWays(t, func(t *testing.T, l look) {
		b := signedIn(t, s, l)
		b.open("/profile/api-tokens/create/form?template=edit-zone-dns")
		b.follow("Edit as JSON")
		b.axe()
		body, err := json.MarshalIndent(named("by hand", policy("allow", onZone(s.Boot.Zones[0].ID), groupDNSRead)), "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		good := string(body)
		bad := strings.Replace(good, groupDNSRead, strings.Repeat("0", 32), 1)
		b.fill("Definition of the token", bad)
		b.follow("Continue to summary")
		b.sees("What is wrong, line by line")
		b.axe()
		marked := eval[string](b, `document.querySelector("li.bad code").innerText`)
		if !strings.Contains(marked, strings.Repeat("0", 32)) {
			t.Errorf("the line that is marked is %q\n%s", marked, b.text())
		}
		if got := b.value("Definition of the token"); got != bad {
			t.Errorf("what was typed came back as\n%s", got)
		}
		b.fill("Definition of the token", strings.TrimSuffix(good, "}"))
		b.follow("Continue to summary")
		b.sees("What is wrong, line by line")
		b.fill("Definition of the token", good)
		b.follow("Continue to summary")
		b.sees("Create this token?", "by hand")
		b.follow("Create the token")
		if secret := b.copied("The secret"); !s.works(t, secret) {
			t.Error("the secret does not work")
		}
	})
}

// TestTemplateLinksFillInTheForm, also of who has to sign in first, and of
// accounts.
func TestTemplateLinksFillInTheForm(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	keys := url.QueryEscape(`[{"key":"dns","type":"edit"},{"key":"zone","type":"read"}]`)
	bothWays(t, func(t *testing.T, l look) {
		b := newTab(t, s, l)
		b.open("/profile/api-tokens?permissionGroupKeys=" + keys + "&accountId=*&zoneId=all&name=from+a+link")
		b.fill("E-mail address", s.Boot.Email)
		b.fill("Password", s.Boot.Password)
		b.follow("Sign in")
		b.at("/profile/api-tokens")
		if b.value("Name") != "from a link" || b.value("What it may do with DNS") != "edit" || b.value("What it may do with Zone") != "read" {
			t.Errorf("the link filled in\n%s", b.text())
		}
		b.open("/?to=/:account/api-tokens&permissionGroupKeys=" + keys + "&name=for+the+account")
		b.at("/" + s.Boot.AccountID + "/api-tokens")
		if got := b.value("Name"); got != "for the account" {
			t.Errorf("the name is %q", got)
		}
		b.open("/?to=/:account/api-tokens") // as wrangler prints it
		b.at("/" + s.Boot.AccountID + "/api-tokens")
		b.open("/profile/api-tokens?permissionGroupKeys=%5B%7B%22key%22%3A%22nothing%22%2C%22type%22%3A%22edit%22%7D%5D&accountId=*&zoneId=all")
		b.sees("nothing")
		b.gives(400)
		b.axe()
	})
}

// TestPreviewFollowsWhatIsTyped, and so does what would make the token elsewhere.
func TestPreviewFollowsWhatIsTyped(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bothWays(t, func(t *testing.T, l look) {
		b := signedIn(t, s, l)
		b.open("/profile/api-tokens/create/form?template=edit-zone-dns")
		b.fill("Name", "looked at")
		b.choose("Zone", s.Boot.Zones[0].Name)
		if l.noScript {
			b.follow("Update preview")
		}
		b.sees("change DNS of " + s.Boot.Zones[0].Name)
		b.click("Terraform")
		b.sees(`"looked at"`)
		b.axe()
	})
}

// TestTokenThatTheFormCannotExpressIsEditedAsJSON and shown whole.
func TestTokenThatTheFormCannotExpressIsEditedAsJSON(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bothWays(t, func(t *testing.T, l look) {
		b := signedIn(t, s, l)
		made := s.root(t).newToken(false, named("split",
			policy("allow", onZone(s.Boot.Zones[0].ID), groupDNSWrite), policy("allow", onZone(s.Boot.Zones[1].ID), groupCachePurge)))
		b.open("/profile/api-tokens/" + made.ID + "/edit")
		b.sees("The form has no words for this.")
		text := b.value("Definition of the token")
		b.fill("Definition of the token", strings.Replace(text, `"split"`, `"split in two"`, 1))
		b.follow("Continue to summary")
		b.sees("split in two")
		b.follow("Save the changes")
		b.at("/profile/api-tokens/" + made.ID)
		b.sees("split in two is changed")
	})
}

// TestLinkIntoAnAccountAsksWhichOneWhereThereAreSeveral and keeps what it says.
func TestLinkIntoAnAccountAsksWhichOneWhereThereAreSeveral(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var made struct{ Result struct{ ID string } }
	status, text := s.askByKey(t, s.Boot.APIKey, "POST", "/accounts", `{"name": "Second account"}`)
	if err := json.Unmarshal(text, &made); err != nil || status != http.StatusOK {
		t.Fatalf("another account: %d %s", status, text)
	}
	bothWays(t, func(t *testing.T, l look) {
		b := signedIn(t, s, l)
		b.open("/?to=/:account/api-tokens&name=kept&permissionGroupKeys=" + url.QueryEscape(`[{"key":"dns","type":"read"}]`))
		b.sees("Choose which.", "First account", "Second account")
		b.axe()
		b.follow("Second account")
		b.at("/" + made.Result.ID + "/api-tokens")
		if got := b.value("Name"); got != "kept" {
			t.Errorf("the name is %q", got)
		}
	})
}
