package authority

import (
	"cmp"
	"time"
)

// LoggedEvent is an event with its number in the log. Numbers become visible in
// their order: whoever has read up to one will never find another below it.
type LoggedEvent struct {
	Seq int64
	Event
}

// Log names an audit log: an account's, or a user's when AccountID is "".
type Log struct{ AccountID, UserID string }

// id is whose log it is. No account has the id of a user.
func (l Log) id() string { return cmp.Or(l.AccountID, l.UserID) }

// LogQuery selects events of a log by number and by time.
type LogQuery struct {
	Log        Log
	Above      int64 // numbers above this one
	Below      int64 // numbers below this one, 0 for no bound
	Since      time.Time
	Before     time.Time // excluded; both may be zero for no bound
	Descending bool      // by number
	Offset     int       // events to pass over
	Limit      int
}
