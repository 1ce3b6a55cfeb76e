package dashboard

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/tokenform"
)

func (d *Dashboard) permissionRoutes() []route {
	return []route{
		{pattern: "GET " + permissionsPath, page: d.permissionCatalogue},
		{pattern: "POST " + permissionsPath + "/ask", page: d.askPermission},
		{pattern: "GET " + permissionsPath + "/operation", page: d.operationPage},
		{pattern: "GET " + permissionsPath + "/{group}", page: d.permissionGroup},
		{pattern: "GET " + compatibilityPath, page: d.compatibility},
	}
}

const (
	permissionsPath   = "/reference/permissions"
	compatibilityPath = "/reference/compatibility"

	familiesPerPage    = 50
	operationsPerPage  = 50
	maxFoundOperations = 10 // beside the permissions that a search finds
)

// catalogueData is what the catalogue's page shows.
type catalogueData struct {
	Query, Category, Scope string
	Categories, Scopes     []option
	Families               []*tokenform.Family
	Total                  int
	Page, Last             int
	Operations             []*catalog.Operation // that the search finds, on the first page
	MoreOperations         int
}

// permissionCatalogue shows the permissions by category, or those that a search finds.
func (d *Dashboard) permissionCatalogue(_ context.Context, in *request) (page, error) {
	p := d.picker()
	data := catalogueData{
		Query: strings.TrimSpace(in.query.Get("q")), Category: in.query.Get("category"), Scope: in.query.Get("scope"),
	}
	found := slices.DeleteFunc(data.search(p), func(f *tokenform.Family) bool {
		return data.Category != "" && f.Category != data.Category || data.Scope != "" && f.Scope != data.Scope
	})
	at, offset := in.pageOf(familiesPerPage)
	data.Total, data.Page, data.Last = len(found), at, pagesFor(len(found), familiesPerPage)
	data.Families = found[min(offset, len(found)):min(offset+familiesPerPage, len(found))]
	if data.Query != "" && at == 1 {
		data.Operations, data.MoreOperations = findOperations(p.Catalog(), data.Query)
	}
	data.choices(p)
	return show("permissions", "Permissions", &data), nil
}

// search is by category and name without a query, and else the best first.
func (data *catalogueData) search(p *tokenform.Picker) []*tokenform.Family {
	if data.Query != "" {
		return p.Search(data.Query, false)
	}
	var out []*tokenform.Family
	for _, c := range p.Categories(false) {
		out = append(out, c.Families...)
	}
	return out
}

func (data *catalogueData) choices(p *tokenform.Picker) {
	data.Categories, data.Scopes = []option{{Label: "All categories"}}, []option{{Label: "All scopes"}}
	var scopes []string
	for _, c := range p.Categories(false) {
		data.Categories = append(data.Categories, option{Value: c.Key, Label: c.Title})
		for _, f := range c.Families {
			scopes = append(scopes, f.Scope)
		}
	}
	slices.Sort(scopes)
	for _, s := range slices.Compact(scopes) {
		data.Scopes = append(data.Scopes, option{Value: s, Label: strings.ToUpper(s[:1]) + s[1:]})
	}
	chosen(data.Categories, data.Category)
	chosen(data.Scopes, data.Scope)
}

// CategoryTitle is a category's name.
func (data *catalogueData) CategoryTitle(key string) string {
	for _, c := range data.Categories {
		if c.Value == key {
			return c.Label
		}
	}
	return key
}

// findOperations finds the operations in which all words of a query occur, and
// says how many there are beside those it gives. The shortest paths come first.
func findOperations(c *catalog.Catalog, query string) ([]*catalog.Operation, int) {
	words := strings.Fields(strings.ToLower(query[:min(len(query), maxFilter)]))
	var found []*catalog.Operation
	for op := range everyOperation(c) {
		text := strings.ToLower(op.Method + " " + op.Template + " " + op.Summary + " " + strings.ReplaceAll(op.ID, "-", " "))
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			found = append(found, op)
		}
	}
	slices.SortStableFunc(found, func(a, b *catalog.Operation) int { return cmp.Compare(len(a.Template), len(b.Template)) })
	n := min(len(found), maxFoundOperations)
	return found[:n], len(found) - n
}

