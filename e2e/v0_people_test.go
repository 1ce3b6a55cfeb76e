package e2e

import (
	"encoding/json"
	"net/http"
	"testing"

	classic "github.com/cloudflare/cloudflare-go"
)

func TestV0MemberIsInvitedChangedListedAndRemoved(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, ctx, account := s.rootV0(t), t.Context(), s.Boot.AccountID
	list, err := api.ListAccountRoles(ctx, classic.AccountIdentifier(account), classic.ListAccountRolesParams{})
	if err != nil {
		t.Fatal(err)
	}
	roles := map[string]classic.AccountRole{}
	for _, r := range list {
		roles[r.Name] = r
	}
	dns, reader := roles["DNS"], roles["Administrator Read Only"]
	if got, err := api.GetAccountRole(ctx, classic.AccountIdentifier(account), dns.ID); err != nil || got.Name != "DNS" {
		t.Errorf("role: %+v, error %v", got, err)
	}
	made, err := api.CreateAccountMember(ctx, classic.AccountIdentifier(account),
		classic.CreateAccountMemberParams{EmailAddress: "new@example.com", Roles: []string{dns.ID}})
	if err != nil {
		t.Fatal(err)
	}
	if len(made.ID) != 32 || made.User.Email != "new@example.com" || made.Status != "pending" || len(made.Roles) != 1 || made.Roles[0].ID != dns.ID {
		t.Errorf("invited: %+v", made)
	}
	got, err := api.UpdateAccountMember(ctx, account, made.ID, classic.AccountMember{Roles: []classic.AccountRole{reader}})
	if err != nil || len(got.Roles) != 1 || got.Roles[0].ID != reader.ID {
		t.Errorf("changed: %+v, error %v", got, err)
	}
	members, info, err := api.AccountMembers(ctx, account, classic.PaginationOptions{})
	if err != nil || len(members) != 2 || info.Total != 2 {
		t.Errorf("members: %+v, error %v", members, err)
	}
	if err := api.DeleteAccountMember(ctx, account, made.ID); err != nil {
		t.Error(err)
	}
	_, err = api.AccountMember(ctx, account, made.ID)
	refusedV0[*classic.NotFoundError](t, err, 1003)
}

// TestV0MembershipsThroughRaw: the client has no call of its own for them.
func TestV0MembershipsThroughRaw(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	res, err := s.rootV0(t).Raw(t.Context(), http.MethodGet, "/memberships", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		ID, Status string
		Account    struct{ ID string }
	}
	if err := json.Unmarshal(res.Result, &rows); err != nil || len(rows) != 1 || rows[0].Account.ID != s.Boot.AccountID || rows[0].Status != "accepted" {
		t.Errorf("%+v, error %v", rows, err)
	}
}
