package browser

import (
	"strings"
	"testing"
	"time"
)

// TestSecondFactor: it is set up from the secret that is shown, asked for at the
// next sign-in, and a recovery code stands in for it once.
func TestSecondFactorIsSetUpAskedForAndStoodInForByARecoveryCode(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, l look) {
		s := newServer(t)
		b := signedIn(t, s, l)
		other := signedIn(t, s, l)
		b.open("/profile/security")
		b.fill("Your password", s.Boot.Password)
		b.follow("Set it up")
		b.click("Type it in instead")
		secret := b.copied("The secret for the app")
		b.axe()
		b.fill("The code that the app shows now", "000 000")
		b.follow("Switch it on")
		b.seesNot(secret)
		// A code is good half a minute before and after its time, once.
		b.fill("The code that the app shows now", code(t, secret, time.Now().Add(-30*time.Second)))
		b.follow("Switch it on")
		b.sees("Your recovery codes")
		b.axe()
		recovery := strings.Fields(b.copied("Recovery codes"))
		if len(recovery) != 10 {
			t.Fatalf("%d recovery codes", len(recovery))
		}
		b.reload()
		b.seesNot(recovery[0])

		other.open("/profile/security")
		other.at("/sign-in") // setting it up ended every other session
		other.signInAs(s.Boot.Email, s.Boot.Password)
		other.at("/sign-in/code")
		other.axe()
		other.fill("Code", "123456")
		other.follow("Sign in")
		other.at("/sign-in/code")
		other.fill("Code", code(t, secret, time.Now()))
		other.follow("Sign in")
		other.open("/profile/security")
		other.at("/profile/security")

		for i, works := range []bool{true, false} {
			third := newTab(t, s, l)
			third.signInAs(s.Boot.Email, s.Boot.Password)
			third.fill("Code", recovery[0])
			third.follow("Sign in")
			if got := !strings.HasPrefix(third.where(), "/sign-in"); got != works {
				t.Errorf("a recovery code used %d times before signs in: %v", i, got)
			}
		}
	})
}

func TestSignOutEverywhereEndsOtherTabs(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, l := range []look{{}, {noScript: true}} {
		here, there := signedIn(t, s, l), signedIn(t, s, l)
		here.open("/profile/security")
		here.follow("Sign out everywhere")
		here.at("/sign-in")
		there.open("/profile/api-tokens")
		there.at("/sign-in")
	}
}

// TestBackAfterSigningOutShowsNothing that only its reader may see.
func TestBackAfterSigningOutShowsNothing(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bothWays(t, func(t *testing.T, l look) {
		b := signedIn(t, s, l)
		b.open("/profile/api-tokens")
		b.sees("Bootstrap")
		b.click(s.Boot.Email)
		b.follow("Sign out")
		b.back()
		b.seesNot("Bootstrap")
		b.at("/sign-in")
	})
}
