package tokenform

import (
	"net/url"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
)

// FromTemplate is the form that a template starts with: its permissions, and a
// row for each kind of resource, filled in where the template says all and left
// to choose otherwise. The end is proposed: people who want none say so.
func FromTemplate(b Basis, t *catalog.Template) Form {
	return fromTemplate(b, t, catalog.Choices{})
}

// FromTemplateURL is the form that a template URL starts with (contract 5.5); the
// errors are those of Catalog.ParseTemplateURL. The template comes too, for
// Warnings.
func FromTemplateURL(b Basis, q url.Values) (Form, catalog.Template, error) {
	t, choices, err := b.Picker.catalog.ParseTemplateURL(q)
	if err != nil {
		return Form{}, t, err
	}
	return fromTemplate(b, &t, choices), t, nil
}

func fromTemplate(b Basis, t *catalog.Template, ch catalog.Choices) Form {
	f := Form{Name: t.Name, Template: t.Key, TimeZone: b.TimeZone, NotBefore: When{Preset: NoDate}, ExpiresOn: When{Preset: "90d"}}
	zones, accounts := false, false
	for _, g := range t.Groups {
		l := b.Picker.Level(g.ID)
		if l == nil {
			continue // of another catalogue
		}
		f.Permissions = append(f.Permissions, Permission{l.family.Category, l.family.Key, l.Key})
		c, _ := b.Picker.classOf(l.Group.Scope)
		zones, accounts = zones || c == onZones, accounts || c == onAccounts
	}
	if accounts && t.Accounts != catalog.NotNeeded && !b.forAccount() {
		f.Resources = append(f.Resources, accountRows(t.Accounts, ch.Accounts)...)
	}
	switch {
	case t.Records.Types != nil:
		f.Resources = append(f.Resources, b.templateRecords(t, zoneRows(t.Zones, ch))...)
	case zones:
		f.Resources = append(f.Resources, zoneRows(t.Zones, ch)...)
	}
	for _, k := range b.customKinds(&f) {
		f.Resources = append(f.Resources, b.kindRows(k, t.Accounts, ch.Accounts)...)
	}
	return f
}

// templateRecords are a template's records in each of the zones that rows name, and
// those rows too where more than Zone Read needs them.
func (b *Basis) templateRecords(t *catalog.Template, zones []Resource) []Resource {
	var rows []Resource
	if slices.ContainsFunc(t.Groups, func(g catalog.Group) bool {
		l := b.Picker.Level(g.ID)
		return l != nil && g.Scope == catalog.KindZone && !l.OnRecords() && !l.findsZones()
	}) {
		rows = slices.Clone(zones)
	}
	for _, z := range zones {
		r := Resource{Effect: Include, Kind: ZoneRecords, ZoneID: z.ZoneID, Types: strings.Join(t.Records.Types, " "), Name: t.Records.Name}
		if z.Kind != OneZone {
			r.Kind, r.AccountID = AccountRecords, z.AccountID
		}
		rows = append(rows, r)
	}
	return rows
}

// kindRows are all resources of a custom kind in the accounts that were chosen, or
// in one to choose.
func (b *Basis) kindRows(k *kind, need catalog.Need, ids []string) []Resource {
	if b.forAccount() || len(ids) == 0 && need == catalog.Every {
		ids = []string{catalog.All}
	}
	if len(ids) == 0 {
		ids = []string{k.account}
	}
	var rows []Resource
	for _, id := range ids {
		c := customRow{what: everyOf, kind: k, inAccount: id != catalog.All}
		if !c.inAccount {
			id = ""
		}
		rows = append(rows, Resource{Effect: Include, Kind: c.String(), AccountID: id})
	}
	return rows
}

func accountRows(need catalog.Need, ids []string) []Resource {
	if len(ids) == 0 && need == catalog.Every {
		ids = []string{catalog.All}
	}
	if len(ids) == 0 {
		return []Resource{{Effect: Include, Kind: OneAccount}}
	}
	var rows []Resource
	for _, id := range ids {
		if id == catalog.All {
			rows = append(rows, Resource{Effect: Include, Kind: AllAccounts})
			continue
		}
		rows = append(rows, Resource{Effect: Include, Kind: OneAccount, AccountID: id})
	}
	return rows
}

// zoneRows: "all zones" beside one account are the zones of that account.
func zoneRows(need catalog.Need, ch catalog.Choices) []Resource {
	zones := ch.Zones
	if len(zones) == 0 && need == catalog.Every {
		zones = []string{catalog.All}
	}
	if len(zones) == 0 {
		return []Resource{{Effect: Include, Kind: OneZone}}
	}
	var rows []Resource
	for _, id := range zones {
		switch {
		case id != catalog.All:
			rows = append(rows, Resource{Effect: Include, Kind: OneZone, ZoneID: id})
		case len(ch.Accounts) == 1 && ch.Accounts[0] != catalog.All:
			rows = append(rows, Resource{Effect: Include, Kind: ZonesOfAccount, AccountID: ch.Accounts[0]})
		default:
			rows = append(rows, Resource{Effect: Include, Kind: AllZones})
		}
	}
	return rows
}
