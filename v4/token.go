package v4

// Values of Token.Status (contract 1.4).
const (
	StatusActive   = "active"
	StatusDisabled = "disabled"
	StatusExpired  = "expired"
	StatusExposed  = "revoked (exposed)" // found in public; rolling brings it back (contract 7.1)
)

// Values of Policy.Effect.
const (
	EffectAllow = "allow"
	EffectDeny  = "deny"
)

// Token is a token in an answer (contract 1.4).
type Token struct {
	ID         string       `json:"id"` // 32 lowercase hex digits
	Name       string       `json:"name"`
	Status     string       `json:"status"`
	IssuedOn   Time         `json:"issued_on"`
	ModifiedOn Time         `json:"modified_on"`
	LastUsedOn *Time        `json:"last_used_on"` // null before the first use
	NotBefore  *Time        `json:"not_before,omitempty"`
	ExpiresOn  *Time        `json:"expires_on,omitempty"`
	Policies   List[Policy] `json:"policies"`
	Condition  *Condition   `json:"condition,omitempty"`
	RateLimit  *RateLimit   `json:"rate_limit,omitempty"` // an extension of ours

	CreatorEmailAtCreation string `json:"creator_email_at_creation,omitempty"` // account tokens only

	// ExposedOn is an extension: when the token's secret was found in public.
	ExposedOn *Time `json:"exposed_on,omitempty"`

	Value string `json:"value,omitempty"` // the secret; only in the answer to create
}

// RateLimit is how many requests a token may make in a period, beside what its
// owner may. Upstream has no such member.
type RateLimit struct {
	Requests int `json:"requests" jsonschema:"1 to 1,000,000"`
	Period   int `json:"period" jsonschema:"1 to 86,400 seconds"`
}

// Policy is a policy of a token in an answer.
type Policy struct {
	ID               string         `json:"id"`
	Effect           string         `json:"effect"`
	Resources        Resources      `json:"resources"`
	PermissionGroups List[GroupRef] `json:"permission_groups"`
}

// GroupRef is a permission group in a policy of an answer.
type GroupRef struct {
	ID   string     `json:"id"`
	Name string     `json:"name"`
	Meta *GroupMeta `json:"meta,omitempty"`
}

// GroupMeta is what upstream says of a group inside a policy (contract 1.4).
type GroupMeta struct {
	Label  string `json:"label,omitempty"`
	Scopes string `json:"scopes,omitempty"`
}

// Verify is the result of the verify call (contract 1.6).
type Verify struct {
	ID        string `json:"id"`
	Status    string `json:"status"`
	NotBefore *Time  `json:"not_before,omitempty"`
	ExpiresOn *Time  `json:"expires_on,omitempty"`
}

// PermissionGroup is an entry of the list of permission groups (contract 1.7).
type PermissionGroup struct {
	ID          string       `json:"id"`
	Name        string       `json:"name"`
	Description string       `json:"description"`
	Category    string       `json:"category,omitempty"`
	Scopes      List[string] `json:"scopes"`
	Label       string       `json:"label,omitempty"`
}

// DeletedID is the result of a delete.
type DeletedID struct {
	ID string `json:"id"`
}
