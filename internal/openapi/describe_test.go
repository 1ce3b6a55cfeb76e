package openapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

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
