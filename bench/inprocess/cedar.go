package inprocess

import (
	"fmt"
	"iter"
	"strings"

	"github.com/cedar-policy/cedar-go"

	"github.com/tokenward/tokenward/bench/model"
)

// slice is the policies of one token. Cedar takes any set of policies that can be
// walked, and recommends to hand it only those that can be about the principal.
type slice []*cedar.Policy

func (s slice) All() iter.Seq2[cedar.PolicyID, *cedar.Policy] {
	return func(yield func(cedar.PolicyID, *cedar.Policy) bool) {
		for _, p := range s {
			if !yield("", p) {
				return
			}
		}
	}
}

// cedarSubject is cedar-go, with policies for each token. It compiles a policy as
// it reads it, and makes a hashed set of the zones that it names.
func cedarSubject(m *model.Model) *subject {
	tokens := make([]slice, m.Tokens)
	actions := make([]string, len(model.Names))
	for i, name := range model.Names {
		actions[i] = cedar.NewEntityUID("Action", cedar.String(name)).String()
	}
	asked := cedar.NewEntityUID("Action", model.Asked)
	return &subject{
		load: func(n int) error {
			for _, zones := range m.Policies(n) {
				p := new(cedar.Policy)
				text := fmt.Sprintf(`permit(principal, action in [%s], resource) when { [Zone::"%s"].contains(resource) };`,
					strings.Join(actions, ", "), strings.Join(zones, `", Zone::"`))
				if err := p.UnmarshalCedar([]byte(text)); err != nil {
					return err
				}
				tokens[n] = append(tokens[n], p)
			}
			return nil
		},
		byNumber: func(n int, zone string) (bool, error) {
			decision, d := cedar.Authorize(tokens[n], nil, cedar.Request{
				Principal: cedar.EntityUID{Type: "Token", ID: "holder"}, Action: asked, Resource: cedar.EntityUID{Type: "Zone", ID: cedar.String(zone)},
			})
			if len(d.Errors) > 0 {
				return false, fmt.Errorf("%s", d.Errors[0].Message)
			}
			return decision == cedar.Allow, nil
		},
	}
}
