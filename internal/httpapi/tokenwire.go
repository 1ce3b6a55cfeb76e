package httpapi

import (
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/tokenwire"
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
	out.ExposedOn = wireTime(t.ExposedOn)
	if !t.Condition.IsZero() {
		out.Condition = &v4.Condition{RequestIP: &v4.RequestIP{In: t.Condition.In, NotIn: t.Condition.NotIn}}
	}
	if !t.RateLimit.IsZero() {
		out.RateLimit = &v4.RateLimit{Requests: t.RateLimit.Requests, Period: t.RateLimit.Period}
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
	out := v4.Policy{ID: p.ID, Effect: p.Effect.String(), Resources: tokenwire.Resources(p.Resources)}
	for _, id := range p.Groups {
		g, _ := a.authority.Catalog().Group(id)
		out.PermissionGroups = append(out.PermissionGroups, v4.GroupRef{ID: id, Name: g.Name})
	}
	return out
}
