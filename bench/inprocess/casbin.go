package inprocess

import (
	"strconv"

	"github.com/casbin/casbin/v2"
	casbinmodel "github.com/casbin/casbin/v2/model"

	"github.com/tokenward/tokenward/bench/model"
)

// rules is the model in casbin's words. A policy's zones are a role of resources,
// so a token has a rule for each policy and group, not for each zone. The cheap
// half of the matcher comes first.
const rules = `
[request_definition]
r = obj, act
[policy_definition]
p = obj, act, eft
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.act == p.act && g(r.obj, p.obj)
`

// casbinSubject is casbin, with an enforcer for each token: it tries all rules that
// an enforcer has, and its documentation has large sets of rules divided so that
// each enforcer holds a small one.
func casbinSubject(m *model.Model) *subject {
	tokens := make([]*casbin.Enforcer, m.Tokens)
	return &subject{
		load: func(n int) error {
			words, err := casbinmodel.NewModelFromString(rules)
			if err != nil {
				return err
			}
			e, err := casbin.NewEnforcer(words)
			if err != nil {
				return err
			}
			var holds, within [][]string
			for i, zones := range m.Policies(n) {
				role := "policy " + strconv.Itoa(i)
				for _, name := range model.Names {
					holds = append(holds, []string{role, name, "allow"})
				}
				for _, z := range zones {
					within = append(within, []string{z, role})
				}
			}
			if _, err := e.AddPolicies(holds); err != nil {
				return err
			}
			if _, err := e.AddGroupingPolicies(within); err != nil {
				return err
			}
			tokens[n] = e
			// The first question has the matcher compiled and the zone's roles found,
			// which is kept.
			_, err = e.Enforce(m.Zone(n), model.Asked)
			return err
		},
		byNumber: func(n int, zone string) (bool, error) { return tokens[n].Enforce(zone, model.Asked) },
	}
}
