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
