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
//
// The caller is not part of it: that is what Authorize gives, and would be copied.
type check struct {
	*Authority
	ctx    context.Context
	at     *Attempt
	fresh  bool // caches may be used
	access policy.Access

	sec     int64      // the caller's time in Unix seconds
	pair    uint64     // a hash of what is used and from where
	account *policy.ID // of the path's zone, where it was at hand
}

// identify completes the caller from a credential, with the time, and says whether
// the credential is live. current is whether the caller's world has caches.
func (k *check) identify(c *Caller, cred *token.Credential, current bool) (policy.Reason, error) {
	zone := k.at.Path.LeafID(k.kinds.zone)
	if zone != nil {
		k.zones.touch(hashID(zone))
	}
	var secret token.Secret
	switch cred.Kind {
	case token.Bearer:
		secret = cred.Secret
		c.proof = secret.Digest()
	case token.Digested:
		c.proof = cred.Digest
	}
	if current {
		c.world.tokens.touch(hashDigest(&c.proof))
	}
	c.now = k.clock()
	k.sec = c.now.Unix()
	k.fresh = current && k.feed.fresh(c.now)
	switch cred.Kind {
	case token.Bearer, token.Digested:
		return k.byToken(c, secret, zone)
	case token.Key:
		return k.byKey(k.ctx, c, *cred, k.fresh)
	}
	return policy.UnknownCredential, nil
}

// byToken completes the caller, whose proof is a token's digest. The secret is the
// zero Secret where only the digest is known. zone is the id of the path's, if any.
func (k *check) byToken(c *Caller, secret token.Secret, zone *policy.ID) (policy.Reason, error) {
	k.pair = k.usage.hashPair(k.at, k.sec/secondsInDay)
	var r *record
	if k.fresh {
		r = k.cached(c, zone)
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
func (k *check) cached(c *Caller, zone *policy.ID) *record {
	var inZone *entry[policy.ID, policy.ID]
	if zone != nil {
		inZone = k.zones.touchEntry(hashID(zone))
	}
	tokens, hash := c.world.tokens, hashDigest(&c.proof)
	e, resources := tokens.peek(hash)
	touchRecord(e, int(resources), &k.at.Path)
	if zone != nil && k.zoneAccountOf == nil {
		k.account = k.zones.settle(inZone, hashID(zone), zone)
	}
	return tokens.settle(e, hash, &c.proof)
}

// judge applies the operation's rule to a known caller. In access is then what it
// judged: the path with the facts that were added, and what was accepted where
// groups were asked for.
func (k *check) judge(c *Caller, alive policy.Reason) (policy.Decision, error) {
	d, settled := k.byRule(c, k.at, alive, &k.access)
	if settled {
		return d, nil
	}
	path := &k.access.Path
	if k.account != nil && path.Len() == 1 && path.LeafID(k.kinds.zone) != nil {
		path.Extend(policy.Ref{Kind: k.kinds.account, ID: *k.account})
	} else if err := k.locate(k.ctx, path, k.fresh); err != nil {
		return policy.Decision{}, err
	}
	return c.decide(&k.access, k.kinds), nil
}

// note counts and samples what was decided, and lets through what is allowed on the
// terms of Attempt.ByRecord: what comes of that, Judged counts.
func (k *check) note(c *Caller, d *policy.Decision) {
	if d.Reason == policy.PartOfZone && k.at.ByRecord {
		d.Allowed = true
		return
	}
	if c.record != nil && !(k.at.Again && d.Allowed) {
		k.usage.note(k, c, d.Reason)
	}
	switch {
	case !d.Allowed:
		k.denied.note(c, k.at, d.Reason)
	case c.record != nil:
		k.noteUse(c.record, k.sec, c.now)
	}
}
