package tokenform

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

// Draft is what the form means: one allow policy for each of accounts, zones,
// records, the user and the kinds of custom catalogues, as far as there are permissions for them, and one deny policy of the
// same permissions for what is excluded. Rows in which nothing was entered are
// passed over.
//
// The faults are all that is wrong, including what package authority finds in the
// draft; with any the draft is for a preview only. For the same form on the same
// basis the result is the same.
func (f *Form) Draft(b Basis) (authority.Draft, []Fault) {
	m := f.read(b)
	d := authority.Draft{
		Name: f.Name, Policies: m.policies, Condition: m.condition,
		Status: authority.Status(f.Status),
	}
	d.NotBefore, d.ExpiresOn = m.date("not_before", f.NotBefore), m.date("expires_on", f.ExpiresOn)
	d.RateLimit = m.rateLimit()
	if f.Name == "" {
		m.faults = slices.Insert(m.faults, 0, Fault{"name", "Give the token a name."})
	}
	_, faults := authority.CheckDraft(b.Picker.catalog, &d, b.Owner, b.Before, b.Now)
	for _, fault := range m.locate(faults) {
		if !m.isFaulty(fault.Field) {
			m.faults = append(m.faults, fault)
		}
	}
	return d, m.faults
}

// Locate finds the inputs that faults of the form's draft are about, for those
// that package authority reports when it is asked to issue or update the token.
func (f *Form) Locate(b Basis, faults []policy.Fault) []Fault {
	m := f.read(b)
	return m.locate(faults)
}

// reading is a form on its way to a draft.
type reading struct {
	form   *Form
	basis  Basis
	faults []Fault

	groups   [classes][]string // ids, each once
	givenBy  map[string]int    // group id: its row
	records  int               // how many are named
	included [classes][]place
	excluded [classes][]place

	policies  []policy.Policy
	origins   []origin // of each policy
	condition policy.Condition
	in, notIn []int // the rows of the condition's ranges
}

// place is a row's resource: a key, with the key nested in it if there is one.
type place struct {
	outer, inner string
	row          int
}

// origin is where a policy comes from: the row of each of its groups and the
// rows of its resources.
type origin struct {
	groups []int
	places []place
}

func (f *Form) read(b Basis) *reading {
	m := &reading{form: f, basis: b, givenBy: map[string]int{}}
	m.readPermissions()
	m.holdToRecords()
	m.readResources()
	m.readAddresses()
	m.build()
	return m
}

func (m *reading) fault(field, message string) {
	m.faults = append(m.faults, Fault{field, message})
}

// isFaulty reports whether a fault of the field, or of its rows, is noted.
func (m *reading) isFaulty(field string) bool {
	return slices.ContainsFunc(m.faults, func(f Fault) bool {
		return f.Field == field || strings.HasPrefix(f.Field, field+"[") || strings.HasPrefix(f.Field, field+".")
	})
}

// readPermissions finds the groups.
func (m *reading) readPermissions() {
	for i, p := range m.form.Permissions {
		if p.blank() {
			continue
		}
		input, message, l := m.level(p)
		if message != "" {
			m.fault(row(permissions, i)+input, message)
			continue
		}
		c, ok := m.basis.Picker.classOf(l.Group.Scope)
		switch _, twice := m.givenBy[l.Group.ID]; {
		case !ok:
			m.fault(row(permissions, i)+"group", l.Name()+" acts on resources that this form cannot name.")
		case c == onUser && m.basis.forAccount():
			m.fault(row(permissions, i)+"group", l.Name()+" acts on a user; a token of an account cannot have it.")
		case !twice:
			m.givenBy[l.Group.ID] = i
			m.groups[c] = append(m.groups[c], l.Group.ID)
		}
	}
	if len(m.givenBy) == 0 && len(m.faults) == 0 {
		m.fault(permissions, "Choose at least one permission.")
	}
}

// level finds the level that a row means, or the input at fault and why.
func (m *reading) level(p Permission) (input, message string, l *Level) {
	f, ok := m.basis.Picker.Family(p.Group)
	switch {
	case p.Group == "":
		return "group", "Choose a permission.", nil
	case !ok:
		return "group", "There is no such permission.", nil
	case p.Level == "" && len(f.Levels) == 1:
		return "", "", &f.Levels[0]
	}
	if l, ok := f.Level(p.Level); ok {
		return "", "", l
	}
	var titles []string
	for i := range f.Levels {
		titles = append(titles, f.Levels[i].Title)
	}
	return "level", "Choose what it may do: " + join(titles, "or") + ".", nil
}

// readAddresses makes the condition.
func (m *reading) readAddresses() {
	for i, a := range m.form.Addresses {
		if a.blank() {
			continue
		}
		cidr := strings.TrimSpace(a.Range)
		if addr, err := netip.ParseAddr(cidr); err == nil && addr.Zone() == "" {
			cidr = netip.PrefixFrom(addr, addr.BitLen()).String()
		}
		switch a.Is {
		case IsIn, "":
			m.condition.In, m.in = append(m.condition.In, cidr), append(m.in, i)
		case IsNotIn:
			m.condition.NotIn, m.notIn = append(m.condition.NotIn, cidr), append(m.notIn, i)
		default:
			m.fault(row(addresses, i)+"is", "Choose whether the token can or cannot be used from there.")
		}
	}
}
