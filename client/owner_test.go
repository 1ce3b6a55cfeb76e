package client_test

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"testing"

	"github.com/tokenward/tokenward/client"
	"github.com/tokenward/tokenward/v4"
)

func TestEveryCallAsksWhatTheContractSays(t *testing.T) {
	ctx := context.Background()
	for _, call := range []struct {
		name, answer string
		do           func(*client.Client) error
		want         string
		body         string
	}{
		{"get", "create.json", func(c *client.Client) error { _, err := c.User().Get(ctx, tokenID); return err },
			"GET /client/v4/user/tokens/" + tokenID, ""},
		{"create", "create.json", func(c *client.Client) error {
			_, err := c.Account(account).Create(ctx, v4.TokenRequest{Name: "dns bot", Policies: []v4.PolicyRequest{}})
			return err
		}, "POST /client/v4/accounts/" + account + "/tokens", `{"name":"dns bot","policies":[]}`},
		{"update", "create.json", func(c *client.Client) error {
			_, err := c.User().Update(ctx, tokenID, v4.TokenRequest{Name: "n", Policies: []v4.PolicyRequest{}})
			return err
		}, "PUT /client/v4/user/tokens/" + tokenID, `{"name":"n","policies":[]}`},
		{"roll", "roll.json", func(c *client.Client) error { _, err := c.User().Roll(ctx, tokenID); return err },
			"PUT /client/v4/user/tokens/" + tokenID + "/value", `{}`},
		{"delete", "delete.json", func(c *client.Client) error { return c.User().Delete(ctx, tokenID) },
			"DELETE /client/v4/user/tokens/" + tokenID, ""},
		{"verify", "verify.json", func(c *client.Client) error { _, err := c.Account(account).Verify(ctx); return err },
			"GET /client/v4/accounts/" + account + "/tokens/verify", ""},
		{"groups", "groups.json", func(c *client.Client) error {
			_, err := c.User().PermissionGroups(ctx, "DNS Read", "com.cloudflare.api.account.zone")
			return err
		}, "GET /client/v4/user/tokens/permission_groups?name=DNS+Read&scope=com.cloudflare.api.account.zone", ""},
	} {
		t.Run(call.name, func(t *testing.T) {
			s := serve(t, golden(t, 200, call.answer))
			if err := call.do(s.client(t)); err != nil {
				t.Fatal(err)
			}
			got := s.requests()[0]
			if got.method+" "+got.uri != call.want || got.body != call.body {
				t.Errorf("sent %s %s %q, want %s %q", got.method, got.uri, got.body, call.want, call.body)
			}
			if h := got.header.Get("Authorization"); h != "Bearer "+secret {
				t.Errorf("Authorization: %q", h)
			}
		})
	}
}

func TestKeyCredentialIsSentInItsHeaders(t *testing.T) {
	s := serve(t, golden(t, 200, "create.json"))
	if _, err := s.client(t, client.WithKey("alice@example.com", apiKey)).User().Get(context.Background(), tokenID); err != nil {
		t.Fatal(err)
	}
	h := s.requests()[0].header
	if h.Get("X-Auth-Email") != "alice@example.com" || h.Get("X-Auth-Key") != apiKey || h.Get("Authorization") != "" {
		t.Errorf("headers: %v", h)
	}
}

func TestListReadsUntilAPageIsEmpty(t *testing.T) {
	full, empty := golden(t, 200, "list.json"), golden(t, 200, "empty.json")
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page") == "1" {
			full(w, r)
			return
		}
		empty(w, r)
	})
	tokens, err := s.client(t).User().List(context.Background(), client.ListOptions{IncludeExpired: true})
	if err != nil || len(tokens) != 1 || tokens[0].Name != "ci deploy" {
		t.Fatalf("got %v, %v", tokens, err)
	}
	if got := s.requests()[1].uri; got != "/client/v4/user/tokens?include_expired=true&page=2&per_page=50" {
		t.Errorf("second page: %s", got)
	}
}

func TestListEndsOnAServerThatRepeatsItself(t *testing.T) {
	s := serve(t, golden(t, 200, "list.json"))
	if _, err := s.client(t).User().List(context.Background(), client.ListOptions{}); err == nil {
		t.Fatal("no error")
	}
	if n := len(s.requests()); n != 2 {
		t.Errorf("%d requests", n)
	}
}

func TestOnlyCreateReturnsTheSecret(t *testing.T) {
	s := serve(t, golden(t, 200, "create.json")) // a server that would show it again
	ctx, owner := context.Background(), s.client(t).User()
	if tok, err := owner.Get(ctx, tokenID); err != nil || tok.Value != "" {
		t.Errorf("get: %q, %v", tok.Value, err)
	}
	if tok, err := owner.Update(ctx, tokenID, v4.TokenRequest{}); err != nil || tok.Value != "" {
		t.Errorf("update: %q, %v", tok.Value, err)
	}
	if tok, err := owner.Create(ctx, v4.TokenRequest{}); err != nil || tok.Value == "" {
		t.Errorf("create: %q, %v", tok.Value, err)
	}
}

func TestDefinitionSendsBackWhatATokenIs(t *testing.T) {
	s := serve(t, golden(t, 200, "create.json"))
	tok, err := s.client(t).User().Get(context.Background(), tokenID)
	if err != nil {
		t.Fatal(err)
	}
	got := members(t, client.Definition(tok))
	was := members(t, tok)
	for _, name := range []string{"name", "status", "condition", "not_before", "expires_on"} {
		if !reflect.DeepEqual(got[name], was[name]) {
			t.Errorf("%s: %v, want %v", name, got[name], was[name])
		}
	}
	policy := got["policies"].([]any)[0].(map[string]any)
	wasPolicy := was["policies"].([]any)[0].(map[string]any)
	if !reflect.DeepEqual(policy["resources"], wasPolicy["resources"]) || len(policy["permission_groups"].([]any)) != 2 {
		t.Errorf("policy: %v", policy)
	}
}

func members(t *testing.T, v any) map[string]any {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestSecretGivenAsAnIDIsNeitherSentNorRepeated(t *testing.T) {
	s := serve(t, golden(t, 200, "create.json"))
	for _, id := range []string{secret, "", "..", "a/b", "verify?x"} {
		_, err := s.client(t).User().Get(context.Background(), id)
		if err == nil {
			t.Errorf("%q was taken", id)
			continue
		}
		mustNotContain(t, err.Error(), secret)
	}
	if n := len(s.requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}
