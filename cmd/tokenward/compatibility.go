package main

import (
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/v4"
)

func newCompatibility(p program) *cobra.Command {
	c := &connection{program: p}
	var refused bool
	cmd := &cobra.Command{
		Use:   "compatibility",
		Short: "List which products take tokens that an account owns",
		Long: `List the products and whether they take tokens that an account owns, by the table
that the server runs with (serve --compatibility). ENFORCED says that such tokens
are refused on the product's operations; a product whose operations nobody named
is only listed.`,
		Example: `  tokenward compatibility
  tokenward compatibility --refused --json`,
		Args: cobra.NoArgs,
	}
	c.addTo(cmd.Flags())
	offerVariables(cmd.Flags())
	cmd.Flags().BoolVar(&refused, "refused", false, "only products that refuse them")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		a, err := c.open(cmd.Flags())
		if err != nil {
			return err
		}
		table, err := a.client.Compatibility(cmd.Context())
		if err != nil {
			return err
		}
		if refused {
			table.Products = refusing(table.Products)
		}
		if c.json {
			return printJSON(c.stdout, table)
		}
		c.note("The table is %s.", table.Version)
		return printProducts(c.stdout, table.Products)
	}
	return cmd
}

func refusing(products []v4.Product) []v4.Product {
	var out []v4.Product
	for _, p := range products {
		if p.Compatible != nil && !*p.Compatible {
			out = append(out, p)
		}
	}
	return out
}

func printProducts(w io.Writer, products []v4.Product) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row(t, "PRODUCT", "ACCOUNT TOKENS", "ENFORCED")
	yes := map[bool]string{true: "yes", false: "no"}
	for _, p := range products {
		takes, enforced := "not listed", "-"
		if p.Compatible != nil {
			takes = yes[*p.Compatible]
		}
		if takes == "no" {
			enforced = yes[p.Enforced]
		}
		row(t, p.Name, takes, enforced)
	}
	return t.Flush()
}
