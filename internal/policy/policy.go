package policy

import "fmt"

// Limits of one token's policies. The v4 API names none; these keep a token's
// compiled form small and its check fast.
const (
	MaxPolicies        = 100  // policies of a token
	MaxPolicyGroups    = 512  // permission groups named in one policy
	MaxPolicyResources = 1000 // resources named in one policy, nested ones included
	MaxRules           = 5000 // resources named in all policies of a token together
	MaxPatterns        = 300  // of those, patterns of names, such as "TXT:_acme-challenge.*"
	MaxResourceKey     = 256  // bytes of a resource key
)

// Effect says whether a policy gives or takes away. The zero value takes away.
type Effect uint8

// The two effects.
const (
	Deny Effect = iota
	Allow
)

// String is the effect as written on the wire.
func (e Effect) String() string {
	if e == Allow {
		return "allow"
	}
	return "deny"
}

// ParseEffect reads "allow" or "deny", exactly.
func ParseEffect(s string) (Effect, bool) {
	switch s {
	case "allow":
		return Allow, true
	case "deny":
		return Deny, true
	}
	return Deny, false
}

// MarshalText writes the effect as on the wire.
func (e Effect) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads "allow" or "deny".
func (e *Effect) UnmarshalText(b []byte) error {
	got, ok := ParseEffect(string(b))
	if !ok {
		return fmt.Errorf("%q is not an effect: use \"allow\" or \"deny\"", b)
	}
	*e = got
	return nil
}

// Policy gives, or takes away, permission groups on resources.
type Policy struct {
	ID        string   // 32 hex, set by us
	Effect    Effect   //
	Groups    []string // ids of permission groups
	Resources []Resource
}

// Resource is one entry of a policy's resources, as written (contract 3.4): a
// flat key, or a key with the keys nested under it.
type Resource struct {
	Key    string   // "com.cloudflare.api.account.<id>", or ".*" for all
	Nested []string // nil for a flat entry
}

// Fault is one thing wrong with policies: where (a JSON pointer into the
// token's document) and what, as a sentence for the user.
type Fault struct {
	Pointer string
	Message string
}

// Rule is what a policy says about one pattern of resources, with names looked
// up in a vocabulary.
type Rule struct {
	Effect  Effect
	Pattern Pattern
	Groups  GroupSet
	Policy  int // index of the policy it comes from
}
