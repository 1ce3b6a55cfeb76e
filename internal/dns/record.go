package dns

import (
	"encoding/json"
	"time"
)

// Record is one DNS record of a zone. Ids are 32 lowercase hex digits. Times are
// UTC with microseconds at most; the zero time is "not set".
type Record struct {
	ID     string
	ZoneID string
	// Name is complete, in lower case and Punycode, without the trailing dot.
	Name string
	Type string // "A", "TXT", ...: upper case
	// Content is what the API shows: as sent for TXT and for names (their case
	// is kept), else the canonical text.
	Content string
	// Data holds the components of a structured type (SRV, CAA, ...) as a JSON
	// object, nil for the other types. It says the same as Content.
	Data json.RawMessage
	// Priority is that of MX, SRV and URI records, else nil.
	Priority *uint16
	TTL      int // seconds; 1 is "automatic"
	Proxied  bool
	Comment  string // "" is no comment
	Tags     []string
	Settings Settings
	// PrivateRouting is kept and shown, and has no effect; nil when never sent.
	PrivateRouting *bool

	CreatedOn         time.Time
	ModifiedOn        time.Time
	CommentModifiedOn time.Time // zero while there is no comment
	TagsModifiedOn    time.Time // zero while there are no tags
	Version           int64     // counts changes, from 1
}

// Settings are a record's settings. They are kept and shown as sent; a nil
// member was never sent, so a client that sent {} gets {} back.
type Settings struct {
	IPv4Only     *bool `json:"ipv4_only,omitempty"`
	IPv6Only     *bool `json:"ipv6_only,omitempty"`
	FlattenCNAME *bool `json:"flatten_cname,omitempty"`
}
