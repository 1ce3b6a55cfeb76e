package tokenform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// EveryType stands in Resource.Types for records of every type.
const EveryType = "*"

// maxRecords is what the two policies on records, one for each effect, can name.
const maxRecords = 2 * policy.MaxPolicyResources

// Records are named by rows of their own: some types, and one name or pattern, in
// one zone or in all zones of an account. Where such a row is included, the
// permissions that can be held to records hold on records only. The others hold on
// the zones that rows name; Zone Read, by which clients find a zone, needs none: it
// holds on the zones of the records.

// RecordRow reports whether a row names records.
func RecordRow(r Resource) bool { return r.Kind == ZoneRecords || r.Kind == AccountRecords }

// RecordTypes are the types that a row of records can have, sorted.
func (p *Picker) RecordTypes() []string { return p.catalog.RecordTypes() }

// OnRecords reports whether the level can be held to records.
func (l *Level) OnRecords() bool { return l.Group.Below == catalog.KindRecord }

// FollowsRecords reports whether a permission needs no row of its own where a row
// includes records: it can be held to them, or is Zone Read.
func (p *Picker) FollowsRecords(given Permission) bool {
	f, ok := p.families[given.Group]
	if !ok {
		return false
	}
	l, ok := f.Level(given.Level)
	if !ok {
		l = &f.Levels[0]
	}
	return l.OnRecords() || l.findsZones()
}

// types are the types that a row names, in the spelling of records.
func (r Resource) types() []string {
	types := strings.FieldsFunc(strings.ToUpper(r.Types), func(c rune) bool { return c == ' ' || c == ',' })
	slices.Sort(types)
	if slices.Contains(types, EveryType) {
		return []string{EveryType}
	}
	return slices.Compact(types)
}

// recordName is the row's name as records have it: what is in capitals is not, and
// a dot at the end is taken away.
func (r Resource) recordName() string {
	return strings.TrimSuffix(strings.ToLower(strings.TrimSpace(r.Name)), ".")
}

// recordIDs are the ids of the records that the row names.
func (r Resource) recordIDs() []string {
	return catalog.Records{Types: r.types(), Name: r.recordName()}.IDs(nil)
}

// missingRecords is the input of a row of records that is not filled in, or not
// as it can be.
func (p *Picker) missingRecords(r Resource) (input, message string) {
	types, name := r.types(), r.recordName()
	known := p.RecordTypes()
	unknown := slices.IndexFunc(types, func(t string) bool { return t != EveryType && !slices.Contains(known, t) })
	switch {
	case len(types) == 0:
		return "types", "Choose at least one type."
	case unknown >= 0:
		return "types", "There are no records of the type " + shortID(types[unknown]) + "."
	case name == "":
		return "name", "Write the complete name of the records, such as www.example.com, or * for every name."
	case name != "*" && !strings.Contains(name, "."):
		return "name", "Write the complete name, with the zone's: " + shortID(name) + ".example.com."
	}
	for _, id := range r.recordIDs() {
		if wrong := p.catalog.WrongRecord(id); wrong != "" {
			return "name", finished(wrong)
		}
	}
	return "", ""
}

// recordPlaces are the resources that a complete row of records names. More than
// policies can have are a fault, and are not gone through.
func (m *reading) recordPlaces(r Resource, i int) []place {
	outer := catalog.KindZone + "." + r.ZoneID
	if r.Kind == AccountRecords {
		outer = catalog.KindAccount + "." + r.AccountID
		if m.basis.forAccount() {
			outer = catalog.KindAccount + "." + m.basis.Owner.ID
		}
	}
	ids := r.recordIDs()
	if m.records += len(ids); m.records > maxRecords {
		m.fault(row(resources, i)+"types", fmt.Sprintf("These rows name more than %d records, each type counted.", maxRecords))
		return nil
	}
	var out []place
	for _, id := range ids {
		out = append(out, place{outer: outer, inner: catalog.KindRecord + "." + id, row: i})
	}
	return out
}

// holdToRecords moves the permissions that can be held to records from zones to
// records if a row includes some. Records that are excluded alone are taken out of
// zones, for the same permissions.
func (m *reading) holdToRecords() {
	included, named := false, false
	for _, r := range m.form.Resources {
		included = included || RecordRow(r) && r.Effect != Exclude
		named = named || RecordRow(r)
	}
	if !named {
		return
	}
	var rest []string
	for _, id := range m.groups[onZones] {
		if m.basis.Picker.Level(id).OnRecords() {
			m.groups[onRecords] = append(m.groups[onRecords], id)
		} else {
			rest = append(rest, id)
		}
	}
	if included {
		m.groups[onZones] = rest
	}
}

