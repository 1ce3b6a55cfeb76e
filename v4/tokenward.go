package v4

// Objects of tokenward's own, below /tokenward. No other v4 API has them.

// Values of Template.Owner.
const (
	OwnerUser    = "user"
	OwnerAccount = "account"
)

// Values of TemplateResource.Choice.
const (
	ChoiceOwn    = "own"    // the token's owner, whoever that is
	ChoiceAll    = "all"    // filled in with every resource of the scope; may be narrowed
	ChoiceChoose = "choose" // some must be named
	ChoiceFixed  = "fixed"  // the template says which
)

// Template is a token to start from.
type Template struct {
	Key              string                 `json:"key"`
	Owner            string                 `json:"owner"` // whose tokens it is for
	Name             string                 `json:"name"`
	Description      string                 `json:"description"`
	PermissionGroups List[PermissionGroup]  `json:"permission_groups"`
	Resources        List[TemplateResource] `json:"resources"`
}

// TemplateResource says where the resources of a scope come from.
type TemplateResource struct {
	Scope  string `json:"scope"` // "com.cloudflare.api.account.zone"
	Choice string `json:"choice"`

	// Of records of zones, where the permission groups that can be given on
	// records hold on those only.
	Types List[string] `json:"types,omitempty"` // "TXT"
	Name  string       `json:"name,omitempty"`  // "_acme-challenge.*"; absent with ChoiceChoose
}

// Compatibility says which products take tokens that an account owns.
type Compatibility struct {
	Version  string                     `json:"version"` // the table in force
	Versions List[CompatibilityVersion] `json:"versions"`
	Products List[Product]              `json:"products"`
}

// CompatibilityVersion is one of the tables that a server can be run with.
type CompatibilityVersion struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

// Product is a row of the table in force.
type Product struct {
	Name       string       `json:"name"`
	Compatible *bool        `json:"compatible"` // null: the table does not have the product
	Enforced   bool         `json:"enforced"`   // tokens of accounts are refused on its paths
	Paths      List[string] `json:"paths"`      // of its operations; /** is all below
}
