package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
)

// contract is an OpenAPI document that answers are held against.
type contract struct {
	text    []byte
	paths   map[string]any
	schemas map[string]any
	answers map[string]any
	closed  bool // objects have no member that is not told
	old     bool // OpenAPI 3.0, whose schemas are not quite JSON Schema

	ready map[string]*jsonschema.Resolved
}

func newContract(t *testing.T, text []byte) *contract {
	t.Helper()
	var doc struct {
		OpenAPI    string
		Paths      map[string]any
		Components struct{ Schemas, Responses map[string]any }
	}
	// References go to where JSON Schema looks for them.
	text = bytes.ReplaceAll(text, []byte("#/components/schemas/"), []byte("#/$defs/"))
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	return &contract{
		text: text, paths: doc.Paths, schemas: doc.Components.Schemas, answers: doc.Components.Responses,
		old: strings.HasPrefix(doc.OpenAPI, "3.0"), ready: map[string]*jsonschema.Resolved{},
	}
}

// fault is what is wrong with an answer, "" when nothing is.
func (c *contract) fault(t *testing.T, r *recorded) string {
	t.Helper()
	kind, _, _ := strings.Cut(r.kind, ";")
	schema := c.schemaOf(r, kind)
	if schema == nil {
		return fmt.Sprintf("the document does not tell of %d %s", r.status, kind)
	}
	var answer any = string(r.raw)
	if kind == "application/json" {
		if err := json.Unmarshal(r.raw, &answer); err != nil {
			return err.Error()
		}
	}
	if err := c.resolve(t, r, kind, schema).Validate(answer); err != nil {
		return err.Error()
	}
	return ""
}

// schemaOf finds the schema of an answer: that of its status, or of all others.
func (c *contract) schemaOf(r *recorded, kind string) any {
	answers, _ := dig(c.paths, r.op.Template, strings.ToLower(r.op.Method), "responses").(map[string]any)
	for _, status := range []string{fmt.Sprint(r.status), fmt.Sprintf("%dXX", r.status/100), fmt.Sprintf("%dxx", r.status/100), "default"} {
		answer, ok := answers[status].(map[string]any)
		if !ok {
			continue
		}
		if ref, ok := answer["$ref"].(string); ok {
			answer, _ = c.answers[strings.TrimPrefix(ref, "#/components/responses/")].(map[string]any)
		}
		return dig(answer, "content", kind, "schema")
	}
	return nil
}

func dig(v any, keys ...string) any {
	for _, k := range keys {
		m, _ := v.(map[string]any)
		v = m[k]
	}
	return v
}

func (c *contract) resolve(t *testing.T, r *recorded, kind string, schema any) *jsonschema.Resolved {
	t.Helper()
	key := fmt.Sprint(r.op.ID, r.status, kind)
	if c.ready[key] != nil {
		return c.ready[key]
	}
	defs := map[string]any{}
	c.reach(schema, defs)
	text, err := json.Marshal(map[string]any{"$defs": defs, "allOf": []any{c.translate(schema)}})
	if err != nil {
		t.Fatal(err)
	}
	var s jsonschema.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	if c.ready[key], err = s.Resolve(nil); err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	return c.ready[key]
}

// reach collects the schemas that one refers to, and those that they do.
func (c *contract) reach(v any, defs map[string]any) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			c.reach(e, defs)
		}
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			name := strings.TrimPrefix(ref, "#/$defs/")
			if _, seen := defs[name]; !seen {
				defs[name] = true // so that it may refer to itself
				defs[name] = c.translate(c.schemas[name])
				c.reach(c.schemas[name], defs)
			}
		}
		for _, e := range v {
			c.reach(e, defs)
		}
	}
}
