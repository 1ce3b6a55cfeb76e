package browser

import (
	"strings"
	"testing"
)

// invite invites somebody and gives the path of their link.
func (s *server) invite(t *testing.T, email, role string) string {
	t.Helper()
	root := s.root(t)
	var roles []struct{ ID, Name string }
	root.do("GET", "/accounts/"+s.Boot.AccountID+"/roles?per_page=50", nil, &roles)
	var made struct {
		InvitationLink string `json:"invitation_link"`
	}
	for _, r := range roles {
		if r.Name == role {
			root.do("POST", "/accounts/"+s.Boot.AccountID+"/members", object{"email": email, "roles": []string{r.ID}}, &made)
		}
	}
	return made.InvitationLink[strings.Index(made.InvitationLink, "/invitations/"):]
}

func TestInvitationLinkMakesAUserOnce(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bothWays(t, func(t *testing.T, l look) {
		email := map[bool]string{false: "with@example.com", true: "without@example.com"}[l.noScript]
		link := s.invite(t, email, "DNS")
		b := newTab(t, s, l)
		b.open(link)
		b.sees(email)
		b.fill("First name", "Nina")
		b.fill("Password", "short")
		b.fill("The same again", "short")
		b.follow("Accept the invitation")
		b.axe()
		if b.fault("Password") == "" || b.value("First name") != "Nina" {
			t.Errorf("a short password: the page says %q, and %q is left of the name", b.fault("Password"), b.value("First name"))
		}
		b.fill("Password", "a few words are good")
		b.fill("The same again", "a few words are good")
		b.follow("Accept the invitation")
		b.sees("Your API key")
		b.axe()
		key := b.copied("Your API key")
		b.follow("Go on")
		b.at("/" + s.Boot.AccountID)
		b.back()
		b.seesNot(key)

		again := newTab(t, s, l)
		again.open(link)
		again.gives(404)
		again.sees("This link does not work any more")
	})
}

func TestResetLinkChangesThePasswordAndSignsIn(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, l look) {
		s := newServer(t)
		b := newTab(t, s, l)
		b.open("/sign-in")
		b.follow("Forgot the password?")
		b.sees("tokenward user reset-password")
		b.open(s.resetLink(t, s.Boot.Email))
		b.fill("New password", "another few words")
		b.fill("The same again", "another few birds")
		b.follow("Change the password")
		if b.fault("The same again") == "" {
			t.Errorf("two passwords that differ are taken:\n%s", b.text())
		}
		b.fill("New password", "another few words")
		b.fill("The same again", "another few words")
		b.follow("Change the password")
		b.open("/profile/security")
		b.at("/profile/security")
		other := newTab(t, s, l)
		other.signInAs(s.Boot.Email, s.Boot.Password)
		other.at("/sign-in")
		other.signInAs(s.Boot.Email, "another few words")
		other.at("/" + s.Boot.AccountID)
	})
}
