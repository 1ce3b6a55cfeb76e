package catalog

import "github.com/tokenward/tokenward/internal/policy"

// Operation is a method on a path template, and what it takes to be allowed
// to call it. It is immutable.
type Operation struct {
	ID         string
	Method     string
	Template   string // "/zones/{zone_id}/dns_records"
	Product    string
	Summary    string
	Permission string // the internal permission, comma-separated if several, "" if not stated

	Rule   Rule
	Family Family
	Target Target

	// Accepted are the groups of which any one is enough. It is never nil, and
	// empty where nobody stated the groups.
	Accepted *policy.GroupSet

	UserOnly   bool // refuses account tokens by nature: /user/**, /memberships/**
	Deprecated bool

	// Records is the kind of the records that it acts on, each of which may be
	// judged by itself; zero where it acts on none.
	Records policy.KindNo

	// Incompatible is the product that refuses tokens owned by an account here,
	// by the compatibility table in force; "" where they are taken.
	Incompatible string

	params []param
	refs   []refAt // the resource and what it lies in, as far as the path says
	slash  bool    // the last segment is static: a GET may carry a trailing slash

	custom *custom // of an operation of a custom catalogue
}

// Rule is how an operation is judged. The zero value denies.
type Rule uint8

// Rules.
const (
	Unstated Rule = iota // nobody stated the groups: denied to everyone
	Groups               // any one of Accepted on the resource
	Live                 // any live credential; the handler judges rows or body
	Known                // any known credential, live or not
	Person               // a user's API key or session, no token
	Public               // anyone: the handler judges a secret in the body
	Rows                 // any live credential; only rows that Accepted allows are shown
)

// String is the rule's name as the overlay spells it.
func (r Rule) String() string { return nameAt(ruleNames[:], int(r)) }

var ruleNames = [...]string{"unstated", "groups", "live", "known", "person", "public", "rows"}

// Family is the way an operation words its refusals (token contract, 2.2).
type Family uint8

// Families.
const (
	FamilyProduct Family = iota // product services
	FamilyCore                  // /user, /accounts, /zones, tokens, members, roles
	FamilyVerify                // .../tokens/verify
	FamilyZone                  // /zones/{zone_id} and below
)

// String is the family's name.
func (f Family) String() string { return nameAt(familyNames[:], int(f)) }

var familyNames = [...]string{"product", "core", "verify", "zone"}

// Target is the resource an operation acts on, as far as its path says. What
// has no target must not be forwarded to an upstream on the strength of a
// policy: the upstream credential would be a confused deputy.
type Target uint8

// Targets.
const (
	TargetNone     Target = iota // the path names no resource
	TargetUser                   // the caller's own user, which no path names
	TargetAccount                // the path's account
	TargetZone                   // the path's zone; its account is for the caller to add
	TargetBucket                 // the path's R2 bucket, then its account
	TargetAnywhere               // what belongs to nobody: the groups count wherever the caller holds them
	TargetPlaces                 // what Places says, in a custom catalogue
)

// String is the target's name.
func (t Target) String() string { return nameAt(targetNames[:], int(t)) }

var targetNames = [...]string{"none", "user", "account", "zone", "bucket", "anywhere", "places"}

func nameAt(names []string, i int) string {
	if i >= len(names) {
		return "invalid"
	}
	return names[i]
}
