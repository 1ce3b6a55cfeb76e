package v4

// Member is a member of an account (contract 1.8).
type Member struct {
	ID       string             `json:"id"`
	Email    string             `json:"email"`
	Status   string             `json:"status"` // "accepted", "pending" or "rejected"
	User     MemberUser         `json:"user"`
	Roles    List[Role]         `json:"roles"`
	Policies List[MemberPolicy] `json:"policies"`
}

// MemberUser is what the other members see of a user.
type MemberUser struct {
	ID               string  `json:"id"`
	Email            string  `json:"email"`
	FirstName        *string `json:"first_name"`
	LastName         *string `json:"last_name"`
	TwoFactorEnabled bool    `json:"two_factor_authentication_enabled"`
}

// Role is a role that members have in an account.
type Role struct {
	ID          string               `json:"id"`
	Name        string               `json:"name"`
	Description string               `json:"description"`
	Permissions map[string]ReadWrite `json:"permissions"`
}

// ReadWrite is what a role may do in one area, such as "analytics".
type ReadWrite struct {
	Read  bool `json:"read"`
	Write bool `json:"write"`
}

// MemberPolicy is a policy of a member, in a grammar of its own (contract 3.4).
type MemberPolicy struct {
	ID               string              `json:"id"`
	Access           string              `json:"access"` // "allow" or "deny"
	PermissionGroups List[GroupRef]      `json:"permission_groups"`
	ResourceGroups   List[ResourceGroup] `json:"resource_groups"`
}

// ResourceGroup is a named set of resources.
type ResourceGroup struct {
	ID    string             `json:"id"`
	Name  string             `json:"name"`
	Meta  map[string]string  `json:"meta,omitempty"`
	Scope ResourceGroupScope `json:"scope"`
}

// ResourceGroupScope is where a resource group applies.
type ResourceGroupScope struct {
	Key     string                      `json:"key"`
	Objects List[ResourceGroupScopeObj] `json:"objects"`
}

// ResourceGroupScopeObj is one resource below a scope, or "*".
type ResourceGroupScopeObj struct {
	Key string `json:"key"`
}

// Membership is a user's own view of being a member (contract 1.8).
type Membership struct {
	ID               string               `json:"id"`
	Status           string               `json:"status"`
	Account          Account              `json:"account"`
	Roles            List[string]         `json:"roles"` // names
	APIAccessEnabled *bool                `json:"api_access_enabled"`
	Permissions      map[string]ReadWrite `json:"permissions"`
}
