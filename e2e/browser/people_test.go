package browser

import (
	"net/http"
	"testing"
)

func TestMemberIsInvitedChangedAndRemoved(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, l look) {
		s := newServer(t)
		b := signedIn(t, s, l)
		members := "/" + s.Boot.AccountID + "/members"
		b.open(members)
		b.follow("Invite a member")
		b.fill("E-mail address", s.Boot.Email)
		b.tick("DNS")
		b.follow("Invite")
		b.axe()
		b.sees("a member of the account already")
		b.fill("E-mail address", "eve@example.com")
		b.follow("Invite")
		link := b.linkShown()
		b.axe()
		b.reload()
		b.seesNot(link)
		b.open(members)
		b.sees("eve@example.com", "pending")
		b.follow("eve@example.com")
		b.tick("Cache Purge")
		b.follow("Save the roles")
		b.sees("The roles of eve@example.com are changed.")
		b.choose("Access", "Off")
		b.follow("Save")
		b.sees("The API access of eve@example.com is changed.")
		b.axe()
		b.confirm("Withdraw the invitation", "Withdraw it")
		b.at(members)
		if b.offers("eve@example.com") {
			t.Error("she is still a member")
		}
		guest := newTab(t, s, l)
		guest.open(link)
		guest.gives(404)
	})
}

// linkShown is the path of the one link that the page shows for handing it on.
func (b *tab) linkShown() string {
	b.t.Helper()
	return eval[string](b, `new URL(document.querySelector("[data-copy] code").innerText).pathname`)
}

func TestAPIKeyIsChangedWithThePasswordAndRemoved(t *testing.T) {
	t.Parallel()
	bothWays(t, func(t *testing.T, l look) {
		s := newServer(t)
		b := signedIn(t, s, l)
		b.open("/profile/api-key")
		b.seesNot(s.Boot.APIKey)
		b.open("/profile/api-key/change")
		b.fill("Your password", "wrong one")
		b.follow("Change the key")
		b.axe()
		if b.fault("Your password") == "" {
			t.Errorf("a wrong password is taken:\n%s", b.text())
		}
		b.fill("Your password", s.Boot.Password)
		b.follow("Change the key")
		b.axe()
		key := eval[string](b, `document.querySelector("[data-copy] code").innerText`)
		if old, now := s.keyWorks(t, s.Boot.APIKey), s.keyWorks(t, key); old || !now {
			t.Errorf("the old key works: %v, the new one: %v", old, now)
		}
		b.reload()
		b.seesNot(key)
		b.open("/profile/api-key")
		b.confirm("Remove it", "Remove my API key")
		if s.keyWorks(t, key) {
			t.Error("a key that was removed works")
		}
	})
}

// keyWorks reports whether an API key of the first user is good.
func (s *server) keyWorks(t *testing.T, key string) bool {
	t.Helper()
	status, _ := s.askByKey(t, key, "GET", "/user", "")
	return status == http.StatusOK
}
