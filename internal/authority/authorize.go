package authority

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// Attempt is one use of a credential: the operation, the resource that the
// request's path names (without facts: its account, its user are added here)
// and where it came from.
type Attempt struct {
	Op      *catalog.Operation
	Path    policy.Path
	Addr    netip.Addr
	Request EventRequest
	Again   bool // the same attempt was allowed before, and is counted already
	// ByRecord: whoever serves the operation judges each record by itself
	// (RecordScope), and what comes of it is told to Judged. Without it, who may do
	// it on some records only may not do it.
	ByRecord bool
}

// accessTo is the access that an operation on the path's resource comes to.
func accessTo(op *catalog.Operation, path policy.Path, addr netip.Addr) policy.Access {
	return policy.Access{Accepted: op.Accepted, Path: path, Addr: addr, Each: op.Records}
}

// Authorize judges whether a credential may do what it attempts, now. The
// Caller it returns is the one to act as when the decision allows; it is the
// zero Caller when the credential is unknown. An error means that the question
// could not be answered, and nothing is allowed. A decision that allows for the
// reason PartOfZone does so only on the terms of Attempt.ByRecord.
func (a *Authority) Authorize(ctx context.Context, cred token.Credential, at *Attempt) (c Caller, d policy.Decision, err error) {
	if err := ctx.Err(); err != nil {
		return Caller{}, policy.Decision{}, unavailable("authorize", err)
	}
	if at.Op == nil {
		return Caller{}, policy.Decision{Reason: policy.Unstated}, nil
	}
	w, current := a.worldFor(at.Op)
	if w == nil {
		return Caller{}, policy.Decision{}, unavailable("authorize", errCatalogGone)
	}
	c.world, c.addr, c.request = w, at.Addr, at.Request
	if at.Op.Rule == catalog.Public {
		// Nobody, who may do nothing: what the handler asks for is in the body.
		c.now = a.clock()
		return c, policy.Decision{Allowed: true, Reason: policy.Granted}, nil
	}
	k := check{Authority: a, ctx: ctx, at: at}
	k.access.Path = at.Path // by itself, and not in the literal: it is large, and would be copied twice
	k.access.Addr = at.Addr
	alive, err := k.identify(&c, &cred, current)
	if err != nil {
		return Caller{}, policy.Decision{Reason: alive}, err
	}
	if c.context == Nobody {
		a.denied.unknown.Add(1)
		return Caller{}, policy.Decision{Reason: alive}, nil
	}
	if d, err = k.judge(&c, alive); err != nil {
		return Caller{}, policy.Decision{}, err
	}
	k.note(&c, &d)
	return c, d, nil
}

// byRecord completes the caller from a token's record, and says whether the token
// is live. Authorize has looked the record up by a secret, Explain was asked about
// it: from here on they are the same.
func (a *Authority) byRecord(ctx context.Context, c *Caller, r *record, fresh bool) (policy.Reason, error) {
	if !r.owner.Account {
		p, err := a.person(ctx, c.world, r.owner.Ref.ID, fresh)
		if err != nil {
			return policy.UnknownCredential, err
		}
		if p == nil || p.suspended {
			return policy.OwnerGone, nil
		}
		c.person = p
	}
	c.context, c.record = ByToken, r
	return r.liveness(c.now), nil
}

// byKey completes the caller from an API key. That there is no such user and
// that the key is wrong are one answer.
func (a *Authority) byKey(ctx context.Context, c *Caller, cred token.Credential, fresh bool) (policy.Reason, error) {
	digest := cred.Secret.Digest()
	user, err := a.store.UserByEmail(ctx, normalEmail(cred.Email))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return policy.UnknownCredential, unavailable("look up a user", err)
	}
	same := user.KeyDigest.Equal(digest)
	if err != nil || !user.HasKey || user.KeyOff || !same {
		return policy.UnknownCredential, nil
	}
	id, _ := policy.ParseID(user.ID)
	p, err := a.person(ctx, c.world, id, fresh)
	if err != nil {
		return policy.UnknownCredential, err
	}
	if p == nil || p.suspended || user.Suspended {
		return policy.OwnerGone, nil
	}
	c.context, c.person, c.proof = ByKey, p, digest
	return policy.Granted, nil
}

