package server_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/v4"
)

func TestTemplatesAreServedForUsersAndForAccounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	for query, want := range map[string]map[string]int{
		"":               {v4.OwnerUser: 12, v4.OwnerAccount: 12},
		"?owner=user":    {v4.OwnerUser: 12},
		"?owner=account": {v4.OwnerAccount: 12},
	} {
		a := w.call(t, call{as: w.key("bob"), method: "GET", path: "/tokenward/templates" + query})
		var list []v4.Template
		a.decode(t, &list)
		got := map[string]int{}
		for _, tpl := range list {
			got[tpl.Owner]++
			if tpl.Key == "" || tpl.Name == "" || tpl.Description == "" || len(tpl.PermissionGroups) == 0 || len(tpl.Resources) == 0 {
				t.Errorf("%s of a %s lacks something: %+v", tpl.Key, tpl.Owner, tpl)
			}
		}
		if got[v4.OwnerUser] != want[v4.OwnerUser] || got[v4.OwnerAccount] != want[v4.OwnerAccount] {
			t.Errorf("%q: %v, want %v", query, got, want)
		}
		if a.envelope.ResultInfo["total_count"] != len(list) {
			t.Errorf("%q: %d templates, result_info %v", query, len(list), a.envelope.ResultInfo)
		}
	}
}

func TestATemplateSaysWhatMustBeChosen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	a := w.call(t, call{as: w.key("bob"), method: "GET", path: "/tokenward/templates"})
	var list []v4.Template
	a.decode(t, &list)
	for key, want := range map[string][2]v4.List[v4.TemplateResource]{
		"edit-zone-dns": {
			{{Scope: catalog.KindZone, Choice: "choose"}},
			{{Scope: catalog.KindAccount, Choice: "own"}, {Scope: catalog.KindZone, Choice: "choose"}},
		},
		"edit-cloudflare-workers": {
			{{Scope: catalog.KindUser, Choice: "own"}, {Scope: catalog.KindAccount, Choice: "choose"}, {Scope: catalog.KindZone, Choice: "choose"}},
			{{Scope: catalog.KindAccount, Choice: "own"}, {Scope: catalog.KindZone, Choice: "choose"}},
		},
		"acme-dns-01": {
			{{Scope: catalog.KindZone, Choice: "choose"}, {Scope: catalog.KindRecord, Choice: "fixed", Types: v4.List[string]{"TXT"}, Name: "_acme-challenge.*"}},
			{{Scope: catalog.KindAccount, Choice: "own"}, {Scope: catalog.KindZone, Choice: "choose"},
				{Scope: catalog.KindRecord, Choice: "fixed", Types: v4.List[string]{"TXT"}, Name: "_acme-challenge.*"}},
		},
		"dynamic-dns": {
			{{Scope: catalog.KindZone, Choice: "choose"}, {Scope: catalog.KindRecord, Choice: "choose", Types: v4.List[string]{"A", "AAAA"}}},
			{{Scope: catalog.KindAccount, Choice: "own"}, {Scope: catalog.KindZone, Choice: "choose"},
				{Scope: catalog.KindRecord, Choice: "choose", Types: v4.List[string]{"A", "AAAA"}}},
		},
		"wordpress": {
			{{Scope: catalog.KindAccount, Choice: "all"}, {Scope: catalog.KindZone, Choice: "all"}},
			{{Scope: catalog.KindAccount, Choice: "own"}, {Scope: catalog.KindZone, Choice: "all"}},
		},
	} {
		for i, owner := range []string{v4.OwnerUser, v4.OwnerAccount} {
			at := slices.IndexFunc(list, func(t v4.Template) bool { return t.Key == key && t.Owner == owner })
			if at < 0 || !reflect.DeepEqual(list[at].Resources, want[i]) {
				t.Errorf("%s of a %s: want %v in %s", key, owner, want[i], clip(a.raw))
			}
		}
	}
}

func TestTheCompatibilityTableInForceIsServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	a := w.call(t, call{as: w.key("bob"), method: "GET", path: "/tokenward/compatibility"})
	var table v4.Compatibility
	a.decode(t, &table)
	if table.Version != "docs-2026-04-20" || len(table.Versions) != 5 || len(table.Products) != 63 {
		t.Errorf("%s, %d versions, %d products", table.Version, len(table.Versions), len(table.Products))
	}
	for name, want := range map[string]string{
		"DNS": "yes false", "Page Rules": "no true", "Zero Trust Client Platform": "no false", "AMP": "unlisted false",
	} {
		at := slices.IndexFunc(table.Products, func(p v4.Product) bool { return p.Name == name })
		if at < 0 {
			t.Errorf("no product %s", name)
			continue
		}
		if got := inWords(&table.Products[at]); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func inWords(p *v4.Product) string {
	enforced := map[bool]string{true: " true", false: " false"}[p.Enforced]
	switch {
	case p.Compatible == nil:
		return "unlisted" + enforced
	case *p.Compatible:
		return "yes" + enforced
	}
	return "no" + enforced
}
