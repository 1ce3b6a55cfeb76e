package tokenform

import (
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
)

// SecretVariable is the environment variable in which the texts here expect a
// secret.
const SecretVariable = "TOKENWARD_TOKEN"

// Site is where the API is, for texts that call it.
type Site struct {
	BaseURL string // "https://tokens.example.com/client/v4"
	Owner   authority.Owner
}

// tokens is the URL of the owner's tokens, with what comes after it.
func (s Site) tokens(rest string) string {
	path := "/user/tokens"
	if s.Owner.Kind == authority.OwnerAccount {
		path = "/accounts/" + s.Owner.ID + "/tokens"
	}
	return strings.TrimSuffix(s.BaseURL, "/") + path + rest
}

// VerifyURL is where a token of this owner is verified.
func (s Site) VerifyURL() string { return s.tokens("/verify") }

// CurlCreate is the call that issues a draft.
func CurlCreate(s Site, p *Picker, d *authority.Draft) (string, error) {
	return curlWithBody("POST", s.tokens(""), p, d)
}

// CurlUpdate is the call that makes a token what the draft says.
func CurlUpdate(s Site, p *Picker, id string, d *authority.Draft) (string, error) {
	return curlWithBody("PUT", s.tokens("/"+id), p, d)
}

// CurlRoll is the call that gives a token another secret.
func CurlRoll(s Site, id string) string { return curl("PUT", s.tokens("/"+id+"/value"), "") }

// CurlDelete is the call that revokes a token.
func CurlDelete(s Site, id string) string { return curl("DELETE", s.tokens("/"+id), "") }

// CurlVerify is the call with which a new token is tried.
func CurlVerify(s Site) string { return curl("GET", s.VerifyURL(), "") }

func curlWithBody(method, url string, p *Picker, d *authority.Draft) (string, error) {
	body, err := p.Document(d)
	if err != nil {
		return "", err
	}
	return curl(method, url, strings.TrimSuffix(body, "\n")), nil
}

// curl writes a call for a shell. The secret is in a variable: on a command line
// it would be in the history.
func curl(method, url, body string) string {
	text := "curl "
	if method != "GET" {
		text += "-X " + method + " "
	}
	text += shellWord(url) + " \\\n  -H \"Authorization: Bearer $" + SecretVariable + "\""
	if body != "" {
		text += " \\\n  -H 'Content-Type: application/json' \\\n  --data-raw " + shellWord(body)
	}
	return text + "\n"
}

// EnvFile is a file for tools that read variables from .env: the secret, and how
// to try it. It is the one text here that holds a secret.
func EnvFile(name, secret, verifyURL string) string {
	return "# API token: " + oneLine(name) + "\n" +
		"# Try it: curl " + oneLine(shellWord(verifyURL)) + " -H \"Authorization: Bearer $" + SecretVariable + "\"\n" +
		SecretVariable + "=" + shellWord(secret) + "\n"
}
