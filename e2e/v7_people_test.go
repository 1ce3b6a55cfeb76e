package e2e

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/accounts"
	"github.com/cloudflare/cloudflare-go/v7/memberships"
	"github.com/cloudflare/cloudflare-go/v7/shared"
)

// rolesV7 are the ids of an account's roles by name.
func (s *server) rolesV7(t *testing.T) map[string]string {
	t.Helper()
	var p accounts.RoleListParams
	set(&p.AccountID, s.Boot.AccountID)
	rows, err := collect(s.rootV7().accounts.Roles.ListAutoPaging(t.Context(), p))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	for _, r := range rows {
		ids[r.Name] = r.ID
	}
	if len(ids) != len(rows) || len(rows) < 10 {
		t.Fatalf("%d roles, %d names", len(rows), len(ids))
	}
	return ids
}

func TestV7RolesAreListedAndRead(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for name, id := range s.rolesV7(t) {
		var p accounts.RoleGetParams
		set(&p.AccountID, s.Boot.AccountID)
		got, err := s.rootV7().accounts.Roles.Get(t.Context(), id, p)
		if err != nil || got.ID != id || got.Name != name || got.Description == "" {
			t.Errorf("%s: %+v, error %v", name, got, err)
		}
	}
}

func TestV7MemberIsInvitedChangedListedAndRemoved(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, roles, ctx := s.rootV7().accounts.Members, s.rolesV7(t), t.Context()
	var body accounts.MemberNewParamsBodyIAMCreateMemberWithRoles
	set(&body.Email, "new@example.com")
	set(&body.Roles, []string{roles["DNS"]})
	p := accounts.MemberNewParams{Body: body}
	set(&p.AccountID, s.Boot.AccountID)
	made, err := api.New(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	if len(made.ID) != 32 || made.Email != "new@example.com" || made.Status != "pending" || len(made.Roles) != 1 || made.Roles[0].ID != roles["DNS"] || len(made.Policies) == 0 {
		t.Errorf("invited: %s", made.JSON.RawJSON())
	}
	var role shared.RoleParam
	set(&role.ID, roles["Administrator Read Only"])
	var change accounts.MemberUpdateParamsBodyIAMUpdateMemberWithRoles
	set(&change.Roles, []shared.RoleParam{role})
	update := accounts.MemberUpdateParams{Body: change}
	set(&update.AccountID, s.Boot.AccountID)
	if got, err := api.Update(ctx, made.ID, update); err != nil || len(got.Roles) != 1 || got.Roles[0].Name != "Administrator Read Only" {
		t.Errorf("changed: %+v, error %v", got, err)
	}
	var list accounts.MemberListParams
	set(&list.AccountID, s.Boot.AccountID)
	set(&list.PerPage, 5)
	rows, err := collect(api.ListAutoPaging(ctx, list))
	if err != nil || len(rows) != 2 || rows[1].ID != made.ID && rows[0].ID != made.ID {
		t.Errorf("%d members, error %v; want the first and the new one", len(rows), err)
	}
	var gone accounts.MemberDeleteParams
	set(&gone.AccountID, s.Boot.AccountID)
	if res, err := api.Delete(ctx, made.ID, gone); err != nil || res.ID != made.ID {
		t.Errorf("removed: %+v, error %v", res, err)
	}
	var get accounts.MemberGetParams
	set(&get.AccountID, s.Boot.AccountID)
	_, err = api.Get(ctx, made.ID, get)
	if status, code := codeV7(err); status != 404 || code == 0 {
		t.Errorf("a removed member: status %d, code %d; want 404", status, code)
	}
}

func TestV7MembershipsAreThoseOfTheUser(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	rows, err := collect(s.rootV7().joined.ListAutoPaging(t.Context(), memberships.MembershipListParams{}))
	if err != nil || len(rows) != 1 || rows[0].Account.ID != s.Boot.AccountID || rows[0].Status != "accepted" {
		t.Fatalf("%+v, error %v; want the demo's account", rows, err)
	}
	got, err := s.rootV7().joined.Get(t.Context(), rows[0].ID)
	if err != nil || got.ID != rows[0].ID || got.Account.ID != s.Boot.AccountID || len(got.Roles) != 1 {
		t.Errorf("read: %s, error %v", got.JSON.RawJSON(), err)
	}
	ofAccount := mustCreate(t, s.rootV7().accountTokens(s.Boot.AccountID), s.readsZone("an account's"))
	_, err = s.v7(ofAccount.secret).joined.List(t.Context(), memberships.MembershipListParams{})
	if status, code := codeV7(err); status != 400 || code != 9106 {
		t.Errorf("with an account token: status %d, code %d; want 400 with 9106", status, code)
	}
}

// auditPage is one page of the audit log from a cursor on.
func (c *v7) auditPage(t *testing.T, account, cursor string) ([]accounts.LogAuditListResponse, string) {
	t.Helper()
	var p accounts.LogAuditListParams
	set(&p.AccountID, account)
	set(&p.Since, time.Now().Add(-24*time.Hour))
	set(&p.Before, time.Now().Add(24*time.Hour))
	set(&p.Direction, "asc")
	set(&p.Limit, 3)
	if cursor != "" {
		set(&p.Cursor, cursor)
	}
	page, err := c.accounts.Logs.Audit.List(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	var info struct{ Cursor string }
	if err := json.Unmarshal([]byte(page.ResultInfo.JSON.RawJSON()), &info); err != nil || info.Cursor == "" {
		t.Fatalf("no cursor in %s: %v", page.ResultInfo.JSON.RawJSON(), err)
	}
	return page.Result, info.Cursor
}

// TestV7AuditLogIsFollowedWithACursor: an account token reads what was done,
// page by page, and later from where it stopped.
func TestV7AuditLogIsFollowedWithACursor(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	tokens := s.rootV7().accountTokens(s.Boot.AccountID)
	reader := s.v7(mustCreate(t, tokens, definition{name: "follows the log", grants: []grant{
		{groups: []string{groupSettingsRead}, flat: []string{accountKey(s.Boot.AccountID)}},
	}}).secret)
	for range 4 {
		made := mustCreate(t, tokens, s.readsZone("logged"))
		if _, err := tokens.delete(t.Context(), made.id); err != nil {
			t.Fatal(err)
		}
	}
	seen, cursor := map[string]bool{}, ""
	follow := func() (actions []string) {
		t.Helper()
		for {
			var rows []accounts.LogAuditListResponse
			rows, cursor = reader.auditPage(t, s.Boot.AccountID, cursor)
			for _, r := range rows {
				if seen[r.ID] {
					t.Fatalf("%s is there twice", r.ID)
				}
				seen[r.ID] = true
				actions = append(actions, string(r.Action.Type)+" "+r.Resource.ID)
			}
			if len(rows) == 0 {
				return actions
			}
		}
	}
	if first := follow(); len(first) < 9 {
		t.Errorf("%d entries, want 9 at least: %v", len(first), first)
	}
	made := mustCreate(t, tokens, s.readsZone("logged later"))
	if later := follow(); len(later) != 1 || later[0] != "create "+made.id {
		t.Errorf("from the cursor on: %v, want the new token alone", later)
	}
}

// TestV7AuditPagerReadsToTheEnd: the SDK's own pager, three entries at a time.
func TestV7AuditPagerReadsToTheEnd(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	tokens := s.rootV7().accountTokens(s.Boot.AccountID)
	for range 8 {
		mustCreate(t, tokens, s.readsZone("logged"))
	}
	var p accounts.LogAuditListParams
	set(&p.AccountID, s.Boot.AccountID)
	set(&p.Since, time.Now().Add(-24*time.Hour))
	set(&p.Before, time.Now().Add(24*time.Hour))
	set(&p.Direction, "asc")
	set(&p.Limit, 3)
	seen := map[string]bool{}
	pager := s.rootV7().accounts.Logs.Audit.ListAutoPaging(t.Context(), p)
	for pager.Next() {
		if id := pager.Current().ID; seen[id] {
			t.Fatalf("%s is there twice", id)
		} else {
			seen[id] = true
		}
	}
	if err := pager.Err(); err != nil || len(seen) < 8 {
		t.Errorf("%d entries, error %v; want 8 at least", len(seen), err)
	}
}