// byRule is the part of check.judge that asks nobody where a resource lies. When the
// access, which is to the attempt's path from its address, is not settled by it,
// Caller.decide is to judge it, once its path is located.
func (a *Authority) byRule(c *Caller, at *Attempt, alive policy.Reason, access *policy.Access) (d policy.Decision, settled bool) {
	deny := func(r policy.Reason) (policy.Decision, bool) { return policy.Decision{Reason: r}, true }
	op := at.Op
	if op.Rule == catalog.Known {
		return a.judgeVerify(c, at), true
	}
	if alive != policy.Granted {
		return deny(alive)
	}
	forUser := op.UserOnly || op.Target == catalog.TargetUser
	if forUser && c.person == nil {
		return deny(policy.WrongOwner)
	}
	if op.Incompatible != "" && c.person == nil {
		return deny(c.atWrongProduct())
	}
	if op.Rule == catalog.Groups {
		if op.Target == catalog.TargetAnywhere {
			return a.judgeAnywhere(c, op, access), true
		}
		access.Accepted, access.Each = op.Accepted, op.Records
		if forUser {
			access.Path = a.kinds.userPath(c.person.id)
		}
		if !c.inOwnAccount(op, &access.Path) {
			return deny(policy.NeedsAccount)
		}
		return policy.Decision{}, false
	}
	switch {
	case c.record != nil && !c.record.set.AllowsFrom(c.addr):
		return deny(policy.Location)
	case op.Rule == catalog.Live, op.Rule == catalog.Rows, op.Rule == catalog.Person && c.record == nil:
		return policy.Decision{Allowed: true, Reason: policy.Granted}, true
	case op.Rule == catalog.Person:
		return deny(policy.NeedsPerson)
	}
	return deny(policy.Unstated)
}

// atWrongProduct is why an account's token may not use a product that takes none.
// It is told to every live token, whatever its policies: which products those
// are is public, and who was told of a missing permission first would add it in
// vain. The client-IP condition comes before it, as before everything else.
func (c *Caller) atWrongProduct() policy.Reason {
	if c.record == nil || !c.record.set.AllowsFrom(c.addr) {
		return policy.Location
	}
	return policy.WrongProduct
}

// judgeVerify lets a token ask about itself, live or not, at the place where
// its owner's tokens are verified (contract 1.6, section 0 rule 6).
func (a *Authority) judgeVerify(c *Caller, at *Attempt) policy.Decision {
	if c.record == nil {
		return policy.Decision{Reason: policy.UnknownCredential}
	}
	if !c.record.set.AllowsFrom(c.addr) {
		return policy.Decision{Reason: policy.Location}
	}
	if account, ok := at.Path.Find(a.kinds.account); ok != c.record.owner.Account || ok && account != c.record.owner.Ref {
		return policy.Decision{Reason: policy.WrongOwner}
	}
	return policy.Decision{Allowed: true, Reason: policy.Granted}
}

// may judges again, inside a verb or a read, whether the caller may do an
// operation on a resource. The error is CodeForbidden when not.
func (a *Authority) may(ctx context.Context, c *Caller, opID string, path policy.Path) error {
	d, err := a.allows(ctx, c, opID, path)
	if err != nil {
		return err
	}
	if !d.Allowed {
		return forbidden(d)
	}
	return nil
}

func (a *Authority) allows(ctx context.Context, c *Caller, opID string, path policy.Path) (policy.Decision, error) {
	if c.context == Nobody {
		return policy.Decision{Reason: policy.UnknownCredential}, nil
	}
	access := accessTo(a.ops[opID], path, c.addr)
	if err := a.locate(ctx, &access.Path, a.feed.fresh(c.now)); err != nil {
		return policy.Decision{}, err
	}
	return c.decide(&access, a.kinds), nil
}

func forbidden(d policy.Decision) error {
	return &Error{Code: CodeForbidden, Message: "Unauthorized to access requested resource", Err: errors.New(d.Reason.String())}
}

// System is the caller for what this program does on behalf of whoever holds
// its data folder. It may do everything; why goes into the audit record.
func (a *Authority) System(why string) Caller {
	return Caller{context: BySystem, now: a.clock().UTC(), request: EventRequest{UserAgent: why}}
}

// seconds is the time as tokens carry it (contract 1.4: second precision).
func seconds(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
