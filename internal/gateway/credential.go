package gateway

import (
	"errors"
	"net/http"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/token"
)

// maxEmail is the longest address that SMTP can deliver to (RFC 3696, erratum
// 1690, less the brackets), and more than anybody has.
const maxEmail = 320

// reader takes the credential out of a request's headers. Session cookies and
// X-Auth-User-Service-Key are none: the one would let any page act for whoever
// is signed in, the other is for Origin CA certificates only (contract 4.5).
type reader struct {
	format token.Format
	keys   bool // X-Auth-Email and X-Auth-Key count
}

// read returns a credential and admitted, or what is wrong with it. Where both
// a token and a key are sent the token counts, even a malformed one (contract
// 4.5). Verify is about tokens and reads nothing else.
func (c *reader) read(h http.Header, f catalog.Family) (token.Credential, outcome) {
	if lines := h["Authorization"]; len(lines) > 0 {
		return c.bearer(lines)
	}
	if !c.keys || f == catalog.FamilyVerify {
		return token.Credential{}, noCredential
	}
	return c.key(h["X-Auth-Email"], h["X-Auth-Key"])
}

// bearer reads the Authorization lines: exactly one, exactly one space. Two
// lines are refused even when they agree: whoever is behind or before us may
// read the other one.
func (c *reader) bearer(lines []string) (token.Credential, outcome) {
	if len(lines) != 1 {
		return token.Credential{}, manyTokens
	}
	scheme, value, _ := strings.Cut(lines[0], " ")
	if !strings.EqualFold(scheme, "Bearer") { // RFC 9110, 11.1: a scheme's case means nothing
		return token.Credential{}, badToken
	}
	secret, err := c.format.Parse(value)
	if err != nil {
		return token.Credential{}, badToken
	}
	return token.Credential{Secret: secret, Kind: token.Bearer}, admitted
}

// key reads the lines of the two headers of a global API key.
func (c *reader) key(emails, keys []string) (token.Credential, outcome) {
	switch {
	case len(keys) == 0: // an email alone proves nothing
		return token.Credential{}, noCredential
	case len(emails) == 0:
		return token.Credential{}, keyWithoutEmail
	case len(emails) > 1 || !isEmail(emails[0]):
		return token.Credential{}, badEmail
	case len(keys) > 1:
		return token.Credential{}, badKey
	}
	secret, err := c.format.ParseKey(keys[0])
	switch {
	case errors.Is(err, token.ErrChecksum):
		return token.Credential{}, unknownKey
	case err != nil:
		return token.Credential{}, badKey
	}
	return token.Credential{Secret: secret, Email: emails[0], Kind: token.Key}, admitted
}

// isEmail keeps out what could not be anybody's address, not more: whose it is
// the authority knows.
func isEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at == len(s)-1 || len(s) > maxEmail {
		return false
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] == 0x7f {
			return false
		}
	}
	return true
}
