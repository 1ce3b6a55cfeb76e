package policy

import (
	"strings"
	"testing"
)

func TestIDFormsGiveAnIDOneSpelling(t *testing.T) {
	t.Parallel()
	for form, rows := range map[string]map[string]bool{
		"int":   {"0": true, "7": true, "9999999999999999999": true, "07": false, "-1": false, "+1": false, "1.0": false, "": false, "99999999999999999999": false, "٣": false},
		"uuid":  {"0190c1d2-1111-7abc-8def-00aa11bb22cc": true, "0190C1D2-1111-7ABC-8DEF-00AA11BB22CC": false, "0190c1d2111a7abc8def00aa11bb22cc": false},
		"slug":  {"north-street": true, "a": true, "-a": false, "a-": false, "A": false, "a.b": false, "*": false, strings.Repeat("a", 65): false},
		"hex32": {strings.Repeat("ab", 16): true, strings.Repeat("AB", 16): false, strings.Repeat("0", 32): false},
	} {
		f, err := ParseIDForm(form)
		if err != nil {
			t.Fatal(err)
		}
		for id, want := range rows {
			if f.Fits(id) != want {
				t.Errorf("%s: Fits(%q) is %v", form, id, !want)
			}
		}
	}
}

// TestPatternsCannotLetInWhatEndsASegment: whatever a pattern says, and however it
// is put together.
func TestPatternsCannotLetInWhatEndsASegment(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{`.*`, `a|.*`, `(?s).+`, `(?m)^a$`, `\S+|\s+`} {
		f, err := NewIDPattern(pattern, 20)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"", "*", "a/b", "a b", "a\nb", "a%2Fb", "a;b", `a\b`, ".", "..", "é", strings.Repeat("a", 21)} {
			if f.Fits(id) {
				t.Errorf("%s fits %q", pattern, id)
			}
		}
		if !f.Fits("a") {
			t.Errorf("%s does not fit a", pattern)
		}
	}
	for _, bad := range []string{"", "a)|(b", "(", strings.Repeat("a", 300)} {
		if _, err := NewIDPattern(bad, 10); err == nil {
			t.Errorf("%q is a pattern", bad)
		}
	}
	dotted, _ := NewIDPattern(`[a-z.]+`, 10)
	if !dotted.Fits("a.b") || dotted.Undotted().Fits("a.b") {
		t.Error("a dot fits where it must not, or not where it may")
	}
}

// TestWhatIsGoneOfACatalogueGivesNothing, and the rest keeps its meaning and its
// policies their numbers. A deny that lost its meaning is not passed over.
func TestWhatIsGoneOfACatalogueGivesNothing(t *testing.T) {
	t.Parallel()
	slug, _ := ParseIDForm("slug")
	v, err := NewVocabulary([]Kind{{Name: "api.account"}, {Name: "shop.store", Parent: "api.account", Form: slug}},
		[]Group{{ID: "a", Name: "A", Scope: "shop.store"}})
	if err != nil {
		t.Fatal(err)
	}
	id := strings.Repeat("1", 32)
	owner := Owner{Ref: MakeRef(v.Kind("api.account"), id), Account: true}
	account := "api.account." + id
	rules, faults := ResolveKnown(v, owner, []Policy{
		{Effect: Allow, Groups: []string{"gone"}, Resources: []Resource{{Key: account}}},
		{Effect: Allow, Groups: []string{"a", "gone"}, Resources: []Resource{{Key: account}}},
		{Effect: Allow, Groups: []string{"a"}, Resources: []Resource{{Key: account, Nested: []string{"shop.store.product.7"}}}},
		{Effect: Allow, Groups: []string{"a"}, Resources: []Resource{
			{Key: "shop.gone.x"}, {Key: account, Nested: []string{"shop.store.product.*", "shop.store.north"}},
		}},
	})
	if len(faults) > 0 || len(rules) != 2 || rules[0].Policy != 1 || rules[1].Policy != 3 || rules[1].Pattern.Ref.Name != "north" {
		t.Fatalf("%+v, %v", rules, faults)
	}
	for _, p := range []Policy{
		{Effect: Allow},
		{Effect: Deny, Groups: []string{"gone"}, Resources: []Resource{{Key: account}}},
		{Effect: Deny, Groups: []string{"a"}, Resources: []Resource{{Key: account, Nested: []string{"shop.gone.x"}}}},
	} {
		if _, faults := ResolveKnown(v, owner, []Policy{p}); len(faults) == 0 {
			t.Errorf("%+v has no faults", p)
		}
	}
}
