package v4

// Values of Use.Outcome.
const (
	OutcomeAllowed = "allowed"
	OutcomeDenied  = "denied"
)

// TokenUsage tells how a token was used. Upstream has no such object.
type TokenUsage struct {
	Days List[UsageDay] `json:"days"` // oldest first, days without use too; the last is today
	Uses List[Use]      `json:"uses"` // of those days, the most used first
	// Incomplete says that the uses do not name all that was used.
	Incomplete bool               `json:"incomplete"`
	Addresses  List[UsageAddress] `json:"addresses"` // latest first
	Denials    List[UsageDenial]  `json:"denials"`   // latest first
}

// UsageDay is how often a token was used in a day, UTC.
type UsageDay struct {
	Day     string `json:"day" jsonschema:"2006-01-02"`
	Allowed int64  `json:"allowed"`
	Denied  int64  `json:"denied"`
}

// Use is how often a token was used for something.
type Use struct {
	Outcome         string    `json:"outcome"`
	PermissionGroup *GroupRef `json:"permission_group"` // the narrowest that allowed it; null when denied, or where none is asked for
	Operation       string    `json:"operation"`        // its id
	Resource        string    `json:"resource"`         // its key, "" for none
	Count           int64     `json:"count"`
	LastUsedOn      Time      `json:"last_used_on"`
}

// UsageAddress is how often a token was used from an address, allowed or not.
type UsageAddress struct {
	Address     string `json:"address"`
	Count       int64  `json:"count"`
	FirstUsedOn Time   `json:"first_used_on"`
	LastUsedOn  Time   `json:"last_used_on"`
}

// UsageDenial is an attempt that was refused.
type UsageDenial struct {
	At        Time           `json:"at"`
	Operation string         `json:"operation"`
	Resource  string         `json:"resource"`
	Reason    string         `json:"reason"`
	Address   string         `json:"address"`
	Missing   List[GroupRef] `json:"missing"` // any one of them was needed
}
