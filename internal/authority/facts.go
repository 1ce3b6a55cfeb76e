package authority

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// record is what a check needs to know of a token, ready to be judged. What
// every check reads comes first.
type record struct {
	notBefore, expiresOn int64         // Unix microseconds, 0 for none
	used                 atomic.Uint32 // Unix seconds of the last use that was noted
	disabled             bool
	marks                marks
	set                  policy.Set
	owner                policy.Owner

	tally            atomic.Pointer[tally]
	requests, period uint32 // its RateLimit
	id               string
	name             string
	version          int64
}

// liveness is Granted for a live token, or why it is not one. A token is valid
// from NotBefore on and no longer from ExpiresOn on (contract 3.1).
func (r *record) liveness(now time.Time) policy.Reason {
	if r.disabled {
		return policy.Disabled
	}
	if r.expiresOn == 0 && r.notBefore == 0 {
		return policy.Granted
	}
	switch at := now.UnixMicro(); {
	case r.expiresOn != 0 && at >= r.expiresOn:
		return policy.Expired
	case r.notBefore != 0 && at < r.notBefore:
		return policy.NotYetValid
	}
	return policy.Granted
}

// person is what a check needs to know of a user: what they may do today.
type person struct {
	id        string
	email     string
	suspended bool
	epoch     int64    // of the user's sessions
	rights    rights   // of tokens and keys
	signedIn  *rights  // in the dashboard, where API access plays no part; often the same
	off       []string // accounts in which the user's tokens and keys do not work
}

type (
	tokenCache  = cache[token.Digest, record]
	personCache = cache[policy.ID, person]
	zoneCache   = cache[policy.ID, policy.ID] // a zone's account
)

func hashDigest(d *token.Digest) uint64 { return binary.LittleEndian.Uint64(d[:8]) }
func hashID(id *policy.ID) uint64       { return binary.LittleEndian.Uint64(id[:8]) }

// record reads a token by its secret and the secret's digest: nil when there is
// none. Only a secret that can be genuine is worth asking the store for.
func (a *Authority) record(ctx context.Context, w *world, secret token.Secret, d *token.Digest, fresh bool) (*record, error) {
	if !secret.Genuine() {
		return nil, nil
	}
	hash := hashDigest(d)
	var generation uint64
	if fresh {
		generation = w.tokens.generation(hash)
	}
	row, err := a.store.TokenToCheck(ctx, *d)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, unavailable("look up a token", err)
	}
	if !row.Digest.Equal(*d) {
		return nil, unavailable("look up a token", errors.New("the store returned another token"))
	}
	e, err := w.compile(&row)
	if err != nil {
		return nil, err
	}
	if fresh {
		w.tokens.put(hash, *d, e, generation)
	}
	return &e.value, nil
}

func (w *world) compile(t *Token) (*tokenEntry, error) {
	owner := w.kinds.owner(t.Owner)
	set, faults, err := policy.CompileKnown(w.vocabulary, owner, t.Policies, t.Condition)
	if len(faults) > 0 {
		return nil, unresolved(t, faults)
	}
	if err != nil {
		return nil, unavailable("compile token "+t.ID, err)
	}
	n, resources := set.Words()
	e, words := newTokenEntry(n)
	e.key, e.note = t.Digest, uint16(min(resources, 1<<noteBits-1))
	set.Move(words)
	r := &e.value
	r.set = *set
	r.id, r.name, r.version = t.ID, t.Name, t.Version
	r.requests, r.period = uint32(t.RateLimit.Requests), uint32(t.RateLimit.Period)
	r.disabled = t.Status != StatusActive
	r.owner = owner
	r.notBefore, r.expiresOn = microOrZero(t.NotBefore), microOrZero(t.ExpiresOn)
	r.used.Store(uint32(microOrZero(t.LastUsedOn) / int64(time.Second/time.Microsecond)))
	return e, nil
}

// rules are a stored token's. Groups and kinds that the catalogue no longer has
// give nothing. That the rest does not resolve, because the catalogue changed under
// it, is a fault of ours and must not allow anything.
func (w *world) rules(t *Token) ([]policy.Rule, error) {
	rules, faults := policy.ResolveKnown(w.vocabulary, w.kinds.owner(t.Owner), t.Policies)
	if len(faults) > 0 {
		return nil, unresolved(t, faults)
	}
	return rules, nil
}

