package authority

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// Question is an access that somebody asks about: what would become of it?
type Question struct {
	Owner   Owner
	TokenID string // one of the owner's tokens, "" for the draft
	Draft   *Draft // of a token that the owner could have, nil for the token

	Method string
	Path   string // escaped, without the API's prefix and without a query
	// Operation is an operation's id, in the place of method and path.
	Operation string
	// Resource is what the operation acts on, where the path does not say it: keys,
	// the narrowest first. What is known of where it lies is added.
	Resource []string
	// Record, "TYPE:NAME", is the one record that is meant, for an operation on a
	// zone's records. Without it, it is all of them.
	Record string

	Addr netip.Addr // the zero Addr is an unknown address
	At   time.Time  // the zero Time is now
}

// Explanation is what would become of an access, and why.
type Explanation struct {
	Decision policy.Decision
	Op       *catalog.Operation
	At       time.Time
	Judged   []string // keys of the resource that was judged and of what it lies in, narrowest first
	Further  bool     // what lies in the body, or each row of the answer, is judged by itself
	Accepted []catalog.Group
	// Given are those of the accepted groups that the token's policies give there.
	Given []catalog.Group
	// Records is what decides on which of the zone's records it is allowed; nil
	// where they are all alike.
	Records *RecordParts
	Policy  *DecidingPolicy // nil when none decided
	// InTheWay is what must go away before the access is allowed, and Grant the
	// policy that must be added, the smallest there is. nil when none is missing, or
	// none would help.
	InTheWay []Obstacle
	Grant    *policy.Policy
}

// DecidingPolicy is a policy of the token that is asked about.
type DecidingPolicy struct {
	Index  int
	ID     string // "" for a draft's
	Effect policy.Effect
}

// Explain says whether an access would be allowed, by the same judgement as
// Authorize: the one is given a token's secret, the other its record. It counts as
// no use of the token.
//
// A token is explained to who may read it, a draft to who may create tokens for
// its owner: it tells what the owner may do. A zone that the caller may not see is
// judged as one that does not exist.
//
// Errors: as Token, and as MayIssue short of the ceiling; CodeInvalid with the
// faults of the question.
func (a *Authority) Explain(ctx context.Context, c Caller, q Question) (Explanation, error) {
	if err := c.stands(); err != nil {
		return Explanation{}, err
	}
	w := a.current.Load()
	t, err := a.askedAbout(ctx, w, &c, &q)
	if err != nil {
		return Explanation{}, err
	}
	at, err := w.attempt(&q)
	if err != nil {
		return Explanation{}, err
	}
	record, err := w.askedRecord(&q, at.Op)
	if err != nil {
		return Explanation{}, err
	}
	x := explainer{
		a: a, ctx: ctx, w: w, asker: &c, token: &t, attempt: at, record: record,
		now: q.At, fresh: a.feed.fresh(a.clock()),
	}
	if x.now.IsZero() {
		x.now = c.now
	}
	return x.explain()
}

// askedAbout is the token that a question is about.
func (a *Authority) askedAbout(ctx context.Context, w *world, c *Caller, q *Question) (Token, error) {
	switch {
	case (q.TokenID == "") == (q.Draft == nil):
		return Token{}, invalid([]policy.Fault{{Pointer: "/token_id", Message: "name a token or give a draft, and not both"}})
	case q.Draft == nil:
		return a.Token(ctx, *c, q.Owner, q.TokenID)
	}
	if err := a.mayTokens(ctx, c, q.Owner, OpUserTokenCreate, OpAcctTokenCreate); err != nil {
		return Token{}, err
	}
	d := *q.Draft
	d.Name = cmp.Or(d.Name, "draft")
	t := Token{
		Owner: q.Owner, Name: d.Name, Status: cmp.Or(d.Status, StatusActive), Policies: d.Policies, Condition: d.Condition,
		NotBefore: d.NotBefore, ExpiresOn: d.ExpiresOn,
	}
	// As if it were there already: its time may be over, and its policies have ids.
	if _, err := w.check(&d, q.Owner, &t, c.now); err != nil {
		return Token{}, err
	}
	if t.Status == StatusExpired { // follows from its dates
		t.Status = StatusActive
	}
	return t, nil
}

// explainer answers one question.
type explainer struct {
	a       *Authority
	ctx     context.Context
	w       *world
	asker   *Caller
	token   *Token
	attempt Attempt
	record  policy.Ref // the one that is meant, the zero Ref for all
	now     time.Time
	fresh   bool

	looked, sees bool // whether the asker may see the zone was looked at, and the answer
}

