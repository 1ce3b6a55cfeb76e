package v4

// Account is an account in an answer (contract 1.8).
type Account struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Type      string          `json:"type"` // "standard" or "enterprise"
	CreatedOn MicroTime       `json:"created_on"`
	Settings  AccountSettings `json:"settings"`
	ManagedBy ManagedBy       `json:"managed_by"`
}

// AccountSettings are the settings of an account.
type AccountSettings struct {
	EnforceTwoFactor  bool    `json:"enforce_twofactor"`
	AbuseContactEmail *string `json:"abuse_contact_email"`
	// APIAccessEnabled is an extension: whether the tokens and keys of members
	// work here, unless a member's own setting says otherwise.
	APIAccessEnabled *bool `json:"api_access_enabled,omitempty"`
}

// AccountRequest is the body that creates or updates an account (contract 1.8).
type AccountRequest struct {
	ID       string                 `json:"id,omitempty" jsonschema:"in an update, as in the path"`
	Name     string                 `json:"name" jsonschema:"1 to 100 characters"`
	Type     string                 `json:"type,omitempty" jsonschema:"\"standard\" or \"enterprise\"; it cannot change"`
	Settings AccountSettingsRequest `json:"settings,omitzero" jsonschema:"what is left out stays"`
}

// AccountSettingsRequest are settings to change; what is left out stays.
type AccountSettingsRequest struct {
	EnforceTwoFactor  bool          `json:"enforce_twofactor,omitempty" jsonschema:"must be false: nothing here would enforce it"`
	AbuseContactEmail Field[string] `json:"abuse_contact_email,omitzero" jsonschema:"null for none"`
	APIAccessEnabled  Field[bool]   `json:"api_access_enabled,omitzero" jsonschema:"whether the tokens and keys of members work here"` // an extension
}

// UserRequest is the body that changes a user; what is left out stays.
type UserRequest struct {
	FirstName Field[string] `json:"first_name,omitzero" jsonschema:"at most 60 characters"`
	LastName  Field[string] `json:"last_name,omitzero" jsonschema:"at most 60 characters"`
	Telephone Field[string] `json:"telephone,omitzero" jsonschema:"at most 20 characters"`
	Country   Field[string] `json:"country,omitzero" jsonschema:"at most 30 characters"`
	Zipcode   Field[string] `json:"zipcode,omitzero" jsonschema:"at most 20 characters"`
}

// ManagedBy is the organization above an account, if any.
type ManagedBy struct {
	ParentOrgID   *string `json:"parent_org_id"`
	ParentOrgName *string `json:"parent_org_name"`
}

// User is the answer to GET /user (contract 1.8).
type User struct {
	ID        string  `json:"id"`
	Email     string  `json:"email"`
	FirstName *string `json:"first_name"`
	LastName  *string `json:"last_name"`
	Telephone *string `json:"telephone"`
	Country   *string `json:"country"`
	Zipcode   *string `json:"zipcode"`

	TwoFactorEnabled bool `json:"two_factor_authentication_enabled"`
	TwoFactorLocked  bool `json:"two_factor_authentication_locked"`
	Suspended        bool `json:"suspended"`

	Betas         List[string]       `json:"betas"`
	Organizations List[Organization] `json:"organizations"`

	HasProZones        bool `json:"has_pro_zones"`
	HasBusinessZones   bool `json:"has_business_zones"`
	HasEnterpriseZones bool `json:"has_enterprise_zones"`
}

// Organization is an organization that a user belongs to.
type Organization struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}