// groupData is what the page of a permission group shows.
type groupData struct {
	Level      *tokenform.Level
	Family     *tokenform.Family
	Category   string
	JSON       string // as a policy names the group
	Create     []createLink
	Templates  []catalog.Template
	Operations []*catalog.Operation
	Total      int
	Page, Last int
}

// permissionGroup shows one group: what it opens and where it is used.
func (d *Dashboard) permissionGroup(_ context.Context, in *request) (page, error) {
	p := d.picker()
	l := p.Level(in.path("group"))
	if l == nil {
		return page{}, &authority.Error{Code: authority.CodeNotFound, Message: "there is no such permission"}
	}
	data := groupData{
		Level: l, Family: l.Family(), Templates: templatesWith(p.Catalog(), l.Group.ID), Create: d.createLinks(in, l.Group),
		JSON: `{"id": "` + l.Group.ID + `"}`, Category: (&catalogueData{}).titleIn(p, l.Family().Category),
	}
	all := opened(p.Catalog(), l.Group.ID)
	at, offset := in.pageOf(operationsPerPage)
	data.Total, data.Page, data.Last = len(all), at, pagesFor(len(all), operationsPerPage)
	data.Operations = all[min(offset, len(all)):min(offset+operationsPerPage, len(all))]
	out := show("permission", l.Name(), data)
	out.nav = permissionsPath
	return out, nil
}

func (data *catalogueData) titleIn(p *tokenform.Picker, category string) string {
	data.choices(p)
	return data.CategoryTitle(category)
}

// opened are the operations that a group opens, by path.
func opened(c *catalog.Catalog, groupID string) []*catalog.Operation {
	no, ok := c.Vocabulary().Group(groupID)
	if !ok {
		return nil
	}
	var out []*catalog.Operation
	for op := range everyOperation(c) {
		if (op.Rule == catalog.Groups || op.Rule == catalog.Rows) && op.Accepted.Has(no) {
			out = append(out, op)
		}
	}
	return out
}

// templatesWith are the templates that give a group.
func templatesWith(c *catalog.Catalog, groupID string) []catalog.Template {
	has := func(t catalog.Template) bool {
		return slices.ContainsFunc(t.Groups, func(g catalog.Group) bool { return g.ID == groupID })
	}
	var out []catalog.Template
	for _, forAccount := range []bool{false, true} {
		for _, t := range c.Templates(forAccount) {
			if has(t) {
				out = append(out, t)
			}
		}
	}
	return out
}

// createLink leads to the form of a new token that begins with a group.
type createLink struct{ Label, Path string }

// createLinks are those for the reader's own token and for one of the account
// looked at last. There are none for a group that no address can name.
func (d *Dashboard) createLinks(in *request, g catalog.Group) []createLink {
	q, ok := d.authority.Catalog().TemplateQuery(g)
	if !ok {
		return nil
	}
	out := []createLink{{"Create my token with this", "/profile/api-tokens?" + q.Encode()}}
	if g.Scope != catalog.KindUser && len(in.accounts) > 0 {
		q.Set("to", "/:account/api-tokens")
		out = append(out, createLink{"Create an account’s token with this", "/?" + q.Encode()})
	}
	return out
}

// everyOperation yields the operations of the built-in catalogue and then those
// of the others.
func everyOperation(c *catalog.Catalog) iter.Seq[*catalog.Operation] {
	return func(yield func(*catalog.Operation) bool) {
		for op := range c.Operations() {
			if !yield(op) {
				return
			}
		}
		for _, api := range c.APIs() {
			for op := range api.Operations() {
				if !yield(op) {
					return
				}
			}
		}
	}
}
