package dashboard

import (
	"context"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// picker is the picker of the catalogue in force. It is made again when another
// catalogue was loaded; two that make one at once make the same.
func (d *Dashboard) picker() *tokenform.Picker {
	c := d.authority.Catalog()
	if p := d.picked.Load(); p != nil && p.Catalog() == c {
		return p
	}
	p := tokenform.NewPicker(c)
	d.picked.Store(p)
	return p
}

// basis is what tokens of the request's owner are put into words on.
func (d *Dashboard) basis(in *request) tokenform.Basis {
	return tokenform.Basis{Picker: d.picker(), Owner: in.owner(), Now: in.now(), TimeZone: "UTC"}
}

// site is where the API is, for texts that call it about the request's owner.
func (d *Dashboard) site(in *request) tokenform.Site {
	return tokenform.Site{BaseURL: strings.TrimSuffix(d.publicURL(), "/") + "/client/v4", Owner: in.owner()}
}

// maxNames is how many zones of a page have their names looked up; others are
// shown by id.
const maxNames = 2000

// names are those of the accounts and zones in some policies, read in one go. One
// that the reader may not see has none.
func (d *Dashboard) names(ctx context.Context, in *request, policies ...policy.Policy) (tokenform.Names, error) {
	_, zones := tokenform.IDs(policies...)
	found, err := d.authority.ZoneNames(ctx, in.caller, zones[:min(len(zones), maxNames)])
	if err != nil {
		return nil, err
	}
	names := tokenform.Names{}
	for id, name := range found {
		names[id] = name
	}
	for i := range in.accounts {
		names[in.accounts[i].ID] = in.accounts[i].Name
	}
	return names, nil
}

// draftOf is the draft that would leave a token as it is.
func draftOf(t *authority.Token) authority.Draft {
	d := authority.Draft{
		Name: t.Name, Policies: t.Policies, Condition: t.Condition,
		NotBefore: t.NotBefore, ExpiresOn: t.ExpiresOn, Status: t.Status,
	}
	if !t.RateLimit.IsZero() {
		d.RateLimit = &t.RateLimit
	}
	return d
}
