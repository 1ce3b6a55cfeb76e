package authority

import (
	"encoding/json"
	"time"
)

// NewEvent starts the event of something that the caller did. Whoever made the
// change adds what it was about.
func (c *Caller) NewEvent(action, verb string) Event {
	e := Event{
		ID: newID(), At: c.now.UTC(), Action: action, Verb: verb, Success: true, Request: c.request,
		Actor: Actor{Type: "system", Context: c.context.String()},
	}
	if c.addr.IsValid() {
		e.Actor.IP = c.addr.String()
	}
	switch {
	case c.person != nil:
		e.Actor.Type, e.Actor.ID, e.Actor.Email = "user", c.person.id, c.person.email
	case c.record != nil:
		e.Actor.Type, e.Actor.ID = "account", c.record.owner.Ref.String()
	}
	if c.record != nil {
		e.Actor.TokenID, e.Actor.TokenName = c.record.id, c.record.name
	}
	return e
}

// about completes an event with the token it is about, before and after.
func (e Event) about(before, after *Token) Event {
	t := after
	if t == nil {
		t = before
	}
	e.Resource = EventResource{Type: "token", ID: t.ID}
	e.Metadata = map[string]string{"token_name": t.Name, "token_tag": t.ID}
	if t.Owner.Kind == OwnerAccount {
		e.AccountID = t.Owner.ID
	} else {
		e.UserID = t.Owner.ID
	}
	e.Old, e.New = auditToken(before), auditToken(after)
	return e
}

// auditJSON encodes what an event keeps. These are structs of plain values, so
// it cannot fail; if it does, the event says so instead of being lost.
func auditJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage(`"could not be encoded"`)
	}
	return b
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
