package compile

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// none stands in a source for a column without a value.
const none = "-"

type group struct {
	category, name, scope, level, label, id, origin, service, description string

	below string // a kind below the scope that it can be given on too, "" for none
}

func parseGroups(text string) ([]*group, error) {
	var groups []*group
	for no, line := range lines(text) {
		f := strings.Split(line, "\t")
		if len(f) != 9 {
			return nil, fmt.Errorf("line %d: %d columns, want 9", no, len(f))
		}
		g := &group{
			category: f[0], name: f[1], scope: f[2], level: f[3], label: f[4], id: f[5], origin: f[6], service: f[7], description: f[8],
		}
		if err := g.check(); err != nil {
			return nil, fmt.Errorf("line %d: %s: %w", no, g.name, err)
		}
		if n := len(groups); n > 0 && g.order(groups[n-1]) <= 0 {
			return nil, fmt.Errorf("line %d: %s is out of order", no, g.name)
		}
		groups = append(groups, g)
	}
	return groups, nil
}

func (g *group) check() error {
	switch {
	case !slices.Contains([]string{"read", "edit", "other"}, g.level):
		return fmt.Errorf("no level %q", g.level)
	case g.origin != "public" && g.origin != "ours":
		return fmt.Errorf("no origin %q", g.origin)
	case g.service != "served" && g.service != "held":
		return fmt.Errorf("no service %q", g.service)
	case g.origin == "ours" && g.id != ourID(g.scope, g.name):
		return fmt.Errorf("id should be %s", ourID(g.scope, g.name))
	case !isHex32(g.id):
		return fmt.Errorf("id %q is not 32 hex digits", g.id)
	case g.service == "served" && g.scope == none:
		return fmt.Errorf("served without a scope")
	}
	return nil
}

// order is the order of the file and of every listing: category, those without
// one last; name; scope.
func (g *group) order(h *group) int {
	if (g.category == none) != (h.category == none) {
		if g.category == none {
			return 1
		}
		return -1
	}
	if c := strings.Compare(g.category, h.category); c != 0 {
		return c
	}
	if c := strings.Compare(strings.ToLower(g.name), strings.ToLower(h.name)); c != 0 {
		return c
	}
	return strings.Compare(g.scope, h.scope)
}

// ourID is the id of a group whose public id is not known. It depends on
// nothing but the group, so it stays when rows come and go.
func ourID(scope, name string) string {
	if scope == none {
		scope = ""
	}
	sum := sha256.Sum256([]byte("tokenward permission group\x00" + scope + "\x00" + name))
	return hex.EncodeToString(sum[:16])
}

func isHex32(s string) bool {
	return len(s) == 32 && strings.Trim(s, "0123456789abcdef") == ""
}

// checkGroups holds what must be unique among all groups, served or not, and
// that a served group's scope is a kind.
func checkGroups(groups []*group, kinds []kind) error {
	ids, labels := map[string]bool{}, map[string]bool{}
	for _, g := range groups {
		if ids[g.id] || labels[g.label] {
			return fmt.Errorf("%s: id %s or label %s is taken", g.name, g.id, g.label)
		}
		ids[g.id], labels[g.label] = true, true
		known := slices.ContainsFunc(kinds, func(k kind) bool { return k.name == g.scope })
		if g.service == "served" && !known {
			return fmt.Errorf("%s: served, but its scope %s is not a kind", g.name, g.scope)
		}
	}
	return nil
}

func servedGroups(groups []*group) []*group {
	return slices.DeleteFunc(slices.Clone(groups), func(g *group) bool { return g.service != "served" })
}
