package authority

import (
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// Role is a set of permission groups that a membership gives on its account and
// everything in it.
type Role struct {
	ID          string
	Name        string
	Description string
	gives       func(g *catalog.Group) bool
}

// Ids of roles. The Super Administrator's is public (contract 4.1); the other
// is ours.
const (
	RoleSuperAdministrator    = "33666b9c79b9a5273fc7344ff42f953d"
	RoleAdministratorReadOnly = "5f1b2c7a94e04d35b6a1c0d8e7f36a92"
)

// Roles are the roles there are.
func Roles() []Role {
	return []Role{
		{
			ID: RoleSuperAdministrator, Name: "Super Administrator - All Privileges",
			Description: "Can do everything in the account, and manage its members.",
			gives:       func(*catalog.Group) bool { return true },
		},
		{
			ID: RoleAdministratorReadOnly, Name: "Administrator Read Only",
			Description: "Can see everything in the account and change nothing.",
			gives:       func(g *catalog.Group) bool { return g.Level == catalog.LevelRead },
		},
	}
}

// roleGroups compiles the roles to group sets, once.
func roleGroups(c *catalog.Catalog) map[string]policy.GroupSet {
	v := c.Vocabulary()
	sets := make(map[string]policy.GroupSet)
	for _, r := range Roles() {
		var set policy.GroupSet
		for _, g := range c.Groups() {
			if no, ok := v.Group(g.ID); ok && r.gives(&g) {
				set.Add(no)
			}
		}
		sets[r.ID] = set
	}
	return sets
}
