package authority

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
)

func TestRoleTableNamesWhatTheCatalogueHas(t *testing.T) {
	t.Parallel()
	if err := checkRoleTable(catalog.V4()); err != nil {
		t.Error(err)
	}
	for key, area := range areas {
		for _, label := range []string{area.Read, area.Write} {
			if !slices.ContainsFunc(catalog.V4().Groups(), func(g catalog.Group) bool { return g.Label == label }) {
				t.Errorf("area %s: no permission group has the label %q", key, label)
			}
		}
	}
}

// TestOnlyAdministratorsManageEveryAccountToken: another role that did could
// make itself a token of any kind.
func TestOnlyAdministratorsManageEveryAccountToken(t *testing.T) {
	t.Parallel()
	all := compileRoles(catalog.V4())
	manage := all.byLabel["account_api_tokens_write"]
	var got []string
	for i := range all.list {
		if all.list[i].groups.Has(manage) {
			got = append(got, all.list[i].ID)
		}
	}
	if want := []string{RoleSuperAdministrator, RoleAdministrator}; !slices.Equal(got, want) {
		t.Errorf("roles %v manage account tokens, want %v", got, want)
	}
	if p := all.byID[RoleTokenProvisioning]; !p.groups.Empty() || !p.own.Has(manage) {
		t.Error("API Token Provisioning gives more or less than managing its own")
	}
}

func TestRolesOfZonesGiveNothingOnTheAccount(t *testing.T) {
	t.Parallel()
	c := catalog.V4()
	for _, r := range compileRoles(c).list {
		if !r.Domain {
			continue
		}
		if r.groups.Empty() {
			t.Errorf("role %s gives nothing", r.Name)
		}
		for no := range r.groups.All {
			if g := c.GroupByNo(no); g.Scope != catalog.KindZone {
				t.Errorf("role %s gives %s, whose scope is %s", r.Name, g.Name, g.Scope)
			}
		}
	}
}

// TestReadOnlyRolesChangeNothing.
func TestReadOnlyRolesChangeNothing(t *testing.T) {
	t.Parallel()
	c := catalog.V4()
	all := compileRoles(c)
	for _, id := range []string{RoleAdministratorReadOnly, "e58cefd75d7adae0b761796c28815e5c", "156a872fa6df06e0e9b85d32afce6990", "98d2b0c4bd3b4a2c842fcd2a81273ee9"} {
		for no := range all.byID[id].groups.All {
			if g := c.GroupByNo(no); g.Level != catalog.LevelRead {
				t.Errorf("role %s gives %s", all.byID[id].Name, g.Name)
			}
		}
	}
}

// labels are those that the row names, for the test that holds the table
// against the catalogue.
func (r *roleRow) labels() (keys, whole []string) {
	keys = append(strings.Fields(r.edit), strings.Fields(r.read)...)
	return keys, append(strings.Fields(r.other), strings.Fields(r.except)...)
}

// checkRoleTable says what in the table the built-in catalogue does not have.
func checkRoleTable(c *catalog.Catalog) error {
	known, knownKeys := map[string]bool{}, map[string]bool{}
	for _, g := range c.Groups() {
		key, _ := splitLabel(g.Label)
		known[g.Label], knownKeys[key] = true, true
	}
	seen := map[string]bool{}
	for i := range roleTable {
		row := &roleTable[i]
		if seen[row.id] || seen[row.name] {
			return fmt.Errorf("role %q: its id or name comes twice", row.name)
		}
		seen[row.id], seen[row.name] = true, true
		keys, whole := row.labels()
		for _, k := range keys {
			if !knownKeys[k] {
				return fmt.Errorf("role %q: no permission group has the key %q", row.name, k)
			}
		}
		for _, l := range whole {
			if !known[l] {
				return fmt.Errorf("role %q: no permission group has the label %q", row.name, l)
			}
		}
	}
	return nil
}
