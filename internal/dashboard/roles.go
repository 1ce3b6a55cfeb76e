package dashboard

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/tokenform"
)

func (d *Dashboard) roleRoutes() []route {
	return []route{
		{pattern: "GET /{account}/roles", page: d.roleList},
		{pattern: "GET /{account}/roles/{role}", page: d.rolePage},
	}
}

// roleListData is what the list of roles shows.
type roleListData struct {
	Query string
	Roles []roleRow
}

// roleRow is a role in the list, with the groups that a search found in it.
type roleRow struct {
	authority.Role
	Count int // permission groups
	Found names
}

// roleList shows the roles that are called or described as the search says, or
// give a permission group that is.
func (d *Dashboard) roleList(_ context.Context, in *request) (page, error) {
	data := roleListData{Query: strings.TrimSpace(in.query.Get("q"))}
	for _, r := range d.authority.Roles() {
		groups, own := d.authority.RoleGroups(&r)
		row := roleRow{Role: r, Count: len(groups) + len(own)}
		if data.Query != "" {
			var found []string
			for _, g := range append(groups, own...) {
				if holds(g.Name, data.Query) && !slices.Contains(found, g.Name) {
					found = append(found, g.Name)
				}
			}
			row.Found = namesOf(found, 3)
			if len(found) == 0 && !holds(r.Name, data.Query) && !holds(r.Description, data.Query) {
				continue
			}
		}
		data.Roles = append(data.Roles, row)
	}
	p := show("roles", "Roles", data)
	p.nav = in.membersPath()
	return p, nil
}

// holds looks for a part of a text, in any case.
func holds(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

// roleData is what the page of a role shows.
type roleData struct {
	authority.Role
	Query      string
	Categories []roleCategory
	Count      int
	Own        []catalog.Group // on what the member created only
}

// roleCategory are the permission groups of a category, each name once with the
// kinds of resources it acts on.
type roleCategory struct {
	Name   string
	Groups []roleGroup
}

type roleGroup struct{ Name, Description string }

func (d *Dashboard) rolePage(_ context.Context, in *request) (page, error) {
	r, ok := d.authority.Role(in.path("role"))
	if !ok {
		return page{}, &authority.Error{Code: authority.CodeNotFound, Message: "role not found"}
	}
	groups, own := d.authority.RoleGroups(&r)
	data := roleData{Role: r, Query: strings.TrimSpace(in.query.Get("q")), Count: len(groups), Own: own}
	data.Categories = categoriesOf(slices.DeleteFunc(groups, func(g catalog.Group) bool { return !holds(g.Name, data.Query) }))
	p := show("role", r.Name, data)
	p.nav = in.membersPath()
	return p, nil
}

// categoriesOf files groups under their categories, both by name.
func categoriesOf(groups []catalog.Group) []roleCategory {
	slices.SortStableFunc(groups, func(a, b catalog.Group) int {
		return cmp.Or(cmp.Compare(categoryOf(&a), categoryOf(&b)), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)))
	})
	var out []roleCategory
	for _, g := range groups {
		if name := categoryOf(&g); len(out) == 0 || out[len(out)-1].Name != name {
			out = append(out, roleCategory{Name: name})
		}
		in := &out[len(out)-1]
		if n := len(in.Groups); n == 0 || in.Groups[n-1].Name != g.Name {
			in.Groups = append(in.Groups, roleGroup{g.Name, g.Description})
		}
	}
	return out
}

func categoryOf(g *catalog.Group) string {
	if g.API != "" {
		return g.Product + " (" + g.API + ")"
	}
	if g.Category != "" {
		return tokenform.CategoryTitle(g.Category)
	}
	return cmp.Or(g.Product, "Other")
}
