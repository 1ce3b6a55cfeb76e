package authority

import (
	"context"
	"time"
)

// givesKey reports whether a user can have another API key after an action. Who
// was made without one got theirs in a later of them.
func givesKey(action string) bool {
	switch action {
	case "api_key_change", "user_accept", "user_recover", "user_create":
		return true
	}
	return false
}

// KeyChangedOn is when the caller's user was given the API key they have, the
// zero time when the audit log no longer says.
func (a *Authority) KeyChangedOn(ctx context.Context, c Caller) (time.Time, error) {
	if _, err := a.personInPerson(ctx, &c); err != nil {
		return time.Time{}, err
	}
	w := walk{
		query: LogQuery{Log: Log{UserID: c.person.id}, Descending: true},
		match: func(e *Event) bool {
			return e.Resource.ID == c.person.id && givesKey(e.Action)
		},
	}
	var at time.Time
	_, err := w.run(ctx, a.store, func(e *LoggedEvent) bool {
		at = e.At
		return false
	})
	return at, err
}
