package tokenform

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// FromToken is the form of a token; see FromDraft.
func FromToken(b Basis, t *authority.Token) (Form, bool, string) {
	d := authority.Draft{
		Name: t.Name, Policies: t.Policies, Condition: t.Condition,
		NotBefore: t.NotBefore, ExpiresOn: t.ExpiresOn, Status: t.Status,
	}
	if !t.RateLimit.IsZero() {
		d.RateLimit = &t.RateLimit
	}
	if d.Status != authority.StatusActive && d.Status != authority.StatusDisabled {
		d.Status = "" // not for the form to set
	}
	return FromDraft(b, &d)
}

// FromDraft is the form that means what the draft means, exactly: for any access
// at any time from any address. When there is none it says why, as a sentence;
// the form then holds what could be read.
func FromDraft(b Basis, d *authority.Draft) (f Form, ok bool, why string) {
	f = Form{Name: d.Name, Status: string(d.Status), TimeZone: b.TimeZone}
	f.writeDates(d)
	if l := d.RateLimit; l != nil {
		f.RateLimit = RateLimit{strconv.Itoa(l.Requests), strconv.Itoa(l.Period)}
	}
	if why := f.writeAddresses(&d.Condition); why != "" {
		return f, false, why
	}
	if len(d.Policies) == 0 || len(d.Faults) > 0 {
		return f, false, "It has no permissions."
	}
	v := b.Picker.catalog.Vocabulary()
	rules, faults := policy.Resolve(v, authority.PolicyOwner(v, b.Owner), d.Policies)
	if len(faults) > 0 {
		return f, false, sentence(faults[0].Message)
	}
	t := table{basis: b}
	for i := range rules {
		if why := t.add(&rules[i]); why != "" {
			return f, false, why
		}
	}
	if why := t.uneven(); why != "" {
		return f, false, why
	}
	return t.write(f)
}

// writeDates writes the dates in the reader's zone, unless that would move one.
func (f *Form) writeDates(d *authority.Draft) {
	z, _ := zone(f.TimeZone)
	start, ok := whenOf(d.NotBefore, z)
	end, also := whenOf(d.ExpiresOn, z)
	if !ok || !also {
		f.TimeZone = "UTC"
		z, _ = zone(f.TimeZone)
		start, _ = whenOf(d.NotBefore, z)
		end, _ = whenOf(d.ExpiresOn, z)
	}
	f.NotBefore, f.ExpiresOn = start, end
}

func (f *Form) writeAddresses(c *policy.Condition) string {
	if c.In != nil && len(c.In) == 0 {
		return "Its list of addresses is empty, so that it can be used from nowhere."
	}
	for _, cidr := range c.In {
		f.Addresses = append(f.Addresses, Address{IsIn, cidr})
	}
	for _, cidr := range c.NotIn {
		f.Addresses = append(f.Addresses, Address{IsNotIn, cidr})
	}
	return ""
}

// table is what policies say, by effect and class: which groups on which rows.
// The form can say it if each is a full table, and the denied groups are the
// allowed ones.
type table struct {
	basis Basis
	sides [2][classes]side // by policy.Effect
}

type side struct {
	groups []policy.GroupNo
	rows   []Resource
	said   map[pair]bool
}

type pair struct {
	group policy.GroupNo
	row   Resource
}

// add files a rule, or says why the form has no row for it.
func (t *table) add(r *policy.Rule) string {
	p := t.basis.Picker
	for no := range r.Groups.All {
		g := p.catalog.GroupByNo(no)
		row, c, why := t.rowFor(&r.Pattern, p.kinds[g.Scope])
		if why != "" {
			return why
		}
		got, ok := p.classOf(g.Scope)
		if held := c == onRecords && g.Below == catalog.KindRecord; p.level(no) == nil || !ok || got != c && !held {
			return "It names " + g.Name + " on resources of another kind than it acts on."
		}
		t.sides[r.Effect][c].add(no, row)
	}
	return ""
}

// rowFor is the row that names a pattern for permissions on a custom kind, or on
// another for nil.
func (t *table) rowFor(p *policy.Pattern, k *kind) (Resource, class, string) {
	if k == nil {
		return t.rowOf(p)
	}
	row, why := t.customRowOf(p, k)
	return row, onCustom + class(k.no), why
}

