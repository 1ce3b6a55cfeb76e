package dashboard

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/tokenform"
)

// How many zones a list offers to choose from, and how many a search finds.
const (
	maxListedZones = 60
	maxFoundZones  = 20
	everyZone      = 1 << 30
)

// places are the accounts and zones that the reader can choose from.
type places struct {
	accounts []authority.Account
	zones    []authority.Zone // by name
	names    tokenform.Names
}

// places finds them. Of an account's token they are the account's.
func (d *Dashboard) places(ctx context.Context, in *request) (places, error) {
	p := places{accounts: in.accounts, names: tokenform.Names{}}
	q := authority.ZoneQuery{Limit: everyZone}
	if in.account != nil {
		q.Match = func(z *authority.Zone) bool { return z.AccountID == in.account.ID }
	}
	var err error
	if p.zones, _, err = d.authority.Zones(ctx, in.caller, q); err != nil {
		return p, err
	}
	for i := range p.zones {
		p.names[p.zones[i].ID] = p.zones[i].Name
	}
	for i := range p.accounts {
		p.names[p.accounts[i].ID] = p.accounts[i].Name
	}
	return p, nil
}

// many reports whether there are too many zones for a list.
func (p *places) many() bool { return len(p.zones) > maxListedZones }

// only fills in the account or zone of a row where there is just one.
func (p *places) only(picker *tokenform.Picker, r *tokenform.Resource) {
	if r.AccountID == "" && len(p.accounts) == 1 && picker.NeedsAccount(*r) {
		r.AccountID = p.accounts[0].ID
	}
	if needsZone(r) && r.ZoneID == "" && len(p.zones) == 1 {
		r.ZoneID = p.zones[0].ID
	}
}

// needsZone reports whether the row's kind is completed by a zone.
func needsZone(r *tokenform.Resource) bool {
	return r.Kind == tokenform.OneZone || r.Kind == tokenform.ZoneRecords
}

// find searches zones by name: those that begin with the text come first.
func (p *places) find(text string) []authority.Zone {
	text = strings.TrimSuffix(strings.ToLower(strings.TrimSpace(text)), ".")
	if text == "" {
		return nil
	}
	var first, then []authority.Zone
	for i := range p.zones {
		switch z := &p.zones[i]; {
		case strings.HasPrefix(z.Name, text) || z.ID == text:
			first = append(first, *z)
		case len(then) < maxFoundZones && strings.Contains(z.Name, text):
			then = append(then, *z)
		}
		if len(first) >= maxFoundZones {
			break
		}
	}
	found := slices.Concat(first, then)
	return found[:min(len(found), maxFoundZones)]
}

// exact is the one zone of a name, or with an id.
func (p *places) exact(text string) (id string, ok bool) {
	text = strings.TrimSuffix(strings.ToLower(strings.TrimSpace(text)), ".")
	for i := range p.zones {
		if z := &p.zones[i]; z.Name == text || z.ID == text {
			if ok {
				return "", false // in two accounts
			}
			id, ok = z.ID, true
		}
	}
	return id, ok
}

// zoneLabel is a zone's name, with its account where the reader has several.
func (p *places) zoneLabel(z *authority.Zone) string {
	if len(p.accounts) < 2 {
		return z.Name
	}
	return z.Name + " (" + z.AccountName + ")"
}

// zoneInAccount is what the form's kind is for one zone that counts only while it
// lies in an account, which no new token says.
const zoneInAccount = "zone_in_account"

// findZones takes the names that were typed into rows for the zones that they
// mean; one that means no zone for sure stays to be searched for. The rows are
// those after a button was pressed, their numbers those that were sent.
func (w *wizard) findZones(v url.Values, pressed bool) {
	typed := sentRows(v, "resources")
	if pressed { // rows may have moved
		typed = slices.DeleteFunc(typed, func(n int) bool { return v.Has("remove-resource-" + strconv.Itoa(n)) })
	}
	w.typed = make([]string, len(w.form.Resources))
	for i := range w.form.Resources {
		r := &w.form.Resources[i]
		switch r.Kind {
		case zoneInAccount:
			r.Kind = tokenform.OneZone
		case tokenform.OneZone, tokenform.ZoneRecords:
			r.AccountID = ""
		}
		if i >= len(typed) || !needsZone(r) {
			continue
		}
		text := v.Get("resources[" + strconv.Itoa(typed[i]) + "].find")
		if id, ok := w.places.exact(text); ok {
			r.ZoneID, r.AccountID = id, ""
		} else {
			w.typed[i] = text
		}
	}
}