func unresolved(t *Token, faults []policy.Fault) error {
	return unavailable("resolve the policies of token "+t.ID, fmt.Errorf("%s: %s", faults[0].Pointer, faults[0].Message))
}

func microOrZero(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// person finds what a user may do: nil when there is no such user.
func (a *Authority) person(ctx context.Context, w *world, id policy.ID, fresh bool) (*person, error) {
	hash := hashID(&id)
	if fresh {
		if p := w.people.get(hash, &id); p != nil {
			return p, nil
		}
	}
	var generation uint64
	if fresh {
		generation = w.people.generation(hash)
	}
	user, err := a.store.User(ctx, id.String())
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, unavailable("look up a user", err)
	}
	memberships, err := a.store.Memberships(ctx, user.ID)
	if err != nil {
		return nil, unavailable("look up memberships", err)
	}
	e := &entry[policy.ID, person]{key: id, value: person{id: user.ID, email: user.Email, suspended: user.Suspended, epoch: user.Epoch}}
	if err := a.fillPerson(ctx, w, &e.value, memberships); err != nil {
		return nil, err
	}
	if fresh {
		w.people.put(hash, id, e, generation)
	}
	return &e.value, nil
}

func (a *Authority) fillPerson(ctx context.Context, w *world, p *person, memberships []Membership) error {
	facts, err := a.facts(ctx, a.store, memberships)
	if err != nil {
		return err
	}
	if p.rights, err = w.rightsOf(p.id, facts, true); err != nil {
		return err
	}
	p.signedIn = &p.rights
	for i := range facts {
		if facts[i].apiOff {
			p.off = append(p.off, facts[i].AccountID)
		}
	}
	if len(p.off) > 0 {
		all, err := w.rightsOf(p.id, facts, false)
		if err != nil {
			return err
		}
		p.signedIn = &all
	}
	return nil
}

// locate adds to a zone's path the account that it lies in. A zone that does
// not exist lies in none, and nothing that is tied to an account covers it.
func (a *Authority) locate(ctx context.Context, p *policy.Path, fresh bool) error {
	id := p.LeafID(a.kinds.zone)
	if id == nil || p.Len() > 1 {
		return nil
	}
	account, err := a.zoneAccount(ctx, *id, fresh)
	if err != nil || account.Kind == 0 {
		return err
	}
	p.Extend(account)
	return nil
}

// zoneAccount is the account of a zone, the zero Ref when there is no such zone.
func (a *Authority) zoneAccount(ctx context.Context, id policy.ID, fresh bool) (policy.Ref, error) {
	if a.zoneAccountOf != nil {
		return a.zoneElsewhere(ctx, id)
	}
	hash := hashID(&id)
	if fresh {
		if account := a.zones.get(hash, &id); account != nil {
			return policy.Ref{Kind: a.kinds.account, ID: *account}, nil
		}
	}
	generation := a.zones.generation(hash)
	zone, err := a.store.Zone(ctx, id.String())
	if errors.Is(err, ErrNotFound) {
		return policy.Ref{}, nil
	}
	if err != nil {
		return policy.Ref{}, unavailable("look up a zone", err)
	}
	account, ok := policy.ParseID(zone.AccountID)
	if !ok {
		return policy.Ref{}, unavailable("look up a zone", errors.New("its account's id is malformed"))
	}
	if fresh {
		a.zones.put(hash, id, &entry[policy.ID, policy.ID]{key: id, value: account}, generation)
	}
	return policy.Ref{Kind: a.kinds.account, ID: account}, nil
}

// zoneElsewhere is zoneAccount where zones are not kept here.
func (a *Authority) zoneElsewhere(ctx context.Context, id policy.ID) (policy.Ref, error) {
	found, err := a.zoneAccountOf(ctx, id.String())
	if err != nil {
		return policy.Ref{}, unavailable("look up a zone", err)
	}
	if found == "" {
		return policy.Ref{}, nil
	}
	account, ok := policy.ParseID(found)
	if !ok {
		return policy.Ref{}, unavailable("look up a zone", errors.New("its account's id is malformed"))
	}
	return policy.Ref{Kind: a.kinds.account, ID: account}, nil
}
