package authority

import (
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// Ids of roles that the authority itself knows. All but the last are public;
// for API Token Provisioning no public source names one, and this one is ours.
const (
	RoleSuperAdministrator    = "33666b9c79b9a5273fc7344ff42f953d"
	RoleAdministrator         = "05784afa30c1afe1440e79d9351c7430"
	RoleAdministratorReadOnly = "f2b20eaa1a5d4af42b53ac16238c99c7"
	RoleMinimalAccess         = "5c35d2bf3a545e6b7560b826c0d23c39"
	RoleDNS                   = "069fe803647ed3609e93d041d5df6050"
	RoleTokenProvisioning     = "a4c1d0e97b5f4e0f9c3d2b8a61f07e55"
)

// Role is a set of permission groups that a membership gives on its account and
// everything in it, or by a member policy on a part of the account. Upstream
// calls the same thing a member permission group.
type Role struct {
	ID          string
	Name        string
	Description string
	// Domain roles are for policies on zones; a membership cannot have one as a
	// role of the whole account.
	Domain bool

	groups policy.GroupSet
	// own are groups that hold only for what the member created: the account
	// tokens of API Token Provisioning.
	own policy.GroupSet
}

// Label is the role's name in the form of a label: "cache_purge".
func (r *Role) Label() string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(r.Name), func(c rune) bool {
		return c < '0' || c > '9' && c < 'a' || c > 'z'
	}), "_")
}

// roles are the roles there are, in the order of the table, and by id.
type roles struct {
	list    []Role
	byID    map[string]*Role
	byLabel map[string]policy.GroupNo // permission groups
}

// Roles are the roles there are.
func (a *Authority) Roles() []Role { return slices.Clone(a.current.Load().roles.list) }

// Role finds a role by id.
func (a *Authority) Role(id string) (Role, bool) {
	r, ok := a.current.Load().roles.byID[id]
	if !ok {
		return Role{}, false
	}
	return *r, true
}

// RoleAreas says what a role lets its holders do in each area of an account.
func (a *Authority) RoleAreas(r *Role) map[string]Area { return a.areasOf(&r.groups) }

// MembershipAreas says what a membership lets its user do in each area of the
// whole account.
func (a *Authority) MembershipAreas(m *Membership) map[string]Area {
	groups := a.wholeAccount(m)
	return a.areasOf(&groups)
}

// RoleGroups are the permission groups that a role gives its holders, and those
// that it gives on what they created themselves only, in the catalogue's order.
func (a *Authority) RoleGroups(r *Role) (groups, own []catalog.Group) {
	c := a.Catalog()
	for no := range policy.GroupNo(c.Vocabulary().Groups()) {
		if r.groups.Has(no) {
			groups = append(groups, c.GroupByNo(no))
		}
		if r.own.Has(no) {
			own = append(own, c.GroupByNo(no))
		}
	}
	return groups, own
}

func (a *Authority) areasOf(groups *policy.GroupSet) map[string]Area {
	roles := &a.current.Load().roles
	holds := func(label string) bool {
		no, ok := roles.byLabel[label]
		return ok && groups.Has(no)
	}
	out := make(map[string]Area, len(areas))
	for key, labels := range areas {
		out[key] = Area{Read: holds(labels.Read), Write: holds(labels.Write)}
	}
	return out
}

// compileRoles looks the table's labels up in a catalogue. A label that the
// catalogue does not have gives nothing: custom catalogues have groups of their
// own, and only the built-in one is held against the table, by a test.
func compileRoles(c *catalog.Catalog) roles {
	out := roles{byID: make(map[string]*Role), byLabel: make(map[string]policy.GroupNo)}
	for no := range policy.GroupNo(c.Vocabulary().Groups()) {
		out.byLabel[c.GroupByNo(no).Label] = no
	}
	for _, row := range roleTable {
		r := Role{ID: row.id, Name: row.name, Description: row.description, Domain: row.domain}
		for no := range policy.GroupNo(c.Vocabulary().Groups()) {
			g := c.GroupByNo(no)
			if row.gives(&g) {
				r.groups.Add(no)
			}
			if row.id == RoleTokenProvisioning && (g.Label == "account_api_tokens_read" || g.Label == "account_api_tokens_write") {
				r.own.Add(no)
			}
		}
		out.list = append(out.list, r)
	}
	for i := range out.list {
		out.byID[out.list[i].ID] = &out.list[i]
	}
	return out
}

// roleRow is a role in the table. Keys are labels of permission groups without
// their level.
type roleRow struct {
	id, name, description string
	edit                  string // keys whose groups of every level it gives
	read                  string // keys whose groups for reading it gives
	other                 string // whole labels
	category              string // every group of this category
	everything            bool   // all groups but those in except
	except                string // whole labels
	onlyRead              bool   // of what the rest gives, the groups for reading
	domain                bool
}

func (r *roleRow) gives(g *catalog.Group) bool {
	if r.onlyRead && g.Level != catalog.LevelRead {
		return false
	}
	if g.API != "" && !r.everything {
		return false // a label or a category that custom catalogues choose as well
	}
	if r.everything {
		return !has(r.except, g.Label) && (!r.domain || g.Scope == catalog.KindZone)
	}
	key, level := splitLabel(g.Label)
	return has(r.edit, key) || level == "read" && has(r.read, key) || has(r.other, g.Label) ||
		r.category != "" && g.Category == r.category
}

func has(words, word string) bool { return slices.Contains(strings.Fields(words), word) }

// splitLabel cuts a label at its level: "dns_read" is dns, read.
func splitLabel(label string) (key, level string) {
	i := strings.LastIndexByte(label, '_')
	if i < 0 {
		return label, ""
	}
	return label[:i], label[i+1:]
}
