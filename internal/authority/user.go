package authority

import (
	"context"
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/tokenward/tokenward/internal/policy"
)

// Lengths of what users say of themselves, in characters (the v4 schema's).
const (
	maxPersonName = 60
	maxTelephone  = 20
	maxCountry    = 30
	maxZipcode    = 20
)

// UserDraft is what users change of themselves. What is nil stays as it is.
type UserDraft struct {
	FirstName, LastName, Telephone, Country, Zipcode *string
}

// EditUser changes what the caller's user says of themself.
func (a *Authority) EditUser(ctx context.Context, c Caller, d UserDraft) (User, error) {
	if err := a.maySelf(ctx, &c, OpUserEdit); err != nil {
		return User{}, err
	}
	before, err := a.store.User(ctx, c.person.id)
	if err != nil {
		return User{}, rowError("user", "read user", err)
	}
	after := before
	after.ModifiedOn = c.now.UTC()
	if err := d.apply(&after); err != nil {
		return User{}, err
	}
	err = a.write(ctx, &c, "edit a user", func(ctx context.Context, tx *txn) error {
		return tx.userChanged(ctx, &after, c.userEvent("user_update", "update", after.ID).changing(&before, &after))
	})
	after.Version++
	return after, err
}

// userChanged writes a user's row with its change and event.
func (t *txn) userChanged(ctx context.Context, u *User, e Event) error {
	if err := t.UpdateUser(ctx, *u); err != nil {
		return fmt.Errorf("update user %s: %w", u.ID, err)
	}
	if err := t.changed(ctx, ChangeUser, u.ID); err != nil {
		return err
	}
	return t.AppendEvent(ctx, e)
}

func (d *UserDraft) apply(u *User) error {
	var faults []policy.Fault
	for _, f := range []struct {
		member string
		value  *string
		into   *string
		limit  int
	}{
		{"first_name", d.FirstName, &u.FirstName, maxPersonName},
		{"last_name", d.LastName, &u.LastName, maxPersonName},
		{"telephone", d.Telephone, &u.Telephone, maxTelephone},
		{"country", d.Country, &u.Country, maxCountry},
		{"zipcode", d.Zipcode, &u.Zipcode, maxZipcode},
	} {
		if f.value == nil {
			continue
		}
		if problem := lineProblem(*f.value, f.limit); problem != "" {
			faults = append(faults, policy.Fault{Pointer: "/" + f.member, Message: f.member + " " + problem})
		}
		*f.into = *f.value
	}
	if len(faults) > 0 {
		return invalid(faults)
	}
	return nil
}

// lineProblem is what is wrong with one line of text, "" for a good one.
func lineProblem(s string, limit int) string {
	if n := utf8.RuneCountInString(s); n > limit {
		return fmt.Sprintf("is too long: at most %d characters are possible, here are %d", limit, n)
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return "must not contain control characters"
		}
	}
	return ""
}

// userAudit is what an event keeps of a user: nothing that could be used to sign
// in.
type userAudit struct {
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Telephone string `json:"telephone"`
	Country   string `json:"country"`
	Zipcode   string `json:"zipcode"`
	Suspended bool   `json:"suspended"`
	HasKey    bool   `json:"has_api_key"`
	KeyOff    bool   `json:"api_key_off"`
}

// changing completes an event with a user before and after.
func (e Event) changing(before, after *User) Event {
	e.Old, e.New = auditUser(before), auditUser(after)
	return e
}

func auditUser(u *User) []byte {
	if u == nil {
		return nil
	}
	return auditJSON(userAudit{u.Email, u.FirstName, u.LastName, u.Telephone, u.Country, u.Zipcode, u.Suspended, u.HasKey, u.KeyOff})
}
