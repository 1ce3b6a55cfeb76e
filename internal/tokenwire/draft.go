package tokenwire

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/v4"
)

// Draft reads a token's definition. What cannot be said in a Draft goes into
// its faults; the rest is the authority's to judge.
func Draft(in *v4.TokenRequest) authority.Draft {
	d := authority.Draft{Name: in.Name, Status: authority.Status(in.Status.Value)}
	d.NotBefore, d.ExpiresOn = in.NotBefore.Value.Time, in.ExpiresOn.Value.Time
	if ip := in.Condition.Value.RequestIP; ip != nil {
		d.Condition = policy.Condition{In: ip.In, NotIn: ip.NotIn}
	}
	if l := in.RateLimit.Ptr(); l != nil {
		d.RateLimit = &authority.RateLimit{Requests: l.Requests, Period: l.Period}
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
