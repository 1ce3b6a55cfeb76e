package v4

// TokenRequest is the body that creates or updates a token (contract 1.3, 1.5).
// An update replaces the whole definition; whether a member was left out or was
// null is kept apart, for whoever decides what either means. Unknown members are
// ignored, because clients send back what they were given.
type TokenRequest struct {
	Name      string           `json:"name" jsonschema:"1 to 120 characters"`
	Policies  []PolicyRequest  `json:"policies" jsonschema:"what the token may do; an empty list is a token that may do nothing"` // nil when absent or null; an empty list is a value
	Condition Field[Condition] `json:"condition,omitzero" jsonschema:"from which addresses the token works"`
	RateLimit Field[RateLimit] `json:"rate_limit,omitzero" jsonschema:"how many requests the token may make in a period; null for no limit of its own"`
	NotBefore Field[Time]      `json:"not_before,omitzero" jsonschema:"the token works from this time on"`
	ExpiresOn Field[Time]      `json:"expires_on,omitzero" jsonschema:"the token works until this time"`
	Status    Field[string]    `json:"status,omitzero" jsonschema:"\"active\" or \"disabled\"; an update without it keeps the status"`
}

// PolicyRequest is a policy in a request.
type PolicyRequest struct {
	ID               string            `json:"id,omitempty" jsonschema:"refused in a new token; in an update a policy that the token has keeps its id"` // create refuses one, update ignores it
	Effect           string            `json:"effect" jsonschema:"\"allow\" or \"deny\"; a deny wins"`
	PermissionGroups []GroupRefRequest `json:"permission_groups" jsonschema:"which permission groups it gives or takes away"`
	Resources        Resources         `json:"resources" jsonschema:"on what: keys of resources, each with \"*\", or with an object of resources that lie in it"`
}

// GroupRefRequest names a permission group. Only the id counts; the name and
// meta that clients send with it are ignored, whatever they are.
type GroupRefRequest struct {
	ID string `json:"id" jsonschema:"32 hexadecimal digits"`
}
