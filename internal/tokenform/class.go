package tokenform

import "github.com/tokenward/tokenward/internal/catalog"

// class is where permission groups of the form hold: a group acts only on
// resources of its own scope, so each class has its own policies.
type class uint8

const (
	onAccounts class = iota // account groups, and those of R2 buckets on whole accounts
	onZones
	onUser // the token's own user, which has no row
	classes
)

// classOf is the class of a scope; not every catalogue's scopes have one.
func classOf(scope string) (class, bool) {
	switch scope {
	case catalog.KindAccount, catalog.KindBucket:
		return onAccounts, true
	case catalog.KindZone:
		return onZones, true
	case catalog.KindUser:
		return onUser, true
	}
	return 0, false
}

// class is the class of the permissions that the row is for; false for a kind
// that is none.
func (r Resource) class() (class, bool) {
	switch r.Kind {
	case AllAccounts, OneAccount:
		return onAccounts, true
	case AllZones, ZonesOfAccount, OneZone:
		return onZones, true
	}
	return 0, false
}

// noun is what the class is called.
func (c class) noun() string { return [...]string{"accounts", "zones", "the user"}[c] }
