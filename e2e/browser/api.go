package browser

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/e2e/demo"
)

// api is a caller of the server's API, with a token.
type api struct {
	t      *testing.T
	server *server
	secret string
}

// root may do everything that the first user may.
func (s *server) root(t *testing.T) *api { return &api{t, s, s.Boot.Token.Value} }

// object is a JSON object, as it is sent.
type object = map[string]any

// ask sends a request and gives its status and its answer's text.
func (a *api) ask(method, path string, body any) (int, []byte) {
	a.t.Helper()
	var in io.Reader
	kind := "application/json"
	switch v := body.(type) {
	case nil:
	case string:
		in, kind = strings.NewReader(v), "text/plain"
	default:
		data, err := json.Marshal(v)
		if err != nil {
			a.t.Fatal(err)
		}
		in = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(a.t.Context(), method, a.server.Boot.BaseURL+path, in)
	if err != nil {
		a.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	if a.secret != "" {
		req.Header.Set("Authorization", "Bearer "+a.secret)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return res.StatusCode, out
}

// askByKey sends a request with an API key of the first user, for what no token
// can do.
func (s *server) askByKey(t *testing.T, key, method, path, body string) (int, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.Boot.BaseURL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Auth-Email", s.Boot.Email)
	req.Header.Set("X-Auth-Key", key)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, out
}

// do sends a request that must succeed and reads its result into out, if that is
// not nil.
func (a *api) do(method, path string, body, out any) {
	a.t.Helper()
	status, text := a.ask(method, path, body)
	if status != http.StatusOK {
		a.t.Fatalf("%s %s answers %d: %s", method, path, status, demo.Redact(string(text)))
	}
	if out == nil {
		return
	}
	answer := struct{ Result any }{out}
	if err := json.Unmarshal(text, &answer); err != nil {
		a.t.Fatalf("%s %s: %v", method, path, err)
	}
}

// works reports whether a secret of a token of the first user is good.
func (s *server) works(t *testing.T, secret string) bool {
	t.Helper()
	status, _ := (&api{t, s, secret}).ask("GET", "/user/tokens/verify", nil)
	return status == http.StatusOK
}

// token is what the API says of one that it made.
type token struct{ ID, Name, Value string }

// newToken makes a token of the user, or with account of the account.
func (a *api) newToken(account bool, body object) token {
	a.t.Helper()
	var out token
	a.do("POST", a.tokens(account), body, &out)
	return out
}

// Permission groups by their public ids.
const (
	groupZoneRead     = "c8fed203ed3043cba015a93ad1616f1f"
	groupDNSRead      = "82e64a83756745bbbb1c9c2701bf816b"
	groupDNSWrite     = "4755a26eedb94da69e1066d98aa820be"
	groupCachePurge   = "e17beae8b8cb423a99b1730f21238bed"
	groupSettingsRead = "c1fde68c7bcc44588cbb6ddbc16d6480"
)

// policy is one of a token: the groups on a resource, given by the end of its
// key.
func policy(effect, resource string, groups ...string) object {
	var list []object
	for _, g := range groups {
		list = append(list, object{"id": g})
	}
	return object{"effect": effect, "permission_groups": list, "resources": object{"com.cloudflare.api." + resource: "*"}}
}

// zonesOf is an allow policy on every zone of an account.
func zonesOf(accountID string, groups ...string) object {
	p := policy("allow", "", groups...)
	p["resources"] = object{"com.cloudflare.api.account." + accountID: object{"com.cloudflare.api.account.zone.*": "*"}}
	return p
}

func onZone(id string) string    { return "account.zone." + id }
func onAccount(id string) string { return "account." + id }

// named is the body that makes a token.
func named(name string, policies ...object) object {
	return object{"name": name, "policies": policies}
}

// with is a body with one more member.
func with(body object, key string, value any) object {
	body[key] = value
	return body
}

// tokens is the path of the user's tokens, or of the account's.
func (a *api) tokens(account bool) string {
	if account {
		return "/accounts/" + a.server.Boot.AccountID + "/tokens"
	}
	return "/user/tokens"
}
