package tokenwire

import (
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/v4"
)

// Resources are the resources of a policy as the wire has them: a key with "*",
// or with the keys inside of it (contract 3.4).
func Resources(list []policy.Resource) v4.Resources {
	out := make(v4.Resources, len(list))
	for _, r := range list {
		if r.Nested == nil {
			out[r.Key] = v4.Resource{Value: "*"}
			continue
		}
		nested := make(map[string]string, len(r.Nested))
		for _, key := range r.Nested {
			nested[key] = "*"
		}
		out[r.Key] = v4.Resource{Nested: nested}
	}
	return out
}
