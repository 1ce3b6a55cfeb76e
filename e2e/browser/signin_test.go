package browser

import "testing"

func TestWrongPasswordIsToldAndTheRightOneSignsIn(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bothWays(t, func(t *testing.T, l look) {
		b := newTab(t, s, l)
		b.open("/profile/api-tokens?show=expiring")
		b.at("/sign-in")
		b.fill("E-mail address", s.Boot.Email)
		b.fill("Password", "not the password")
		b.follow("Sign in")
		b.at("/sign-in")
		b.sees("The e-mail address or the password is wrong.")
		if got := b.value("E-mail address"); got != s.Boot.Email {
			t.Errorf("the address that was typed is lost: %q", got)
		}
		b.axe()
		b.fill("Password", s.Boot.Password)
		b.follow("Sign in")
		b.at("/profile/api-tokens")
	})
}
