package catalog

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// The newest table (contract 6).
func TestTheNewestTableIsInForce(t *testing.T) {
	table := V4().Compatibility()
	var refuses []string
	accepts := 0
	for i := range table.Products {
		switch p := &table.Products[i]; table.In(p) {
		case Refuses:
			refuses = append(refuses, p.Name)
		case Accepts:
			accepts++
		}
	}
	want := "Intel Data Platform, Page Rules, Registrar, Super Bot Fight Mode, Turnstile, Zero Trust Client Platform"
	if got := strings.Join(refuses, ", "); table.Version != "docs-2026-04-20" || got != want || accepts != 55 {
		t.Errorf("%s: %d accept, %s refuse; want 55, %s", table.Version, accepts, got, want)
	}
}

func TestRefusedProductsAreTheirOperations(t *testing.T) {
	for path, product := range map[string]string{
		"GET /zones/{zone_id}/pagerules":                                "Page Rules",
		"PUT /zones/{zone_id}/pagerules/{pagerule_id}":                  "Page Rules",
		"GET /accounts/{account_id}/registrar/domains":                  "Registrar",
		"POST /accounts/{account_id}/challenges/widgets":                "Turnstile",
		"GET /accounts/{account_id}/intel/ip":                           "Intel Data Platform",
		"PUT /zones/{zone_id}/bot_management":                           "Super Bot Fight Mode",
		"GET /zones/{zone_id}/bot_management/feedback":                  "",
		"GET /zones/{zone_id}/dns_records":                              "",
		"GET /accounts/{account_id}/rules/lists":                        "",
		"GET /accounts/{account_id}/devices/policies":                   "",
		"GET /accounts/{account_id}/workers/observability/queries":      "",
		"GET /user/tokens/verify":                                       "",
		"GET /accounts/{account_id}/tokens/verify":                      "",
		"GET /tokenward/compatibility":                                  "",
		"GET /accounts/{account_id}/magic/routes":                       "",
		"GET /zones/{zone_id}/cache/tiered_cache_smart_topology_enable": "",
	} {
		if op := at(V4(), path); op == nil || op.Incompatible != product {
			t.Errorf("%s: %+v, want it to be of %q", path, op, product)
		}
	}
}

func TestOlderTablesCanBePutInForce(t *testing.T) {
	for version, want := range map[string]map[string]string{
		"guide":           {"GET /accounts/{account_id}/rules/lists": "", "GET /zones/{zone_id}/pagerules": "Page Rules"},
		"docs-2025":       {"GET /accounts/{account_id}/rules/lists": "Custom Lists", "GET /zones/{zone_id}/spectrum/apps": "Spectrum", "GET /accounts/{account_id}/magic/routes": ""},
		"docs-early":      {"GET /zones/{zone_id}/pagerules": "", "GET /accounts/{account_id}/magic/routes": "Magic Transit", "GET /accounts/{account_id}/magic/connectors": "Cloudflare WAN"},
		"none":            {"GET /zones/{zone_id}/pagerules": "", "GET /accounts/{account_id}/registrar/domains": ""},
		"docs-2026-04-20": {"GET /zones/{zone_id}/pagerules": "Page Rules"},
		"":                {"GET /zones/{zone_id}/pagerules": "Page Rules"},
	} {
		c, err := V4Compatible(version)
		if err != nil {
			t.Fatal(err)
		}
		for path, product := range want {
			if op := at(c, path); op == nil || op.Incompatible != product {
				t.Errorf("%s: %s: %+v, want it to be of %q", version, path, op, product)
			}
		}
	}
	if _, err := V4Compatible("docs-1999"); err == nil || !strings.Contains(err.Error(), "docs-2025") {
		t.Errorf("an unknown table: %v", err)
	}
	if op := at(V4(), "GET /zones/{zone_id}/pagerules"); op.Incompatible != "Page Rules" {
		t.Error("another table changed V4's")
	}
}

