package openapi

import (
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

// kind is a schema in a few words: "list of Token or null", with Token a link.
type kind struct {
	Before, Link, After string
}

func kindOf(s *jsonschema.Schema) kind {
	switch {
	case s.Ref != "":
		return kind{Link: strings.TrimPrefix(s.Ref, schemaRef)}
	case s.Items != nil:
		k := kindOf(s.Items)
		return kind{"list of " + k.Before, k.Link, k.After + orNull(s)}
	case s.AdditionalProperties != nil:
		k := kindOf(s.AdditionalProperties)
		return kind{"object of " + k.Before, k.Link, k.After + orNull(s)}
	case len(s.AnyOf) == 2 && s.AnyOf[1].Type == "null":
		k := kindOf(s.AnyOf[0])
		k.After += " or null"
		return k
	case s.Const != nil:
		text, ok := (*s.Const).(string)
		if ok {
			return kind{Before: `"` + text + `"`}
		}
	case len(s.AnyOf)+len(s.OneOf) > 0:
		return either(append(s.AnyOf, s.OneOf...))
	}
	return kind{Before: word(s) + orNull(s)}
}

func either(choices []*jsonschema.Schema) kind {
	var words []string
	for _, c := range choices {
		k := kindOf(c)
		words = append(words, k.Before+k.Link+k.After)
	}
	return kind{Before: strings.Join(words, " or ")}
}

// word is the type itself.
func word(s *jsonschema.Schema) string {
	if s.Format == "date-time" {
		return "time"
	}
	for _, t := range append(s.Types, s.Type) {
		if t != "null" && t != "" {
			return t
		}
	}
	return "anything"
}

func orNull(s *jsonschema.Schema) string {
	for _, t := range s.Types {
		if t == "null" {
			return " or null"
		}
	}
	return ""
}
