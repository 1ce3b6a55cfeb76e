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
}

// Authorize judges whether a credential may do what it attempts, now. The
// Caller it returns is the one to act as when the decision allows; it is the
// zero Caller when the credential is unknown. An error means that the question
// could not be answered, and nothing is allowed.
func (a *Authority) Authorize(ctx context.Context, cred token.Credential, at *Attempt) (Caller, policy.Decision, error) {
	if err := ctx.Err(); err != nil {
		return Caller{}, policy.Decision{}, unavailable("authorize", err)
	}
	if at.Op == nil {
		return Caller{}, policy.Decision{Reason: policy.Unstated}, nil
	}
	a.touchZone(&at.Path)
	now := a.clock()
	w, current := a.worldFor(at.Op)
	if w == nil {
		return Caller{}, policy.Decision{}, unavailable("authorize", errCatalogGone)
	}
	c := Caller{world: w, now: now, addr: at.Addr, request: at.Request}
	if at.Op.Rule == catalog.Public {
		// Nobody, who may do nothing: what the handler asks for is in the body.
		return c, policy.Decision{Allowed: true, Reason: policy.Granted}, nil
	}
	fresh := current && a.feed.fresh(now)
	var alive policy.Reason
	var err error
	switch cred.Kind {
	case token.Bearer:
		c.proof = cred.Secret.Digest()
		alive, err = a.byToken(ctx, &c, cred.Secret, &at.Path, fresh)
	case token.Digested:
		c.proof = cred.Digest
		alive, err = a.byToken(ctx, &c, token.Secret{}, &at.Path, fresh)
	case token.Key:
		alive, err = a.byKey(ctx, &c, cred, fresh)
	default:
		alive = policy.UnknownCredential
	}
	if err != nil {
		return Caller{}, policy.Decision{Reason: alive}, err
	}
	if c.context == Nobody {
		a.denied.unknown.Add(1)
		return Caller{}, policy.Decision{Reason: alive}, nil
	}
	var access policy.Access
	d, err := a.judge(ctx, &c, at, alive, fresh, &access)
	if err != nil {
		return Caller{}, policy.Decision{}, err
	}
	if c.record != nil && !(at.Again && d.Allowed) {
		a.usage.note(a, &c, at.Op, &access, d.Reason)
	}
	switch {
	case !d.Allowed:
		a.denied.note(&c, at, d.Reason)
	case c.record != nil:
		a.noteUse(c.record, now)
	}
	return c, d, nil
}

// byToken completes the caller, whose proof is a token's digest, and says whether
// the token is live. The secret is the zero Secret where only the digest is known.
// The path is what the token will be judged on.
func (a *Authority) byToken(ctx context.Context, c *Caller, secret token.Secret, path *policy.Path, fresh bool) (policy.Reason, error) {
	r, err := a.record(ctx, c.world, secret, &c.proof, fresh)
	if err != nil || r == nil {
		return policy.UnknownCredential, err
	}
	r.set.Touch(path)
	r.tally.Load().touch()
	return a.byRecord(ctx, c, r, fresh)
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

// judge applies the operation's rule to a known caller. Into access it writes what
// it judged: the path with the facts that were added, and what was accepted where
// groups were asked for.
func (a *Authority) judge(ctx context.Context, c *Caller, at *Attempt, alive policy.Reason, fresh bool, access *policy.Access) (policy.Decision, error) {
	d, settled := a.byRule(c, at, alive, access)
	if settled {
		return d, nil
	}
	if err := a.locate(ctx, &access.Path, fresh); err != nil {
		return policy.Decision{}, err
	}
	return c.decide(access, a.kinds), nil
}

// byRule is the part of judge that asks nobody where a resource lies. When the
// access is not settled by it, Caller.decide is to judge it, once its path is
// located.
func (a *Authority) byRule(c *Caller, at *Attempt, alive policy.Reason, access *policy.Access) (d policy.Decision, settled bool) {
	access.Path, access.Addr = at.Path, c.addr
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
		access.Accepted = op.Accepted
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
	access := policy.Access{Accepted: a.ops[opID].Accepted, Path: path, Addr: c.addr}
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
