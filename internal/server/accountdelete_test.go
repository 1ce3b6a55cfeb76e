package server_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/storetest"
)

// TestADeletedAccountTakesItsTokensAndMembersAlong, at once and for good; another
// account is not touched, and neither are its members' own tokens elsewhere.
func TestADeletedAccountTakesItsTokensAndMembersAlong(t *testing.T) {
	t.Parallel()
	for _, cached := range []bool{false, true} {
		w := newWorld(t, config{})
		w.hasRole(t, "carol", super)
		w.ok(t, w.key("alice"), "POST", "/accounts/"+w.ids["account/1"]+"/iam/resource_groups", obj{
			"name": "all", "scope": obj{"key": w.accountKey("1"), "objects": []obj{{"key": "*"}}},
		})
		account, other := "/accounts/"+w.ids["account/1"], "/accounts/"+w.ids["account/2"]
		ours, _ := w.token(t, w.key("alice"), account+"/tokens", "Account Settings Read", catalog.KindAccount, w.accountKey("1"))
		theirs, _ := w.token(t, w.key("alice"), other+"/tokens", "Account Settings Read", catalog.KindAccount, w.accountKey("2"))
		mine, _ := w.token(t, w.key("alice"), "/user/tokens", "Account Settings Read", catalog.KindAccount, "com.cloudflare.api.account.*")
		if cached {
			w.hear()
		}
		for _, as := range []credential{ours, mine, w.key("alice"), w.key("carol")} {
			w.ok(t, as, "GET", account, nil)
		}

		w.do(t, w.key("alice"), "DELETE", account, nil, 400, 1001) // it has zones
		w.ok(t, ours, "GET", account, nil)
		w.ok(t, w.key("alice"), "DELETE", "/zones/"+w.ids["zone/A"], nil)
		w.ok(t, w.key("alice"), "DELETE", "/zones/"+w.ids["zone/B"], nil)
		a := w.ok(t, w.key("alice"), "DELETE", account, nil)
		if !strings.Contains(string(a.raw), `"result":{"id":"`+w.ids["account/1"]+`"}`) {
			t.Errorf("the answer is %s", a.raw)
		}

		w.do(t, ours, "GET", account, nil, 403, 9109)
		w.do(t, ours, "GET", account+"/tokens/verify", nil, 401, 1000)
		for _, as := range []credential{mine, w.key("alice"), w.key("bob"), w.key("carol")} {
			w.refused(t, as, "GET", account, nil)
			w.refused(t, as, "DELETE", account, nil)
		}
		w.refused(t, w.key("alice"), "POST", account+"/tokens", obj{"name": "late", "policies": []obj{}})
		for _, as := range []credential{theirs, mine, w.key("alice")} {
			w.ok(t, as, "GET", other, nil)
			accounts := w.ok(t, as, "GET", "/accounts", nil)
			if strings.Contains(string(accounts.raw), w.ids["account/1"]) || !strings.Contains(string(accounts.raw), w.ids["account/2"]) {
				t.Errorf("the accounts are %s", accounts.raw)
			}
		}
		w.leftovers(t)
	}
}

// leftovers looks for what is left of account 1 in the store.
func (w *world) leftovers(t *testing.T) {
	t.Helper()
	id := w.ids["account/1"]
	_, err := w.store.Account(t.Context(), id)
	if !errors.Is(err, authority.ErrNotFound) {
		t.Errorf("the account: %v", err)
	}
	members, err := w.store.Members(t.Context(), id)
	if err != nil || len(members) > 0 {
		t.Errorf("%d members, %v", len(members), err)
	}
	groups, err := w.store.ResourceGroups(t.Context(), id)
	if err != nil || len(groups) > 0 {
		t.Errorf("%d resource groups, %v", len(groups), err)
	}
	_, tokens, err := w.store.Tokens(t.Context(), authority.TokenQuery{Owner: authority.Owner{Kind: authority.OwnerAccount, ID: id}})
	if err != nil || tokens > 0 {
		t.Errorf("%d tokens, %v", tokens, err)
	}
	log := w.ok(t, w.key("alice"), "GET", "/user/audit_logs", nil)
	for _, event := range []string{"account_delete", "member_remove"} {
		if !strings.Contains(string(log.raw), event) {
			t.Errorf("the log of who deleted it lacks %s", event)
		}
	}
}

