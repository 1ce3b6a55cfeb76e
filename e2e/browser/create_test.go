package browser

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/e2e/demo"
)

// shell runs a line as a person would who pasted it, and gives what it prints.
func shell(t *testing.T, line string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "sh", "-c", line).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", demo.Redact(line), err, out)
	}
	return string(out)
}

// TestTokenIsMadeFromATemplate: the secret is shown once, the line beside it
// works as it stands, and neither reload nor the way back makes or shows it
// again.
func TestTokenIsMadeFromATemplateAndItsSecretShownOnce(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, l look) {
		s := newServer(t)
		for _, account := range []bool{false, true} {
			b := signedIn(t, s, l)
			list := s.listOf(account)
			before := s.count(t, account)
			b.open(list)
			b.follow("Create token")
			b.at(list + "/create")
			b.follow("Edit zone DNS")
			b.at(list + "/create/form")
			b.fill("Name", "")
			b.follow("Continue to summary")
			b.sees("It cannot be made like this yet")
			b.axe()
			b.fill("Name", "dns of the shop")
			b.choose("Zone", s.Boot.Zones[1].Name)
			b.follow("Continue to summary")
			b.sees("Create this token?", "dns of the shop", s.Boot.Zones[1].Name)
			b.axe()
			b.follow("Back")
			if got := b.value("Name"); got != "dns of the shop" {
				t.Errorf("the way back lost the name: %q", got)
			}
			b.follow("Continue to summary")
			b.follow("Create the token")
			secret := b.copied("The secret")
			b.axe()
			if answer := shell(t, b.copied("A command that tries the secret")); !strings.Contains(answer, `"status":"active"`) {
				t.Errorf("the line that is shown answers %s", demo.Redact(answer))
			}
			b.reload()
			b.seesNot(secret)
			b.back()
			b.open(list)
			b.sees("dns of the shop")
			b.seesNot(secret)
			if got := s.count(t, account); got != before+1 {
				t.Errorf("there are %d tokens, and %d were there before", got, before)
			}
		}
	})
}

// listOf is the path of the user's list of tokens, or of the account's.
func (s *server) listOf(account bool) string {
	if account {
		return "/" + s.Boot.AccountID + "/api-tokens"
	}
	return "/profile/api-tokens"
}

// count is how many tokens the user has, or the account.
func (s *server) count(t *testing.T, account bool) int {
	t.Helper()
	var rows []token
	s.root(t).do("GET", s.root(t).tokens(account)+"?per_page=50", nil, &rows)
	return len(rows)
}

func TestSecretPageGivesAnEnvFileAndCopies(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bothWays(t, func(t *testing.T, l look) {
		b := signedIn(t, s, l)
		made := s.root(t).newToken(false, named("for a file", policy("allow", onZone(s.Boot.Zones[0].ID), groupDNSRead)))
		b.open("/profile/api-tokens/" + made.ID + "/roll")
		b.follow("Roll token")
		secret := b.copied("The secret")
		if got := b.download(func() { b.click("Download as .env") }); !strings.Contains(got, "TOKENWARD_TOKEN="+secret+"\n") {
			t.Errorf("the file is %q", demo.Redact(got))
		}
		if l.noScript {
			if b.offers("Copy") {
				t.Error("a button that needs script is there without it")
			}
			return
		}
		b.allowClipboard()
		b.click("Copy")
		b.sees("Copied")
		if got := eval[string](b, "await navigator.clipboard.readText()"); got != secret {
			t.Errorf("%q was copied", demo.Redact(got))
		}
	})
}
