package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// templateTypes are the types that a key of a template URL may have.
var templateTypes = []string{"read", "edit", "revoke", "run", "purge"}

// TemplateGroup finds the group that a template URL means by a key and a type:
// read, edit, revoke, run or purge (contract 5.5). The error says which types the
// key has.
func (c *Catalog) TemplateGroup(key, typ string) (Group, error) {
	if !slices.Contains(templateTypes, typ) {
		return Group{}, fmt.Errorf("the key %.64q has the type %.64q; known are %s", key, typ, strings.Join(templateTypes, ", "))
	}
	stem, known := c.templateKeys[key]
	switch {
	case known && stem == "":
		return Group{}, fmt.Errorf("no permission group is known for the key %q", key)
	case !known:
		stem = key
	}
	for _, suffix := range suffixesOf(typ) {
		if g, ok := c.byLabel(stem + suffix); ok {
			return g, nil
		}
	}
	if types := c.typesOf(stem); len(types) > 0 {
		return Group{}, fmt.Errorf("the key %.64q has no type %q, but %s", key, typ, strings.Join(types, ", "))
	}
	return Group{}, fmt.Errorf("no permission group is known for the key %.64q", key)
}

// suffixesOf are the ends of labels that a type means. The cache can only be
// purged, and older URLs call that editing.
func suffixesOf(typ string) []string {
	if typ == "edit" {
		return []string{"_write", "_purge"}
	}
	return []string{"_" + typ}
}

func (c *Catalog) typesOf(stem string) []string {
	var types []string
	for _, typ := range templateTypes {
		for _, suffix := range suffixesOf(typ) {
			if _, ok := c.byLabel(stem + suffix); ok && !slices.Contains(types, typ) {
				types = append(types, typ)
			}
		}
	}
	return types
}

// loadTemplateKeys reads templatekeys.txt.
func (c *Catalog) loadTemplateKeys(text string) error {
	c.templateKeys = map[string]string{}
	no := 0
	for line := range strings.Lines(text) {
		no++
		line, _, _ = strings.Cut(line, "#")
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		if _, twice := c.templateKeys[f[0]]; twice || len(f) != 2 {
			return fmt.Errorf("template keys: line %d: not a key and a group, or twice", no)
		}
		switch {
		case f[1] == "-":
			f[1] = ""
		case len(c.typesOf(f[1])) == 0:
			return fmt.Errorf("template keys: line %d: no group is labelled %s", no, f[1])
		}
		c.templateKeys[f[0]] = f[1]
	}
	return nil
}

// TemplateKey is the key and the type by which a template URL names a group, the
// inverse of TemplateGroup. ok is false for a group that no URL can name: one of
// a level that URLs do not know.
func (c *Catalog) TemplateKey(g Group) (key, typ string, ok bool) {
	for _, typ := range templateTypes {
		for _, suffix := range suffixesOf(typ) {
			stem, has := strings.CutSuffix(g.Label, suffix)
			if !has {
				continue
			}
			for _, key := range c.keysOf(stem) {
				if found, err := c.TemplateGroup(key, typ); err == nil && found.ID == g.ID {
					return key, typ, true
				}
			}
		}
	}
	return "", "", false
}

// keysOf are the keys that may stand for a stem: itself, and those of
// templatekeys.txt, in order.
func (c *Catalog) keysOf(stem string) []string {
	keys := []string{stem}
	for key, of := range c.templateKeys {
		if of == stem {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys[1:])
	return keys
}
