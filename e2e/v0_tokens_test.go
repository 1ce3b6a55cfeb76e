package e2e

import (
	"encoding/json"
	"net/http"
	"reflect"
	"testing"

	classic "github.com/cloudflare/cloudflare-go"
	"github.com/tokenward/tokenward/e2e/demo"
)

// dnsTokenV0 is a token as classic clients define one.
func (s *server) dnsTokenV0(name string) classic.APIToken {
	from, to := date(2018, 7, 1, 5, 20), date(2099, 2, 1, 0, 0)
	return classic.APIToken{
		Name: name, NotBefore: &from, ExpiresOn: &to,
		Policies: []classic.APITokenPolicies{
			{Effect: "allow", Resources: map[string]any{zoneKey(s.zone(0)): "*"},
				PermissionGroups: []classic.APITokenPermissionGroups{{ID: groupDNSWrite}, {ID: groupZoneRead}}},
			{Effect: "deny", Resources: map[string]any{accountKey(s.Boot.AccountID): map[string]any{scopeZone + ".*": "*"}},
				PermissionGroups: []classic.APITokenPermissionGroups{{ID: groupCachePurge}}},
		},
		Condition: &classic.APITokenCondition{RequestIP: &classic.APITokenRequestIPCondition{
			In: []string{"127.0.0.0/8"}, NotIn: []string{"127.0.0.9/32"},
		}},
	}
}

// sameV0 compares a token with its definition, member by member.
func sameV0(t *testing.T, what string, got, sent classic.APIToken) {
	t.Helper()
	if got.Name != sent.Name || got.Status != "active" || got.IssuedOn == nil || got.ModifiedOn == nil {
		t.Errorf("%s: %q is %q, issued %v, modified %v", what, got.Name, got.Status, got.IssuedOn, got.ModifiedOn)
	}
	if got.NotBefore == nil || !got.NotBefore.Equal(*sent.NotBefore) || got.ExpiresOn == nil || !got.ExpiresOn.Equal(*sent.ExpiresOn) {
		t.Errorf("%s: not before %v, expires %v", what, got.NotBefore, got.ExpiresOn)
	}
	if !reflect.DeepEqual(got.Condition, sent.Condition) {
		t.Errorf("%s: condition %+v, want %+v", what, got.Condition, sent.Condition)
	}
	if len(got.Policies) != len(sent.Policies) {
		t.Fatalf("%s: %d policies, want %d", what, len(got.Policies), len(sent.Policies))
	}
	for i, p := range got.Policies {
		w := sent.Policies[i]
		if p.ID == "" || p.Effect != w.Effect || !reflect.DeepEqual(p.Resources, w.Resources) || len(p.PermissionGroups) != len(w.PermissionGroups) {
			t.Errorf("%s: policy %+v, want %+v", what, p, w)
			continue
		}
		for j, g := range p.PermissionGroups {
			if g.ID != w.PermissionGroups[j].ID || g.Name == "" {
				t.Errorf("%s: group %+v, want %s", what, g, w.PermissionGroups[j].ID)
			}
		}
	}
}

func TestV0TokenIsMadeReadListedRolledAndDeleted(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, ctx := s.rootV0(t), t.Context()
	sent := s.dnsTokenV0("classic")
	made, err := api.CreateAPIToken(ctx, sent)
	if err != nil {
		t.Fatal(err)
	}
	sameV0(t, "created", made, sent)
	if !demo.SecretPattern.MatchString(made.Value) {
		t.Fatal("the secret of a new token is not in the answer")
	}
	got, err := api.GetAPIToken(ctx, made.ID)
	if err != nil || got.Value != "" {
		t.Fatalf("read: a secret, or error %v", err)
	}
	sameV0(t, "read", got, sent)
	list, err := api.APITokens(ctx)
	if err != nil || len(list) != 2 {
		t.Fatalf("%d tokens, error %v; want the first and the new one", len(list), err)
	}

	body, err := s.v0(t, made.Value).VerifyAPIToken(ctx)
	if err != nil || body.ID != made.ID || body.Status != "active" || !body.NotBefore.Equal(*sent.NotBefore) || !body.ExpiresOn.Equal(*sent.ExpiresOn) {
		t.Errorf("verify: %+v, error %v", body, err)
	}
	fresh, err := api.RollAPIToken(ctx, made.ID)
	if err != nil || fresh == made.Value || !demo.SecretPattern.MatchString(fresh) {
		t.Fatalf("roll: the old secret or none, error %v", err)
	}
	_, err = s.v0(t, made.Value).VerifyAPIToken(ctx)
	refusedV0[*classic.AuthorizationError](t, err, 1000)
	if body, err = s.v0(t, fresh).VerifyAPIToken(ctx); err != nil || body.ID != made.ID {
		t.Errorf("verify the new secret: %+v, error %v", body, err)
	}

	if err := api.DeleteAPIToken(ctx, made.ID); err != nil {
		t.Fatal(err)
	}
	_, err = s.v0(t, fresh).VerifyAPIToken(ctx)
	refusedV0[*classic.AuthorizationError](t, err, 1000)
	_, err = api.GetAPIToken(ctx, made.ID)
	refusedV0[*classic.NotFoundError](t, err, notFoundCode(t, s, made.ID))
	one := "/user/tokens/" + made.ID
	want(t, s.calls.take(), "POST /user/tokens OK", "GET "+one+" OK", "GET /user/tokens OK",
		"GET /user/tokens/verify OK", "PUT "+one+"/value OK", "GET /user/tokens/verify Unauthorized", "GET /user/tokens/verify OK",
		"DELETE "+one+" OK", "GET /user/tokens/verify Unauthorized", "GET "+one+" Not Found", "GET "+one+" Not Found")
}

