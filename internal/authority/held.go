package authority

import (
	"context"
	"errors"
	"strings"

	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// Bounds of what is remembered: of how many tokens, and of those with how many rules. A
// rule takes half a KiB, and a token can have thousands.
const (
	maxHeld      = 1024
	maxHeldRules = 64
)

// held are the rules of a token, beside the record that the gate judged it by. A
// record does not have them: few tokens give rights to others, but one that does
// mostly gives many.
type held struct {
	of    *record
	rules []policy.Rule
}

// heldRules are those of the caller's token. They hold for one record, so they are
// no older than what the gate knew: a change of the token makes another record.
// Who changes something by them is compared with the row then (Caller.stillStands).
func (a *Authority) heldRules(ctx context.Context, c *Caller) ([]policy.Rule, error) {
	w, hash := a.worldOf(c), hashDigest(&c.proof)
	if h := w.held.get(hash, &c.proof); h != nil && h.of == c.record {
		return h.rules, nil
	}
	t, err := a.store.Token(ctx, recordOwner(c.record), c.record.id)
	if errors.Is(err, ErrNotFound) { // revoked since the gate
		return nil, forbidden(policy.Decision{Reason: policy.UnknownCredential})
	}
	if err != nil {
		return nil, storeError("read the caller's token", err)
	}
	rules, err := w.rules(&t)
	if err != nil {
		return nil, err
	}
	if t.Version == c.record.version && len(rules) <= maxHeldRules {
		ownNames(rules)
		e := &entry[token.Digest, held]{key: c.proof, value: held{c.record, rules}}
		w.held.put(hash, c.proof, e, w.held.generation(hash))
	}
	return rules, nil
}

// ownNames copies the names in rules, which may be cut from the document that they were
// read from: all of that would stay in memory.
func ownNames(rules []policy.Rule) {
	for i := range rules {
		p := &rules[i].Pattern
		p.Ref.Name, p.In.Name = strings.Clone(p.Ref.Name), strings.Clone(p.In.Name)
	}
}
