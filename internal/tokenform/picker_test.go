package tokenform

import (
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
)

func TestEveryGroupCanBePicked(t *testing.T) {
	p := NewPicker(catalog.V4())
	picked := map[string]bool{}
	for _, c := range p.Categories(false) {
		for _, f := range c.Families {
			for i := range f.Levels {
				l := &f.Levels[i]
				picked[l.Group.ID] = true
				if p.Level(l.Group.ID) != l || l.Family() != f || l.Title == "" || f.Name == "" || strings.HasSuffix(f.Name, ":") {
					t.Errorf("%s %s: %+v", f.Key, l.Key, l)
				}
			}
		}
	}
	if all := catalog.V4().Groups(); len(picked) != len(all) {
		t.Errorf("%d groups can be picked of %d", len(picked), len(all))
	}
}

func TestLevelsAreCalledAsPeopleKnowThem(t *testing.T) {
	p := NewPicker(catalog.V4())
	for key, want := range map[string]string{
		"dns": "DNS: Read Edit", "cache": "Cache: Purge", "zone_access": "Access: Apps and Policies: Read Edit Revoke",
		"aig": "AI Gateway: Read Edit Run", "workers_scripts": "Workers Scripts: Read Edit Bind Editor", "api_tokens": "API Tokens: Read Edit",
	} {
		f, _ := p.Family(key)
		got := f.Name + ":"
		for _, l := range f.Levels {
			got += " " + l.Title
		}
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestWhatAGroupOpensIsTakenFromTheCatalogue(t *testing.T) {
	p := NewPicker(catalog.V4())
	for _, key := range []string{"dns", "cache", "zone", "account_settings"} {
		f, _ := p.Family(key)
		for i := range f.Levels {
			l, n := &f.Levels[i], 0
			no, _ := p.catalog.Vocabulary().Group(l.Group.ID)
			found := false
			for op := range p.catalog.Operations() {
				if op.Rule == catalog.Groups && op.Accepted.Has(no) {
					n++
					found = found || op.Method+" "+op.Template == l.Example
				}
			}
			if n != l.Operations || !found || !strings.Contains(l.Opens(), l.Example) {
				t.Errorf("%s: %s, want %d", l.Group.Name, l.Opens(), n)
			}
		}
	}
	f, _ := p.Family("dns")
	if got := f.Levels[0].Example; got != "GET /zones/{zone_id}/dns_records" {
		t.Errorf("an example of DNS Read is %s", got)
	}
}

func TestSearchFindsByWordsAnywhere(t *testing.T) {
	p := NewPicker(catalog.V4())
	for query, want := range map[string]string{
		"dns": "dns", "DNS edit": "dns", "purge": "cache", "workers_kv_storage": "workers_kv_storage",
		"personal data abuse": "fraud_detection_pii", "api tokens account": "account_api_tokens",
	} {
		found := p.Search(query, false)
		if len(found) == 0 || found[0].Key != want {
			t.Errorf("%q finds %d, not %s first", query, len(found), want)
		}
	}
	if found := p.Search("dns nonsense", false); len(found) != 0 {
		t.Errorf("nonsense was found: %d", len(found))
	}
	if all, few := len(p.Search(" ", false)), len(p.Search("", true)); all != len(p.families) || few >= all {
		t.Errorf("%d for users, %d for accounts, of %d", all, few, len(p.families))
	}
	for _, f := range p.Search("", true) {
		if f.Scope == "user" {
			t.Errorf("%s is offered for a token of an account", f.Name)
		}
	}
}

// BenchmarkNewPicker is what a start of the server pays; BenchmarkSearch what a
// keystroke costs.
func BenchmarkNewPicker(b *testing.B) {
	for b.Loop() {
		NewPicker(catalog.V4())
	}
}

func BenchmarkSearch(b *testing.B) {
	p := NewPicker(catalog.V4())
	for b.Loop() {
		p.Search("zone edit", false)
	}
}