func at(c *Catalog, path string) *Operation {
	for op := range c.Operations() {
		if op.Method+" "+op.Template == path {
			return op
		}
	}
	return nil
}

// A path that leads nowhere would be a product that is refused on paper only,
// and an operation of two products would have the wrong one in its answer.
func TestEveryPathOfAProductLeadsToOperationsOfItsOwn(t *testing.T) {
	owner := map[*Operation]string{}
	table := V4().Compatibility()
	for i := range table.Products {
		p := &table.Products[i]
		for _, path := range p.Paths {
			n := 0
			for op := range V4().of(&Product{Paths: []string{path}}) {
				n++
				if owner[op] != "" {
					t.Errorf("%s is of %s and of %s", op.ID, owner[op], p.Name)
				}
				owner[op] = p.Name
			}
			if n == 0 {
				t.Errorf("%s: there is no operation at %s", p.Name, path)
			}
		}
		if len(p.Paths) > 0 != slices.Contains(p.Support, Refuses) && p.Name != "Pub/Sub" && p.Name != "Zero Trust Client Platform" {
			t.Errorf("%s: %d paths, and the tables say %v", p.Name, len(p.Paths), p.Support)
		}
	}
	sorted := func(a, b Product) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) }
	if !slices.IsSortedFunc(table.Products, sorted) {
		t.Error("the products are not sorted")
	}
}

func TestFaultyCompatibilityIsRefused(t *testing.T) {
	const ok = "version\tv\tfirst\nversion\tw\tsecond\nproduct\tA\tyes\tno\npath\tA\t/a/**\n"
	for what, text := range map[string]string{
		"an answer missing":      strings.Replace(ok, "\tno\n", "\n", 1),
		"another answer":         strings.Replace(ok, "\tno\n", "\tmaybe\n", 1),
		"a product twice":        ok + "product\tA\tyes\tyes\n",
		"a path of nothing":      ok + "path\tB\t/b\n",
		"a version after all":    ok + "version\tx\tthird\n",
		"a version that is none": "version\tnone\tnone\n" + ok,
		"an unknown line":        ok + "product A yes no\n",
	} {
		if _, err := parseCompatibility(text); err == nil {
			t.Errorf("%s: loads", what)
		}
	}
	if _, err := parseCompatibility(ok); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

// The document's tables are these.
func TestTheDocumentTellsTheTables(t *testing.T) {
	const file = "../../docs/account-token-compatibility.md"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{versionTable(), productTable(), pathTable()} {
		if !strings.Contains(string(b), want) {
			t.Errorf("%s does not have\n%s", file, want)
		}
	}
}

func versionTable() string {
	var b strings.Builder
	b.WriteString("| `--compatibility` | what |\n| --- | --- |\n")
	for _, v := range V4().Compatibility().Versions {
		fmt.Fprintf(&b, "| `%s` | %s |\n", v.Name, v.Description)
	}
	return b.String()
}

func productTable() string {
	var b strings.Builder
	table := V4().Compatibility()
	b.WriteString("| product |")
	for _, v := range table.Versions {
		if v.Name != CompatibleWithAll {
			fmt.Fprintf(&b, " %s |", v.Name)
		}
	}
	b.WriteString("\n| --- |" + strings.Repeat(" --- |", len(table.Versions)-1) + "\n")
	for _, p := range table.Products {
		fmt.Fprintf(&b, "| %s |", p.Name)
		for _, s := range p.Support {
			fmt.Fprintf(&b, " %s |", s)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func pathTable() string {
	var b strings.Builder
	b.WriteString("| product | operations | paths |\n| --- | --- | --- |\n")
	for _, p := range V4().Compatibility().Products {
		n := 0
		for range V4().of(&p) {
			n++
		}
		if n > 0 {
			fmt.Fprintf(&b, "| %s | %d | `%s` |\n", p.Name, n, strings.Join(p.Paths, "`, `"))
		}
	}
	return b.String()
}
