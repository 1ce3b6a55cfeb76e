package v4

// TokenRequest is the body that creates or updates a token (contract 1.3, 1.5).
// An update replaces the whole definition; whether a member was left out or was
// null is kept apart, for whoever decides what either means. Unknown members are
// ignored, because clients send back what they were given.
type TokenRequest struct {
	Name      string           `json:"name"`
	Policies  []PolicyRequest  `json:"policies,omitzero"` // nil when absent or null; an empty list is a value
	Condition Field[Condition] `json:"condition,omitzero"`
	NotBefore Field[Time]      `json:"not_before,omitzero"`
	ExpiresOn Field[Time]      `json:"expires_on,omitzero"`
	Status    Field[string]    `json:"status,omitzero"`
}

// PolicyRequest is a policy in a request.
type PolicyRequest struct {
	ID               string            `json:"id,omitempty"` // create refuses one, update ignores it
	Effect           string            `json:"effect"`
	PermissionGroups []GroupRefRequest `json:"permission_groups"`
	Resources        Resources         `json:"resources"`
}

// GroupRefRequest names a permission group. Only the id counts; the name and
// meta that clients send with it are ignored, whatever they are.
type GroupRefRequest struct {
	ID string `json:"id"`
}
