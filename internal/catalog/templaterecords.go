package catalog

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/policy"
)

// askName stands in templates.txt for a name that the caller must give.
const askName = "ask"

// Records are the records of a zone to which a template holds the groups that can
// be given on records. The zero Records holds them to none: they are on zones.
type Records struct {
	Types []string // "A", "AAAA", or "*" alone
	Name  string   // "_acme-challenge.*"; "" asks for it
}

// IDs are the ids of the records in resource keys: "TXT:_acme-challenge.*". names
// are what was asked for.
func (r Records) IDs(names []string) []string {
	if r.Name != "" {
		names = []string{r.Name}
	}
	var ids []string
	for _, name := range names {
		for _, typ := range r.Types {
			ids = append(ids, typ+":"+name)
		}
	}
	return ids
}

// Words are the records for people: "A and AAAA records named home.example.com".
func (r Records) Words() string {
	text := "all records"
	if every := len(r.Types) == 1 && r.Types[0] == "*"; !every {
		types := slices.Sorted(slices.Values(r.Types))
		text = strings.Join(types, ", ") + " records"
		if n := len(types) - 1; n > 0 {
			text = strings.Join(types[:n], ", ") + " and " + types[n] + " records"
		}
		if r.Name == "*" {
			text = "all " + text
		}
	}
	if r.Name != "*" {
		text += " named " + r.Name
	}
	return text
}

// RecordTypes are the types that records can have in the catalogue, sorted.
func (c *Catalog) RecordTypes() []string {
	for _, k := range c.vocabulary.Kinds() {
		if k.Name == KindRecord {
			return slices.Clone(k.Types)
		}
	}
	return nil
}

// WrongRecord says what is wrong with the id of records in a resource key,
// "TXT:_acme-challenge.*", as part of a sentence; "" when nothing is.
func (c *Catalog) WrongRecord(id string) string {
	v := c.vocabulary
	if _, wrong, ok := v.ParseRef(v.Kind(KindRecord), id); !ok {
		return wrong
	}
	if longest := policy.MaxResourceKey - len(KindRecord) - len("."); len(id) > longest {
		return fmt.Sprintf("type and name have at most %d characters together", longest)
	}
	return ""
}

// onRecords are the groups that the template gives on records.
func (t *Template) onRecords() []string { return t.zoneGroups(true) }

// onZones are the other groups that act on zones.
func (t *Template) onZones() []string { return t.zoneGroups(false) }

func (t *Template) zoneGroups(onRecords bool) []string {
	var ids []string
	for _, g := range t.Groups {
		if g.Scope == KindZone && onRecords == (t.Records.Types != nil && g.Below == KindRecord) {
			ids = append(ids, g.ID)
		}
	}
	return ids
}

// wrongRecords is what is wrong with the names that were given, "" if nothing is.
func (t *Template) wrongRecords(names []string) string {
	switch asks := t.Records.Types != nil && t.Records.Name == ""; {
	case asks && len(names) == 0:
		return "give the complete name of the records, such as home.example.com"
	case !asks && len(names) > 0:
		return fmt.Sprintf("%s does not ask for names of records", t.title())
	case len(names)*len(t.Records.Types) > policy.MaxPolicyResources:
		return fmt.Sprintf("at most %d records are possible", policy.MaxPolicyResources)
	}
	for _, id := range t.Records.IDs(names) {
		if wrong := V4().WrongRecord(id); wrong != "" {
			return fmt.Sprintf("%.64q: %s", id, wrong)
		}
	}
	return ""
}

// recordKeys writes records under the zones, or under the accounts where all of
// their zones are meant.
func (t *Template) recordKeys(accounts, zones, names []string) []policy.Resource {
	kind, in := KindZone, zones
	if every(zones) {
		kind, in = KindAccount, accounts
	}
	out := keys(kind, in)
	for i := range out {
		for _, id := range t.Records.IDs(names) {
			out[i].Nested = append(out[i].Nested, KindRecord+"."+id)
		}
	}
	return out
}

// heldTo reads the records of a block of templates.txt.
func (c *Catalog) heldTo(t *Template, field string) error {
	if field == "" {
		return nil
	}
	types, name, ok := strings.Cut(field, " ")
	if !ok {
		return errors.New("records must be types and a name")
	}
	if name = strings.TrimSpace(name); name == askName {
		name = ""
	}
	return c.hold(t, types, name)
}

// hold sets the records of a template, whose groups are known.
func (c *Catalog) hold(t *Template, types, name string) error {
	t.Records = Records{Types: slices.Compact(slices.Sorted(strings.SplitSeq(types, ","))), Name: name}
	if len(types) > policy.MaxResourceKey || slices.Contains(t.Records.Types, "*") && len(t.Records.Types) > 1 {
		return errors.New("the types of records are too many, or * beside others")
	}
	if len(t.onRecords()) == 0 {
		return errors.New("no group of it can be given on records")
	}
	if name == "" {
		name = "*" // any that may be given
	}
	for _, typ := range t.Records.Types {
		if wrong := c.WrongRecord(typ + ":" + name); wrong != "" {
			return fmt.Errorf("records %.64q: %s", typ+":"+name, wrong)
		}
	}
	return nil
}

// urlRecords reads recordTypes and recordName of a template URL.
func (c *Catalog) urlRecords(q url.Values, t *Template) error {
	switch types, name := q.Get("recordTypes"), q.Get("recordName"); {
	case types != "":
		return c.hold(t, types, name)
	case name != "":
		return errors.New("recordName has no recordTypes beside it")
	}
	return nil
}
