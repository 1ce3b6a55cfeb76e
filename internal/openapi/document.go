package openapi

import "github.com/google/jsonschema-go/jsonschema"

// Document is an OpenAPI 3.1 document.
type Document struct {
	OpenAPI    string                           `json:"openapi"`
	Info       Info                             `json:"info"`
	Servers    []Server                         `json:"servers"`
	Tags       []Tag                            `json:"tags"`
	Paths      map[string]map[string]*Operation `json:"paths"` // by template, then method in lower case
	Components Components                       `json:"components"`
}

// Info says what the document is about.
type Info struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Version     string `json:"version"`
}

// Server is where the paths begin.
type Server struct {
	URL string `json:"url"`
}

// Tag is a heading that operations stand under.
type Tag struct {
	Name string `json:"name"`
}

// Operation is a method on a path.
type Operation struct {
	ID          string                `json:"operationId"`
	Tags        []string              `json:"tags"`
	Summary     string                `json:"summary"`
	Description string                `json:"description"`
	Deprecated  bool                  `json:"deprecated,omitempty"`
	Security    []map[string][]string `json:"security"` // empty: no credential
	Groups      []string              `json:"x-api-token-group"`
	Parameters  []Parameter           `json:"parameters,omitempty"`
	Body        *Body                 `json:"requestBody,omitempty"`
	Responses   map[string]*Response  `json:"responses"`
}

// Parameter is a parameter in the path or in the query.
type Parameter struct {
	Name        string             `json:"name"`
	In          string             `json:"in"`
	Required    bool               `json:"required,omitempty"`
	Description string             `json:"description"`
	Schema      *jsonschema.Schema `json:"schema"`
}

// Body is the body of a request.
type Body struct {
	Required bool             `json:"required"`
	Content  map[string]Media `json:"content"`
}

// Media is a body in one media type.
type Media struct {
	Schema *jsonschema.Schema `json:"schema"`
}

// Response is an answer, or with Ref the name of one of the components.
type Response struct {
	Ref         string           `json:"$ref,omitempty"`
	Description string           `json:"description,omitempty"`
	Content     map[string]Media `json:"content,omitempty"`
}

// Components are what operations refer to.
type Components struct {
	Schemas   map[string]*jsonschema.Schema `json:"schemas"`
	Responses map[string]*Response          `json:"responses"`
	Security  map[string]map[string]string  `json:"securitySchemes"`
}
