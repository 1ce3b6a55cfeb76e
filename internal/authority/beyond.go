package authority

import (
	"context"
	"errors"

	"github.com/tokenward/tokenward/internal/policy"
)

// Beyond is what a token would hold although whoever makes it may not give it.
type Beyond struct {
	Policy   int             // index of the draft's policy
	Groups   []string        // ids of the permission groups, never empty
	Resource policy.Resource // as a policy names it
}

// MayIssue reports what Issue would refuse, and issues nothing: for forms that
// are looked at once more before they are sent. That there is room for another
// token is not looked at.
func (a *Authority) MayIssue(ctx context.Context, c Caller, o Owner, d Draft) error {
	if err := a.mayTokens(ctx, &c, o, OpUserTokenCreate, OpAcctTokenCreate); err != nil {
		return err
	}
	rules, err := a.worldOf(&c).check(&d, o, nil, c.now)
	if err != nil {
		return err
	}
	return a.ceiling(ctx, &c, o, rules)
}

// MayUpdate reports what Update would refuse, and changes nothing.
func (a *Authority) MayUpdate(ctx context.Context, c Caller, o Owner, id string, d Draft) error {
	_, err := a.mayUpdate(ctx, &c, o, id, &d)
	return err
}

// mayUpdate judges an update, and gives the token as it is.
func (a *Authority) mayUpdate(ctx context.Context, c *Caller, o Owner, id string, d *Draft) (Token, error) {
	if err := a.mayTokens(ctx, c, o, OpUserTokenUpdate, OpAcctTokenUpdate); err != nil {
		return Token{}, err
	}
	before, err := a.tokenOf(ctx, c, o, tokenOp(o, OpUserTokenUpdate, OpAcctTokenUpdate), id)
	if err != nil {
		return Token{}, err
	}
	rules, err := a.worldOf(c).check(d, o, &before, c.now)
	if err != nil {
		return Token{}, err
	}
	return before, a.ceiling(ctx, c, o, rules)
}

// exceedsBy is exceeds with what exactly is too much.
func (w *world) exceedsBy(child []policy.Rule, e policy.Excess) error {
	err := w.exceeds(e)
	var own *Error
	if !errors.As(err, &own) || e.Rule >= len(child) {
		return err
	}
	rule := &child[e.Rule]
	own.Beyond = &Beyond{Policy: rule.Policy, Resource: w.named(&rule.Pattern)}
	for g := range e.Groups.All {
		own.Beyond.Groups = append(own.Beyond.Groups, w.vocabulary.GroupByNo(g).ID)
	}
	return err
}

// named is a pattern as a policy names it.
func (w *world) named(p *policy.Pattern) policy.Resource {
	if p.In.Kind == 0 {
		return policy.Resource{Key: w.vocabulary.Key(p.Ref)}
	}
	return policy.Resource{Key: w.vocabulary.Key(p.In), Nested: []string{w.vocabulary.Key(p.Ref)}}
}