func (s *side) add(no policy.GroupNo, row Resource) {
	if s.said == nil {
		s.said = map[pair]bool{}
	}
	s.said[pair{no, row}] = true
	if !slices.Contains(s.groups, no) {
		s.groups = append(s.groups, no)
	}
	if !slices.Contains(s.rows, row) {
		s.rows = append(s.rows, row)
	}
}

// rowOf is the row that names a pattern.
func (t *table) rowOf(p *policy.Pattern) (Resource, class, string) {
	v := t.basis.Picker.catalog.Vocabulary()
	if v.KindName(p.Ref.Kind) == catalog.KindRecord {
		return t.recordRowOf(p)
	}
	account, in := v.Kind(catalog.KindAccount), p.In.String()
	if p.In.Kind != 0 && p.In.Kind != account {
		return Resource{}, 0, "It names resources inside others in a way that the form has no row for."
	}
	switch v.KindName(p.Ref.Kind) {
	case catalog.KindUser:
		return Resource{}, onUser, ""
	case catalog.KindAccount:
		if p.Ref.Any() {
			return Resource{Kind: AllAccounts}, onAccounts, ""
		}
		return Resource{Kind: OneAccount, AccountID: p.Ref.String()}, onAccounts, ""
	case catalog.KindZone:
		switch {
		case !p.Ref.Any():
			return Resource{Kind: OneZone, ZoneID: p.Ref.String(), AccountID: in}, onZones, ""
		case in == "" || t.basis.forAccount() && in == t.basis.Owner.ID:
			return Resource{Kind: AllZones}, onZones, ""
		}
		return Resource{Kind: ZonesOfAccount, AccountID: in}, onZones, ""
	}
	return Resource{}, 0, "It names resources that are neither accounts nor zones."
}

// uneven is why the policies are no form's, "" if they are.
func (t *table) uneven() string {
	for c := range classes {
		allow, deny := &t.sides[policy.Allow][c], &t.sides[policy.Deny][c]
		switch {
		case !allow.full():
			return "It gives different permissions on different " + t.basis.Picker.noun(c) + "."
		case len(deny.rows) == 0:
		case c == onRecords && len(allow.rows) == 0: // taken out of zones
		case c == onUser:
			return "It denies permissions on the user."
		case len(allow.rows) == 0:
			return "It denies permissions on " + t.basis.Picker.noun(c) + " and allows none."
		case !deny.full() || !sameGroups(allow.groups, deny.groups):
			return "What it denies on " + t.basis.Picker.noun(c) + " are not the permissions that it allows."
		}
	}
	return t.unevenRecords()
}

func (s *side) full() bool { return len(s.said) == len(s.groups)*len(s.rows) }

func sameGroups(a, b []policy.GroupNo) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// write puts the table into a form, resources in an order of their own: that of
// a document's members means nothing.
func (t *table) write(f Form) (Form, bool, string) {
	for c := range classes {
		for _, no := range t.sides[policy.Allow][c].groups {
			l := t.basis.Picker.level(no)
			f.Permissions = append(f.Permissions, Permission{l.family.Category, l.family.Key, l.Key})
		}
	}
	for _, e := range []policy.Effect{policy.Allow, policy.Deny} {
		for c := range classes {
			if c == onUser {
				continue
			}
			f.Resources = append(f.Resources, t.rows(e, c)...)
		}
	}
	if len(f.Permissions) > MaxPermissions || len(f.Resources) > MaxResources || len(f.Addresses) > MaxAddresses {
		return f, false, "It names more than the form has rows for."
	}
	return f, true, ""
}

func (t *table) rows(e policy.Effect, c class) []Resource {
	if e == policy.Allow && (c == onAccounts && t.basis.forAccount() || c == onZones && t.impliedZones()) {
		return nil // they go without saying
	}
	rows := mergeTypes(t.sides[e][c].rows)
	for i := range rows {
		rows[i].Effect = Exclude
		if e == policy.Allow {
			rows[i].Effect = Include
		}
	}
	slices.SortFunc(rows, compareRows)
	return rows
}

// compareRows puts the widest first.
func compareRows(a, b Resource) int {
	order := []string{AllAccounts, OneAccount, AllZones, ZonesOfAccount, OneZone, AccountRecords, ZoneRecords}
	return cmp.Or(cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind)), strings.Compare(a.Kind, b.Kind),
		strings.Compare(a.AccountID, b.AccountID), strings.Compare(a.ZoneID, b.ZoneID),
		strings.Compare(a.InID, b.InID), strings.Compare(a.ID, b.ID), strings.Compare(a.Name, b.Name), strings.Compare(a.Types, b.Types))
}
