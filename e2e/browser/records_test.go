package browser

import "testing"

// TestTokenForTheAddressOfOneHostIsMade, with the name set right that was not
// complete.
func TestTokenForTheAddressOfOneHostIsMade(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bothWays(t, func(t *testing.T, l look) {
		b := signedIn(t, s, l)
		b.open("/profile/api-tokens/create/form?template=dynamic-dns")
		b.choose("Zone", s.Boot.Zones[0].Name)
		b.fill("Name of the records", "home")
		b.follow("Continue to summary")
		b.sees("It cannot be made like this yet", "Write the complete name, with the zone's: home.example.com.")
		b.axe()
		b.fill("Name of the records", "home.example.com")
		b.follow("Continue to summary")
		b.sees("Create this token?", "can read and change A and AAAA records named home.example.com in example.com")
		b.axe()
		b.follow("Create the token")
		if secret := b.copied("The secret"); !s.works(t, secret) {
			t.Error("the secret does not work")
		}
	})
}
