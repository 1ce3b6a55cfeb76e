package tokenform

import (
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// class is where permission groups of the form hold: a group acts only on
// resources of its own scope, so each class has its own policies.
type class uint8

const (
	onAccounts class = iota // account groups, and those of R2 buckets on whole accounts
	onZones
	onUser    // the token's own user, which has no row
	onRecords // groups of zones that are held to records
	onCustom  // with a policy.KindNo added: a kind of a custom catalogue

	classes = onCustom + policy.MaxKinds
)

// classOf is the class of a scope.
func (p *Picker) classOf(scope string) (class, bool) {
	switch scope {
	case catalog.KindAccount, catalog.KindBucket:
		return onAccounts, true
	case catalog.KindZone:
		return onZones, true
	case catalog.KindUser:
		return onUser, true
	}
	if k := p.kinds[scope]; k != nil {
		return onCustom + class(k.no), true
	}
	return 0, false
}

// rowClass is the class of the permissions that the row is for; false for a kind
// that is none.
func (p *Picker) rowClass(r Resource) (class, bool) {
	switch r.Kind {
	case AllAccounts, OneAccount:
		return onAccounts, true
	case AllZones, ZonesOfAccount, OneZone:
		return onZones, true
	case ZoneRecords, AccountRecords:
		return onRecords, true
	}
	if c, ok := p.customRow(r.Kind); ok {
		return onCustom + class(c.kind.no), true
	}
	return 0, false
}

// noun is what the class is called.
func (p *Picker) noun(c class) string {
	if c < onCustom {
		return [...]string{"accounts", "zones", "the user", "records"}[c]
	}
	return plural(p.kinds[p.catalog.Vocabulary().KindName(policy.KindNo(c-onCustom))].word)
}
