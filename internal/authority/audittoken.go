package authority

import (
	"encoding/json"
	"time"

	"github.com/tokenward/tokenward/internal/policy"
)

// tokenAudit is what an event keeps of a token, spelled as the API spells it:
// all but its secret's digest and what changes by itself.
type tokenAudit struct {
	Name      string          `json:"name"`
	Status    Status          `json:"status"`
	Policies  []policyAudit   `json:"policies"`
	Condition *conditionAudit `json:"condition,omitempty"`
	RateLimit *limitAudit     `json:"rate_limit,omitempty"`
	NotBefore *time.Time      `json:"not_before,omitempty"`
	ExpiresOn *time.Time      `json:"expires_on,omitempty"`
}

type policyAudit struct {
	ID        string         `json:"id"`
	Effect    policy.Effect  `json:"effect"`
	Groups    []groupAudit   `json:"permission_groups"`
	Resources map[string]any `json:"resources"` // "*", or what is nested
}

type groupAudit struct {
	ID string `json:"id"`
}

type conditionAudit struct {
	RequestIP struct {
		In    []string `json:"in,omitzero"`
		NotIn []string `json:"not_in,omitzero"`
	} `json:"request_ip"`
}

type limitAudit struct {
	Requests int `json:"requests"`
	Period   int `json:"period"`
}

func auditToken(t *Token) json.RawMessage {
	if t == nil {
		return nil
	}
	out := tokenAudit{
		Name: t.Name, Status: t.Status, Policies: []policyAudit{},
		NotBefore: timeOrNil(t.NotBefore), ExpiresOn: timeOrNil(t.ExpiresOn),
	}
	for i := range t.Policies {
		out.Policies = append(out.Policies, auditPolicy(&t.Policies[i]))
	}
	if !t.Condition.IsZero() {
		out.Condition = new(conditionAudit)
		out.Condition.RequestIP.In, out.Condition.RequestIP.NotIn = t.Condition.In, t.Condition.NotIn
	}
	if !t.RateLimit.IsZero() {
		out.RateLimit = &limitAudit{t.RateLimit.Requests, t.RateLimit.Period}
	}
	return auditJSON(out)
}

func auditPolicy(p *policy.Policy) policyAudit {
	out := policyAudit{ID: p.ID, Effect: p.Effect, Groups: []groupAudit{}, Resources: make(map[string]any, len(p.Resources))}
	for _, id := range p.Groups {
		out.Groups = append(out.Groups, groupAudit{id})
	}
	for _, r := range p.Resources {
		if r.Nested == nil {
			out.Resources[r.Key] = "*"
			continue
		}
		nested := make(map[string]string, len(r.Nested))
		for _, key := range r.Nested {
			nested[key] = "*"
		}
		out.Resources[r.Key] = nested
	}
	return out
}
