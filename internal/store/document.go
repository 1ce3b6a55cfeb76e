package store

import (
	"fmt"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// document is what a token says about rights, as the database keeps it: one JSON text,
// because it is read and replaced as a whole. Its names are the database's own, so
// that renaming a Go field changes no stored token. nil and empty lists differ: a
// condition with an empty list lets nobody in.
type document struct {
	Policies []policyDocument `json:"policies"`
	In       []string         `json:"in,omitzero"`
	NotIn    []string         `json:"not_in,omitzero"`
}

type policyDocument struct {
	ID        string             `json:"id"`
	Effect    string             `json:"effect"`
	Groups    []string           `json:"groups"`
	Resources []resourceDocument `json:"resources"`
}

type resourceDocument struct {
	Key    string   `json:"key"`
	Nested []string `json:"nested,omitzero"`
}

func tokenDocument(t *authority.Token) (string, error) {
	d := document{In: t.Condition.In, NotIn: t.Condition.NotIn}
	if t.Policies != nil {
		d.Policies = make([]policyDocument, len(t.Policies))
	}
	for i, p := range t.Policies {
		d.Policies[i] = policyDocument{ID: p.ID, Effect: p.Effect.String(), Groups: p.Groups}
		if p.Resources != nil {
			d.Policies[i].Resources = make([]resourceDocument, len(p.Resources))
		}
		for j, r := range p.Resources {
			d.Policies[i].Resources[j] = resourceDocument(r)
		}
	}
	return jsonText(d)
}

// documentColumn scans a document into its token. One that cannot be read is an error,
// never a token with fewer policies: a lost deny would allow.
type documentColumn struct{ t *authority.Token }

func (c documentColumn) Scan(v any) error {
	var d document
	if err := (jsonColumn{&d}).Scan(v); err != nil {
		return err
	}
	c.t.Condition = policy.Condition{In: d.In, NotIn: d.NotIn}
	if d.Policies != nil {
		c.t.Policies = make([]policy.Policy, len(d.Policies))
	}
	for i, p := range d.Policies {
		effect, ok := policy.ParseEffect(p.Effect)
		if !ok {
			return fmt.Errorf("policy %s has the effect %q", p.ID, p.Effect)
		}
		c.t.Policies[i] = policy.Policy{ID: p.ID, Effect: effect, Groups: p.Groups}
		if p.Resources != nil {
			c.t.Policies[i].Resources = make([]policy.Resource, len(p.Resources))
		}
		for j, r := range p.Resources {
			c.t.Policies[i].Resources[j] = policy.Resource(r)
		}
	}
	return nil
}

// digestColumn scans a digest; NULL is the zero digest.
type digestColumn struct{ d *token.Digest }

func (c digestColumn) Scan(v any) error {
	if v == nil {
		*c.d = token.Digest{}
		return nil
	}
	b, ok := v.([]byte)
	if !ok || len(b) != len(c.d) {
		return fmt.Errorf("a digest is %T of %d bytes", v, len(b))
	}
	copy(c.d[:], b)
	return nil
}
