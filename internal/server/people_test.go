package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
)

// Roles and groups by the names that tests say.
const (
	super         = authority.RoleSuperAdministrator
	administrator = authority.RoleAdministrator
	readOnly      = authority.RoleAdministratorReadOnly
	dnsRole       = authority.RoleDNS
	provisioning  = authority.RoleTokenProvisioning
	minimal       = authority.RoleMinimalAccess
	domainDNS     = "132c52e7e6654b999c183cfcbafd37d7"
)

// do sends a call and wants a status; of a failure also the first number.
func (w *world) do(t *testing.T, as credential, method, path string, body any, status, code int) answer {
	t.Helper()
	var b []byte
	if body != nil {
		var err error
		if b, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	a := w.call(t, call{as: as, method: method, path: path, body: b})
	got, _ := a.first()
	if a.status != status || status != http.StatusOK && got != code {
		t.Fatalf("%s %s answers %d %d, want %d %d\n%s", method, path, a.status, got, status, code, clip(a.raw))
	}
	return a
}

func (w *world) ok(t *testing.T, as credential, method, path string, body any) answer {
	t.Helper()
	return w.do(t, as, method, path, body, http.StatusOK, 0)
}

// refused wants the answer of the core family to who may not do something.
func (w *world) refused(t *testing.T, as credential, method, path string, body any) {
	t.Helper()
	w.do(t, as, method, path, body, http.StatusForbidden, 9109)
}

type obj = map[string]any

// members is the path of account 1's members, and of one of them.
func (w *world) members(id ...string) string {
	return strings.Join(append([]string{"/accounts", w.ids["account/1"], "members"}, id...), "/")
}

// memberID finds a member of account 1 by user.
func (w *world) memberID(t *testing.T, user string) string {
	t.Helper()
	list, err := w.store.Memberships(t.Context(), w.ids["user/"+user])
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		if m.AccountID == w.ids["account/1"] {
			return m.ID
		}
	}
	t.Fatalf("%s is no member", user)
	return ""
}

// hasRole makes a user an accepted member of account 1 with roles, as the
// account's Super Administrator does.
func (w *world) hasRole(t *testing.T, user string, roles ...string) {
	t.Helper()
	w.ok(t, w.key("alice"), "PUT", w.members(w.memberID(t, user)), obj{"roles": refs(roles)})
	if m, err := w.store.Membership(t.Context(), w.memberID(t, user)); err != nil {
		t.Fatal(err)
	} else if m.Status == authority.MembershipPending {
		w.ok(t, w.key(user), "PUT", "/memberships/"+m.ID, obj{"status": "accepted"})
	}
}

func refs(ids []string) []obj {
	out := make([]obj, len(ids))
	for i, id := range ids {
		out[i] = obj{"id": id}
	}
	return out
}

// groupID finds a permission group of tokens by name and scope.
func groupID(t *testing.T, name, scope string) string {
	t.Helper()
	for _, g := range catalog.V4().Groups() {
		if g.Name == name && g.Scope == scope {
			return g.ID
		}
	}
	t.Fatalf("no permission group %s", name)
	return ""
}

// token issues a token at a path, with a group on a resource, and gives its
// credential and id.
func (w *world) token(t *testing.T, as credential, path, group, scope, resource string) (credential, string) {
	t.Helper()
	a := w.ok(t, as, "POST", path, tokenBody(t, group, scope, resource))
	var out struct{ ID, Value string }
	a.decode(t, &out)
	return bearer(out.Value), out.ID
}

func tokenBody(t *testing.T, group, scope, resource string) obj {
	t.Helper()
	return obj{"name": "test", "policies": []obj{{
		"effect": "allow", "permission_groups": []obj{{"id": groupID(t, group, scope)}}, "resources": obj{resource: "*"},
	}}}
}

func (w *world) accountKey(n string) string { return catalog.KindAccount + "." + w.ids["account/"+n] }
func (w *world) zoneKey(z string) string    { return catalog.KindZone + "." + w.ids["zone/"+z] }

func (w *world) accountTokens() string { return "/accounts/" + w.ids["account/1"] + "/tokens" }

func (w *world) records(zone string) string { return "/zones/" + w.ids["zone/"+zone] + "/dns_records" }

func rowIDs(t *testing.T, a answer) []string {
	t.Helper()
	var rows []struct{ ID string }
	a.decode(t, &rows)
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.ID
	}
	return out
}

// happened wants an event of an action about a resource, and no secret in it.
func (w *world) happened(t *testing.T, action, resource string, secrets ...string) {
	t.Helper()
	list, err := w.store.Events(t.Context(), authority.EventQuery{Action: action}, 100)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, e := range list {
		found = found || resource == "" || e.Resource.ID == resource
		text, _ := json.Marshal(e)
		for _, s := range secrets {
			if s != "" && strings.Contains(string(text), s) {
				t.Errorf("event %s holds a secret: %s", action, text)
			}
		}
	}
	if !found {
		t.Errorf("no event %s about %s", action, resource)
	}
}

// eventsOf are the events of an action, newest first.
func (w *world) eventsOf(t *testing.T, action string) []authority.Event {
	t.Helper()
	list, err := w.store.Events(t.Context(), authority.EventQuery{Action: action}, 100)
	if err != nil {
		t.Fatal(err)
	}
	return list
}
