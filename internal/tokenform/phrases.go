package tokenform

import (
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// phrasing puts resources into words.
type phrasing struct {
	names Names
	basis Basis
}

// of is the words for each thing that a policy's resource is, for groups that
// act on a scope: "all zones of Acme".
func (p phrasing) of(r policy.Resource, scope string) []string {
	kind, id := splitKey(r.Key)
	if r.Nested == nil {
		return []string{p.flat(kind, id, r.Key, scope)}
	}
	var out []string
	for _, key := range r.Nested {
		innerKind, innerID := splitKey(key)
		inner := p.flat(innerKind, innerID, key, innerKind)
		switch {
		case id == catalog.All && !p.basis.forAccount():
			// it means what the inner key means by itself
		case kind == catalog.KindAccount && innerID == catalog.All:
			inner += " of " + p.account(id)
		case kind == catalog.KindAccount:
			inner += " in " + p.account(id)
		default:
			inner += " in " + r.Key
		}
		out = append(out, inner)
	}
	return out
}

func (p phrasing) flat(kind, id, key, scope string) string {
	every := id == catalog.All
	switch kind {
	case catalog.KindAccount:
		return p.whole(id, scope)
	case catalog.KindZone:
		if every {
			return "all zones"
		}
		return p.names.of("zone", id)
	case catalog.KindBucket:
		if every {
			return "all R2 buckets"
		}
		return "the R2 bucket " + id
	case catalog.KindUser:
		if id == p.basis.Owner.ID {
			return "its user"
		}
		return p.names.of("user", id)
	}
	return key
}

// whole is an account, and all in it on which the scope's groups act.
func (p phrasing) whole(id, scope string) string {
	what, below := "the account "+p.account(id), " and all its "
	if id == catalog.All && !p.basis.forAccount() {
		what, below = "all accounts", " and all their "
	}
	switch scope {
	case catalog.KindZone:
		return what + below + "zones"
	case catalog.KindBucket:
		return what + below + "R2 buckets"
	}
	return what
}

// account is an account's name; every account is, to an account's token, its own.
func (p phrasing) account(id string) string {
	if id == catalog.All {
		id = p.basis.Owner.ID
	}
	return p.names.of("account", id)
}
