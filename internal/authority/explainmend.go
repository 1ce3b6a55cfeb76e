package authority

import (
	"fmt"
	"slices"
	"time"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// ObstacleKind is a sort of thing that stands in the way of an access.
type ObstacleKind string

// The kinds. The first six are in the hands of whoever may change the token.
const (
	ObstacleDisabled    ObstacleKind = "disabled"
	ObstacleExposed     ObstacleKind = "exposed"
	ObstacleExpired     ObstacleKind = "expired"
	ObstacleNotYetValid ObstacleKind = "not_yet_valid"
	ObstacleAddress     ObstacleKind = "address"
	ObstacleDenyPolicy  ObstacleKind = "deny_policy"

	ObstacleOwnerGone    ObstacleKind = "owner_gone"
	ObstacleOwnerLacks   ObstacleKind = "owner_lacks"
	ObstacleAPIOff       ObstacleKind = "api_access_off"
	ObstacleOtherAccount ObstacleKind = "other_account"
	ObstacleNoResource   ObstacleKind = "no_such_resource"
	ObstacleOwnerKind    ObstacleKind = "owner_kind"
	ObstacleProduct      ObstacleKind = "product"
	ObstacleNoGroup      ObstacleKind = "no_permission_group"
	ObstaclePartOfZone   ObstacleKind = "part_of_zone"
)

// Obstacle is one thing that stands in the way of an access.
type Obstacle struct {
	Kind    ObstacleKind
	Message string          // a sentence
	Policy  *DecidingPolicy // of ObstacleDenyPolicy
}

// mend finds what stands in the way of an access that is denied, and the grant that
// is missing. It judges again and again: without what limits the whole token, and
// then with the policies changed, so that what it says is what the gate would do.
func (x *explainer) mend(out *Explanation) error {
	t := *x.token
	out.InTheWay = x.limits(&t)
	t.Status, t.Condition = StatusActive, policy.Condition{}
	t.NotBefore, t.ExpiresOn = time.Time{}, time.Time{}
	v, err := x.judge(&t)
	if err != nil {
		return err
	}
	if v.Reason == policy.NoGrant || v.Reason == policy.DeniedByPolicy {
		return x.mendPolicies(out, &t, &v)
	}
	if !v.Allowed {
		out.InTheWay = append(out.InTheWay, x.reason(&v))
	}
	return nil
}

// mendPolicies is mend for a token whose policies are what is wrong. v is the
// verdict on it.
func (x *explainer) mendPolicies(out *Explanation, t *Token, v *verdict) error {
	denies, grant, ok, err := x.permit(t, v)
	if err != nil {
		return err
	}
	changed := without(t, denies)
	if grant != nil {
		changed.Policies = append(changed.Policies, *grant)
	}
	after, err := x.judge(&changed)
	if err != nil {
		return err
	}
	noZone := x.noZone(&after.access.Path)
	if noZone || x.token.Owner.Kind == OwnerAccount && after.Reason == policy.OwnerLacks {
		denies, grant = nil, nil // no policy helps
	}
	out.Grant = grant
	for _, i := range denies {
		out.InTheWay = append(out.InTheWay, x.denying(i))
	}
	switch {
	case !ok && !noZone:
		out.InTheWay = append(out.InTheWay, x.unhelped(&after))
	case !after.Allowed:
		out.InTheWay = append(out.InTheWay, x.reason(&after))
	}
	return nil
}

// limits are what stops the token as a whole.
func (x *explainer) limits(t *Token) []Obstacle {
	var out []Obstacle
	op := x.attempt.Op
	if op.Rule != catalog.Known { // which says in which state a token is
		switch {
		case t.Status == StatusExposed:
			out = append(out, Obstacle{Kind: ObstacleExposed, Message: "Its secret was found in public: roll the token to use it again."})
		case t.Status != StatusActive:
			out = append(out, Obstacle{Kind: ObstacleDisabled, Message: "The token is disabled: enable it."})
		}
		ends, starts := record{expiresOn: microOrZero(t.ExpiresOn)}, record{notBefore: microOrZero(t.NotBefore)}
		if ends.liveness(x.now) != policy.Granted {
			out = append(out, Obstacle{Kind: ObstacleExpired, Message: "The token has expired: give it another end."})
		}
		if starts.liveness(x.now) != policy.Granted {
			out = append(out, Obstacle{Kind: ObstacleNotYetValid, Message: "The token is not valid yet: give it an earlier beginning."})
		}
	}
	if o, ok := x.address(t); ok {
		out = append(out, o)
	}
	return out
}

// address is the obstacle of the client-IP condition.
func (x *explainer) address(t *Token) (Obstacle, bool) {
	set, err := policy.Compile(x.w.vocabulary, nil, t.Condition)
	if err == nil && set.AllowsFrom(x.attempt.Addr) {
		return Obstacle{}, false
	}
	if !x.attempt.Addr.IsValid() {
		return Obstacle{Kind: ObstacleAddress, Message: "The token has an IP condition, which refuses an address that is not known: say which it is."}, true
	}
	return Obstacle{Kind: ObstacleAddress, Message: fmt.Sprintf("The token's IP condition refuses %s.", x.attempt.Addr)}, true
}

func (x *explainer) denying(i int) Obstacle {
	p := &x.token.Policies[i]
	name := p.ID
	if name == "" {
		name = fmt.Sprintf("number %d", i+1)
	}
	return Obstacle{
		Kind: ObstacleDenyPolicy, Message: "Policy " + name + " denies it: remove that first.",
		Policy: &DecidingPolicy{Index: i, ID: p.ID, Effect: p.Effect},
	}
}

// without is a token without some of its policies.
func without(t *Token, gone []int) Token {
	out := *t
	out.Policies = nil
	for i := range t.Policies {
		if !slices.Contains(gone, i) {
			out.Policies = append(out.Policies, t.Policies[i])
		}
	}
	return out
}

// reason is the obstacle that a verdict names, when no policy of the token is one.
func (x *explainer) reason(v *verdict) Obstacle {
	ofAccount := x.token.Owner.Kind == OwnerAccount
	switch v.Reason {
	case policy.OwnerLacks, policy.NoGrant, policy.DeniedByPolicy:
		switch {
		case x.noZone(&v.access.Path):
			return Obstacle{Kind: ObstacleNoResource, Message: "There is no such zone, or it is not yours to see."}
		case ofAccount:
			return Obstacle{Kind: ObstacleOtherAccount, Message: "The token is owned by another account than the one where this lies, and reaches nothing outside of its own."}
		}
		return Obstacle{Kind: ObstacleOwnerLacks, Message: "The token's owner may not do this: a token never may more than its owner does."}
	case policy.APIOff:
		return Obstacle{Kind: ObstacleAPIOff, Message: "API access is switched off for the token's owner in this account."}
	case policy.OwnerGone:
		return Obstacle{Kind: ObstacleOwnerGone, Message: "The token's owner is suspended or no longer there."}
	case policy.WrongOwner:
		if ofAccount {
			return Obstacle{Kind: ObstacleOwnerKind, Message: "A token that an account owns cannot act for a user: a user's own token is needed."}
		}
		return Obstacle{Kind: ObstacleOwnerKind, Message: "This is for tokens of the account in the path."}
	case policy.NeedsPerson:
		return Obstacle{Kind: ObstacleOwnerKind, Message: "No token can do this: a user's API key, or somebody who is signed in, is needed."}
	case policy.PartOfZone:
		return Obstacle{Kind: ObstaclePartOfZone, Message: "It is allowed on some of the zone's records only, and only where each is judged by itself: name the record that is meant."}
	case policy.NeedsAccount:
		return Obstacle{Kind: ObstacleOwnerKind, Message: "Only a token that an account owns can do this."}
	case policy.WrongProduct:
		return Obstacle{Kind: ObstacleProduct, Message: "The product " + x.attempt.Op.Incompatible + " takes no tokens that an account owns: a user's token is needed."}
	}
	return Obstacle{Kind: ObstacleNoGroup, Message: "No permission group is known to allow this."}
}

// unhelped is why no grant would help.
func (x *explainer) unhelped(v *verdict) Obstacle {
	account, known := v.access.Path.Find(x.a.kinds.account)
	switch {
	case x.token.Owner.Kind == OwnerAccount && known && account.String() != x.token.Owner.ID:
		return x.reason(&verdict{Decision: policy.Decision{Reason: policy.OwnerLacks}, access: v.access})
	case v.access.Path.Len() == 0 && x.attempt.Op.Target != catalog.TargetAnywhere:
		return Obstacle{Kind: ObstacleNoResource, Message: "Nothing says which resource is meant. Name it with the operation."}
	case x.attempt.Op.Target == catalog.TargetAnywhere:
		return x.reason(&verdict{Decision: policy.Decision{Reason: policy.OwnerLacks}})
	}
	return Obstacle{Kind: ObstacleNoGroup, Message: "None of the groups that allow this can be given to this token on that resource."}
}
