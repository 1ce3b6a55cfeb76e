package authority_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tokenward/tokenward/internal/authority"
)

// TestZeroCallerMayDoNothingToPeople goes through every verb and read about
// people and accounts that takes a caller.
func TestZeroCallerMayDoNothingToPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.everything()
	for verb, err := range w.aboutPeople(t, authority.Caller{}) {
		if !hasCode(err, authority.CodeForbidden) {
			t.Errorf("%s: %v, want code %d", verb, err, authority.CodeForbidden)
		}
	}
	if diff := cmp.Diff(before, w.everything()); diff != "" {
		t.Errorf("nobody changed something (-want +got):\n%s", diff)
	}
}

// aboutPeople calls them all as a caller.
func (w *world) aboutPeople(t *testing.T, c authority.Caller) map[string]error {
	ctx, m := t.Context(), membership(w.reader, acme, "").ID
	member := authority.MemberDraft{Email: "x@example.com", Roles: []string{authority.RoleMinimalAccess}}
	acct := authority.AccountDraft{Name: "x"}
	group := authority.ResourceGroupDraft{Name: "x", ScopeKey: accountKey(acme), Objects: []string{"*"}}
	out := make(map[string]error)
	note := func(verb string, err error) { out[verb] = err }
	_, _, err := w.Members(ctx, c, acme, authority.MemberQuery{Limit: 9})
	note("Members", err)
	_, err = w.Member(ctx, c, acme, m)
	note("Member", err)
	_, err = w.Invite(ctx, c, acme, member)
	note("Invite", err)
	_, err = w.UpdateMember(ctx, c, acme, m, member)
	note("UpdateMember", err)
	note("RemoveMember", w.RemoveMember(ctx, c, acme, m))
	_, _, err = w.Memberships(ctx, c, authority.OpMembershipList, authority.JoinedQuery{Limit: 9})
	note("Memberships", err)
	_, err = w.Membership(ctx, c, authority.OpMembershipGet, m)
	note("Membership", err)
	_, err = w.Answer(ctx, c, authority.OpMembershipPut, m, authority.MembershipRejected)
	note("Answer", err)
	note("Leave", w.Leave(ctx, c, m))
	_, err = w.CreateAccount(ctx, c, acct)
	note("CreateAccount", err)
	_, err = w.UpdateAccount(ctx, c, acme, acct)
	note("UpdateAccount", err)
	_, err = w.ResourceGroups(ctx, c, authority.OpResGroupList, acme)
	note("ResourceGroups", err)
	_, err = w.CreateResourceGroup(ctx, c, acme, group)
	note("CreateResourceGroup", err)
	_, err = w.UpdateResourceGroup(ctx, c, acme, ghost, group)
	note("UpdateResourceGroup", err)
	note("DeleteResourceGroup", w.DeleteResourceGroup(ctx, c, acme, ghost))
	_, err = w.EditUser(ctx, c, authority.UserDraft{})
	note("EditUser", err)
	_, err = w.Key(ctx, c)
	note("Key", err)
	_, err = w.ChangeKey(ctx, c, "a password of somebody")
	note("ChangeKey", err)
	note("RemoveKey", w.RemoveKey(ctx, c))
	_, err = w.ChangeKeyOf(ctx, c, w.reader.email)
	note("ChangeKeyOf", err)
	_, err = w.SwitchKey(ctx, c, w.reader.email, false)
	note("SwitchKey", err)
	_, _, err = w.CreateUser(ctx, c, "x@example.com")
	note("CreateUser", err)
	_, err = w.Users(ctx, c)
	note("Users", err)
	_, err = w.SuspendUser(ctx, c, w.reader.email, true)
	note("SuspendUser", err)
	note("DeleteUser", w.DeleteUser(ctx, c, w.reader.email))
	_, err = w.PasswordReset(ctx, c, w.reader.email)
	note("PasswordReset", err)
	return out
}

// TestOnlyWhoHoldsTheDataFolderAdministersUsers: a Super Administrator of an
// account is nobody to other users.
func TestOnlyWhoHoldsTheDataFolderAdministersUsers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.aboutPeople(t, w.as(w.guest.credential()))
	for _, verb := range []string{"ChangeKeyOf", "SwitchKey", "CreateUser", "Users", "SuspendUser", "DeleteUser", "PasswordReset"} {
		if !hasCode(got[verb], authority.CodeForbidden) {
			t.Errorf("%s: %v, want code %d", verb, got[verb], authority.CodeForbidden)
		}
	}
}

// TestAnAccountsTokenIsNobodysMembership.
func TestAnAccountsTokenHasNoMemberships(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, ours := w.issue(accountOwner(acme), allow("Account Settings Write", account(acme)))
	c := w.as(ours)
	got := w.aboutPeople(t, c)
	for _, verb := range []string{"Memberships", "Membership", "Answer", "Leave", "CreateAccount", "EditUser", "Key", "ChangeKey", "RemoveKey"} {
		if !hasCode(got[verb], authority.CodeForbidden) {
			t.Errorf("%s: %v, want code %d", verb, got[verb], authority.CodeForbidden)
		}
	}
}

// TestPeopleAreNotChangedWhenTheStoreFails: of row, event and change either all
// are there or none.
func TestPeopleAreNotChangedWhenTheStoreFails(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"AppendEvent", "AppendChange", "Members", "Memberships"} {
		w := newWorld(t)
		c := w.as(w.admin.credential())
		before := w.everything()
		w.store.Fail(method, errAway)
		member := authority.MemberDraft{Email: "x@example.com", Roles: []string{authority.RoleMinimalAccess}}
		_, err := w.Invite(t.Context(), c, acme, member)
		wantCode(t, err, authority.CodeUnavailable)
		_, err = w.CreateAccount(t.Context(), c, authority.AccountDraft{Name: "x"})
		if method != "Members" {
			wantCode(t, err, authority.CodeUnavailable)
		}
		w.store.Fail(method, nil)
		if diff := cmp.Diff(before, w.everything()); method != "Members" && diff != "" {
			t.Errorf("with %s failing something stayed (-want +got):\n%s", method, diff)
		}
	}
}
