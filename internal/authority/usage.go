package authority

import "time"

// Bounds of what is kept of the use of tokens. What comes above them is counted
// without saying of what (the zero Use), and no check waits for any of it.
const (
	MaxAllowedUses   = 256 // things that a token did, in a day
	MaxDeniedUses    = 64  // things that it was denied, in a day: a search for open doors must not crowd out the work
	MaxUseAddresses  = 64  // addresses that a token was used from, the latest
	MaxKeptDenials   = 20  // denials of a token, the latest
	MaxActivityUses  = 2000
	UsageRetention   = 90 * day
	MaxUsageDays     = int(UsageRetention / day)
	DefaultUsageDays = 30
)

const day = 24 * time.Hour

// Use is what a token was used for: an operation on a resource, and the
// permission group that allowed it. The zero Use, but for Denied, stands for
// those that were above the bounds.
type Use struct {
	Denied    bool
	Group     string // the narrowest that the token has and the operation accepts; "" where it asks for none, or when denied
	Operation string // the operation's id
	Resource  string // the key of the narrowest resource that the request named, "" for none
}

// UseCount is how often a token was used for something in a day.
type UseCount struct {
	TokenID string
	Day     time.Time // its beginning, UTC
	Use     Use
	Count   int64
	LastOn  time.Time // whole seconds
}

// AddressCount is how often a token was used, allowed or not, from an address.
type AddressCount struct {
	TokenID         string
	Address         string
	Count           int64
	FirstOn, LastOn time.Time // whole seconds
}

// Denial is an attempt of a token that was refused. Of those alike in two
// seconds there is one.
type Denial struct {
	TokenID   string
	At        time.Time // whole seconds
	Operation string    // id, "" for a request that named none
	Resource  string    // as in Use
	Reason    string
	Address   string // "" when it was not known
}

// UsageBatch is what is written of the use of tokens at a time.
type UsageBatch struct {
	Uses      []UseCount
	Addresses []AddressCount
	Denials   []Denial
}

func (b *UsageBatch) empty() bool { return len(b.Uses)+len(b.Addresses)+len(b.Denials) == 0 }

// DayUse is how often a token was used in a day.
type DayUse struct {
	Day             time.Time // its beginning, UTC
	Allowed, Denied int64
}

// UseSum is how often a token was used for something in some days.
type UseSum struct {
	Use    Use
	Count  int64
	LastOn time.Time
}

// Usage is what a Store has of the use of a token. Days without use are not
// among Days.
type Usage struct {
	Days      []DayUse       // oldest first
	Uses      []UseSum       // of those days, the most used first
	Addresses []AddressCount // latest first, whatever the days
	Denials   []Denial       // latest first, whatever the days
}

// UsageStats counts what the collector did since the start.
type UsageStats struct {
	Waiting int   // rows that wait to be written
	Dropped int64 // uses that were counted nowhere
}
