package authority

import (
	"context"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// inOwnAccount puts the resource of an operation whose resources lie in the
// caller's account there. It is false for a caller whose token no account owns:
// which of a user's accounts was meant, nothing says.
func (c *Caller) inOwnAccount(op *catalog.Operation, path *policy.Path) bool {
	if !op.InCallersAccount() {
		return true
	}
	if c.record == nil || !c.record.owner.Account {
		return false
	}
	*path = op.PlaceIn(*path, c.record.owner.Ref)
	return true
}

// Sees judges whether the caller may be shown a row of a list: whether they hold
// one of the groups that op accepts on the row's resource, or on some of its records. op is of the catalogue
// that judged the caller's request; of another one, nothing is seen.
func (a *Authority) Sees(ctx context.Context, c *Caller, op *catalog.Operation, row policy.Path) (bool, error) {
	if v := op.Vocabulary(); v != nil && v != a.worldOf(c).vocabulary || c.context == Nobody {
		return false, nil
	}
	access := accessTo(op, row, c.addr)
	if op.InCallersAccount() { // the row's own resource, not that of the list
		if c.record == nil || !c.record.owner.Account {
			return false, nil
		}
		access.Path = row.In(c.record.owner.Ref)
	}
	if err := a.locate(ctx, &access.Path, a.feed.fresh(c.now)); err != nil {
		return false, err
	}
	d := c.decide(&access, a.kinds)
	return d.Allowed || d.Reason == policy.PartOfZone, nil
}

// settle puts resources of custom catalogues that could lie in any account into
// the one that owns the token: wherever else they lay, the token could not reach
// them (Caller.decide). rules are those of placed, and are changed.
func (w *world) settle(rules []policy.Rule, account string) {
	for i := range rules {
		p := &rules[i].Pattern
		named, ok := w.namedBy(p)
		if !ok || p.Above.Len() > 0 || named.Kind == w.kinds.zone || named.Kind == w.kinds.bucket ||
			named.Kind == w.kinds.account || !w.vocabulary.Below(named.Kind, w.kinds.account) {
			continue
		}
		p.Above = policy.NewPath(policy.MakeRef(w.kinds.account, account))
	}
}
