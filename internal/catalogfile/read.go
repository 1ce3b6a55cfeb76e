package catalogfile

import (
	"go.yaml.in/yaml/v4"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// Read reads a file of at most MaxSize bytes. What it could not read is left out
// of the File and noted among the faults, all of which are errors; Lint looks at
// what the parts say of each other.
func Read(data []byte) (*File, Faults) {
	var r reader
	f := new(File)
	if root := r.document(data); root != nil {
		r.file(root, f)
	}
	return f, r.faults.sorted()
}

type reader struct{ noter }

func (r *reader) file(root *yaml.Node, f *File) {
	m := r.mapping(root, "a catalogue", "version", "name", "title", "description", "account", "errors", "kinds", "products", "operations", "templates")
	if v := m.must("version", 8); v.Value != "" && v.Value != "1" {
		r.error(v.At, "bad-value", "version %s is not known; this is version 1", quote(v.Value))
	}
	f.Name, f.Title, f.Description = m.must("name", 32), m.text("title", maxName), m.text("description", maxText)
	f.Account, f.Errors = m.text("account", 32), m.text("errors", 16)
	for _, node := range m.items("kinds", maxKinds) {
		f.Kinds = append(f.Kinds, r.kind(node))
	}
	groups := 0
	for _, node := range m.items("products", maxProducts) {
		p := r.product(node)
		if groups += len(p.Groups); groups > maxGroups {
			r.error(p.At, "limit", "a catalogue has at most %d groups", maxGroups)
			break
		}
		f.Products = append(f.Products, p)
	}
	for _, node := range m.items("operations", maxOperations) {
		f.Operations = append(f.Operations, r.operation(node))
	}
	for _, node := range m.items("templates", maxTemplates) {
		f.Templates = append(f.Templates, r.template(node))
	}
}

func (r *reader) kind(node *yaml.Node) Kind {
	m := r.mapping(node, "a kind", "name", "in", "id", "pattern", "max")
	k := Kind{
		Name: m.must("name", maxName), In: m.text("in", maxName), ID: m.text("id", 16),
		Pattern: m.text("pattern", 256), Max: m.number("max", policy.MaxIDLength), At: m.at,
	}
	var err error
	switch {
	case (k.ID.Value == "") == (k.Pattern.Value == ""):
		r.error(k.At, "missing", "a kind needs either id (hex32, int, uuid or slug) or pattern")
	case k.ID.Value != "":
		if k.form, err = policy.ParseIDForm(k.ID.Value); err != nil {
			r.error(k.ID.At, "bad-value", "%s", err)
		}
	default:
		if k.Max == 0 {
			k.Max = 64
		}
		if k.form, err = policy.NewIDPattern(k.Pattern.Value, k.Max); err != nil {
			r.error(k.Pattern.At, "bad-value", "%s", err)
		}
	}
	return k
}

func (r *reader) product(node *yaml.Node) Product {
	m := r.mapping(node, "a product", "name", "description", "groups")
	p := Product{Name: m.must("name", maxName), Description: m.text("description", maxText), At: m.at}
	for _, node := range m.items("groups", maxGroups) {
		g := r.mapping(node, "a group", "key", "id", "name", "description", "scope", "level")
		p.Groups = append(p.Groups, Group{
			Key: g.must("key", 64), ID: g.text("id", 32), Name: g.must("name", maxName), Description: g.text("description", maxText),
			Scope: g.must("scope", maxName), Level: g.text("level", 8), At: g.at,
		})
	}
	return p
}

func (r *reader) operation(node *yaml.Node) Operation {
	m := r.mapping(node, "an operation", "id", "method", "path", "summary", "product", "access", "errors", "groups", "resource", "parameters", "list")
	op := Operation{
		ID: m.must("id", maxName), Method: m.must("method", 8), Path: m.must("path", 1024), Summary: m.text("summary", maxText),
		Product: m.text("product", maxName), Access: m.text("access", 16), Errors: m.text("errors", 16),
		Groups: m.texts("groups", maxList), At: m.at,
	}
	op.Resource = r.places(&m, "resource", "a resource", true)
	if params := m.values["parameters"]; params != nil {
		if params.Kind != yaml.MappingNode {
			r.error(at(params), "bad-value", "parameters is a mapping of names to forms")
		}
		for i := 0; params.Kind == yaml.MappingNode && i+1 < len(params.Content); i += 2 {
			op.Parameters = append(op.Parameters, Parameter{
				r.scalar(params.Content[i], "a parameter", maxName), r.scalar(params.Content[i+1], "a form", 16),
			})
		}
	}
	if list := m.values["list"]; list != nil {
		op.List = r.list(list)
	}
	return op
}

func (r *reader) list(node *yaml.Node) *List {
	m := r.mapping(node, "a list", "items", "rows", "paging")
	l := &List{Items: m.text("items", maxPointer), At: m.at}
	r.pointer(l.Items, "items", true)
	l.Rows = r.places(&m, "rows", "a row", false)
	if len(l.Rows) == 0 {
		r.error(l.At, "missing", "a list needs rows: where in an item the resource's id stands")
	}
	if paging := m.values["paging"]; paging != nil {
		p := r.mapping(paging, "paging", "count", "total_count", "total_pages", "page", "per_page", "cursor", "max_per_page")
		l.Paging.MaxPerPage = p.number("max_per_page", maxPerPage)
		for key, into := range map[string]*string{
			"count": &l.Paging.Count, "total_count": &l.Paging.TotalCount, "total_pages": &l.Paging.TotalPages,
			"page": &l.Paging.Page, "per_page": &l.Paging.PerPage, "cursor": &l.Paging.Cursor,
		} {
			t := p.text(key, maxPointer)
			r.pointer(t, key, true)
			*into = t.Value
		}
	}
	return l
}

// pointer checks a JSON pointer (RFC 6901, section 3).
func (r *reader) pointer(t Text, what string, mayBeEmpty bool) {
	if t.Value == "" && mayBeEmpty {
		return
	}
	bad := t.Value == "" || t.Value[0] != '/'
	for i := range len(t.Value) {
		if t.Value[i] == '~' && (i+1 == len(t.Value) || t.Value[i+1] != '0' && t.Value[i+1] != '1') {
			bad = true
		}
	}
	if bad {
		r.error(t.At, "bad-value", "%s is a JSON pointer such as /result, not %s", what, quote(t.Value))
	}
}

// places reads a list of places. Those of a request name path, query, body or
// new; those of a row an id.
func (r *reader) places(m *fields, key, what string, inRequest bool) []Place {
	known := []string{"kind", "id"}
	parts := map[string]catalog.PlaceIn{"id": catalog.InBody}
	if inRequest {
		known = []string{"kind", "path", "query", "body", "new"}
		parts = map[string]catalog.PlaceIn{"path": catalog.InPath, "query": catalog.InQuery, "body": catalog.InBody, "new": catalog.InNone}
	}
	var out []Place
	for _, node := range m.items(key, policy.MaxDepth) {
		f := r.mapping(node, what, known...)
		p := Place{Kind: f.must("kind", maxName), At: f.at}
		for part, in := range parts {
			if f.values[part] == nil {
				continue
			}
			if p.In != 0 {
				r.error(p.At, "bad-value", "%s stands in one place, here are two", what)
			}
			p.In, p.Name = in, f.text(part, maxPointer)
		}
		switch {
		case p.In == 0:
			r.error(p.At, "missing", "%s needs one of %v", what, known[1:])
		case p.In == catalog.InBody:
			r.pointer(p.Name, what, false)
		case p.In == catalog.InNone && p.Name.Value != "true":
			r.error(p.Name.At, "bad-value", "new is true, or left out")
		case p.Name.Value == "":
			r.error(p.Name.At, "missing", "%s needs the name of the parameter", what)
		}
		out = append(out, p)
	}
	return out
}

func (r *reader) template(node *yaml.Node) Template {
	m := r.mapping(node, "a template", "key", "name", "description", "for", "accounts", "groups")
	return Template{
		Key: m.must("key", 64), Name: m.must("name", maxName), Description: m.must("description", maxText),
		For: m.text("for", 8), Accounts: m.text("accounts", 8), Groups: m.texts("groups", maxList), At: m.at,
	}
}
