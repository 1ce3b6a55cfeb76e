package v4

import "encoding/json"

// AuditLog is an entry of an audit log, version 1 (contract 1.8).
type AuditLog struct {
	ID        string            `json:"id"`
	Action    AuditAction       `json:"action"`
	Actor     AuditActor        `json:"actor"`
	Interface string            `json:"interface"` // "API", "UI" or "system"
	Metadata  map[string]string `json:"metadata"`
	NewValue  string            `json:"newValue"` // JSON, "" for none
	OldValue  string            `json:"oldValue"`
	Owner     AuditOwner        `json:"owner"` // the account, or the user
	Resource  AuditResource     `json:"resource"`
	When      MicroTime         `json:"when"`
}

// AuditAction is what was done, and whether it came about.
type AuditAction struct {
	Type   string `json:"type"` // "token_create"
	Result bool   `json:"result"`
}

// AuditActor is who did it. Type is "user", "account" or "system": the schema
// knows no account-owned tokens.
type AuditActor struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	IP    string `json:"ip"`
	Type  string `json:"type"`
}

// AuditOwner is whose log an entry is in.
type AuditOwner struct {
	ID string `json:"id"`
}

// AuditResource is what it was done to.
type AuditResource struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// AuditLogV2 is an entry of an account's audit log, version 2 (contract 1.8).
type AuditLogV2 struct {
	ID       string          `json:"id"`
	Account  AuditAccount    `json:"account"`
	Action   AuditActionV2   `json:"action"`
	Actor    AuditActorV2    `json:"actor"`
	Raw      AuditRaw        `json:"raw"`
	Resource AuditResourceV2 `json:"resource"`
	Zone     *AuditZone      `json:"zone,omitempty"`
}

// AuditAccount is the account whose log it is.
type AuditAccount struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// AuditActionV2 is what was done: Type is create, update, delete or view, Result
// success or failure, Description the type of version 1.
type AuditActionV2 struct {
	Description string    `json:"description"`
	Result      string    `json:"result"`
	Time        MicroTime `json:"time"`
	Type        string    `json:"type"`
}

// AuditActorV2 is who did it. Type is account when an account-owned token acted.
type AuditActorV2 struct {
	ID        string `json:"id,omitempty"`
	Type      string `json:"type"`
	Email     string `json:"email,omitempty"`
	IPAddress string `json:"ip_address,omitempty"`
	Context   string `json:"context,omitempty"`
	TokenID   string `json:"token_id,omitempty"`
	TokenName string `json:"token_name,omitempty"`
}

// AuditRaw is the request.
type AuditRaw struct {
	RayID      string `json:"cf_ray_id,omitempty"`
	Method     string `json:"method,omitempty"`
	StatusCode int    `json:"status_code,omitempty"`
	URI        string `json:"uri,omitempty"`
	UserAgent  string `json:"user_agent,omitempty"`
}

// AuditResourceV2 is what it was done to. Request is what the resource was to
// become, as it was carried out; bodies themselves are not kept. Old and the
// details of a refused attempt are members of our own.
type AuditResourceV2 struct {
	ID       string            `json:"id,omitempty"`
	Type     string            `json:"type,omitempty"`
	Product  string            `json:"product,omitempty"`
	Scope    string            `json:"scope,omitempty"` // accounts, user, zones or memberships
	Request  json.RawMessage   `json:"request,omitempty"`
	Response json.RawMessage   `json:"response,omitempty"`
	Old      json.RawMessage   `json:"old_value,omitempty"`
	Metadata map[string]string `json:"metadata,omitempty"`
}

// AuditZone is the zone it was done in.
type AuditZone struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// AuditCategory is a product category of audit logs and what it stands for.
type AuditCategory struct {
	Label    string              `json:"label"`
	Value    string              `json:"value"`
	Products List[AuditCategory] `json:"products,omitzero"`
}
