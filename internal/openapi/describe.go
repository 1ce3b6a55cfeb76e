package openapi

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/httpapi"
	"github.com/tokenward/tokenward/v4"
)

const about = "Everything that this server serves, made from the types that its handlers use. " +
	"Operations of the catalogue that it judges and does not serve are not here. " +
	"x-api-token-group names the permission groups of which a token needs any one, null where none is asked for."

// Describe makes the document of endpoints, which are operations of c by id.
func Describe(c *catalog.Catalog, endpoints map[string]httpapi.Endpoint) (*Document, error) {
	d := &describer{catalog: c, types: newReflector()}
	if err := d.learnTypes(endpoints); err != nil {
		return nil, err
	}
	doc := &Document{
		OpenAPI: "3.1.0", Info: Info{Title: "tokenward", Description: about, Version: "4"},
		Servers: []Server{{URL: "/client/v4"}}, Paths: map[string]map[string]*Operation{},
	}
	for _, id := range slices.Sorted(maps.Keys(endpoints)) {
		op, ok := c.Operation(id)
		if !ok {
			return nil, fmt.Errorf("openapi: no operation is called %s", id)
		}
		if doc.Paths[op.Template] == nil {
			doc.Paths[op.Template] = map[string]*Operation{}
		}
		described, err := d.operation(op, endpoints[id])
		if err != nil {
			return nil, fmt.Errorf("openapi: %s: %w", id, err)
		}
		doc.Paths[op.Template][strings.ToLower(op.Method)] = described
		if tag := (Tag{op.Product}); !slices.Contains(doc.Tags, tag) {
			doc.Tags = append(doc.Tags, tag)
		}
	}
	slices.SortFunc(doc.Tags, func(a, b Tag) int { return strings.Compare(a.Name, b.Name) })
	return doc, d.components(doc)
}

type describer struct {
	catalog *catalog.Catalog
	types   *reflector
}

// learnTypes meets the types of answers before those of requests: what is in
// both has the members that answers always have.
func (d *describer) learnTypes(endpoints map[string]httpapi.Endpoint) error {
	ids := slices.Sorted(maps.Keys(endpoints))
	for _, id := range ids {
		if t := endpoints[id].Result; t != nil {
			if err := d.types.learn(t); err != nil {
				return err
			}
		}
	}
	for _, t := range []reflect.Type{reflect.TypeFor[v4.Error](), reflect.TypeFor[v4.Message](), reflect.TypeFor[v4.ResultInfo]()} {
		if err := d.types.learn(t); err != nil {
			return err
		}
	}
	d.types.requests = true
	for _, id := range ids {
		if t := endpoints[id].Body; t != nil {
			if err := d.types.learn(t); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *describer) operation(op *catalog.Operation, e httpapi.Endpoint) (*Operation, error) {
	answer, err := d.success(e)
	if err != nil {
		return nil, err
	}
	body, err := d.body(e)
	if err != nil {
		return nil, err
	}
	return &Operation{
		ID: op.ID, Tags: []string{op.Product}, Summary: op.Summary, Description: d.description(op, e), Deprecated: op.Deprecated,
		Security: security(op), Groups: d.groups(op), Parameters: parameters(op, e), Body: body,
		Responses: map[string]*Response{"200": answer, "4XX": {Ref: "#/components/responses/Failure"}, "5XX": {Ref: "#/components/responses/Fault"}},
	}, nil
}

// description says in sentences what the operation does, and what it takes.
func (d *describer) description(op *catalog.Operation, e httpapi.Endpoint) string {
	text := strings.TrimSuffix(op.Summary, ".") + ". " + d.asks(op)
	if slices.Contains(e.Query, "page") {
		text += " A page past the end is an empty list."
	}
	if op.Incompatible != "" {
		text += " Tokens that an account owns are refused: " + op.Incompatible + " takes none."
	}
	return text
}

// groups are null where no group is asked for.
func (d *describer) groups(op *catalog.Operation) []string {
	if op.Rule != catalog.Groups && op.Rule != catalog.Live {
		return nil
	}
	return d.catalog.GroupNames(op)
}

// asks says in a sentence what credential it takes.
func (d *describer) asks(op *catalog.Operation) string {
	var text string
	names, _ := d.catalog.Needed(op)
	switch op.Rule {
	case catalog.Groups:
		text = "Takes any one of the permission groups " + names + ", on the resource in the path."
	case catalog.Live, catalog.Rows:
		text = "Takes any live credential; what it may see or do is judged by the rows or by the resource in the body."
		if names != "" {
			text += " Permission groups, any one: " + names + "."
		}
	case catalog.Known:
		text = "Takes any token that is known here, live or not."
	case catalog.Person:
		text = "Takes a user's API key. Tokens are refused."
	case catalog.Public:
		text = "Takes no credential."
	}
	if op.UserOnly {
		text += " Tokens that an account owns are refused."
	}
	return text
}

func security(op *catalog.Operation) []map[string][]string {
	none := []string{}
	token, key := map[string][]string{"api_token": none}, map[string][]string{"api_email": none, "api_key": none}
	switch op.Rule {
	case catalog.Public:
		return []map[string][]string{}
	case catalog.Person:
		return []map[string][]string{key}
	case catalog.Known:
		return []map[string][]string{token}
	}
	return []map[string][]string{token, key}
}
