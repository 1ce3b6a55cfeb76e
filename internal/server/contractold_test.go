package server_test

import (
	"regexp"
	"slices"
)

// translate makes JSON Schema of a schema of the document, and closes objects
// when the contract says so.
func (c *contract) translate(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = c.translate(e)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = c.translate(e)
		}
		if c.closed && isObject(v) && out["additionalProperties"] == nil {
			out["additionalProperties"] = false
		}
		if c.old {
			return modern(out)
		}
		return out
	}
	return v
}

// isObject reports whether a schema lists members.
func isObject(v map[string]any) bool {
	_, members := v["properties"].(map[string]any)
	return members && v["type"] == "object"
}

// modern is a schema of OpenAPI 3.0 in the words of JSON Schema: null is a type,
// what stands beside a reference means nothing, and members that are only
// written are in no answer. Patterns that this language cannot run are left out.
//
// Two things are taken less strictly than they are written: what may be left out
// may be null, which the published schemas hardly ever say, and of the choices of
// a oneOf, which overlap, more than one may fit.
func modern(s map[string]any) any {
	if ref, ok := s["$ref"].(string); ok {
		return map[string]any{"$ref": ref}
	}
	for _, k := range []string{"example", "discriminator", "exclusiveMinimum", "exclusiveMaximum"} {
		delete(s, k)
	}
	if p, ok := s["pattern"].(string); ok {
		if _, err := regexp.Compile(p); err != nil {
			delete(s, "pattern")
		}
	}
	allowNull(s)
	if choices, ok := s["oneOf"]; ok && s["anyOf"] == nil {
		delete(s, "oneOf")
		s["anyOf"] = choices
	}
	if s["nullable"] == true {
		return orNull(s)
	}
	return s
}

// allowNull lets members that may be left out be null, and drops the demand for
// those that are only written.
func allowNull(s map[string]any) {
	members, ok := s["properties"].(map[string]any)
	if !ok {
		return
	}
	required, _ := s["required"].([]any)
	if required = slices.DeleteFunc(required, func(name any) bool {
		text, _ := name.(string)
		return dig(members, text, "writeOnly") == true
	}); len(required) > 0 {
		s["required"] = required
	}
	for name, m := range members {
		if _, isSchema := m.(map[string]any); isSchema && !slices.Contains(required, any(name)) {
			members[name] = orNull(m)
		}
	}
}

func orNull(schema any) any {
	return map[string]any{"anyOf": []any{schema, map[string]any{"type": "null"}}}
}
