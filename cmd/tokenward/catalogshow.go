package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/catalogfile"
)

func newCatalogShow(p program) *cobra.Command {
	return &cobra.Command{
		Use:   "show FILE[@ACCOUNT]...",
		Short: "Show the groups and operations of catalogues",
		Long: `Show what catalogues come to when they are loaded together: permission groups
with their ids, and operations with the groups of which each accepts any one.`,
		Example: `  tokenward catalog show shop.yaml`,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := loadShown(args)
			if err != nil {
				return err
			}
			return showCatalog(p.stdout, c)
		},
	}
}

// loadShown loads catalogues, binding those whose account is configured later to
// one that stands for any.
func loadShown(args []string) (*catalog.Catalog, error) {
	var specs []*catalog.Spec
	for _, arg := range args {
		s, err := catalogfile.ParseSource(arg)
		if err != nil {
			return nil, usagef("%q %w", arg, err)
		}
		data, err := catalogfile.ReadFile(s.Path, catalogfile.MaxSize)
		if err != nil {
			return nil, usageError{err}
		}
		if f, _ := catalogfile.Read(data); f.Account.Value == catalogfile.AccountConfigured && s.Account == "" {
			s.Account = strings.Repeat("1", 32)
		}
		spec, faults := catalogfile.Parse(data, s.Account)
		if spec == nil {
			return nil, &catalogfile.FileError{Path: s.Path, Faults: faults}
		}
		specs = append(specs, spec)
	}
	return catalog.Extend(catalog.V4(), specs...)
}

func showCatalog(w io.Writer, c *catalog.Catalog) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row(t, "GROUP", "ID", "SCOPE", "LEVEL", "PRODUCT")
	for _, g := range c.Groups() {
		if g.API != "" {
			row(t, g.Name, g.ID, g.Scope, g.Level, g.Product)
		}
	}
	fmt.Fprintln(t)
	row(t, "OPERATION", "METHOD", "PATH", "ACCEPTS")
	for _, api := range c.APIs() {
		for op := range api.Operations() {
			row(t, op.ID, op.Method, op.Template, accepts(c, op))
		}
	}
	return t.Flush()
}

func accepts(c *catalog.Catalog, op *catalog.Operation) string {
	switch op.Rule {
	case catalog.Groups:
		return strings.Join(c.GroupNames(op), ", ")
	case catalog.Rows:
		return "rows: " + strings.Join(c.GroupNames(op), ", ")
	case catalog.Live:
		return "any live credential"
	case catalog.Public:
		return "anyone"
	}
	return "nobody: no group is stated"
}