// TestOnlyWhoHoldsEverythingDeletesAnAccount: the group that the operation states
// is not enough.
func TestOnlyWhoHoldsEverythingDeletesAnAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	account := "/accounts/" + w.ids["account/2"]
	w.ok(t, w.key("alice"), "DELETE", "/zones/"+w.ids["zone/C"], nil)
	mine, _ := w.token(t, w.key("alice"), "/user/tokens", "Account Settings Write", catalog.KindAccount, w.accountKey("2"))
	ours, _ := w.token(t, w.key("alice"), account+"/tokens", "Account Settings Write", catalog.KindAccount, w.accountKey("2"))
	err := w.store.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error {
		return w.member(ctx, tx, "bob", "2", administrator, authority.MembershipAccepted)
	})
	if err != nil {
		t.Fatal(err)
	}
	w.hear()
	for _, as := range []credential{mine, ours, w.key("bob"), w.key("carol")} {
		w.refused(t, as, "DELETE", account, nil)
	}
	w.do(t, nil, "DELETE", account, nil, 400, 9106)
	w.ok(t, w.key("alice"), "DELETE", account, nil)
}

// TestAnAccountThatIsDeletedInHalfIsNotDeleted: when one write fails, all is as
// it was.
func TestAnAccountThatIsDeletedInHalfIsNotDeleted(t *testing.T) {
	t.Parallel()
	var facts *storetest.Failing
	w := newWorld(t, config{facts: func(s authority.Store) authority.Store { facts = storetest.NewFailing(s); return facts }})
	w.ok(t, w.key("alice"), "DELETE", "/zones/"+w.ids["zone/C"], nil)
	account := "/accounts/" + w.ids["account/2"]
	ours, _ := w.token(t, w.key("alice"), account+"/tokens", "Account Settings Read", catalog.KindAccount, w.accountKey("2"))
	facts.Fail("DeleteAccount", errTrouble)
	w.do(t, w.key("alice"), "DELETE", account, nil, 503, 7010)
	facts.Fail("DeleteAccount", nil)
	w.ok(t, ours, "GET", account, nil)
	w.ok(t, w.key("alice"), "GET", account, nil)
}

// TestNothingIsMadeInAnAccountThatHasGone: what a node has in its cache may give
// rights there still, for the moment until it hears of the change.
func TestNothingIsMadeInAnAccountThatHasGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	account := "/accounts/" + w.ids["account/2"]
	w.ok(t, w.key("alice"), "DELETE", "/zones/"+w.ids["zone/C"], nil)
	w.hear()
	w.ok(t, w.key("alice"), "GET", account, nil)
	w.emptyAccount(t, "2")
	w.do(t, w.key("alice"), "POST", account+"/tokens", obj{"name": "late", "policies": []obj{}}, 404, 1003)
	w.do(t, w.key("alice"), "POST", "/zones", obj{"name": "late.example", "account": obj{"id": w.ids["account/2"]}}, 404, 1003)
	w.do(t, w.key("alice"), "DELETE", account, nil, 404, 1003)
}

// TestADeletedAccountKeepsNobodyFromTheirOthers, at the moment that it goes: the
// memberships are read before the accounts are.
func TestADeletedAccountKeepsNobodyFromTheirOthers(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/memberships", "/accounts"} {
		var facts *storetest.Failing
		w := newWorld(t, config{facts: func(s authority.Store) authority.Store { facts = storetest.NewFailing(s); return facts }})
		w.ok(t, w.key("alice"), "DELETE", "/zones/"+w.ids["zone/C"], nil)
		facts.Pause("Memberships", func(ctx context.Context) {
			facts.Pause("Memberships", nil)
			w.emptyAccount(t, "2")
		})
		if got := w.ok(t, w.key("alice"), "GET", path, nil); strings.Contains(string(got.raw), w.ids["account/2"]) {
			t.Errorf("GET %s tells of an account that is gone: %s", path, clip(got.raw))
		}
	}
}

// emptyAccount deletes an account that has no zones and no tokens, as another
// node does.
func (w *world) emptyAccount(t *testing.T, name string) {
	t.Helper()
	id := w.ids["account/"+name]
	err := w.store.Write(t.Context(), func(ctx context.Context, tx authority.Tx) error {
		members, err := tx.Members(ctx, id)
		for _, m := range members {
			err = errors.Join(err, tx.DeleteMembership(ctx, m.ID, m.Version))
		}
		return errors.Join(err, tx.DeleteAccount(ctx, id, 1))
	})
	if err != nil {
		t.Error(err)
	}
}
