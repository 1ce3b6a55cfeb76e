package dashboard

import (
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// How many items of a cell are seen at once, and when it is opened. What is above
// that is on the token's page.
const (
	cellItems = 2
	openItems = 40
)

// tokenRow is a token as the list shows it.
type tokenRow struct {
	ID, Name, Path         string
	Status                 string // for the template "status"
	Permissions, Resources cell
	LastUsedOn, ExpiresOn  time.Time
	Ends                   bool // within 30 days
	Creator                string
	On, Exposed            bool // whether it is not switched off; its secret was found in public
}

// cell is what a cell says at once, and when it is opened; Full is "" where that
// is the same.
type cell struct{ Short, Full string }

func newCell(text func(limit int) string) cell {
	short, full := text(cellItems), text(openItems)
	if short == full {
		full = ""
	}
	return cell{short, full}
}

func rowOf(b *tokenform.Basis, t *authority.Token, names tokenform.Names, base string) tokenRow {
	row := tokenRow{
		ID: t.ID, Name: t.Name, Path: base + "/api-tokens/" + t.ID, Status: statusOf(t, b.Now),
		Permissions: newCell(func(n int) string { return b.Picker.Permissions(t.Policies, n) }),
		Resources:   newCell(func(n int) string { return tokenform.Resources(*b, t.Policies, names, n) }),
		LastUsedOn:  t.LastUsedOn, ExpiresOn: t.ExpiresOn,
		On: t.Status != authority.StatusDisabled, Exposed: t.Status == authority.StatusExposed,
	}
	row.Ends = row.Status == expiringSoon
	if t.Owner.Kind == authority.OwnerAccount {
		row.Creator = t.CreatorEmail
	}
	return row
}

// expiringSoon is what pages call an active token that ends within 30 days.
const expiringSoon = "expiring soon"

// statusOf is a token's status as pages show it.
func statusOf(t *authority.Token, now time.Time) string {
	switch s := t.StatusAt(now); {
	case s != authority.StatusActive:
		return string(s)
	case t.NotBefore.After(now):
		return string(authority.StatusNotYetValid)
	case !t.ExpiresOn.IsZero() && t.ExpiresOn.Sub(now) <= authority.ExpiringSoon:
		return expiringSoon
	}
	return string(authority.StatusActive)
}

// policiesOf are those of all tokens of a page, for their names.
func policiesOf(tokens []authority.Token) []policy.Policy {
	var out []policy.Policy
	for i := range tokens {
		out = append(out, tokens[i].Policies...)
	}
	return out
}
