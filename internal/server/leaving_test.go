package server_test

import (
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
)

// TestLeavingEndsUserTokensThereAndAccountTokensGoOn: however a member goes, the
// user's tokens and key stop working in that account at once and nowhere else,
// and account tokens that they created go on and name who created them.
func TestLeavingEndsUserTokensThereAndAccountTokensGoOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		how string
		go_ func(w *world, t *testing.T, member string)
	}{
		{"is removed", func(w *world, t *testing.T, m string) { w.ok(t, w.key("alice"), "DELETE", w.members(m), nil) }},
		{"leaves", func(w *world, t *testing.T, m string) { w.ok(t, w.key("carol"), "DELETE", "/memberships/"+m, nil) }},
		{"rejects", func(w *world, t *testing.T, m string) {
			w.ok(t, w.key("carol"), "PUT", "/memberships/"+m, obj{"status": "rejected"})
		}},
	} {
		for _, cached := range []bool{false, true} {
			t.Run(c.how, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, config{})
				w.hasRole(t, "carol", super)
				var other struct{ ID string }
				a := w.ok(t, w.key("carol"), "POST", "/accounts", obj{"name": "Carol's"})
				a.decode(t, &other)
				mine, _ := w.token(t, w.key("carol"), "/user/tokens", "DNS Write", catalog.KindZone, w.accountKey("1"))
				ours, id := w.token(t, w.key("carol"), w.accountTokens(), "DNS Write", catalog.KindZone, w.accountKey("1"))
				if cached {
					w.hear()
				}
				for _, cred := range []credential{mine, ours, w.key("carol")} {
					w.ok(t, cred, "GET", w.records("A"), nil)
				}

				c.go_(w, t, w.memberID(t, "carol"))

				w.do(t, mine, "GET", w.records("A"), nil, 403, 10000)
				w.do(t, w.key("carol"), "GET", w.records("A"), nil, 403, 10000)
				w.ok(t, mine, "GET", "/user/tokens/verify", nil)
				w.ok(t, w.key("carol"), "GET", "/accounts/"+other.ID, nil)
				w.ok(t, ours, "GET", w.records("A"), nil)
				var token struct {
					Creator string `json:"creator_email_at_creation"`
				}
				a = w.ok(t, w.key("alice"), "GET", w.accountTokens()+"/"+id, nil)
				a.decode(t, &token)
				if token.Creator != w.emails["carol"] {
					t.Errorf("the account's token names %q as its creator", token.Creator)
				}
			})
		}
	}
}

func TestTheLastSuperAdministratorStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	alice := w.memberID(t, "alice")
	last := func() {
		t.Helper()
		w.do(t, w.key("alice"), "DELETE", w.members(alice), nil, 400, 1001)
		w.do(t, w.key("alice"), "PUT", w.members(alice), obj{"roles": []string{administrator}}, 400, 1001)
		w.do(t, w.key("alice"), "PUT", w.members(alice), obj{"policies": []obj{
			{"access": "allow", "permission_groups": []obj{{"id": super}}, "resource_groups": []obj{{"id": w.ids["account/1"]}}},
			{"access": "deny", "permission_groups": []obj{{"id": dnsRole}}, "resource_groups": []obj{{"id": w.ids["account/1"]}}},
		}}, 400, 1001)
		w.do(t, w.key("alice"), "DELETE", "/memberships/"+alice, nil, 400, 1001)
		w.do(t, w.key("alice"), "PUT", "/memberships/"+alice, obj{"status": "rejected"}, 400, 1001)
	}
	last() // carol is invited as one and has not accepted
	w.hasRole(t, "carol", super)
	if _, err := w.authority.SuspendUser(t.Context(), w.authority.System("test"), w.emails["carol"], true); err != nil {
		t.Fatal(err)
	}
	last()
	if _, err := w.authority.SuspendUser(t.Context(), w.authority.System("test"), w.emails["carol"], false); err != nil {
		t.Fatal(err)
	}
	w.ok(t, w.key("alice"), "PUT", w.members(alice), obj{"roles": []string{administrator}})
	w.do(t, w.key("carol"), "DELETE", w.members(w.memberID(t, "carol")), nil, 400, 1001)
	if err := w.authority.DeleteUser(t.Context(), w.authority.System("test"), w.emails["carol"]); err == nil {
		t.Error("the user was deleted who is the last Super Administrator")
	}
}