// zonesOfRecords are the zones in which the included records lie, as Zone Read
// holds on them. It is a fault of the other permissions that no zone is named.
func (m *reading) zonesOfRecords() {
	if len(m.included[onRecords]) == 0 || len(m.included[onZones]) > 0 || len(m.groups[onZones]) == 0 {
		return
	}
	for _, id := range m.groups[onZones] {
		if l := m.basis.Picker.Level(id); !l.findsZones() {
			m.fault(row(permissions, m.givenBy[id])+"group", l.Name()+" cannot be held to records. Include the zones on which it is to hold.")
		}
	}
	for _, p := range m.included[onRecords] {
		zones := place{outer: p.outer, row: p.row}
		switch kind, _ := splitKey(p.outer); {
		case kind == catalog.KindAccount:
			zones.inner = catalog.KindZone + "." + catalog.All
		case m.basis.forAccount():
			zones.outer, zones.inner = catalog.KindAccount+"."+m.basis.Owner.ID, p.outer
		}
		m.included[onZones] = addPlace(m.included[onZones], zones)
	}
}

// findsZones reports whether the level is Zone Read.
func (l *Level) findsZones() bool { return l.Group.Label == "zone_read" }

// recordRowOf is the row that names a pattern of records.
func (t *table) recordRowOf(p *policy.Pattern) (Resource, class, string) {
	r := Resource{Types: EveryType, Name: "*"}
	if !p.Ref.Any() {
		r.Types, r.Name, _ = strings.Cut(p.Ref.Name, ":")
	}
	switch t.basis.Picker.catalog.Vocabulary().KindName(p.In.Kind) {
	case catalog.KindZone:
		r.Kind, r.ZoneID = ZoneRecords, p.In.String()
	case catalog.KindAccount:
		r.Kind = AccountRecords
		if !t.basis.forAccount() {
			r.AccountID = p.In.String()
		}
	default:
		return r, 0, "It names records in a way that the form has no row for."
	}
	return r, onRecords, ""
}

// unevenRecords is why what the policies say of records is no form's, "" if it is.
func (t *table) unevenRecords() string {
	zones, allow, deny := &t.sides[policy.Allow][onZones], &t.sides[policy.Allow][onRecords], &t.sides[policy.Deny][onRecords]
	var held []policy.GroupNo
	for _, no := range zones.groups {
		if t.basis.Picker.level(no).OnRecords() {
			held = append(held, no)
		}
	}
	switch {
	case len(allow.rows) > 0 && len(held) > 0:
		return "It gives " + t.basis.Picker.level(held[0]).Name() + " on whole zones beside what it gives on some records."
	case len(allow.rows) > 0 || len(deny.rows) == 0:
		return ""
	case !deny.full() || !sameGroups(held, deny.groups):
		return "What it denies on records are not the permissions that it allows."
	}
	return ""
}

// mergeTypes makes one row of those that differ in their type only.
func mergeTypes(rows []Resource) []Resource {
	var out []Resource
	at := map[Resource]int{} // of the row without its type
	for _, r := range rows {
		bare := r
		bare.Types = ""
		i, ok := at[bare]
		switch {
		case !RecordRow(r) || r.Types == EveryType:
			out = append(out, r)
		case !ok:
			at[bare] = len(out)
			out = append(out, r)
		default:
			out[i].Types = strings.Join(Resource{Types: out[i].Types + " " + r.Types}.types(), " ")
		}
	}
	return out
}

// impliedZones reports whether the rows of zones are those that the rows of
// records come to by themselves: for Zone Read alone, on the zones of the records.
func (t *table) impliedZones() bool {
	zones, records := &t.sides[policy.Allow][onZones], &t.sides[policy.Allow][onRecords]
	if len(records.rows) == 0 || len(zones.groups) != 1 || !t.basis.Picker.level(zones.groups[0]).findsZones() {
		return false
	}
	var implied []Resource
	for _, r := range records.rows {
		of := Resource{Kind: OneZone, ZoneID: r.ZoneID}
		switch own := t.basis.forAccount(); {
		case r.Kind == AccountRecords && own:
			of = Resource{Kind: AllZones}
		case r.Kind == AccountRecords:
			of = Resource{Kind: ZonesOfAccount, AccountID: r.AccountID}
		case own:
			of.AccountID = t.basis.Owner.ID
		}
		if !slices.Contains(implied, of) {
			implied = append(implied, of)
		}
	}
	return len(implied) == len(zones.rows) && !slices.ContainsFunc(implied, func(r Resource) bool { return !slices.Contains(zones.rows, r) })
}
