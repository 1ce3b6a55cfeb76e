package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// parseCompatibility reads compatibility.txt.
func parseCompatibility(text string) (*Compatibility, error) {
	c := &Compatibility{}
	no := 0
	for line := range strings.Lines(text) {
		no++
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if err := c.line(strings.Split(line, "\t")); err != nil {
			return nil, fmt.Errorf("compatibility: line %d: %w", no, err)
		}
	}
	c.Versions = append(c.Versions, CompatibilityVersion{CompatibleWithAll, "every product takes tokens that an account owns"})
	return c, nil
}

func (c *Compatibility) line(f []string) error {
	switch {
	case f[0] == "version" && len(f) == 3 && len(c.Products) == 0 && f[1] != CompatibleWithAll:
		c.Versions = append(c.Versions, CompatibilityVersion{f[1], f[2]})
	case f[0] == "product" && len(f) == 2+len(c.Versions) && c.product(f[1]) == nil:
		p := Product{Name: f[1]}
		for _, word := range f[2:] {
			s := slices.Index(supportNames[:], word)
			if s < 0 {
				return fmt.Errorf("%s: %q is none of %s", p.Name, word, strings.Join(supportNames[:], ", "))
			}
			p.Support = append(p.Support, Support(s))
		}
		c.Products = append(c.Products, p)
	case f[0] == "path" && len(f) == 3 && c.product(f[1]) != nil:
		p := c.product(f[1])
		p.Paths = append(p.Paths, f[2])
	default:
		return fmt.Errorf("cannot be read: %.64q", f)
	}
	return nil
}

// product finds a product by name, nil if there is none.
func (c *Compatibility) product(name string) *Product {
	i := slices.IndexFunc(c.Products, func(p Product) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &c.Products[i]
}
