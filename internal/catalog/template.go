package catalog

import (
	"slices"
	"strings"
)

// Template is a token to start from: permission groups, and what must be said
// about the resources before it is one. It is for a user's token or for an
// account's; the two have different groups. [Template.Fill] makes policies of it.
type Template struct {
	Key         string // "edit-zone-dns"; "" for one that a URL describes
	Name        string // what people call it, and the name to propose for the token
	Description string
	ForAccount  bool // for a token that an account owns
	Groups      []Group

	// Accounts and Zones say whether the caller must name some. A token of an
	// account needs no Accounts: it is on its own.
	Accounts, Zones Need

	// Records narrows the groups that can be given on records.
	Records Records
}

// Need is what a template wants to know about a kind of resource.
type Need uint8

// Needs.
const (
	NotNeeded Need = iota // no group acts on the kind
	Choose                // must be chosen
	Every                 // filled in with all of them; may be narrowed
)

// String is the need as the API and templates.txt spell it.
func (n Need) String() string { return nameAt(needNames[:], int(n)) }

var needNames = [...]string{"none", "choose", "all"}

// Templates lists the templates for users' tokens, or for those of accounts, in
// the order in which people should be offered them. A catalogue that is not the
// built-in one may have none.
func (c *Catalog) Templates(forAccount bool) []Template {
	var out []Template
	for _, t := range c.templates {
		if t.ForAccount == forAccount {
			t.Groups = slices.Clone(t.Groups)
			out = append(out, t)
		}
	}
	return out
}

// Template finds a template by key.
func (c *Catalog) Template(key string, forAccount bool) (Template, bool) {
	for _, t := range c.Templates(forAccount) {
		if t.Key == key {
			return t, true
		}
	}
	return Template{}, false
}

// OnUser reports whether the template has groups that act on the user.
func (t *Template) OnUser() bool { return len(t.on(KindUser)) > 0 }

// on are the ids of the groups that go on resources of these kinds.
func (t *Template) on(scopes ...string) []string {
	var ids []string
	for _, g := range t.Groups {
		if slices.Contains(scopes, g.Scope) {
			ids = append(ids, g.ID)
		}
	}
	return ids
}

// onAccounts are the ids of the groups that go on whole accounts: those that act
// on them, on buckets and on resources of custom catalogues.
func (t *Template) onAccounts() []string {
	var ids []string
	for _, g := range t.Groups {
		if g.Scope != KindUser && g.Scope != KindZone {
			ids = append(ids, g.ID)
		}
	}
	return ids
}

// settle sets what follows from the groups: no choice is asked for that nothing
// depends on.
func (t *Template) settle() {
	if t.ForAccount || len(t.onAccounts()) == 0 {
		t.Accounts = NotNeeded
	}
	if len(t.on(KindZone)) == 0 {
		t.Zones = NotNeeded
	}
	if len(t.onRecords()) == 0 {
		t.Records = Records{}
	}
}

// everyRead are the groups of level read, those on the user apart if asked.
func (c *Catalog) everyRead(onUser bool) []Group {
	return slices.DeleteFunc(c.Groups(), func(g Group) bool {
		return g.Level != LevelRead || (g.Scope == KindUser) != onUser
	})
}

// byLabel finds a group by its label.
func (c *Catalog) byLabel(label string) (Group, bool) {
	i := slices.IndexFunc(c.groups, func(g Group) bool { return g.Label == label })
	if i < 0 {
		return Group{}, false
	}
	return c.groups[i], true
}

// isKey reports whether s is lowercase words and digits joined by hyphens.
func isKey(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && s[0] != '-'
}
