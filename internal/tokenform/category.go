package tokenform

import (
	"cmp"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
)

// word is what a kind is called: "zone".
func (p *Picker) word(kind string) string {
	if k := p.kinds[kind]; k != nil {
		return k.word
	}
	return lastWord(kind)
}

// categoryOf is the category of a group: of a custom one its product.
func categoryOf(g *catalog.Group) string {
	if g.API != "" {
		return g.API + "/" + g.Product
	}
	return cmp.Or(g.Category, "other")
}

// categoryTitle writes a category for people.
func (p *Picker) categoryTitle(key string) string {
	api, product, custom := strings.Cut(key, "/")
	if !custom {
		return CategoryTitle(key)
	}
	return p.titles[api] + ": " + product
}

func categoryRank(key string) int {
	switch {
	case strings.Contains(key, "/"):
		return 0
	case strings.Contains(key, "other"):
		return 2
	}
	return 1
}

// CategoryTitle writes a category of the wire for people.
func CategoryTitle(key string) string {
	words := strings.Split(key, "_")
	for i, w := range words {
		switch w {
		case "ai", "dns":
			words[i] = strings.ToUpper(w)
		case "one", "zero", "trust":
			words[i] = capital(w)
		}
	}
	return capital(strings.Join(words, " "))
}
