package browser

import "testing"

// signIn signs the first user in.
func (b *tab) signIn(s *server) {
	b.t.Helper()
	b.signInAs(s.Boot.Email, s.Boot.Password)
	b.gives(200)
	if b.offers("Sign in") {
		b.t.Fatalf("signing in failed:\n%s", b.text())
	}
}

func (b *tab) signInAs(email, password string) {
	b.t.Helper()
	b.open("/sign-in")
	b.fill("E-mail address", email)
	b.fill("Password", password)
	b.follow("Sign in")
}

// signedIn is a tab in which the first user has signed in.
func signedIn(t *testing.T, s *server, l look) *tab {
	t.Helper()
	b := newTab(t, s, l)
	b.signIn(s)
	return b
}

// bothWays runs a flow with script on a desk in light, and without on a phone in
// dark.
func bothWays(t *testing.T, flow func(t *testing.T, l look)) {
	t.Run("script", func(t *testing.T) { t.Parallel(); flow(t, look{}) })
	t.Run("no script", func(t *testing.T) { t.Parallel(); flow(t, look{noScript: true, phone: true, dark: true}) })
}
