package catalogfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"go.yaml.in/yaml/v4"
)

// MaxDocument is the size of an OpenAPI document that Import reads, in bytes.
const MaxDocument = 8 << 20

// Members of an OpenAPI document that say what a catalogue does.
const (
	extCatalog  = "x-api-token-catalog"  // of the document: a catalogue without operations
	extGroup    = "x-api-token-group"    // of an operation: a group or a list of them
	extResource = "x-api-token-resource" // of an operation: as in a catalogue, and so the next two
	extAccess   = "x-api-token-access"
	extList     = "x-api-token-list"
	extParams   = "x-api-token-parameters"
)

// Import makes a catalogue of an OpenAPI 3.0 or 3.1 document, as YAML or JSON. It
// comes out the same for the same document: operations by path and method, and
// groups in the order in which they are named.
//
// An operation without a group is kept, so that Lint can name it. Documents that
// the document refers to are not read.
func Import(data []byte) ([]byte, error) {
	if len(data) > MaxDocument {
		return nil, fmt.Errorf("the document has %d bytes, at most %d are possible", len(data), MaxDocument)
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, fmt.Errorf("read the OpenAPI document: %w", err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.") {
		return nil, errors.New("the document does not begin with openapi: 3.0 or 3.1")
	}
	im := importer{groups: map[string]*imported{}}
	if err := im.head(doc); err != nil {
		return nil, err
	}
	var operations []any
	paths := doc.Paths.Map()
	for _, path := range slices.Sorted(keysOf(paths)) {
		for _, method := range methods {
			if op := paths[path].GetOperation(method); op != nil {
				operations = append(operations, im.operation(path, method, op))
			}
		}
	}
	im.file["products"] = im.products()
	if len(operations) > 0 {
		im.file["operations"] = operations
	}
	return yaml.Dump(nodeOf(im.file, 0), yaml.WithIndent(2), yaml.WithCompactSeqIndent(false))
}

type importer struct {
	file   map[string]any
	kinds  []string             // full names
	made   []*imported          // groups that only operations name, in that order
	groups map[string]*imported // by key
	ids    []string             // of operations
}

// imported is a group.
type imported struct {
	key, name, product string
	on                 [][]string // kinds of each operation that names it, the narrowest first
}

func (im *importer) head(doc *openapi3.T) error {
	im.file = map[string]any{}
	switch own := doc.Extensions[extCatalog].(type) {
	case nil:
	case map[string]any:
		for key, value := range own {
			im.file[key] = value
		}
	default:
		return fmt.Errorf("%s is not a mapping", extCatalog)
	}
	im.file["version"] = 1
	title := ""
	if doc.Info != nil {
		title = doc.Info.Title
	}
	for key, value := range map[string]string{"title": title, "name": wordOf(title, "-")} {
		if _, said := im.file[key]; !said && value != "" {
			im.file[key] = value
		}
	}
	for _, k := range listOf(im.file["kinds"]) {
		if m, ok := k.(map[string]any); ok {
			if name, ok := m["name"].(string); ok {
				im.kinds = append(im.kinds, name)
			}
		}
	}
	im.declared()
	return nil
}

// declared notes the groups that the document's own products have.
func (im *importer) declared() {
	for _, p := range listOf(im.file["products"]) {
		m, _ := p.(map[string]any)
		for _, g := range listOf(m["groups"]) {
			if g, ok := g.(map[string]any); ok {
				key, _ := g["key"].(string)
				name, _ := g["name"].(string)
				im.groups[key] = &imported{key: key, name: name}
			}
		}
	}
}

func (im *importer) operation(path, method string, op *openapi3.Operation) map[string]any {
	out := map[string]any{"id": im.idOf(path, method, op), "method": method, "path": path}
	if op.Summary != "" {
		out["summary"] = oneLine(op.Summary)
	}
	access, open := op.Extensions[extAccess]
	if open = open && access != accessGroups; open {
		out["access"] = access
	}
	if list, ok := op.Extensions[extList]; ok {
		out["list"] = list
	}
	resource, ok := op.Extensions[extResource]
	if !ok && !open {
		resource = im.resource(path)
	}
	if len(listOf(resource)) > 0 || ok {
		out["resource"] = resource
	}
	if forms, ok := op.Extensions[extParams]; ok {
		out["parameters"] = forms
	}
	product := "API"
	if len(op.Tags) > 0 {
		product = oneLine(op.Tags[0])
	}
	var groups []any
	for _, g := range listOf(op.Extensions[extGroup]) {
		if name, ok := g.(string); ok {
			groups = append(groups, im.group(name, product, im.kindsOf(op.Extensions[extList], resource)))
		}
	}
	if len(groups) > 0 {
		out["groups"] = groups
	}
	return out
}

// group is the key of the group that an operation on kinds names by its key or its
// name. A group that the document does not declare is made; see scope.
func (im *importer) group(said, product string, on []string) string {
	key := wordOf(said, "_")
	if im.groups[said] != nil {
		key = said
	}
	for _, k := range slices.Sorted(keysOf(im.groups)) {
		if im.groups[said] == nil && im.groups[k].name == said {
			key = k
			break
		}
	}
	if im.groups[key] == nil {
		g := &imported{key: key, name: said, product: product}
		im.groups[key] = g
		im.made = append(im.made, g)
	}
	im.groups[key].on = append(im.groups[key].on, on)
	return key
}

// products are those of the document and one for each tag whose operations named
// groups that the document does not declare.
func (im *importer) products() []any {
	out := slices.Clone(listOf(im.file["products"]))
	byName := map[string]map[string]any{}
	for _, p := range out {
		if m, ok := p.(map[string]any); ok {
			name, _ := m["name"].(string)
			byName[name] = m
		}
	}
	for _, g := range im.made {
		p := byName[g.product]
		if p == nil {
			p = map[string]any{"name": g.product}
			byName[g.product] = p
			out = append(out, p)
		}
		p["groups"] = append(slices.Clone(listOf(p["groups"])), map[string]any{"key": g.key, "name": g.name, "scope": g.scope()})
	}
	return out
}

// idOf is an operation's id, one that no other has.
func (im *importer) idOf(path, method string, op *openapi3.Operation) string {
	id := strings.Map(func(r rune) rune {
		if r < 128 && (r == '-' || r == '_' || r == '.' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9') {
			return r
		}
		return '-'
	}, op.OperationID)
	if !opForm.MatchString(id) {
		id = wordOf(method+" "+path, "-")
	}
	id = id[:min(len(id), maxName-4)]
	for base, n := id, 2; slices.Contains(im.ids, id); n++ {
		id = fmt.Sprintf("%s-%d", base, n)
	}
	im.ids = append(im.ids, id)
	return id
}
