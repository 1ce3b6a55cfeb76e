package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// everyReadWord stands in templates.txt for every group of level read.
const everyReadWord = "every-read"

// templateSource is a block of templates.txt.
type templateSource struct {
	key    string
	fields map[string]string
}

// loadTemplates reads templates.txt against the catalogue's groups.
func (c *Catalog) loadTemplates(text string) error {
	blocks, err := templateBlocks(text)
	if err != nil {
		return fmt.Errorf("templates: %w", err)
	}
	for _, b := range blocks {
		for _, forAccount := range []bool{false, true} {
			t, err := c.template(&b, forAccount)
			if err != nil {
				return fmt.Errorf("templates: %s: %w", b.key, err)
			}
			c.templates = append(c.templates, t)
		}
	}
	return nil
}

func templateBlocks(text string) ([]templateSource, error) {
	var blocks []templateSource
	no := 0
	for line := range strings.Lines(text) {
		no++
		word, value, _ := strings.Cut(strings.TrimRight(line, "\n"), " ")
		value = strings.TrimSpace(value)
		switch {
		case word == "" || word[0] == '#':
		case word == "template":
			if !isKey(value) || slices.ContainsFunc(blocks, func(b templateSource) bool { return b.key == value }) {
				return nil, fmt.Errorf("line %d: %q is no key, or taken", no, value)
			}
			blocks = append(blocks, templateSource{value, map[string]string{}})
		case len(blocks) == 0 || !isTemplateField(word) || value == "":
			return nil, fmt.Errorf("line %d: cannot be read", no)
		default:
			b := &blocks[len(blocks)-1]
			if b.fields[word] != "" {
				return nil, fmt.Errorf("line %d: %s stands twice", no, word)
			}
			b.fields[word] = value
		}
	}
	return blocks, nil
}

func isTemplateField(word string) bool {
	return slices.Contains([]string{"name", "about", "accounts", "zones", "groups", "user", "account", "records"}, word)
}

func (c *Catalog) template(b *templateSource, forAccount bool) (Template, error) {
	t := Template{Key: b.key, Name: b.fields["name"], Description: b.fields["about"], ForAccount: forAccount}
	if t.Name == "" || t.Description == "" {
		return t, errors.New("no name or no description")
	}
	own := "user"
	if forAccount {
		own = "account"
	}
	for _, field := range []string{"groups", own} {
		groups, err := c.labelled(b.fields[field], field == "user")
		if err != nil {
			return t, err
		}
		t.Groups = append(t.Groups, groups...)
	}
	if len(t.Groups) == 0 {
		return t, errors.New("no groups")
	}
	if err := c.heldTo(&t, b.fields["records"]); err != nil {
		return t, err
	}
	return t, t.needs(b.fields["accounts"], b.fields["zones"])
}

// needs reads what must be chosen. It must be asked for where groups act, and
// nowhere else; a token of an account has no choice of accounts.
func (t *Template) needs(accounts, zones string) error {
	var err error
	if t.Accounts, err = needOf(accounts); err != nil {
		return err
	}
	if t.Zones, err = needOf(zones); err != nil {
		return err
	}
	onAccounts, onZones := len(t.onAccounts()) > 0, len(t.on(KindZone)) > 0
	if onZones != (t.Zones != NotNeeded) || !t.ForAccount && onAccounts != (t.Accounts != NotNeeded) {
		return errors.New("the resources to choose are not those that its groups act on")
	}
	t.settle()
	return nil
}

// labelled finds the groups of a field, which act on the user or do not.
func (c *Catalog) labelled(field string, onUser bool) ([]Group, error) {
	if field == everyReadWord {
		return c.everyRead(onUser), nil
	}
	var out []Group
	for label := range strings.FieldsSeq(field) {
		g, ok := c.byLabel(label)
		if !ok {
			return nil, fmt.Errorf("no group is labelled %q", label)
		}
		if (g.Scope == KindUser) != onUser {
			return nil, fmt.Errorf("%s: groups on the user, and only those, stand under user", label)
		}
		out = append(out, g)
	}
	return out, nil
}

func needOf(field string) (Need, error) {
	if field == "" {
		return NotNeeded, nil
	}
	n := slices.Index(needNames[:], field)
	if n <= 0 {
		return 0, fmt.Errorf("%q is neither choose nor all", field)
	}
	return Need(n), nil
}
