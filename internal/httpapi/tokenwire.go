package httpapi

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/v4"
)

// wireToken is a token as answers carry it: without a secret.
func (a *API) wireToken(t *authority.Token, now time.Time) v4.Token {
	out := v4.Token{
		ID: t.ID, Name: t.Name, Status: string(t.StatusAt(now)),
		IssuedOn: v4.At(t.IssuedOn), ModifiedOn: v4.At(t.ModifiedOn),
		NotBefore: wireTime(t.NotBefore), ExpiresOn: wireTime(t.ExpiresOn),
		Policies: make(v4.List[v4.Policy], 0, len(t.Policies)),
	}
	if !t.LastUsedOn.IsZero() {
		out.LastUsedOn = wireTime(t.LastUsedOn.Truncate(time.Second))
	}
	for i := range t.Policies {
		out.Policies = append(out.Policies, a.wirePolicy(&t.Policies[i]))
	}
	if !t.Condition.IsZero() {
		out.Condition = &v4.Condition{RequestIP: &v4.RequestIP{In: t.Condition.In, NotIn: t.Condition.NotIn}}
	}
	if t.Owner.Kind == authority.OwnerAccount {
		out.CreatorEmailAtCreation = t.CreatorEmail
	}
	return out
}

func wireTime(t time.Time) *v4.Time {
	if t.IsZero() {
		return nil
	}
	at := v4.At(t)
	return &at
}

func (a *API) wirePolicy(p *policy.Policy) v4.Policy {
	out := v4.Policy{ID: p.ID, Effect: p.Effect.String(), Resources: make(v4.Resources, len(p.Resources))}
	for _, id := range p.Groups {
		g, _ := a.authority.Catalog().Group(id)
		out.PermissionGroups = append(out.PermissionGroups, v4.GroupRef{ID: id, Name: g.Name})
	}
	for _, r := range p.Resources {
		if r.Nested == nil {
			out.Resources[r.Key] = v4.Resource{Value: "*"}
			continue
		}
		nested := make(map[string]string, len(r.Nested))
		for _, key := range r.Nested {
			nested[key] = "*"
		}
		out.Resources[r.Key] = v4.Resource{Nested: nested}
	}
	return out
}

// draft reads a token's definition. What cannot be said in a Draft goes into
// its faults; the rest is the authority's to judge.
func draft(in *v4.TokenRequest) authority.Draft {
	d := authority.Draft{Name: in.Name, Status: authority.Status(in.Status.Value)}
	d.NotBefore, d.ExpiresOn = in.NotBefore.Value.Time, in.ExpiresOn.Value.Time
	if ip := in.Condition.Value.RequestIP; ip != nil {
		d.Condition = policy.Condition{In: ip.In, NotIn: ip.NotIn}
	}
	if in.Policies == nil {
		d.Faults = append(d.Faults, policy.Fault{Pointer: "/policies", Message: "policies must be given; an empty list is a token that may do nothing"})
	}
	for i := range in.Policies {
		p, more := draftPolicy(fmt.Sprintf("/policies/%d", i), &in.Policies[i])
		d.Policies = append(d.Policies, p)
		d.Faults = append(d.Faults, more...)
	}
	return d
}

func draftPolicy(at string, in *v4.PolicyRequest) (policy.Policy, []policy.Fault) {
	var faults []policy.Fault
	effect, ok := policy.ParseEffect(in.Effect)
	if !ok {
		faults = append(faults, policy.Fault{Pointer: at + "/effect", Message: `effect must be "allow" or "deny"`})
	}
	p := policy.Policy{ID: in.ID, Effect: effect}
	for _, g := range in.PermissionGroups {
		p.Groups = append(p.Groups, g.ID)
	}
	for key, r := range in.Resources {
		res := policy.Resource{Key: key}
		if r.Nested != nil {
			res.Nested = make([]string, 0, len(r.Nested))
		}
		for inner, value := range r.Nested {
			faults = append(faults, onlyStar(at, value, key, inner)...)
			res.Nested = append(res.Nested, inner)
		}
		if r.Nested == nil {
			faults = append(faults, onlyStar(at, r.Value, key)...)
		}
		slices.Sort(res.Nested)
		p.Resources = append(p.Resources, res)
	}
	slices.SortFunc(p.Resources, func(a, b policy.Resource) int { return strings.Compare(a.Key, b.Key) })
	return p, faults
}

// onlyStar: "*" is the only value that a resource ever has (contract 3.4).
// Another one would be meant as a limit, and must not be taken for none.
func onlyStar(at, value string, keys ...string) []policy.Fault {
	if value == "*" {
		return nil
	}
	at += "/resources"
	for _, k := range keys {
		at += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(k)
	}
	return []policy.Fault{{Pointer: at, Message: `the value of a resource must be "*"`}}
}
