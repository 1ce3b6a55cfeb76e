package authority_test

import (
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

// Anybody can have an account of their own and invite any address to it. If that
// got them the link, they would be whoever it belongs to, everywhere.
func TestNobodyIsHandedTheLinkOfAnAddressThatTheyOnlyNamed(t *testing.T) {
	w := newWorld(t, func(c *authority.Config) { c.InviteLinks = false })
	invite := func(email string) (authority.Invited, error) {
		return w.Invite(t.Context(), w.as(w.admin.credential()), acme, authority.MemberDraft{
			Email: email, Roles: []string{authority.RoleAdministratorReadOnly},
		})
	}
	_, err := invite("somebody@example.com")
	wantCode(t, err, authority.CodeInvalid)

	_, link, err := w.CreateUser(t.Context(), w.system(), "boss@example.com")
	if err != nil || link.URL == "" {
		t.Fatalf("%+v, %v", link, err)
	}
	got, err := invite("boss@example.com")
	if err != nil || got.Link.URL != "" {
		t.Errorf("the link of a user who has not come yet was handed out: %+v, %v", got.Link, err)
	}
}
