package v4

// Zone is a zone in an answer, with every member that the schema requires
// (contract 1.8).
type Zone struct {
	ID              string `json:"id"`
	Name            string `json:"name"`
	Status          string `json:"status"`
	Paused          bool   `json:"paused"`
	Type            string `json:"type"`             // "full", "partial", "secondary" or "internal"
	DevelopmentMode int    `json:"development_mode"` // seconds left; 0 is off

	Account ZoneAccount `json:"account"`
	Owner   ZoneOwner   `json:"owner"`
	Meta    ZoneMeta    `json:"meta"`

	NameServers         List[string] `json:"name_servers"`
	OriginalNameServers []string     `json:"original_name_servers"` // null when unknown
	OriginalRegistrar   *string      `json:"original_registrar"`
	OriginalDNSHost     *string      `json:"original_dnshost"`
	VanityNameServers   []string     `json:"vanity_name_servers,omitzero"`
	VerificationKey     string       `json:"verification_key,omitempty"` // partial zones only

	Permissions List[string] `json:"permissions"` // such as "#zone:read"
	Plan        Plan         `json:"plan"`

	CreatedOn   MicroTime  `json:"created_on"`
	ModifiedOn  MicroTime  `json:"modified_on"`
	ActivatedOn *MicroTime `json:"activated_on"` // null before activation
}

// ZoneAccount is the account that a zone is in.
type ZoneAccount struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ZoneOwner is who a zone belongs to.
type ZoneOwner struct {
	ID    *string `json:"id"`
	Name  *string `json:"name,omitempty"`
	Type  string  `json:"type"` // "user" or "organization"
	Email *string `json:"email"`
}

// ZoneMeta is a zone's metadata.
type ZoneMeta struct {
	Step                   int  `json:"step"`
	PageRuleQuota          int  `json:"page_rule_quota"`
	PhishingDetected       bool `json:"phishing_detected"`
	CustomCertificateQuota int  `json:"custom_certificate_quota"`
}

// Plan is the plan of a zone.
type Plan struct {
	ID                string `json:"id"`
	Name              string `json:"name"`
	Price             int    `json:"price"`
	Currency          string `json:"currency"`
	Frequency         string `json:"frequency"`
	IsSubscribed      bool   `json:"is_subscribed"`
	CanSubscribe      bool   `json:"can_subscribe"`
	LegacyID          string `json:"legacy_id"`
	LegacyDiscount    bool   `json:"legacy_discount"`
	ExternallyManaged bool   `json:"externally_managed"`
}
