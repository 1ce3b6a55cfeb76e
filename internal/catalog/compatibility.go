package catalog

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

// CompatibleWithAll is the version of the compatibility table in which every
// product takes tokens that an account owns.
const CompatibleWithAll = "none"

// Compatibility says which products take tokens that an account owns (contract
// 6). It is immutable.
type Compatibility struct {
	// Version is the table in force, "" when the catalogue has none.
	Version string
	// Versions are the tables there are, the newest first, then
	// CompatibleWithAll.
	Versions []CompatibilityVersion
	Products []Product // by name, without regard to case
}

// CompatibilityVersion is one of the published tables.
type CompatibilityVersion struct{ Name, Description string }

// Product is a product as the published tables name it.
type Product struct {
	Name string
	// Paths are the templates of its operations; "/**" at the end means all
	// below too. A product without any is listed, and refused nowhere.
	Paths []string
	// Support is what each version says, in their order.
	Support []Support
}

// Support is what a table says about a product.
type Support uint8

// The answers.
const (
	Unlisted Support = iota // the product is not in the table
	Accepts                 // it takes tokens that an account owns
	Refuses
)

// String is the answer as compatibility.txt spells it.
func (s Support) String() string { return nameAt(supportNames[:], int(s)) }

var supportNames = [...]string{"-", "yes", "no"}

// Compatibility is the table in force and the others.
func (c *Catalog) Compatibility() Compatibility {
	if c.compatibility == nil {
		return Compatibility{}
	}
	return *c.compatibility
}

// In is what the version in force says about a product.
func (c *Compatibility) In(p *Product) Support {
	if c.Version == CompatibleWithAll {
		return Accepts
	}
	i := slices.IndexFunc(c.Versions, func(v CompatibilityVersion) bool { return v.Name == c.Version })
	if i < 0 || i >= len(p.Support) {
		return Unlisted
	}
	return p.Support[i]
}

// putInForce marks the operations of the products that a version refuses.
func (c *Catalog) putInForce(table *Compatibility, version string) error {
	if !slices.ContainsFunc(table.Versions, func(v CompatibilityVersion) bool { return v.Name == version }) {
		var names []string
		for _, v := range table.Versions {
			names = append(names, v.Name)
		}
		return fmt.Errorf("there is no compatibility table %q, but %s", version, strings.Join(names, ", "))
	}
	own := *table
	own.Version = version
	c.compatibility = &own
	for i := range own.Products {
		p := &own.Products[i]
		for op := range c.of(p) {
			if own.In(p) == Refuses {
				op.Incompatible = p.Name
			}
		}
	}
	return nil
}

// of yields the operations of a product.
func (c *Catalog) of(p *Product) iter.Seq[*Operation] {
	return func(yield func(*Operation) bool) {
		for _, op := range c.operations {
			if slices.ContainsFunc(p.Paths, func(path string) bool { return covers(path, op.Template) }) && !yield(op) {
				return
			}
		}
	}
}

func covers(path, template string) bool {
	below, all := strings.CutSuffix(path, "/**")
	return template == below || all && strings.HasPrefix(template, below+"/")
}