// notFoundCode is the code with which the newer SDK is told the same.
func notFoundCode(t *testing.T, s *server, id string) int {
	t.Helper()
	_, err := s.rootV7().userTokens().get(t.Context(), id)
	status, code := codeV7(err)
	if status != http.StatusNotFound {
		t.Errorf("status %d, want 404", status)
	}
	return int(code)
}

// TestV0GetModifyPutKeepsTheCondition: classic clients read request.ip only. An
// answer without it would drop the limit in silence when it is written back.
func TestV0GetModifyPutKeepsTheCondition(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	d := s.limited()
	made := mustCreate(t, s.rootV7().userTokens(), d) // with the spelling of the newer SDK
	api, ctx := s.rootV0(t), t.Context()
	got, err := api.GetAPIToken(ctx, made.id)
	if err != nil {
		t.Fatal(err)
	}
	got.Name = "renamed"
	if _, err := api.UpdateAPIToken(ctx, made.id, got); err != nil {
		t.Fatal(err)
	}
	after, err := s.rootV7().userTokens().get(ctx, made.id)
	if err != nil {
		t.Fatal(err)
	}
	d.name = "renamed"
	checkToken(t, "after get, modify and put", after.JSON.RawJSON(), d, "active")
	if id, _, err := s.v7(made.secret).userTokens().verify(ctx); err != nil || id != made.id {
		t.Errorf("the secret after an update: id %q, error %v", id, err)
	}
}

// TestV0AccountTokens: the client has no calls of its own for them, and offers
// Raw for what it lacks.
func TestV0AccountTokens(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, ctx := s.rootV0(t), t.Context()
	path := "/accounts/" + s.Boot.AccountID + "/tokens"
	raw := func(api *classic.API, method, path string, in, out any) error {
		res, err := api.Raw(ctx, method, path, in, nil)
		if err != nil || out == nil {
			return err
		}
		return json.Unmarshal(res.Result, out)
	}
	sent := s.dnsTokenV0("an account's")
	var made, got classic.APIToken
	if err := raw(api, http.MethodPost, path, sent, &made); err != nil {
		t.Fatal(err)
	}
	sameV0(t, "created", made, sent)
	if err := raw(api, http.MethodGet, path+"/"+made.ID, nil, &got); err != nil {
		t.Fatal(err)
	}
	sameV0(t, "read", got, sent)
	var body classic.APITokenVerifyBody
	if err := raw(s.v0(t, made.Value), http.MethodGet, path+"/verify", nil, &body); err != nil || body.ID != made.ID || body.Status != "active" {
		t.Errorf("verify: %+v, error %v", body, err)
	}
	var fresh string
	if err := raw(api, http.MethodPut, path+"/"+made.ID+"/value", nil, &fresh); err != nil {
		t.Fatal(err)
	}
	refusedV0[*classic.AuthorizationError](t, raw(s.v0(t, made.Value), http.MethodGet, path+"/verify", nil, nil), 1000)
	if err := raw(s.v0(t, fresh), http.MethodGet, path+"/verify", nil, &body); err != nil || body.ID != made.ID {
		t.Errorf("verify the new secret: %+v, error %v", body, err)
	}
	if err := raw(api, http.MethodDelete, path+"/"+made.ID, nil, nil); err != nil {
		t.Error(err)
	}
	refusedV0[*classic.NotFoundError](t, raw(api, http.MethodGet, path+"/"+made.ID, nil, nil), 1003)
}

// TestV0EveryGroupHasAScope: the Terraform provider of the classic client reads
// the first scope of each without looking.
func TestV0EveryGroupHasAScope(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	list, err := s.rootV0(t).ListAPITokensPermissionGroups(t.Context())
	if err != nil || len(list) < 300 {
		t.Fatalf("%d groups, error %v", len(list), err)
	}
	for _, g := range list {
		if len(g.ID) != 32 || g.Name == "" || len(g.Scopes) != 1 {
			t.Errorf("group %+v", g)
		}
	}
}
