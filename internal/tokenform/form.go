package tokenform

import (
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// Limits of a form. A token beyond them is edited as JSON.
const (
	MaxPermissions = 512
	MaxResources   = 500
	MaxAddresses   = 400
	maxText        = 2048 // bytes of one field
)

// Form is what stands in the fields, as it was typed: text that means nothing is
// kept, so that a failed submit loses nothing.
type Form struct {
	Name        string
	Template    string // key of the template it started from, "" for none
	Status      string // "active", "disabled" or "" for unchanged
	Permissions []Permission
	Resources   []Resource
	Addresses   []Address
	NotBefore   When
	ExpiresOn   When
	RateLimit   RateLimit
	TimeZone    string // in which the dates are meant, "Europe/Berlin"; "" is UTC
}

// Permission is a row that gives a permission group.
type Permission struct {
	Category string // narrows the choice of groups and means nothing else
	Group    string // Family.Key
	Level    string // Level.Key; may be left out where there is one only
}

// Resource is a row that says where permissions hold, or do not.
type Resource struct {
	Effect    string // Include, Exclude or "" for Include
	Kind      string // AllAccounts ... OneZone, or one of CustomChoices
	AccountID string // of OneAccount, ZonesOfAccount and AccountRecords; of OneZone: only while it lies there
	ZoneID    string // of OneZone and ZoneRecords
	ID        string // of one resource of a custom catalogue
	InID      string // of what that lies in
	Types     string // of records: "A AAAA", or EveryType
	Name      string // of records, complete: "www.example.com", "_acme-challenge.*", "*"
}

// Values of Resource.Effect.
const (
	Include = "include" // an allow policy
	Exclude = "exclude" // a deny policy; it wins
)

// Values of Resource.Kind.
const (
	AllAccounts    = "all_accounts"
	OneAccount     = "account"
	AllZones       = "all_zones" // in an account's token those of the account
	ZonesOfAccount = "account_zones"
	OneZone        = "zone"
	ZoneRecords    = "zone_records"
	AccountRecords = "account_records" // in all zones of an account
)

// Address is a row of the client address filter.
type Address struct {
	Is    string // IsIn, IsNotIn or "" for IsIn
	Range string // CIDR notation or a single address
}

// Values of Address.Is.
const (
	IsIn    = "in"
	IsNotIn = "not_in"
)

// RateLimit is how many requests the token may make in how many seconds; both
// are "" for no limit.
type RateLimit struct{ Requests, Period string }

// Fault is something wrong with a form. Field is the name of the input it stands
// in ("permissions[1].level") or of the whole list ("resources").
type Fault struct {
	Field   string
	Message string // a sentence
}

// Basis is what a form is read on.
type Basis struct {
	Picker   *Picker
	Owner    authority.Owner
	Now      time.Time
	Before   *authority.Token // the token that is edited, nil for a new one
	TimeZone string           // in which FromDraft writes dates
	Names    Names            // as far as they are known, for Warnings
}

func (b *Basis) forAccount() bool { return b.Owner.Kind == authority.OwnerAccount }

// blank reports whether nothing was entered in the row.
func (p Permission) blank() bool { return p.Group == "" && p.Level == "" }
func (r Resource) blank() bool   { return r.Kind == "" && r.AccountID+r.ZoneID+r.ID+r.InID+r.Name == "" }
func (a Address) blank() bool    { return a.Range == "" }
