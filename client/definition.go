package client

import "github.com/tokenward/tokenward/v4"

// Definition is the request that would give a token the definition that t has:
// change what is to change and pass it to [Owner.Update]. Two updates of one
// token at the same time are not noticed: the API has no means for it. Only
// tokenward has one, see [Owner.UpdateVersion].
//
// Only active and disabled can be set as a status; any other is left out, and
// stays.
func Definition(t v4.Token) v4.TokenRequest {
	r := v4.TokenRequest{Name: t.Name, Policies: []v4.PolicyRequest{}}
	for _, p := range t.Policies {
		r.Policies = append(r.Policies, policyRequest(p))
	}
	if t.Condition != nil {
		r.Condition = v4.Set(*t.Condition)
	}
	if t.RateLimit != nil {
		r.RateLimit = v4.Set(*t.RateLimit)
	}
	if t.NotBefore != nil {
		r.NotBefore = v4.Set(*t.NotBefore)
	}
	if t.ExpiresOn != nil {
		r.ExpiresOn = v4.Set(*t.ExpiresOn)
	}
	if t.Status == v4.StatusActive || t.Status == v4.StatusDisabled {
		r.Status = v4.Set(t.Status)
	}
	return r
}

// Narrowed is the definition of t with the policies that were suggested for it.
// Pass it to [Owner.UpdateVersion] with the suggestion's version.
func Narrowed(t v4.Token, s v4.TokenSuggestion) v4.TokenRequest {
	t.Policies = s.Policies
	return Definition(t)
}

func policyRequest(p v4.Policy) v4.PolicyRequest {
	r := v4.PolicyRequest{ID: p.ID, Effect: p.Effect, Resources: p.Resources, PermissionGroups: []v4.GroupRefRequest{}}
	for _, g := range p.PermissionGroups {
		r.PermissionGroups = append(r.PermissionGroups, v4.GroupRefRequest{ID: g.ID})
	}
	return r
}
