package authority_test

import (
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/token"
)

// A request's body may come long after its header, and the gate has seen only
// the header.
func TestWhoIsRevokedMeanwhileCannotFinishWhatWasBegun(t *testing.T) {
	draft := authority.Draft{Name: "a way back in"}
	for name, c := range map[string]struct {
		credential func(w *world) (token.Credential, authority.Owner, string)
		end        func(w *world, id string) error
	}{
		"an account's token, revoked": {accountMaker, func(w *world, id string) error {
			return w.Revoke(t.Context(), w.system(), accountOwner(acme), id)
		}},
		"an account's token, rolled": {accountMaker, func(w *world, id string) error {
			_, err := w.Roll(t.Context(), w.system(), accountOwner(acme), id)
			return err
		}},
		"an account's token, disabled": {accountMaker, func(w *world, id string) error {
			_, err := w.Update(t.Context(), w.system(), accountOwner(acme), id, authority.Draft{Name: "x", Status: authority.StatusDisabled})
			return err
		}},
		"a user's token, revoked": {userMaker, func(w *world, id string) error {
			return w.Revoke(t.Context(), w.system(), w.admin.owner(), id)
		}},
		"a user's token, whose user is suspended": {userMaker, func(w *world, _ string) error {
			_, err := w.SuspendUser(t.Context(), w.system(), w.admin.email, true)
			return err
		}},
		"an API key, switched off": {func(w *world) (token.Credential, authority.Owner, string) {
			return w.admin.credential(), w.admin.owner(), ""
		}, func(w *world, _ string) error {
			_, err := w.SwitchKey(t.Context(), w.system(), w.admin.email, false)
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			cred, owner, id := c.credential(w)
			caller := w.as(cred)
			if err := c.end(w, id); err != nil {
				t.Fatal(err)
			}
			_, _, err := w.Issue(t.Context(), caller, owner, draft)
			wantCode(t, err, authority.CodeForbidden)
			if owner.Kind == authority.OwnerAccount {
				_, err := w.CreateZone(t.Context(), caller, authority.ZoneDraft{Name: "late.example", AccountID: acme})
				wantCode(t, err, authority.CodeForbidden)
			}
		})
	}
}

func accountMaker(w *world) (token.Credential, authority.Owner, string) {
	made, cred := w.issue(accountOwner(acme), allow("Account API Tokens Write, Zone Write", account(acme)))
	return cred, accountOwner(acme), made.ID
}

func userMaker(w *world) (token.Credential, authority.Owner, string) {
	made, cred := w.issue(w.admin.owner(), allow("API Tokens Write", user(w.admin.id)))
	return cred, w.admin.owner(), made.ID
}
