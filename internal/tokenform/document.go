package tokenform

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/tokenwire"
	"github.com/tokenward/tokenward/v4"
)

// document is a token's definition as the API takes it. Members stand in the
// order in which people read them; the filter has one of its
// two names.
type document struct {
	Name      string             `json:"name"`
	Policies  []documentPolicy   `json:"policies"`
	Condition *documentCondition `json:"condition,omitempty"`
	RateLimit *v4.RateLimit      `json:"rate_limit,omitempty"`
	NotBefore *v4.Time           `json:"not_before,omitempty"`
	ExpiresOn *v4.Time           `json:"expires_on,omitempty"`
	Status    string             `json:"status,omitempty"`
}

type documentPolicy struct {
	ID        string          `json:"id,omitempty"`
	Effect    string          `json:"effect"`
	Groups    []documentGroup `json:"permission_groups"`
	Resources v4.Resources    `json:"resources"`
}

// documentGroup carries a name for the reader; the API looks at the id.
type documentGroup struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

type documentCondition struct {
	RequestIP v4.RequestIP `json:"request_ip"`
}

// Document writes a draft as the JSON that the API takes, indented, with a line
// break at its end.
func (p *Picker) Document(d *authority.Draft) (string, error) {
	out := document{
		Name: d.Name, Policies: make([]documentPolicy, 0, len(d.Policies)), Status: string(d.Status),
		NotBefore: wireTime(d.NotBefore), ExpiresOn: wireTime(d.ExpiresOn),
	}
	for i := range d.Policies {
		out.Policies = append(out.Policies, p.policy(&d.Policies[i]))
	}
	if !d.Condition.IsZero() {
		out.Condition = &documentCondition{v4.RequestIP{In: d.Condition.In, NotIn: d.Condition.NotIn}}
	}
	if l := d.RateLimit; l != nil {
		out.RateLimit = &v4.RateLimit{Requests: l.Requests, Period: l.Period}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(out)
	return b.String(), err
}

func wireTime(t time.Time) *v4.Time {
	if t.IsZero() {
		return nil
	}
	at := v4.At(t)
	return &at
}

func (p *Picker) policy(in *policy.Policy) documentPolicy {
	out := documentPolicy{ID: in.ID, Effect: in.Effect.String(), Groups: make([]documentGroup, 0, len(in.Groups)), Resources: tokenwire.Resources(in.Resources)}
	for _, id := range in.Groups {
		g, _ := p.catalog.Group(id)
		out.Groups = append(out.Groups, documentGroup{ID: id, Name: g.Name})
	}
	return out
}
