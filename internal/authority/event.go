package authority

import (
	"encoding/json"
	"time"
)

// Event is an audit record: who did what to which resource, from where, and how
// it came out. It never holds a secret, a digest or a password hash.
type Event struct {
	ID       string // 32 hex
	At       time.Time
	Actor    Actor
	Action   string // "token_create", "zone_delete", ...
	Verb     string // "create", "update", "delete" or "view"
	Success  bool
	Resource EventResource
	// AccountID, UserID: whose audit log it belongs to; one of them or both.
	AccountID string
	UserID    string
	ZoneID    string
	ZoneName  string
	Old, New  json.RawMessage // the resource before and after, nil when there is none
	Metadata  map[string]string
	Request   EventRequest
}

// Actor is who acted.
type Actor struct {
	Type      string // "user", "account" (an account-owned token acted) or "system"
	ID        string // of the user or the account
	Email     string
	IP        string
	Context   string // "api_token", "api_key", "dash" or "system"
	TokenID   string
	TokenName string
}

// EventResource is what was acted on.
type EventResource struct {
	Type string // "token", "user", "account", "member", "zone", "dns_record", "cache", ...
	ID   string
}

// EventRequest is the HTTP request that caused an event; empty for others.
type EventRequest struct {
	ID        string // the cf-ray of the answer
	Method    string
	URI       string // the path; queries are left out, they may hold secrets
	UserAgent string
	Status    int
}

// Change is an entry of the change feed: a fact that caches may hold has
// changed. Numbers become visible in order.
type Change struct {
	Seq  int64
	Kind ChangeKind
	Key  string // token: hex of the digest that was or is the token's; others: the id
}

// ChangeKind says what changed.
type ChangeKind string

// The kinds of change. A change of a membership, of a suspension or of an API
// key is a change of its user.
const (
	ChangeToken   ChangeKind = "token"
	ChangeUser    ChangeKind = "user"
	ChangeAccount ChangeKind = "account"
	ChangeZone    ChangeKind = "zone"
)
