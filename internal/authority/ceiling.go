package authority

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/policy"
)

// ceiling refuses rules that give more than the caller may give: to a user's
// token what that user may do, to an account's token what the caller holds. It
// guards Issue, Update, Roll and thereby enabling, or a weak token could take
// over a strong one.
//
// Denies subtract. A user token's rules about every account or every zone are
// not compared: what they reach is judged at each use against what the user may
// do then.
func (a *Authority) ceiling(ctx context.Context, c *Caller, owner Owner, rules []policy.Rule) error {
	if c.context == BySystem {
		return nil
	}
	w := a.worldOf(c)
	child, err := a.placed(ctx, w, rules)
	if err != nil {
		return err
	}
	var limits [][]policy.Rule
	if owner.Kind == OwnerUser {
		child = withoutWildcards(child)
		// A user token may hold what role API Token Provisioning gives: at
		// each use it comes to no more than the user's own tokens.
		limits = append(limits, slices.Concat(c.rights().rules, c.rights().ownRules))
	} else {
		w.settle(child, owner.ID)
		if limits, err = a.holdings(ctx, c); err != nil {
			return err
		}
		limits = append(limits, w.allOf(owner.ID))
	}
	for _, limit := range limits {
		parent, err := a.placed(ctx, w, limit)
		if err != nil {
			return err
		}
		if excess, ok := policy.Within(w.vocabulary, parent, child); !ok {
			return w.exceedsBy(child, excess)
		}
	}
	return nil
}

// holdings are the rule sets that limit the caller, each by itself.
func (a *Authority) holdings(ctx context.Context, c *Caller) ([][]policy.Rule, error) {
	var limits [][]policy.Rule
	if c.record != nil {
		rules, err := a.heldRules(ctx, c)
		if err != nil {
			return nil, err
		}
		limits = append(limits, rules)
	}
	if c.person != nil {
		limits = append(limits, c.rights().rules)
	}
	if len(limits) == 0 {
		return nil, forbidden(policy.Decision{})
	}
	return limits, nil
}

// allOf is everything in an account: its tokens reach nothing else, whatever
// their creator may do elsewhere, and a zone of another account that they named
// would be theirs the day it moves here.
func (w *world) allOf(account string) []policy.Rule {
	return []policy.Rule{{
		Effect: policy.Allow, Groups: *w.vocabulary.Reach(w.kinds.account),
		Pattern: policy.Pattern{Ref: policy.MakeRef(w.kinds.account, account)},
	}}
}

func recordOwner(r *record) Owner {
	o := Owner{Kind: OwnerUser, ID: r.owner.Ref.String()}
	if r.owner.Account {
		o.Kind = OwnerAccount
	}
	return o
}

// placed adds to rules about a zone or a bucket, or a resource of a custom
// catalogue that is bound to an account, which account it lies in. A zone
// that does not exist lies nowhere, so that nobody's rules but a rule about it
// hold it; a bucket's name begins with its account (contract 3.4).
func (a *Authority) placed(ctx context.Context, w *world, rules []policy.Rule) ([]policy.Rule, error) {
	out := make([]policy.Rule, len(rules))
	copy(out, rules)
	for i := range out {
		p := &out[i].Pattern
		named, ok := w.namedBy(p)
		var account policy.Ref
		var err error
		switch {
		case !ok:
		case named.Kind == a.kinds.zone:
			account, err = a.zoneAccount(ctx, named.ID, false)
		case named.Kind == a.kinds.bucket:
			account = a.bucketAccount(named.Name)
		case w.catalog.AccountOf(named.Kind) != "":
			account = policy.MakeRef(a.kinds.account, w.catalog.AccountOf(named.Kind))
		}
		if err != nil {
			return nil, err
		}
		if account.Kind != 0 {
			p.Above = policy.NewPath(account)
		}
	}
	return out, nil
}

// namedBy is the one resource that all a pattern reaches is or lies in: its own,
// or for every resource of a kind, and for records, the one that they lie in. It is
// false where the pattern names none.
func (w *world) namedBy(p *policy.Pattern) (policy.Ref, bool) {
	ref := p.Ref
	if ref.Any() || ref.Kind == w.kinds.record {
		ref = p.In
	}
	return ref, ref.Kind != 0 && !ref.Any()
}

// bucketAccount is the account that a bucket's name begins with, the zero Ref
// when it begins with none.
func (a *Authority) bucketAccount(name string) policy.Ref {
	id, _, ok := strings.Cut(name, "_")
	ref := policy.MakeRef(a.kinds.account, id)
	if !ok || ref.Name != "" || ref.Any() {
		return policy.Ref{}
	}
	return ref
}

func withoutWildcards(rules []policy.Rule) []policy.Rule {
	var out []policy.Rule
	for _, r := range rules {
		if r.Effect == policy.Allow && r.Pattern.Ref.Any() && r.Pattern.In.Kind == 0 {
			continue
		}
		out = append(out, r)
	}
	return out
}

func (w *world) exceeds(e policy.Excess) error {
	for g := range e.Groups.All {
		return &Error{
			Code: CodeInvalid, Message: policy.CheckFailed(w.vocabulary.GroupByNo(g).Name),
			Err: errors.New("the caller does not hold what the token would"),
		}
	}
	return forbidden(policy.Decision{})
}
