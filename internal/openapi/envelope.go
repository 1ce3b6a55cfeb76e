package openapi

import (
	"reflect"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/tokenward/tokenward/internal/httpapi"
	"github.com/tokenward/tokenward/v4"
)

const mediaJSON = "application/json"

// success is the answer when all went well.
func (d *describer) success(e httpapi.Endpoint) (*Response, error) {
	out := &Response{Description: "Success", Content: map[string]Media{}}
	if e.Plain != "" {
		out.Content[e.Plain] = Media{&jsonschema.Schema{Type: "string"}}
	}
	if e.Result == nil {
		return out, nil
	}
	result, err := d.types.of(e.Result)
	if err != nil {
		return nil, err
	}
	envelope, err := d.envelope(true, result)
	if e.Result.Kind() != reflect.Slice && err == nil {
		delete(envelope.Properties, "result_info") // it is of collections
	}
	out.Content[mediaJSON] = Media{envelope}
	return out, err
}

// envelope is the form of every answer with a result in it.
func (d *describer) envelope(success bool, result *jsonschema.Schema) (*jsonschema.Schema, error) {
	s, err := d.types.schemaOfEnvelope()
	if err != nil {
		return nil, err
	}
	s.Properties["result"] = result
	s.Properties["success"] = &jsonschema.Schema{Const: jsonschema.Ptr[any](success)}
	if success {
		s.Properties["errors"].MaxItems = jsonschema.Ptr(0)
	} else {
		s.Properties["errors"].MinItems = jsonschema.Ptr(1)
		delete(s.Properties, "result_info")
	}
	return s, nil
}

func (r *reflector) schemaOfEnvelope() (*jsonschema.Schema, error) {
	t := reflect.TypeFor[v4.Envelope[any]]()
	for i := range t.NumField() {
		if err := r.learn(t.Field(i).Type); err != nil {
			return nil, err
		}
	}
	return r.schema(t, r.known)
}

// body is the body of a request, nil when none is read.
func (d *describer) body(e httpapi.Endpoint) (*Body, error) {
	if e.Form != nil {
		form := &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{}, Required: []string{"file"}}
		for _, part := range e.Form {
			form.Properties[part] = &jsonschema.Schema{Type: "string", Description: formParts[part]}
		}
		return &Body{Required: true, Content: map[string]Media{"multipart/form-data": {form}}}, nil
	}
	if e.Body == nil {
		return nil, nil
	}
	s, err := d.types.of(e.Body)
	return &Body{Required: true, Content: map[string]Media{mediaJSON: {s}}}, err
}

// formParts say what the parts of forms are.
var formParts = map[string]string{
	"file":    "The zone file.",
	"proxied": "Whether the records are to be proxied.",
}

// components are what all operations refer to.
func (d *describer) components(doc *Document) error {
	failure, err := d.envelope(false, &jsonschema.Schema{Type: "null"})
	if err != nil {
		return err
	}
	doc.Components = Components{
		Schemas: d.types.components,
		Responses: map[string]*Response{
			"Failure": {
				Description: "Refused, and nothing was changed. Clients act on the code of the first error; source.pointer says " +
					"which member of the body it is about, error_chain what was missing. 429 says in Retry-After how long to wait.",
				Content: map[string]Media{mediaJSON: {failure}},
			},
			"Fault": {
				Description: "A fault of the server's, or its database is away: never the credential's fault. A change may have come about all the same.",
				Content:     map[string]Media{mediaJSON: {failure}},
			},
		},
		Security: map[string]map[string]string{
			"api_token": {"type": "http", "scheme": "bearer", "description": "An API token."},
			"api_email": {"type": "apiKey", "in": "header", "name": "X-Auth-Email", "description": "A user's address, beside the API key."},
			"api_key":   {"type": "apiKey", "in": "header", "name": "X-Auth-Key", "description": "A user's API key."},
		},
	}
	return nil
}
