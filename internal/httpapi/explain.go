package httpapi

import (
	"net/http"
	"net/netip"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/tokenwire"
	"github.com/tokenward/tokenward/v4"
)

// explain tells what an access would come to, and changes nothing.
func (a *API) explain(r *http.Request, c *Call, in *v4.ExplainRequest) (reply[v4.Explanation], error) {
	q := authority.Question{
		Owner: owner(c), TokenID: in.TokenID, Method: in.Method, Path: in.Path, Operation: in.Operation, Resource: in.Resource,
		Record: in.Record,
	}
	if in.Draft != nil {
		d := tokenwire.Draft(in.Draft)
		q.Draft = &d
	}
	if in.From != "" {
		var err error
		if q.Addr, err = netip.ParseAddr(in.From); err != nil || q.Addr.Zone() != "" {
			return reply[v4.Explanation]{}, invalid("/from", "from must be an IP address, such as 203.0.113.7")
		}
	}
	if in.At != nil {
		q.At = in.At.Time
	}
	x, err := a.authority.Explain(r.Context(), c.Caller, q)
	if err != nil {
		return reply[v4.Explanation]{}, err
	}
	out := a.wireExplanation(&x)
	out.From = in.From
	return reply[v4.Explanation]{result: out}, nil
}

func (a *API) wireExplanation(x *authority.Explanation) v4.Explanation {
	out := v4.Explanation{
		Allowed: x.Decision.Allowed, Reason: x.Decision.Reason.String(), At: v4.At(x.At), Further: x.Further, Resource: x.Judged,
		Operation:      v4.ExplainedOperation{ID: x.Op.ID, Method: x.Op.Method, Path: x.Op.Template, Summary: x.Op.Summary},
		AcceptedGroups: groupRefs(x.Accepted), GivenGroups: groupRefs(x.Given), Policy: wireDeciding(x.Policy),
	}
	if x.Records != nil {
		out.Records = &v4.ExplainedRecords{Token: recordPatterns(x.Records.Token), Owner: recordPatterns(x.Records.Owner)}
	}
	for _, o := range x.InTheWay {
		out.InTheWay = append(out.InTheWay, v4.Obstacle{Kind: string(o.Kind), Message: o.Message, Policy: wireDeciding(o.Policy)})
	}
	if x.Grant != nil {
		p := a.wirePolicy(x.Grant)
		out.Grant = &v4.SuggestedGrant{Effect: p.Effect, Resources: p.Resources, PermissionGroups: p.PermissionGroups}
		out.MissingGroups = out.AcceptedGroups
	}
	return out
}

func wireDeciding(p *authority.DecidingPolicy) *v4.ExplainedPolicy {
	if p == nil {
		return nil
	}
	return &v4.ExplainedPolicy{ID: p.ID, Index: p.Index, Effect: p.Effect.String()}
}

func groupRefs(groups []catalog.Group) v4.List[v4.GroupRef] {
	var out v4.List[v4.GroupRef]
	for _, g := range groups {
		out = append(out, v4.GroupRef{ID: g.ID, Name: g.Name})
	}
	return out
}

func recordPatterns(parts []policy.Part) v4.List[v4.RecordPattern] {
	var out v4.List[v4.RecordPattern]
	for _, p := range parts {
		out = append(out, v4.RecordPattern{Effect: p.Effect.String(), Pattern: p.Pattern})
	}
	return out
}
