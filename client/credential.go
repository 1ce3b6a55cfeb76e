package client

import (
	"errors"
	"net/http"
	"strings"

	"github.com/tokenward/tokenward/v4"
)

// redacted stands where a secret was.
const redacted = "[redacted]"

// credential is what the client shows of itself: a bearer token, or an e-mail
// address and an API key, or nothing.
type credential struct {
	bearer bool
	token  string

	keyed      bool
	email, key string
}

func (c credential) check() error {
	switch {
	case c.bearer && c.keyed:
		return errors.New("client: give a token or an e-mail address and key, not both")
	case c.bearer && !isHeaderWord(c.token):
		return errors.New("client: the token is empty or has characters that no token has")
	case c.keyed && !isHeaderWord(c.email):
		return errors.New("client: the e-mail address is empty or has spaces or control characters")
	case c.keyed && !isHeaderWord(c.key):
		return errors.New("client: the API key is empty or has characters that no key has")
	}
	return nil
}

// isHeaderWord reports whether s is visible ASCII, so that it can be sent as it
// is and net/http has no reason to complain about it.
func isHeaderWord(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != ""
}

func (c credential) apply(h http.Header) {
	if c.bearer {
		h.Set("Authorization", "Bearer "+c.token)
	}
	if c.keyed {
		h.Set("X-Auth-Email", c.email)
		h.Set("X-Auth-Key", c.key)
	}
}

// redact takes the credential out of a text that the server wrote: one that
// echoes requests must not put it into a log.
func (c credential) redact(s string) string {
	for _, secret := range []string{c.token, c.key} {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, redacted)
		}
	}
	return s
}

func (c credential) redactErrors(errs []v4.Error) []v4.Error {
	for i := range errs {
		e := &errs[i]
		e.Message = c.redact(e.Message)
		e.DocumentationURL = c.redact(e.DocumentationURL)
		if e.Source != nil {
			e.Source.Pointer = c.redact(e.Source.Pointer)
		}
		for j := range e.ErrorChain {
			e.ErrorChain[j].Message = c.redact(e.ErrorChain[j].Message)
		}
	}
	return errs
}
