package openapi

import (
	"reflect"

	"github.com/google/jsonschema-go/jsonschema"
)

// tidy mends what reflection makes of a type: members may be added to objects
// one day, and a null beside a reference is a choice between the two.
func tidy(s *jsonschema.Schema) *jsonschema.Schema {
	if s == nil {
		return nil
	}
	if never(s.AdditionalProperties) {
		s.AdditionalProperties = nil
	}
	if len(s.Types) == 1 && s.Types[0] == "null" {
		s.Types = nil
		if !reflect.DeepEqual(s, &jsonschema.Schema{}) { // what may be anything may be null
			inner := *s
			inner.Description = ""
			*s = jsonschema.Schema{AnyOf: []*jsonschema.Schema{&inner, {Type: "null"}}, Description: s.Description}
		}
	}
	for _, p := range s.Properties {
		tidy(p)
	}
	tidy(s.Items)
	tidy(s.AdditionalProperties)
	return s
}

// never reports whether a schema is false: nothing is valid.
func never(s *jsonschema.Schema) bool {
	return s != nil && s.Not != nil && reflect.DeepEqual(s.Not, &jsonschema.Schema{})
}
