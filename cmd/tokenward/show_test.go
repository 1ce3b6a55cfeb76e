package main

import (
	"strings"
	"testing"

	"github.com/tokenward/tokenward/v4"
)

func TestSummaryIsInPlainWords(t *testing.T) {
	var b strings.Builder
	err := printSummary(&b, v4.Token{
		ID: "5b7c", Name: "evil\x1b[2Jname\nStatus  active", Status: v4.StatusDisabled,
		Condition: &v4.Condition{RequestIP: &v4.RequestIP{In: []string{}, NotIn: []string{"192.0.2.1/32"}}},
		Policies: v4.List[v4.Policy]{{
			Effect: v4.EffectDeny, PermissionGroups: v4.List[v4.GroupRef]{{ID: "1", Name: "DNS Write"}, {ID: "2"}},
			Resources: v4.Resources{
				scopeZone + ".42":         {Value: "*"},
				scopeAccount + ".7":       {Nested: map[string]string{scopeZone + ".*": "*"}},
				"com.example.odd":         {Value: "*"},
				scopeUser + ".9":          {Value: "read"},
				scopeBucket + ".7_eu_pix": {Value: "*"},
			},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, want := range []string{
		"evil\uFFFD[2Jname\uFFFDStatus  active", "Expires      never", "Usable from  no address except 192.0.2.1/32",
		"Denies       DNS Write, 2", "on zone 42\n", "on every zone of account 7\n", "on com.example.odd\n",
		"on " + scopeUser + ".9 = read\n", "on bucket 7_eu_pix\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q:\n%s", want, got)
		}
	}
}

func TestErrorsDoNotSteerTheTerminal(t *testing.T) {
	if got := plainLines("a\x1b]0;b\x07\nc\r"); got != "a\uFFFD]0;b\uFFFD\nc\uFFFD" {
		t.Errorf("%q", got)
	}
}
