package openapi

import (
	"bytes"
	_ "embed" // the page and its style
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

//go:embed page.html
var pageText string

//go:embed page.css
var styleSheet string

// page is what the template shows.
type page struct {
	Style    template.CSS
	Info     Info
	Base     string
	Sections []section
	Schemas  []shape
}

// section has the operations of one product.
type section struct {
	Name       string
	Operations []entry
}

// entry is one operation.
type entry struct {
	*Operation
	Method, Path string
	Credentials  string
	In           []typed
	Out          []typed
}

// typed is a body: its media type and what is in it.
type typed struct {
	Media string
	Type  kind
}

// shape is one schema and its members.
type shape struct {
	Name    string
	Type    kind
	Members []member
}

type member struct {
	Name     string
	Type     kind
	Required bool
	Text     string
}

// render makes the page of a document.
func render(d *Document) ([]byte, error) {
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		return nil, err
	}
	p := page{Style: template.CSS(styleSheet), Info: d.Info, Base: d.Servers[0].URL}
	for _, tag := range d.Tags {
		p.Sections = append(p.Sections, section{tag.Name, entriesOf(d, tag.Name)})
	}
	for _, name := range slices.Sorted(maps.Keys(d.Components.Schemas)) {
		s := d.Components.Schemas[name]
		p.Schemas = append(p.Schemas, shape{name, kindOf(s), membersOf(s)})
	}
	var out bytes.Buffer
	err = t.Execute(&out, p)
	return out.Bytes(), err
}

func entriesOf(d *Document, tag string) []entry {
	var out []entry
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range []string{"get", "post", "put", "patch", "delete"} {
			op := d.Paths[path][method]
			if op == nil || op.Tags[0] != tag {
				continue
			}
			e := entry{Operation: op, Method: strings.ToUpper(method), Path: path, Credentials: credentials(op)}
			if op.Body != nil {
				e.In = bodies(op.Body.Content)
			}
			e.Out = bodies(op.Responses["200"].Content)
			out = append(out, e)
		}
	}
	return out
}

// credentials are the ways to say who one is.
func credentials(op *Operation) string {
	var ways []string
	for _, way := range op.Security {
		if _, ok := way["api_token"]; ok {
			ways = append(ways, "API token")
		} else {
			ways = append(ways, "API key and email")
		}
	}
	if len(ways) == 0 {
		return "none"
	}
	return strings.Join(ways, ", or ")
}

// bodies says what is in each media type; of an envelope, what the result is.
func bodies(content map[string]Media) []typed {
	var out []typed
	for _, media := range slices.Sorted(maps.Keys(content)) {
		s := content[media].Schema
		if result := s.Properties["result"]; result != nil {
			s = result
		}
		out = append(out, typed{media, kindOf(s)})
	}
	return out
}

func membersOf(s *jsonschema.Schema) []member {
	names := s.PropertyOrder
	if len(names) == 0 {
		names = slices.Sorted(maps.Keys(s.Properties))
	}
	var out []member
	for _, name := range names {
		out = append(out, member{name, kindOf(s.Properties[name]), slices.Contains(s.Required, name), s.Properties[name].Description})
	}
	return out
}
