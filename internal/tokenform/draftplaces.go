package tokenform

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// readResources finds the places that are included and excluded.
func (m *reading) readResources() {
	for i, r := range m.form.Resources {
		if r.blank() {
			continue
		}
		at := row(resources, i)
		c, ok := m.basis.Picker.rowClass(r)
		input, message := m.missing(r)
		switch {
		case !ok:
			m.fault(at+"kind", "Choose which resources are meant.")
		case message != "":
			m.fault(at+input, message)
			if also, message := m.basis.Picker.missingRecords(r); RecordRow(r) && also != input && message != "" && r.Name != "" {
				m.fault(at+also, message)
			}
		case len(m.groups[c]) == 0 && c == onRecords:
			m.fault(at+"kind", "None of the permissions can be held to records: those on DNS can.")
		case len(m.groups[c]) == 0 && c == onZones && len(m.groups[onRecords]) > 0:
			m.fault(at+"kind", m.first(onRecords)+" is held to the records of other rows, and none of the permissions acts on zones beside it.")
		case len(m.groups[c]) == 0:
			m.fault(at+"kind", "None of the permissions acts on "+m.basis.Picker.noun(c)+".")
		case r.Effect == Include || r.Effect == "":
			m.included[c] = addPlace(m.included[c], m.places(r, i)...)
		case r.Effect == Exclude:
			m.excluded[c] = addPlace(m.excluded[c], m.places(r, i)...)
		default:
			m.fault(at+"effect", "Choose whether these are included or excluded.")
		}
	}
	m.implied()
	for c := range classes {
		if len(m.groups[c]) > 0 && len(m.included[c]) == 0 && c != onRecords && !m.isFaulty(resources) {
			m.fault(resources, "Include the "+m.basis.Picker.noun(c)+" on which "+m.first(c)+" is to hold.")
		}
	}
}

// first is the first permission of a class, as people are shown it.
func (m *reading) first(c class) string { return m.basis.Picker.Level(m.groups[c][0]).Name() }

// implied is what needs no row: the token's own user, the account of an account's
// token, and for Zone Read the zones of records.
func (m *reading) implied() {
	m.zonesOfRecords()
	own := place{row: -1}
	if m.basis.forAccount() {
		own.outer = catalog.KindAccount + "." + m.basis.Owner.ID
		if len(m.groups[onAccounts]) > 0 && len(m.included[onAccounts]) == 0 {
			m.included[onAccounts] = []place{own}
		}
		return
	}
	own.outer = catalog.KindUser + "." + m.basis.Owner.ID
	m.included[onUser] = []place{own}
}

// missing is the input that the row's kind needs and that has no id.
func (m *reading) missing(r Resource) (input, message string) {
	if c, ok := m.basis.Picker.customRow(r.Kind); ok {
		return c.missing(r)
	}
	needsAccount := r.Kind == OneAccount || r.Kind == ZonesOfAccount || r.Kind == AccountRecords && !m.basis.forAccount()
	needsZone := r.Kind == OneZone || r.Kind == ZoneRecords
	switch {
	case needsAccount && r.AccountID == "":
		return "account", "Choose an account."
	case needsZone && r.ZoneID == "":
		return "zone", "Choose a zone."
	case (needsAccount || r.Kind == OneZone && r.AccountID != "") && !isID(r.AccountID):
		return "account", notAnAccount
	case needsZone && !isID(r.ZoneID):
		return "zone", "This is not the id of a zone: those are 32 hexadecimal digits."
	case RecordRow(r):
		return m.basis.Picker.missingRecords(r)
	}
	return "", ""
}

const notAnAccount = "This is not the id of an account: those are 32 hexadecimal digits."

func isID(s string) bool {
	id, ok := policy.ParseID(s)
	return ok && id != policy.ID{}
}

// places are the resources that a complete row names: one, but for records.
func (m *reading) places(r Resource, i int) []place {
	if RecordRow(r) {
		return m.recordPlaces(r, i)
	}
	return []place{m.place(r, i)}
}

func (m *reading) place(r Resource, i int) place {
	if c, ok := m.basis.Picker.customRow(r.Kind); ok {
		return c.place(r, &m.basis, i)
	}
	account, zone := r.AccountID, catalog.All
	switch r.Kind {
	case AllAccounts:
		account = catalog.All
	case AllZones:
		account = ""
	case OneZone:
		zone = r.ZoneID
	}
	if m.basis.forAccount() && (r.Kind == AllAccounts || r.Kind == AllZones) {
		account = m.basis.Owner.ID
	}
	outer, inner := catalog.KindAccount+"."+account, catalog.KindZone+"."+zone
	switch {
	case r.Kind == AllAccounts || r.Kind == OneAccount:
		return place{outer: outer, row: i}
	case account == "":
		return place{outer: inner, row: i}
	}
	return place{outer: outer, inner: inner, row: i}
}

func addPlace(places []place, more ...place) []place {
	for _, p := range more {
		if !slices.ContainsFunc(places, func(q place) bool { return q.outer == p.outer && q.inner == p.inner }) {
			places = append(places, p)
		}
	}
	return places
}

// build makes the policies, those that allow first.
func (m *reading) build() {
	for _, effect := range []policy.Effect{policy.Allow, policy.Deny} {
		places := &m.included
		if effect == policy.Deny {
			places = &m.excluded
		}
		for c := range classes {
			if len(m.groups[c]) == 0 || len(places[c]) == 0 {
				continue
			}
			m.policies = append(m.policies, policy.Policy{
				Effect: effect, Groups: slices.Clone(m.groups[c]), Resources: resourcesOf(places[c]),
			})
			from := origin{places: places[c]}
			for _, id := range m.groups[c] {
				from.groups = append(from.groups, m.givenBy[id])
			}
			m.origins = append(m.origins, from)
		}
	}
}

// resourcesOf writes places as a policy has them: what lies in one resource
// stands together, for on the wire its key can stand only once. Beside the whole of
// it, what lies in it goes without saying.
func resourcesOf(places []place) []policy.Resource {
	var out []policy.Resource
	for _, p := range places {
		if p.inner != "" && slices.ContainsFunc(places, func(q place) bool { return q.outer == p.outer && q.inner == "" }) {
			continue
		}
		i := slices.IndexFunc(out, func(r policy.Resource) bool { return r.Key == p.outer })
		if i < 0 {
			i = len(out)
			out = append(out, policy.Resource{Key: p.outer})
		}
		if p.inner != "" {
			out[i].Nested = append(out[i].Nested, p.inner)
		}
	}
	return out
}

// rateLimit is the limit, nil for none. Text that is no number is a fault, as is
// one number without the other.
func (m *reading) rateLimit() *authority.RateLimit {
	l := m.form.RateLimit
	if l == (RateLimit{}) {
		return nil
	}
	read := func(input, text string) int {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			m.fault("rate_limit."+input, "Write a number.")
		}
		return n
	}
	return &authority.RateLimit{Requests: read("requests", l.Requests), Period: read("period", l.Period)}
}

// date reads one of the dates.
func (m *reading) date(field string, w When) time.Time {
	z, ok := zone(m.form.TimeZone)
	if !ok && !m.isFaulty("time_zone") && cmp.Or(w.preset(), NoDate) == AtDate {
		m.fault("time_zone", "There is no such time zone.")
	}
	t, input, wrong := w.time(z, m.basis.Now)
	if wrong != "" {
		m.fault(field+"."+input, wrong)
	}
	return t
}
