package catalog

import (
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/policy"
)

func shopSpec(t *testing.T) *Spec {
	t.Helper()
	slug, err := policy.ParseIDForm("slug")
	if err != nil {
		t.Fatal(err)
	}
	return &Spec{
		Name: "shop", Account: strings.Repeat("a", 32),
		Kinds:  []policy.Kind{{Name: "com.example.shop.store", Parent: KindAccount, Form: slug}},
		Groups: []Group{{Group: policy.Group{ID: strings.Repeat("b", 32), Name: "Stores Read", Scope: "com.example.shop.store"}, Label: "shop_stores_read"}},
		Operations: []OperationSpec{{
			ID: "get", Method: "POST", Template: "/stores/{store}", Rule: Groups, Groups: []string{strings.Repeat("b", 32)},
			Params: []ParamSpec{{Name: "store"}}, Places: []PlaceSpec{{Kind: "com.example.shop.store", In: InBody, Name: "/id"}},
		}},
	}
}

// TestExtendKeepsWhatTheBuiltInCatalogueHas: what was matched with the one can be
// judged by the other.
func TestExtendKeepsWhatTheBuiltInCatalogueHas(t *testing.T) {
	t.Parallel()
	c, err := Extend(V4(), shopSpec(t))
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range V4().Groups() {
		if got := c.GroupByNo(policy.GroupNo(i)); got != g {
			t.Fatalf("group %d is %s, was %s", i, got.Name, g.Name)
		}
	}
	for i, k := range V4().Vocabulary().Kinds() {
		if c.Vocabulary().Kind(k.Name) != policy.KindNo(i+1) {
			t.Errorf("the kind %s has another number", k.Name)
		}
	}
	for op := range V4().Operations() {
		if same, _ := c.Operation(op.ID); same != op || op.Vocabulary() != nil {
			t.Fatalf("%s is another operation", op.ID)
		}
	}
	if _, ok := V4().Operation("shop:get"); ok || len(V4().APIs()) > 0 {
		t.Error("the built-in catalogue was changed")
	}
}

// TestABodyNamesAResourceOrNothing: without the body's word, and with one that no
// store could have as its id, the path of a request is covered by nothing.
func TestABodyNamesAResourceOrNothing(t *testing.T) {
	t.Parallel()
	c, err := Extend(V4(), shopSpec(t))
	if err != nil {
		t.Fatal(err)
	}
	api, _ := c.API("shop")
	m, miss := api.Match("POST", "/stores/x")
	if miss != Hit || !m.Op.NeedsBody() {
		t.Fatal(miss)
	}
	path := m.Resource("")
	if path.Len() != 0 {
		t.Errorf("without a body it is %+v", path)
	}
	for id, want := range map[string]int{"north": 2, "": 0, "North": 0, "*": 0, "a/b": 0} {
		path := m.ResourceFrom(func(Place) (string, bool) { return id, true })
		if path.Len() != want {
			t.Errorf("%q: %+v", id, path)
		}
	}
}

func TestExtendRefuses(t *testing.T) {
	t.Parallel()
	for what, change := range map[string]func(*Spec){
		"a label that is taken":       func(s *Spec) { s.Groups[0].Label = "dns_read" },
		"a group that is not there":   func(s *Spec) { s.Operations[0].Groups = []string{"x"} },
		"a kind that is not there":    func(s *Spec) { s.Operations[0].Places[0].Kind = "x" },
		"a parameter that is not":     func(s *Spec) { s.Operations[0].Params[0].Name = "x" },
		"an operation twice":          func(s *Spec) { s.Operations = append(s.Operations, s.Operations[0]) },
		"a kind of the built-in ones": func(s *Spec) { s.Kinds[0].Name = KindZone },
		"an empty segment":            func(s *Spec) { s.Operations[0].Template = "//{store}" },
	} {
		s := shopSpec(t)
		change(s)
		if _, err := Extend(V4(), s); err == nil {
			t.Errorf("%s was taken", what)
		}
	}
	if _, err := Extend(V4(), shopSpec(t), shopSpec(t)); err == nil {
		t.Error("one catalogue was taken twice")
	}
}
