package catalogfile

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/tokenward/tokenward/internal/catalog"
)

var rewrite = flag.Bool("rewrite", false, "write golden files anew")

// TestAnImportedDocumentIsACatalogue: the same one every time, from YAML as from
// JSON, in 3.0 as in 3.1; what comes out has no errors and judges as the document
// says.
func TestAnImportedDocumentIsACatalogue(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/openapi/shop.yaml")
	if err != nil {
		t.Fatal(err)
	}
	made, err := Import(data)
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/openapi/shop.golden.yaml"
	if *rewrite {
		if err := os.WriteFile(golden, made, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || !bytes.Equal(made, want) {
		t.Fatalf("%v: got\n%s", err, made)
	}
	for _, other := range [][]byte{data, asJSON(t, data), bytes.Replace(data, []byte("3.1.0"), []byte("3.0.3"), 1)} {
		if again, err := Import(other); err != nil || !bytes.Equal(again, made) {
			t.Errorf("%v: a second way gives\n%s", err, again)
		}
	}
	spec, faults := Parse(made, "")
	if spec == nil || len(faults) != 1 || faults[0].Rule != "no-groups" {
		t.Fatalf("faults of the outcome: %v", faults)
	}
	c, err := catalog.Extend(catalog.V4(), spec)
	if err != nil {
		t.Fatal(err)
	}
	api, _ := c.API("shop")
	m, _ := api.Match("GET", "/stores/north/products/7")
	names := c.GroupNames(m.Op)
	path := m.Resource("")
	if strings.Join(names, ",") != "Stores Read,Products Read" || path.Len() != 2 || path.Leaf().Name != "7" {
		t.Errorf("%v on %+v", names, path)
	}
}

// TestAGroupActsOnTheNarrowestKindOfAllItsOperations: of a list that is its rows',
// whichever operation comes first; what names no kind does not widen it.
func TestAGroupActsOnTheNarrowestKindOfAllItsOperations(t *testing.T) {
	t.Parallel()
	made, err := Import([]byte(fleet))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"key: depots_read, name: Depots Read, scope: com.example.fleet.depot}",
		"key: vehicles_read, name: Vehicles Read, scope: com.example.fleet.depot.vehicle}",
		"key: trips_write, name: Trips Write, scope: account}",
		"key: both, name: both, scope: com.example.fleet.depot}",
	} {
		if !strings.Contains(string(made), want) {
			t.Errorf("no {%s in\n%s", want, made)
		}
	}
	spec, faults := Parse(made, "")
	rules := ""
	for _, f := range faults {
		rules += f.Rule + " "
	}
	if spec == nil || rules != "unjudged-parameter wrong-scope " {
		t.Errorf("faults: %v", faults)
	}
}

// TestTheDocsShowADocumentThatCanBeImported without a warning.
func TestTheDocsShowADocumentThatCanBeImported(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/custom-catalogues.md")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, ok := strings.Cut(string(page), "```yaml\nopenapi:")
	shown, _, closed := strings.Cut(shown, "```")
	made, err := Import([]byte("openapi:" + shown))
	if err != nil || !ok || !closed {
		t.Fatal(err, ok, closed)
	}
	if spec, faults := Parse(made, ""); spec == nil || len(faults) > 0 {
		t.Errorf("%v in\n%s", faults, made)
	}
}

const fleet = `
openapi: 3.0.3
info: {title: Fleet, version: "1"}
x-api-token-catalog:
  account: caller
  kinds:
    - {name: com.example.fleet.depot, id: slug}
    - {name: com.example.fleet.depot.vehicle, in: depot, id: int}
paths:
  /depots:
    get:
      x-api-token-group: Depots Read
      x-api-token-list: {items: /items, rows: [{kind: depot, id: /id}]}
      responses: {}
  /depots/{depotId}:
    get: {x-api-token-group: [Depots Read, both], responses: {}}
  /depots/{depotId}/slots/{slot}:
    parameters: [{name: slot, in: path, required: true, schema: {type: integer}}]
    get: {x-api-token-group: Depots Read, responses: {}}
  /depots/{depotId}/vehicles:
    get:
      x-api-token-group: Vehicles Read
      x-api-token-list: {items: /items, rows: [{kind: vehicle, id: /id}]}
      responses: {}
  /depots/{depotId}/vehicles/{vehicleId}:
    get: {x-api-token-group: [Vehicles Read, both], responses: {}}
  /report:
    get: {x-api-token-group: both, responses: {}}
  /trips:
    post: {x-api-token-group: Trips Write, responses: {}}
`

func asJSON(t *testing.T, data []byte) []byte {
	t.Helper()
	var v any
	if err := yaml.Load(data, &v); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWhatIsNoOpenAPIDocumentIsRefused(t *testing.T) {
	t.Parallel()
	for what, data := range map[string]string{
		"nothing": "", "another version": `swagger: "2.0"`, "a text": "hello", "broken": "openapi: [",
		"another file":      "openapi: 3.0.3\ninfo: {title: x, version: '1'}\npaths:\n  /a:\n    $ref: other.yaml#/x\n",
		"no catalogue":      "openapi: 3.0.3\ninfo: {title: x, version: '1'}\nx-api-token-catalog: 3\npaths: {}\n",
		"more than fits":    strings.Repeat(" ", MaxDocument+1),
		"no version at all": "info: {title: x, version: '1'}\npaths: {}\n",
	} {
		if made, err := Import([]byte(data)); err == nil {
			t.Errorf("%s: %s", what, made)
		}
	}
}
