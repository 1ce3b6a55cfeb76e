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
	picker := p.basis.Picker
	kind, id := picker.split(r.Key)
	if r.Nested == nil {
		return []string{p.flat(kind, id, r.Key, scope)}
	}
	records, rest := recordsAmong(r.Nested)
	out := p.records(records, r.Key)
	for _, key := range rest {
		innerKind, innerID := picker.split(key)
		inner := p.flat(innerKind, innerID, key, innerKind)
		if picker.kinds[innerKind] != nil && id != catalog.All {
			out = append(out, p.within(innerKind, innerID, kind, id))
			continue
		}
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
	if k := p.basis.Picker.kinds[kind]; k != nil {
		return k.words(id, nil)
	}
	return key
}

// within is a resource of a custom kind that lies in an account or in a resource
// of another custom kind.
func (p phrasing) within(innerKind, innerID, kind, id string) string {
	inner, holder := p.basis.Picker.kinds[innerKind], p.basis.Picker.kinds[kind]
	switch {
	case holder != nil:
		return inner.words(innerID, holder) + " of " + holder.words(id, nil)
	case innerID == catalog.All:
		return inner.words(innerID, nil) + " of " + p.account(id)
	}
	return inner.words(innerID, nil) + " in " + p.account(id)
}

// words is one resource of a kind, or all. An id may stand in several resources
// that hold it: unless it is said that they lie in holder, it means each.
func (k *kind) words(id string, holder *kind) string {
	if id == catalog.All {
		return "all " + plural(k.word)
	}
	text := k.word + " " + id
	if len(id) > maxWords {
		text = k.word + " " + id[:maxWords] + "…"
	}
	if k.in != nil && k.in != holder {
		text += " of any " + k.in.word
	}
	return text
}

// maxWords is how much of an id stands in a sentence.
const maxWords = 64

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
	if k := p.basis.Picker.kinds[scope]; k != nil {
		return what + below + plural(k.word)
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
