package catalogfile

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
)

// everyOperationIsFound: an operation whose path has no parameters is found there,
// and no other is: what is literal wins.
func everyOperationIsFound(t *testing.T, c *catalog.Catalog) {
	t.Helper()
	for _, api := range c.APIs() {
		for op := range api.Operations() {
			if strings.Contains(op.Template, "{") {
				continue // ids of a pattern: not for us to make up
			}
			if m, miss := api.Match(op.Method, op.Template); miss != catalog.Hit || m.Op != op {
				t.Fatalf("%s %s: %v, %+v", op.Method, op.Template, miss, m.Op)
			}
		}
	}
}

// TestEveryOperationOfAGeneratedCatalogueMatchesItsOwnPathOnly: catalogues of
// random literals and parameters of every form, without faults by lint, are
// matched as they are written.
func TestEveryOperationOfAGeneratedCatalogueMatchesItsOwnPathOnly(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 11))
	tried := 0
	for range 300 {
		g := generate(r)
		spec, faults := Parse([]byte(g.text), "")
		if spec == nil {
			if !onlyClashes(faults) {
				t.Fatalf("%v\n%s", faults, g.text)
			}
			continue
		}
		c, err := catalog.Extend(catalog.V4(), spec)
		if err != nil {
			t.Fatal(err)
		}
		api, _ := c.API("gen")
		for _, want := range g.ops {
			for range 5 {
				path := want.fill(r)
				m, miss := api.Match(want.method, path)
				tried++
				if miss != catalog.Hit || m.Op.ID != "gen:"+want.id && !overlapAllowed(faults) {
					t.Fatalf("%s %s at %s: %v %+v\n%s", want.method, want.template(), path, miss, m.Op, g.text)
				}
				if m.Path() != path {
					t.Fatalf("%s is rebuilt as %s", path, m.Path())
				}
			}
		}
	}
	if tried < 1000 {
		t.Errorf("%d paths were tried", tried)
	}
}

func onlyClashes(faults Faults) bool {
	for _, f := range faults {
		if !f.Warning && f.Rule != "ambiguous" && f.Rule != "unreachable" {
			return false
		}
	}
	return true
}

// overlapAllowed: lint has said that a more specific operation wins somewhere.
func overlapAllowed(faults Faults) bool {
	for _, f := range faults {
		if f.Rule == "overlap" {
			return true
		}
	}
	return false
}

type generated struct {
	text string
	ops  []genOp
}

type genOp struct {
	id, method string
	segments   []string // literals, or "{form}"
}

func (o *genOp) template() string {
	var b strings.Builder
	for i, s := range o.segments {
		if s[0] == '{' {
			s = fmt.Sprintf("{p%d}", i)
		}
		b.WriteString("/" + s)
	}
	return b.String()
}

var samples = map[string][]string{
	"{int}": {"0", "17", "9000000000"}, "{slug}": {"zeta", "z-9", "omega"}, "{uuid}": {"0190c1d2-1111-7abc-8def-00aa11bb22cc"},
	"{hex32}": {strings.Repeat("ab", 16)}, "{segment}": {"Z", "z%20z", "%C3%A9"}, "{opaque}": {"a%2Fb", "%5C", "x"},
}

func (o *genOp) fill(r *rand.Rand) string {
	var b strings.Builder
	for _, s := range o.segments {
		if s[0] == '{' {
			s = samples[s][r.IntN(len(samples[s]))]
		}
		b.WriteString("/" + s)
	}
	return b.String()
}

func generate(r *rand.Rand) generated {
	parts := []string{"alpha", "beta", "gamma", "{int}", "{slug}", "{uuid}", "{hex32}", "{segment}", "{opaque}"}
	var g generated
	var b strings.Builder
	b.WriteString("version: 1\nname: gen\naccount: caller\noperations:\n")
	for i := range 2 + r.IntN(5) {
		op := genOp{id: fmt.Sprint("op", i), method: []string{"GET", "POST"}[r.IntN(2)]}
		for range 1 + r.IntN(4) {
			op.segments = append(op.segments, parts[r.IntN(len(parts))])
		}
		fmt.Fprintf(&b, "  - id: %s\n    method: %s\n    path: %q\n    access: live\n", op.id, op.method, op.template())
		head := "    parameters:\n"
		for j, s := range op.segments {
			if s[0] == '{' {
				fmt.Fprintf(&b, "%s      p%d: %s\n", head, j, strings.Trim(s, "{}"))
				head = ""
			}
		}
		g.ops = append(g.ops, op)
	}
	g.text = b.String()
	return g
}