// verdict is what Authorize would have come to for a record.
type verdict struct {
	policy.Decision
	caller Caller
	access policy.Access
	each   policy.Access // to all of the zone's records, where access is to one
}

// judge judges the access as if a token were the one that is asked about.
func (x *explainer) judge(t *Token) (v verdict, err error) {
	op := x.attempt.Op
	if op.Rule == catalog.Public {
		v.Decision = policy.Decision{Allowed: true, Reason: policy.Granted}
		return v, nil
	}
	e, err := x.w.compile(t)
	if err != nil {
		return v, err
	}
	v.caller = Caller{world: x.w, now: x.now, addr: x.attempt.Addr}
	alive, err := x.a.byRecord(x.ctx, &v.caller, &e.value, x.fresh)
	if err != nil || v.caller.context == Nobody {
		v.Decision = policy.Decision{Reason: alive}
		return v, err
	}
	v.access.Path, v.access.Addr = x.attempt.Path, x.attempt.Addr
	d, settled := x.a.byRule(&v.caller, &x.attempt, alive, &v.access)
	if !settled {
		if err := x.locate(&v.access.Path); err != nil {
			return v, err
		}
		v.each = v.access
		if x.record.Kind != 0 {
			v.access.Path, v.access.Each = v.access.Path.Holding(x.record), 0
		}
		d = v.caller.decide(&v.access, x.a.kinds)
	}
	v.Decision = d
	return v, nil
}

// locate is Authority.locate for a zone that the asker may see: it may be read by
// them, or they may do themself what they ask about. Where another one lies is
// not to be told.
func (x *explainer) locate(p *policy.Path) error {
	if leaf := p.Leaf(); leaf.Kind != x.a.kinds.zone {
		return nil
	}
	if !x.looked {
		row := policy.NewPath(p.Leaf())
		for _, op := range []*catalog.Operation{x.a.ops[OpZoneGet], x.attempt.Op} {
			sees, err := x.a.Sees(x.ctx, x.asker, op, row)
			if err != nil {
				return err
			}
			x.sees = x.sees || sees
		}
		x.looked = true
	}
	if !x.sees {
		return nil
	}
	return x.a.locate(x.ctx, p, x.fresh)
}

// noZone reports whether a path is that of a zone of which nobody said where it
// lies: there is none, or it is not for the asker to see.
func (x *explainer) noZone(p *policy.Path) bool {
	zone, ok := p.Find(x.a.kinds.zone)
	_, located := p.Find(x.a.kinds.account)
	return ok && !zone.Any() && !located
}

func (x *explainer) explain() (Explanation, error) {
	v, err := x.judge(x.token)
	if err != nil {
		return Explanation{}, err
	}
	op := x.attempt.Op
	out := Explanation{
		Decision: v.Decision, Op: op, At: x.now, Judged: x.keys(&v.access.Path),
		Further: op.Rule == catalog.Live || op.Rule == catalog.Rows || v.Reason == policy.PartOfZone,
	}
	if parts := v.caller.parts(&v.each); parts.Token != nil || parts.Owner != nil {
		out.Records = &parts
	}
	if op.Rule == catalog.Groups || op.Rule == catalog.Rows {
		out.Accepted = x.groups(op.Accepted)
		if op.Target == catalog.TargetUser { // a group of accounts is of no use on the user
			out.Accepted = slices.DeleteFunc(out.Accepted, func(g catalog.Group) bool { return g.Scope != kindUser })
		}
	}
	if v.Policy > 0 && int(v.Policy) <= len(x.token.Policies) {
		p := &x.token.Policies[v.Policy-1]
		out.Policy = &DecidingPolicy{Index: int(v.Policy) - 1, ID: p.ID, Effect: p.Effect}
	}
	if v.caller.record != nil && v.access.Accepted != nil {
		given := v.caller.record.set.Granting(&v.access.Path, v.access.Accepted)
		out.Given = x.groups(&given)
	}
	if !v.Allowed {
		err = x.mend(&out)
	}
	return out, err
}

func (x *explainer) groups(set *policy.GroupSet) []catalog.Group {
	var out []catalog.Group
	for _, no := range x.w.catalog.Narrowest(set) {
		out = append(out, x.w.catalog.GroupByNo(no))
	}
	return out
}

func (x *explainer) keys(p *policy.Path) []string {
	var out []string
	for i := range p.Len() {
		out = append(out, x.w.named(&policy.Pattern{Ref: p.At(i)}).Key)
	}
	return out
}
