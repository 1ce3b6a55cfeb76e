package authority

import (
	"fmt"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tokenward/tokenward/internal/policy"
)

// MaxTokenName is the length of a token's name, in characters (contract 1.4).
const MaxTokenName = 120

// Draft is what a token is to be.
type Draft struct {
	Name      string
	Policies  []policy.Policy // ids may be set for Update: they are kept
	Condition policy.Condition
	RateLimit *RateLimit // nil is none
	NotBefore time.Time
	ExpiresOn time.Time
	// Status is StatusActive, StatusDisabled, or "" for active in a new token
	// and unchanged in another.
	Status Status
	// Version is that of the token which an Update starts from: when the token has
	// another one by then, nothing is changed. 0 starts from whatever is there.
	Version int64
	// Faults are what was wrong with it when it was read. They are reported with
	// those that are found in the rest.
	Faults []policy.Fault
}

// check is checkDraft for the caller's answer.
func (w *world) check(d *Draft, owner Owner, before *Token, now time.Time) ([]policy.Rule, error) {
	rules, faults := checkDraft(w.vocabulary, w.kinds.owner(owner), d, before, now)
	if len(faults) > 0 {
		return nil, invalid(faults)
	}
	return rules, nil
}

// checkDraft finds everything that is wrong with a draft by itself, and gives its
// rules when nothing is. before is the token as it is, nil for a new one.
func checkDraft(v *policy.Vocabulary, owner policy.Owner, d *Draft, before *Token, now time.Time) ([]policy.Rule, []policy.Fault) {
	rules, faults := policy.Resolve(v, owner, d.Policies)
	faults = slices.Concat(checkName(d.Name), d.Faults, faults)
	faults = append(faults, d.Condition.Check()...)
	faults = append(faults, checkLimit(d.RateLimit)...)
	faults = append(faults, checkDates(d, before, now)...)
	faults = append(faults, checkStatus(d.Status, before, now)...)
	if before == nil {
		for i, p := range d.Policies {
			if p.ID != "" {
				faults = append(faults, policy.Fault{Pointer: fmt.Sprintf("/policies/%d/id", i), Message: "Reusing existing policies is not supported by token creation"})
			}
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return rules, nil
}

func checkName(name string) []policy.Fault {
	n := utf8.RuneCountInString(name)
	if n == 0 || n > MaxTokenName || !utf8.ValidString(name) {
		return []policy.Fault{{Pointer: "/name", Message: fmt.Sprintf("name must have a length between 1 and %d characters, this one has %d", MaxTokenName, n)}}
	}
	for _, r := range name {
		if unicode.IsControl(r) {
			return []policy.Fault{{Pointer: "/name", Message: "name must not contain control characters"}}
		}
	}
	return nil
}

// checkDates: a token cannot end before it starts, nor be given an end that has
// passed. An end that the token has already may stay, or an expired token could
// not be renamed.
func checkDates(d *Draft, before *Token, now time.Time) []policy.Fault {
	var faults []policy.Fault
	if !d.ExpiresOn.IsZero() && !d.NotBefore.IsZero() && !d.ExpiresOn.After(d.NotBefore) {
		faults = append(faults, policy.Fault{Pointer: "/expires_on", Message: "expires_on must be later than not_before"})
	}
	kept := before != nil && d.ExpiresOn.Equal(before.ExpiresOn)
	if !d.ExpiresOn.IsZero() && !d.ExpiresOn.After(now) && !kept {
		faults = append(faults, policy.Fault{Pointer: "/expires_on", Message: "expires_on must be in the future"})
	}
	for pointer, t := range map[string]time.Time{"/not_before": d.NotBefore, "/expires_on": d.ExpiresOn} {
		if !t.IsZero() && (t.Year() < 1970 || t.Year() > 9999) {
			faults = append(faults, policy.Fault{Pointer: pointer, Message: "the year must be from 1970 to 9999"})
		}
	}
	return faults
}

// checkStatus: "expired" follows from the dates and cannot be set, but a client
// that reads an expired token and writes it back sends it, and changes nothing.
// So it is with a token that was exposed, which only a roll makes usable again.
func checkStatus(s Status, before *Token, now time.Time) []policy.Fault {
	exposed := before != nil && before.Status == StatusExposed
	switch s {
	case "":
		return nil
	case StatusActive, StatusDisabled:
		if !exposed {
			return nil
		}
		return []policy.Fault{{Pointer: "/status", Message: "the token's secret was found in public; roll the token to use it again"}}
	case StatusExposed:
		if exposed {
			return nil
		}
	case StatusExpired:
		if before != nil && before.StatusAt(now) == StatusExpired {
			return nil
		}
	}
	return []policy.Fault{{Pointer: "/status", Message: `status must be "active" or "disabled"`}}
}

// apply writes the draft into a token. Policies keep the ids that the token had
// already, others get new ones (contract 3.5).
func (d *Draft) apply(t *Token, now time.Time) {
	known := make(map[string]bool, len(t.Policies))
	for _, p := range t.Policies {
		known[p.ID] = true
	}
	t.Name, t.Condition, t.RateLimit = d.Name, d.Condition, RateLimit{}
	if d.RateLimit != nil {
		t.RateLimit = *d.RateLimit
	}
	t.NotBefore, t.ExpiresOn = d.NotBefore.UTC().Truncate(time.Microsecond), d.ExpiresOn.UTC().Truncate(time.Microsecond)
	t.Policies = make([]policy.Policy, len(d.Policies))
	for i, p := range d.Policies {
		if !known[p.ID] {
			p.ID = newID()
		}
		known[p.ID] = false // a second policy with this id gets another
		t.Policies[i] = p
	}
	if d.Status == StatusActive || d.Status == StatusDisabled {
		t.Status = d.Status
	}
	t.ModifiedOn = seconds(now)
}
