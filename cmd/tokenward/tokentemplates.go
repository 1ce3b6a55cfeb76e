package main

import (
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/v4"
)

func newTokenTemplates(c *connection) *cobra.Command {
	return &cobra.Command{
		Use:   "templates",
		Short: "List the templates that a token can be made from",
		Long: `List the templates that 'token create --template' takes: those for tokens of the
user, or with --account those for tokens of the account. CHOOSE are the flags
that a template needs; what it fills in can be narrowed with the same flags.`,
		Example: `  tokenward token templates
  tokenward token templates --account 0a1b2c3d4e5f60718293a4b5c6d7e8f9 --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := c.open(cmd.Flags())
			if err != nil {
				return err
			}
			list, err := a.client.Templates(cmd.Context(), c.ownerKind())
			if err != nil {
				return err
			}
			if c.json {
				return printJSON(c.stdout, v4.List[v4.Template](list))
			}
			return printTemplates(c.stdout, list)
		},
	}
}

func printTemplates(w io.Writer, list []v4.Template) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row(t, "TEMPLATE", "CHOOSE", "FILLED IN", "DESCRIPTION")
	for _, tpl := range list {
		row(t, tpl.Key, resourcesOf(tpl, v4.ChoiceChoose), resourcesOf(tpl, v4.ChoiceAll), tpl.Description)
	}
	return t.Flush()
}

// resourcesOf are the flags for what a template lets choose, or fills in.
func resourcesOf(t v4.Template, choice string) string {
	words := map[string]map[string]string{
		v4.ChoiceChoose: {scopeAccount: "--account-resource", scopeZone: "--zone", scopeRecord: "--record"},
		v4.ChoiceAll:    {scopeAccount: "all accounts", scopeZone: "all zones"},
	}
	var out []string
	for _, r := range t.Resources {
		if word := words[choice][r.Scope]; word != "" && r.Choice == choice {
			out = append(out, word)
		}
		if choice == v4.ChoiceAll && r.Choice == v4.ChoiceFixed {
			out = append(out, catalog.Records{Types: r.Types, Name: r.Name}.IDs(nil)...)
		}
	}
	if len(out) == 0 {
		return "-"
	}
	return strings.Join(out, ", ")
}
