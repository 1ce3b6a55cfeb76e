package openapi_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/httpapi"
	"github.com/tokenward/tokenward/internal/openapi"
)

func describe(t *testing.T) *openapi.Document {
	t.Helper()
	d, err := openapi.Describe(catalog.V4(), httpapi.New(httpapi.Config{}).Endpoints())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func fetch(t *testing.T, method, path string) *httptest.ResponseRecorder {
	t.Helper()
	h, err := openapi.NewHandler(describe(t))
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, nil))
	return w
}

// TestEveryEndpointDeclaresWhatItAnswers: a handler that goes around the typed
// replies has to say which media type it answers instead.
func TestEveryEndpointDeclaresWhatItAnswers(t *testing.T) {
	t.Parallel()
	d := describe(t)
	for id, e := range httpapi.New(httpapi.Config{}).Endpoints() {
		if e.Result == nil && e.Plain == "" {
			t.Errorf("%s declares no result", id)
		}
		op, ok := catalog.V4().Operation(id)
		if !ok {
			t.Errorf("no operation is called %s", id)
			continue
		}
		described := d.Paths[op.Template][strings.ToLower(op.Method)]
		if described == nil || len(described.Responses["200"].Content) == 0 {
			t.Errorf("%s is not described", id)
		}
	}
}

// TestEveryReferenceLeadsSomewhere, in the document and on the page.
func TestEveryReferenceLeadsSomewhere(t *testing.T) {
	t.Parallel()
	d := describe(t)
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`"#/components/schemas/([^"]*)"`).FindAllStringSubmatch(string(text), -1) {
		if d.Components.Schemas[m[1]] == nil {
			t.Errorf("there is no schema %s", m[1])
		}
	}
	page := fetch(t, http.MethodGet, openapi.PagePath).Body.String()
	for _, m := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `id="`+m[1]+`"`) {
			t.Errorf("there is no #%s on the page", m[1])
		}
	}
}

func TestThePageNeedsNoScriptAndNoOtherOrigin(t *testing.T) {
	t.Parallel()
	page := fetch(t, http.MethodGet, openapi.PagePath).Body.String()
	for _, not := range []string{"<script", "http://", "https://", "src=", "@import", "url(", " style="} {
		if strings.Contains(page, not) {
			t.Errorf("the page has %s", not)
		}
	}
	for _, has := range []string{"/zones/{zone_id}/dns_records", "DNS Write", `id="schema-DNSRecord"`} {
		if !strings.Contains(page, has) {
			t.Errorf("the page lacks %s", has)
		}
	}
}

func TestOnlyReadingIsAnswered(t *testing.T) {
	t.Parallel()
	if w := fetch(t, http.MethodPost, openapi.DocumentPath); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST is answered %d", w.Code)
	}
	if w := fetch(t, http.MethodHead, openapi.DocumentPath); w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("HEAD is answered %d with %d bytes", w.Code, w.Body.Len())
	}
}

// TestEveryOperationIsDescribed: for people who read it and for programs that
// make clients of it.
func TestEveryOperationIsDescribed(t *testing.T) {
	t.Parallel()
	d := describe(t)
	for path, methods := range d.Paths {
		for method, op := range methods {
			at := method + " " + path
			if op.Summary == "" || !strings.HasPrefix(op.Description, strings.TrimSuffix(op.Summary, ".")) || op.ID == "" {
				t.Errorf("%s is not described: %q, %q", at, op.Summary, op.Description)
			}
			for _, status := range []string{"200", "4XX", "5XX"} {
				if op.Responses[status] == nil {
					t.Errorf("%s has no %s answer", at, status)
				}
			}
			for _, p := range op.Parameters {
				if p.Description == "" || p.Schema == nil || p.Required != (p.In == "path") {
					t.Errorf("%s: parameter %s is not described", at, p.Name)
				}
				path = strings.Replace(path, "{"+p.Name+"}", "", 1)
			}
			if strings.Contains(path, "{") {
				t.Errorf("%s: of the path's parameters remains %s", at, path)
			}
			of, _ := catalog.V4().Operation(op.ID)
			if names, _ := catalog.V4().Needed(of); !strings.Contains(op.Description, names) {
				t.Errorf("%s does not tell of %s: %s", at, names, op.Description)
			}
		}
	}
}

// TestEveryMemberOfARequestIsDescribed, and it is told which have to be there.
func TestEveryMemberOfARequestIsDescribed(t *testing.T) {
	t.Parallel()
	d := describe(t)
	seen := map[string]bool{}
	var visit func(at string, s *jsonschema.Schema)
	visit = func(at string, s *jsonschema.Schema) {
		if s == nil {
			return
		}
		if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok && !seen[name] {
			seen[name] = true
			visit(name, d.Components.Schemas[name])
		}
		for name, p := range s.Properties {
			if p.Description == "" {
				t.Errorf("%s: %s is not described", at, name)
			}
			visit(at+"/"+name, p)
		}
		for _, inner := range append(s.AnyOf, s.Items, s.AdditionalProperties) {
			visit(at, inner)
		}
	}
	for path, methods := range d.Paths {
		for method, op := range methods {
			if op.Body != nil {
				for media, m := range op.Body.Content {
					visit(method+" "+path+" "+media, m.Schema)
				}
			}
		}
	}
	for name, want := range map[string][]string{
		"TokenRequest": {"name", "policies"}, "PolicyRequest": {"effect", "permission_groups", "resources"},
		"AccountRequest": {"name"}, "MemberRequest": nil, "ExposedRequest": {"secrets"}, "RecordRequest": nil, "ZoneRequest": {"name"},
	} {
		if s := d.Components.Schemas[name]; s == nil || !slices.Equal(s.Required, want) {
			t.Errorf("%s requires %v, want %v", name, s, want)
		}
	}
}

// TestEverySchemaIsOne: each by itself can be used to judge a value.
func TestEverySchemaIsOne(t *testing.T) {
	t.Parallel()
	d := describe(t)
	text, err := json.Marshal(d.Components.Schemas)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.ReplaceAll(text, []byte("#/components/schemas/"), []byte("#/$defs/"))
	for name := range d.Components.Schemas {
		var s jsonschema.Schema
		if err := json.Unmarshal([]byte(`{"$ref":"#/$defs/`+name+`","$defs":`+string(text)+`}`), &s); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Resolve(nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
