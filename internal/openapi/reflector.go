package openapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/tokenward/tokenward/v4"
)

const schemaRef = "#/components/schemas/"

// reflector makes schemas of Go types. Each struct with a name becomes a
// component, which others refer to.
type reflector struct {
	known      map[reflect.Type]*jsonschema.Schema // how a type is written inside another
	components map[string]*jsonschema.Schema
	names      map[string]reflect.Type
	requests   bool // types met from now on are read, not written: a member may be left out
}

func newReflector() *reflector {
	return &reflector{known: wireForms(), components: map[string]*jsonschema.Schema{}, names: map[string]reflect.Type{}}
}

// wireForms are the schemas of types that write or read themselves.
func wireForms() map[reflect.Type]*jsonschema.Schema {
	text := &jsonschema.Schema{Type: "string"}
	date := &jsonschema.Schema{Type: "string", Format: "date-time"}
	return map[reflect.Type]*jsonschema.Schema{
		reflect.TypeFor[v4.Time]():         date,
		reflect.TypeFor[v4.MicroTime]():    date,
		reflect.TypeFor[json.RawMessage](): {},
		reflect.TypeFor[v4.Resource](): {AnyOf: []*jsonschema.Schema{
			{Const: jsonschema.Ptr[any]("*")},
			{Type: "object", AdditionalProperties: &jsonschema.Schema{Const: jsonschema.Ptr[any]("*")}},
		}},
		reflect.TypeFor[v4.RoleRef](): {AnyOf: []*jsonschema.Schema{
			text, {Type: "object", Properties: map[string]*jsonschema.Schema{"id": {Type: "string", Description: "the role's"}}, Required: []string{"id"}},
		}},
	}
}

// of is the schema of a type, with its components made on the way.
func (r *reflector) of(t reflect.Type) (*jsonschema.Schema, error) {
	if err := r.learn(t); err != nil {
		return nil, err
	}
	return r.schema(t, r.known)
}

func (r *reflector) schema(t reflect.Type, known map[reflect.Type]*jsonschema.Schema) (*jsonschema.Schema, error) {
	s, err := jsonschema.ForType(t, &jsonschema.ForOptions{TypeSchemas: known})
	if err != nil {
		return nil, err
	}
	return tidy(s), nil
}

// learn makes the components that a type is made of.
func (r *reflector) learn(t reflect.Type) error {
	switch {
	case r.known[t] != nil:
		return nil
	case t == reflect.TypeFor[v4.Condition]():
		return r.learnCondition(t)
	case t == reflect.TypeFor[v4.ResultInfo]():
		return r.learnResultInfo(t)
	case generic(t, "List"):
		return r.learnList(t)
	case generic(t, "Field"):
		return r.learnField(t)
	case t.Kind() == reflect.Pointer, t.Kind() == reflect.Slice, t.Kind() == reflect.Map:
		return r.learn(t.Elem())
	case t.Kind() == reflect.Struct:
		return r.learnStruct(t)
	}
	return nil
}

// generic reports whether a type is an instance of a generic one of package v4.
func generic(t reflect.Type, name string) bool {
	return t.PkgPath() == reflect.TypeFor[v4.Error]().PkgPath() && strings.HasPrefix(t.Name(), name+"[")
}

// learnList: a list is never null.
func (r *reflector) learnList(t reflect.Type) error {
	items, err := r.of(t.Elem())
	r.known[t] = &jsonschema.Schema{Type: "array", Items: items}
	return err
}

// learnField: a field may be null.
func (r *reflector) learnField(t reflect.Type) error {
	value, _ := t.FieldByName("Value")
	s, err := r.of(reflect.PointerTo(value.Type))
	r.known[t] = s
	return err
}

func (r *reflector) learnStruct(t reflect.Type) error {
	if t.Name() == "" {
		return nil
	}
	if err := r.name(t, strings.ToUpper(t.Name()[:1])+t.Name()[1:]); err != nil {
		return err
	}
	name := strings.TrimPrefix(r.known[t].Ref, schemaRef)
	embedded := []reflect.Type{t} // written out, not referred to
	for i := range t.NumField() {
		f := t.Field(i)
		if err := r.learn(f.Type); err != nil {
			return err
		}
		if f.Anonymous {
			embedded = append(embedded, f.Type)
		}
	}
	known := maps.Clone(r.known)
	for _, e := range embedded {
		delete(known, e)
	}
	s, err := r.schema(t, known)
	if err != nil {
		return err
	}
	if r.requests {
		s.Required = mustBeGiven(t)
	}
	r.components[name] = s
	return nil
}

// mustBeGiven are the members of a request's type that have to be there: those
// that have no way to say that they are not.
func mustBeGiven(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" || options != "" || f.Type.Kind() == reflect.Pointer {
			continue
		}
		names = append(names, name)
	}
	return names
}

// name gives a type its component. Two of one name would hide each other.
func (r *reflector) name(t reflect.Type, name string) error {
	if other, taken := r.names[name]; taken {
		return fmt.Errorf("openapi: %v and %v would both be called %s", t, other, name)
	}
	r.names[name] = t
	r.known[t] = &jsonschema.Schema{Ref: schemaRef + name}
	return nil
}

// learnCondition: the filter goes by two names.
func (r *reflector) learnCondition(t reflect.Type) error {
	ip, err := r.of(reflect.TypeFor[v4.RequestIP]())
	if err != nil {
		return err
	}
	older := ip.CloneSchemas()
	ip.Description, older.Description = "the client's address", "the same under its older name"
	r.components["Condition"] = &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{
		"request_ip": ip, "request.ip": older,
	}}
	return r.name(t, "Condition")
}

// learnResultInfo: there are numbered pages, and those with a cursor.
func (r *reflector) learnResultInfo(t reflect.Type) error {
	numbered := &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{}}
	for _, name := range []string{"page", "per_page", "count", "total_count", "total_pages"} {
		numbered.Properties[name] = &jsonschema.Schema{Type: "integer"}
		numbered.Required = append(numbered.Required, name)
	}
	r.components["ResultInfo"] = &jsonschema.Schema{OneOf: []*jsonschema.Schema{numbered, {
		Type: "object", Required: []string{"count", "cursor", "cursors"},
		Properties: map[string]*jsonschema.Schema{
			"count": {Type: "integer"}, "cursor": {Type: "string"}, "history_status": {Type: "string"},
			"cursors": {
				Type: "object", Required: []string{"after"},
				Properties: map[string]*jsonschema.Schema{"after": {Type: "string"}},
			},
		},
	}}}
	return r.name(t, "ResultInfo")
}
