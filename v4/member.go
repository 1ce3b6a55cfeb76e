package v4

// Member is a member of an account (contract 1.8).
type Member struct {
	ID       string             `json:"id"`
	Email    string             `json:"email"`
	Status   string             `json:"status"` // "accepted", "pending" or "rejected"
	User     MemberUser         `json:"user"`
	Roles    List[Role]         `json:"roles"`
	Policies List[MemberPolicy] `json:"policies"`

	// APIAccessEnabled is an extension: whether the member's tokens and keys work
	// in the account, null for as the account says.
	APIAccessEnabled *bool `json:"api_access_enabled"`
	// InvitationLink is an extension: in the answer to an invitation, where
	// somebody who is no user yet accepts it, if it was not sent by mail.
	InvitationLink string `json:"invitation_link,omitempty"`
	// InvitationNote says beside it what became of the mail. It is not in the
	// envelope's messages, because classic clients read those of a member as
	// strings and take the answer for a failure.
	InvitationNote string `json:"invitation_note,omitempty"`
}

// MemberUser is what the other members see of a user.
type MemberUser struct {
	ID               string  `json:"id"`
	Email            string  `json:"email"`
	FirstName        *string `json:"first_name"`
	LastName         *string `json:"last_name"`
	TwoFactorEnabled bool    `json:"two_factor_authentication_enabled"`
}

// MemberRequest is the body that invites a member or changes one: with roles, or
// with policies (contract 1.8). What clients send back of an answer is ignored.
type MemberRequest struct {
	Email            string                `json:"email,omitempty" jsonschema:"whom to invite; of no meaning in an update"`
	Roles            []RoleRef             `json:"roles,omitempty" jsonschema:"roles on the whole account, as ids or as objects with an id; roles or policies must be given"`
	Policies         []MemberPolicyRequest `json:"policies,omitempty" jsonschema:"roles on parts of the account"`
	Status           string                `json:"status,omitempty" jsonschema:"of an invitation: \"pending\", or \"accepted\" where a Super Administrator needs no answer"`
	APIAccessEnabled Field[bool]           `json:"api_access_enabled,omitzero" jsonschema:"whether the member's tokens and keys work here, null for as the account says; only a Super Administrator may give it"` // an extension
}

// RoleRef names a role: create sends ids, update objects with an id.
type RoleRef struct{ ID string }

// UnmarshalJSON takes "id" and {"id": "id"}.
func (r *RoleRef) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return unmarshal(b, &r.ID, false)
	}
	var ref GroupRefRequest
	err := unmarshal(b, &ref, false)
	r.ID = ref.ID
	return err
}

// MemberPolicyRequest is a policy in the body that invites or changes a member.
type MemberPolicyRequest struct {
	ID               string            `json:"id,omitempty" jsonschema:"of a policy that the member has"`
	Access           string            `json:"access" jsonschema:"\"allow\" or \"deny\"; a deny wins"`
	PermissionGroups []GroupRefRequest `json:"permission_groups" jsonschema:"which roles it gives or takes away, from .../iam/permission_groups"`
	ResourceGroups   []GroupRefRequest `json:"resource_groups" jsonschema:"on what, from .../iam/resource_groups"`
}

// MemberPermissionGroup is a set of permissions that policies of members give
// (contract 7.4). It is not a permission group of tokens.
type MemberPermissionGroup struct {
	ID   string            `json:"id"`
	Name string            `json:"name"`
	Meta map[string]string `json:"meta"`
}

// ResourceGroupRequest is the body that creates or updates a resource group.
type ResourceGroupRequest struct {
	Name  string                     `json:"name,omitempty" jsonschema:"unique in the account; an update without it keeps the name"`
	Scope *ResourceGroupScopeRequest `json:"scope,omitempty" jsonschema:"what is in it; an update without it keeps that"`
}

// ResourceGroupScopeRequest is a scope in a request.
type ResourceGroupScopeRequest struct {
	Key     string                  `json:"key" jsonschema:"the account that it lies in"`
	Objects []ResourceGroupScopeObj `json:"objects" jsonschema:"keys of zones, or \"*\" for everything"`
}

// Invite is an invitation as the one who is invited sees it.
type Invite struct {
	ID                 string       `json:"id"`
	InvitedMemberID    string       `json:"invited_member_id"`
	InvitedMemberEmail string       `json:"invited_member_email"`
	OrganizationID     string       `json:"organization_id"`
	OrganizationName   string       `json:"organization_name"`
	EnforcesTwoFactor  bool         `json:"organization_is_enforcing_twofactor"`
	Roles              List[string] `json:"roles"` // names
	InvitedBy          string       `json:"invited_by"`
	InvitedOn          MicroTime    `json:"invited_on"`
	ExpiresOn          MicroTime    `json:"expires_on"`
	Status             string       `json:"status"` // "accepted", "pending", "rejected" or "expired"
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
	Key string `json:"key" jsonschema:"the key of a zone, or \"*\""`
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
