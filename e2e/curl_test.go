package e2e

import (
	"encoding/json"
	"testing"

	"github.com/tokenward/tokenward/e2e/demo"
)

// envelope is every answer's outer form.
type envelope struct {
	Success  bool
	Result   json.RawMessage
	Errors   []struct{ Code int }
	Messages []struct {
		Code    int
		Message string
	}
}

// curl asks the server by the name of the upstream API, the way a script does
// that cannot be given another address.
func (s *server) curl(t *testing.T, c certificates, secret string, args ...string) envelope {
	t.Helper()
	host := s.Origin()[len("https://"):]
	r := run(t, nil, "curl", append([]string{"--silent", "--show-error", "--cacert", c.ca, "--connect-to", apiName + ":443:" + host,
		"--header", "Authorization: Bearer " + secret}, args...)...)
	var e envelope
	if err := json.Unmarshal([]byte(r.stdout), &e); err != nil || r.code != 0 {
		r.fails(t, "curl failed")
	}
	return e
}

// TestCurlScriptWorks: the calls of the manual, with nothing but their token
// changed.
func TestCurlScriptWorks(t *testing.T) {
	t.Parallel()
	s, c := newTLSServer(t)
	const api, asJSON = "https://" + apiName + "/client/v4", "Content-Type: application/json"
	body := `{"name":"curl","policies":[{"effect":"allow","resources":{"com.cloudflare.api.account.` + s.Boot.AccountID +
		`":{"com.cloudflare.api.account.zone.*":"*"}},"permission_groups":[{"id":"` + groupDNSWrite + `"}]}]}`
	made := s.curl(t, c, s.Boot.Token.Value, api+"/accounts/"+s.Boot.AccountID+"/tokens", "--header", asJSON, "--data", body)
	var token struct{ ID, Value string }
	if err := json.Unmarshal(made.Result, &token); err != nil || !made.Success || !demo.SecretPattern.MatchString(token.Value) {
		t.Fatalf("create: success %v, errors %v, %v", made.Success, made.Errors, err)
	}
	// A content type on a GET is what most scripts send.
	verified := s.curl(t, c, token.Value, api+"/accounts/"+s.Boot.AccountID+"/tokens/verify", "--header", asJSON)
	if !verified.Success || len(verified.Messages) != 1 || verified.Messages[0].Code != 10000 ||
		verified.Messages[0].Message != "This API Token is valid and active" {
		t.Errorf("verify: %+v", verified)
	}
	record := s.curl(t, c, token.Value, api+"/zones/"+s.zone(0)+"/dns_records", "--header", asJSON,
		"--data", `{"type":"A","name":"www","content":"192.0.2.5","ttl":120,"proxied":true}`)
	var got struct {
		Name    string
		Proxied bool
	}
	if err := json.Unmarshal(record.Result, &got); err != nil || got.Name != "www.example.com" || !got.Proxied {
		t.Errorf("record: %+v, errors %v, %v", got, record.Errors, err)
	}
	rolled := s.curl(t, c, s.Boot.Token.Value, "--request", "PUT", api+"/accounts/"+s.Boot.AccountID+"/tokens/"+token.ID+"/value", "--header", asJSON, "--data", "{}")
	if !rolled.Success || len(rolled.Result) < 42 || rolled.Result[0] != '"' {
		t.Errorf("roll: success %v, errors %v", rolled.Success, rolled.Errors)
	}
	old := s.curl(t, c, token.Value, api+"/accounts/"+s.Boot.AccountID+"/tokens/verify")
	if old.Success || len(old.Errors) != 1 || old.Errors[0].Code != 1000 {
		t.Errorf("verify the old secret: success %v, errors %v", old.Success, old.Errors)
	}
}
