package authority

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// Limits of a report of what was found in public.
const (
	MaxExposed = 20   // secrets in a report
	maxFoundAt = 2048 // bytes of where they were found
)

// Exposed ends the tokens and API keys whose secrets were found in public: a
// token stays, as StatusExposed, until it is rolled or deleted; a key is taken
// away. Whoever shows a secret may end it, for they could have used it, so the
// caller may be nobody. It gives the number of secrets that it was given, and
// nothing tells which of them were anybody's. White space around a secret is not
// part of it: reports are copied from files.
//
// where is the address of the page that they were found on. It goes into the
// audit log when it is one that may stand there, see foundAt.
//
// Errors: CodeInvalid for no secret and for more than MaxExposed.
func (a *Authority) Exposed(ctx context.Context, c Caller, secrets []string, where string) (int, error) {
	if n := len(secrets); n == 0 || n > MaxExposed {
		return 0, invalid([]policy.Fault{{Pointer: "/secrets", Message: fmt.Sprintf("secrets must name 1 to %d secrets, here are %d", MaxExposed, n)}})
	}
	secrets = slices.Clone(secrets)
	for i := range secrets {
		secrets[i] = strings.TrimSpace(secrets[i])
	}
	// Strangers may ask this of every string: it is looked up before anything
	// waits for the writer, which there is one of.
	found, err := a.lookUpAll(ctx, secrets)
	if err != nil || len(found) == 0 {
		return len(secrets), err
	}
	report := exposure{where: foundAt(where, secrets)}
	err = a.write(ctx, &c, "end what was exposed", func(ctx context.Context, tx *txn) error {
		report.tokens, report.keys = nil, nil
		for _, d := range found {
			if err := report.end(ctx, tx, &c, d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	a.tellExposed(ctx, &report)
	return len(secrets), nil
}

// lookUpAll gives the digests of the secrets that are a token's or a key's. Each
// that can be genuine costs the same two look-ups.
func (a *Authority) lookUpAll(ctx context.Context, secrets []string) ([]token.Digest, error) {
	var found []token.Digest
	for _, text := range secrets {
		s, ok := a.parseAny(text)
		if !ok {
			continue
		}
		d := s.Digest()
		_, noToken := a.store.TokenByDigest(ctx, d)
		_, noKey := a.store.UserByKey(ctx, d)
		for _, err := range []error{noToken, noKey} {
			if err != nil && !errors.Is(err, ErrNotFound) {
				return nil, unavailable("look up what was exposed", err)
			}
		}
		if noToken == nil || noKey == nil {
			found = append(found, d)
		}
	}
	return found, nil
}

// parseAny reads the secret of a token or an API key. One that cannot be genuine
// is not worth a look-up.
func (a *Authority) parseAny(text string) (token.Secret, bool) {
	s, err := a.format.Parse(text)
	if err != nil {
		s, err = a.format.ParseKey(text)
	}
	return s, err == nil && s.Genuine()
}

// exposure is what came of a report.
type exposure struct {
	where  string
	tokens []Token // as they are now
	keys   []User
}

// end ends what has a digest. By now that may be nothing: it was rolled, or
// stands twice in the report.
func (x *exposure) end(ctx context.Context, tx *txn, c *Caller, d token.Digest) error {
	t, err := tx.TokenByDigest(ctx, d)
	switch {
	case err == nil && t.Digest.Equal(d):
		return x.endToken(ctx, tx, c, t)
	case err == nil: // it was found by what the store keeps beside
		return nil
	case !errors.Is(err, ErrNotFound):
		return fmt.Errorf("look up a token: %w", err)
	}
	u, err := tx.UserByKey(ctx, d)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("look up a key: %w", err)
	}
	return x.endKey(ctx, tx, c, u)
}

func (x *exposure) endToken(ctx context.Context, tx *txn, c *Caller, before Token) error {
	if before.Status == StatusExposed {
		return nil
	}
	after := before
	after.Status, after.ExposedOn, after.ModifiedOn = StatusExposed, seconds(c.now), seconds(c.now)
	if err := tx.UpdateToken(ctx, after); err != nil {
		return fmt.Errorf("update token %s: %w", after.ID, err)
	}
	if err := tx.changedToken(ctx, after.Digest); err != nil {
		return err
	}
	x.tokens = append(x.tokens, after)
	return tx.AppendEvent(ctx, x.reported(c.NewEvent("token_exposed", "update").about(&before, &after)))
}

func (x *exposure) endKey(ctx context.Context, tx *txn, c *Caller, before User) error {
	after := before
	after.KeyDigest, after.HasKey, after.ModifiedOn = token.Digest{}, false, c.now.UTC()
	x.keys = append(x.keys, after)
	return tx.userChanged(ctx, &after, x.reported(c.userEvent("api_key_exposed", "update", after.ID).changing(&before, &after)))
}

// reported completes an event with where the secret was found. Who reported it
// is not known by more than an address.
func (x *exposure) reported(e Event) Event {
	e.Actor.Context = "report"
	if x.where != "" {
		if e.Metadata == nil {
			e.Metadata = map[string]string{}
		}
		e.Metadata["found_at"] = x.where
	}
	return e
}

// foundAt is an address as the audit log may keep it: one of http or https
// without user, query and fragment, which may hold secrets, and without a path
// that holds one of those that are reported. "" is one that cannot be kept; that
// a secret is ended does not depend on it.
func foundAt(where string, secrets []string) string {
	u, err := url.Parse(where)
	if err != nil || len(where) > maxFoundAt || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	out := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	for _, s := range secrets {
		if s == "" {
			continue
		}
		if strings.Contains(out.Path, s) {
			out.Path, out.RawPath = "", ""
		}
		if strings.Contains(strings.ToLower(out.Host), strings.ToLower(s)) {
			return ""
		}
	}
	return out.String()
}
