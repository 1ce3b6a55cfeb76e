package authority

import (
	"context"

	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// check is one Authorize under way.
//
// A check of a token that is not in the processor's caches waits for memory more
// than it computes, and what it needs depends on what it read before: the secret
// says where the token's slot is, and that where its record is. So each is asked
// for as soon as its place is known, and what needs neither is done meanwhile.
type check struct {
	*Authority
	ctx    context.Context
	at     *Attempt
	caller Caller
	fresh  bool // caches may be used
	access policy.Access

	pair    uint64     // a hash of what is used and from where
	account *policy.ID // of the path's zone, where it was at hand
}

// identify completes the caller from a credential, with the time, and says whether
// the credential is live. current is whether the caller's world has caches.
func (k *check) identify(cred *token.Credential, current bool) (policy.Reason, error) {
	k.touchZone()
	var secret token.Secret
	switch cred.Kind {
	case token.Bearer:
		secret = cred.Secret
		k.caller.proof = secret.Digest()
	case token.Digested:
		k.caller.proof = cred.Digest
	}
	if current {
		k.caller.world.tokens.touch(hashDigest(&k.caller.proof))
	}
	k.caller.now = k.clock()
	k.fresh = current && k.feed.fresh(k.caller.now)
	switch cred.Kind {
	case token.Bearer, token.Digested:
		return k.byToken(secret)
	case token.Key:
		return k.byKey(k.ctx, &k.caller, *cred, k.fresh)
	}
	return policy.UnknownCredential, nil
}

// byToken completes the caller, whose proof is a token's digest. The secret is the
// zero Secret where only the digest is known.
func (k *check) byToken(secret token.Secret) (policy.Reason, error) {
	c := &k.caller
	k.pair = k.usage.hashPair(k.at, c.now.Unix()/secondsInDay)
	var r *record
	if k.fresh {
		r = k.cached()
	}
	if r == nil {
		var err error
		if r, err = k.record(k.ctx, c.world, secret, &c.proof, k.fresh); err != nil || r == nil {
			return policy.UnknownCredential, err
		}
	}
	return k.byRecord(k.ctx, c, r, k.fresh)
}

// cached is the record of the token whose digest the caller has, nil when it is not
// in the cache.
func (k *check) cached() *record {
	tokens, hash := k.caller.world.tokens, hashDigest(&k.caller.proof)
	zone := k.at.Path.LeafID(k.kinds.zone)
	if zone != nil {
		k.zones.touchEntry(hashID(zone))
	}
	e, resources := tokens.peek(hash)
	touchRecord(e, int(resources), &k.at.Path)
	if zone != nil && k.zoneAccountOf == nil {
		k.account = k.zones.get(hashID(zone), zone)
	}
	return tokens.settle(e, hash, &k.caller.proof)
}

// touchZone starts to fetch what cached will read of the path's zone.
func (k *check) touchZone() {
	if zone := k.at.Path.LeafID(k.kinds.zone); zone != nil {
		k.zones.touch(hashID(zone))
	}
}

// judge applies the operation's rule to a known caller. In access is then what it
// judged: the path with the facts that were added, and what was accepted where
// groups were asked for.
func (k *check) judge(alive policy.Reason) (policy.Decision, error) {
	d, settled := k.byRule(&k.caller, k.at, alive, &k.access)
	if settled {
		return d, nil
	}
	path := &k.access.Path
	if k.account != nil && path.Len() == 1 && path.LeafID(k.kinds.zone) != nil {
		path.Extend(policy.Ref{Kind: k.kinds.account, ID: *k.account})
	} else if err := k.locate(k.ctx, path, k.fresh); err != nil {
		return policy.Decision{}, err
	}
	return k.caller.decide(&k.access, k.kinds), nil
}

// note counts and samples what was decided, and lets through what is allowed on the
// terms of Attempt.ByRecord.
func (k *check) note(d *policy.Decision) {
	c, why := &k.caller, d.Reason
	if d.Reason == policy.PartOfZone && k.at.ByRecord {
		d.Allowed, why = true, policy.Granted
	}
	if c.record != nil && !(k.at.Again && d.Allowed) {
		k.usage.note(k, why)
	}
	switch {
	case !d.Allowed:
		k.denied.note(c, k.at, d.Reason)
	case c.record != nil:
		k.noteUse(c.record, c.now)
	}
}
