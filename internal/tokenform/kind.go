package tokenform

import (
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// kind is a kind of resource that a custom catalogue describes.
type kind struct {
	no      policy.KindNo
	name    string // "com.example.shop.store"
	word    string // "store"; the whole name where another kind is called so too
	form    *policy.IDForm
	in      *kind  // that it lies in, nil for an account
	account string // in which all of its resources lie, "" where that is not known
}

// kindsOf are the custom kinds of a catalogue by name.
func kindsOf(c *catalog.Catalog) map[string]*kind {
	all := c.Vocabulary().Kinds()
	last := map[string]int{}
	for _, k := range all {
		last[lastWord(k.Name)]++
	}
	out := map[string]*kind{}
	for i, k := range all { // a parent stands before its children
		if k.Form == nil {
			continue
		}
		no := policy.KindNo(i + 1)
		made := &kind{no: no, name: k.Name, word: k.Name, form: k.Form, in: out[k.Parent], account: c.AccountOf(no)}
		if word := lastWord(k.Name); last[word] == 1 {
			made.word = strings.NewReplacer("-", " ", "_", " ").Replace(word)
		}
		out[k.Name] = made
	}
	return out
}

// lastWord is the last part of a kind's name: "zone".
func lastWord(kind string) string { return kind[strings.LastIndexByte(kind, '.')+1:] }

// lies reports whether resources of the kind lie in those of another.
func (k *kind) lies(in *kind) bool {
	for above := k.in; above != nil; above = above.in {
		if above == in {
			return true
		}
	}
	return false
}

// holders are the custom kinds that it lies in, the nearest first.
func (k *kind) holders() []*kind {
	var out []*kind
	for above := k.in; above != nil; above = above.in {
		out = append(out, above)
	}
	return out
}

// wrongID is what to say of an id that the kind cannot have.
func (k *kind) wrongID(id string) string {
	if id == "" {
		return "Write the id of the " + k.word + "."
	}
	if k.form.Fits(id) {
		return ""
	}
	look := map[string]string{
		"hex32": "32 hexadecimal digits in lowercase", "int": "whole numbers", "uuid": "UUIDs in lowercase",
		"slug": "lowercase letters and digits, with hyphens between them",
	}[k.form.String()]
	if look == "" {
		look = "of the form " + k.form.String()
	}
	return "This is not the id of a " + k.word + ": those are " + look + "."
}

// plural is the word for several of a thing: "stores", "categories".
func plural(word string) string {
	stem, y := strings.CutSuffix(word, "y")
	switch {
	case strings.Contains(word, "."): // the name of a kind
		return word + " resources"
	case y && stem != "" && !strings.ContainsAny(stem[len(stem)-1:], "aeiou"):
		return stem + "ies"
	case slices.ContainsFunc([]string{"s", "x", "z", "ch", "sh"}, func(end string) bool { return strings.HasSuffix(word, end) }):
		return word + "es"
	}
	return word + "s"
}
