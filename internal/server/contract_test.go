package server_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/httpapi"
)

// recorded is an answer and the operation that gave it.
type recorded struct {
	op *catalog.Operation
	answer
}

// TestEveryAnswerKeepsToOurDocument: every operation that is served succeeds at
// least once, and answers as /openapi.json says, with no member that it does not
// tell. So do refusals.
func TestEveryAnswerKeepsToOurDocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	doc := ourDocument(t, w)
	doc.closed = true
	good := map[string]int{}
	for _, r := range w.record(t) {
		if r.status == http.StatusOK {
			good[r.op.ID]++
		}
		if fault := doc.fault(t, &r); fault != "" {
			t.Errorf("%s %s answers %d: %s\n%s", r.op.Method, r.op.Template, r.status, fault, clip(r.raw))
		}
	}
	for id := range httpapi.New(httpapi.Config{}).Endpoints() {
		if good[id] == 0 {
			t.Errorf("no request shows that %s can succeed", id)
		}
	}
}

// TestTheContractNoticesAnAnswerThatIsWrong, so that it is known to look.
func TestTheContractNoticesAnAnswerThatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	doc := ourDocument(t, w)
	doc.closed = true
	good := w.ok(t, w.key("alice"), "GET", "/zones/"+w.ids["zone/A"], nil)
	op, _ := w.authority.Catalog().Operation("zones-0-get")
	for _, change := range [][2]string{
		{`"success":true`, `"success":false`}, {`"errors":[]`, `"errors":null`}, {`"status":"active"`, `"status":1`},
		{`"status":"active"`, `"state":"active"`}, {`"paused":false`, `"paused":false,"more":1`},
	} {
		bad := recorded{op, good}
		bad.raw = []byte(strings.Replace(string(good.raw), change[0], change[1], 1))
		if doc.fault(t, &bad) == "" {
			t.Errorf("%s is not noticed", change[1])
		}
	}
	if fault := doc.fault(t, &recorded{op, good}); fault != "" {
		t.Error(fault)
	}
}

// ourDocument is what the server says of itself.
func ourDocument(t *testing.T, w *world) *contract {
	t.Helper()
	res, err := w.http.Client().Get(w.http.URL + "/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return newContract(t, text)
}

func TestTheDocumentAndThePageAreForEveryone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	for path, kind := range map[string]string{"/openapi.json": "application/json", "/docs": "text/html; charset=utf-8"} {
		res := w.get(t, path, "")
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != kind {
			t.Errorf("%s: %s %s", path, res.Status, res.Header.Get("Content-Type"))
		}
		if policy := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %s", path, policy)
		}
		if again := w.get(t, path, res.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: the second time %s", path, again.Status)
		}
	}
}

func (w *world) get(t *testing.T, path, tag string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.http.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("If-None-Match", tag)
	res, err := w.http.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res
}

// TestTheDocumentNamesWhatEachOperationTakes, as the catalogue judges it.
func TestTheDocumentNamesWhatEachOperationTakes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	var doc struct {
		Paths map[string]map[string]struct {
			ID       string                `json:"operationId"`
			Groups   []string              `json:"x-api-token-group"`
			Security []map[string][]string `json:"security"`
		}
	}
	if err := json.Unmarshal(ourDocument(t, w).text, &doc); err != nil {
		t.Fatal(err)
	}
	for id := range httpapi.New(httpapi.Config{}).Endpoints() {
		op, _ := w.authority.Catalog().Operation(id)
		got := doc.Paths[op.Template][strings.ToLower(op.Method)]
		if got.ID != id {
			t.Errorf("%s is not in the document", id)
		}
		if op.Rule == catalog.Groups && !slices.Equal(got.Groups, w.authority.Catalog().GroupNames(op)) {
			t.Errorf("%s takes %v", id, got.Groups)
		}
		if public := op.Rule == catalog.Public; public != (len(got.Security) == 0) {
			t.Errorf("%s: security %v", id, got.Security)
		}
	}
}
