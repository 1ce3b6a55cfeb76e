package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/internal/catalogfile"
)

func newCatalogImport(p program) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "import OPENAPI",
		Short: "Make a catalogue of an OpenAPI document",
		Long: `Make a catalogue of an OpenAPI 3.0 or 3.1 document (YAML or JSON, - for standard
input) whose operations carry x-api-token-group: a group or a list of groups. The
document may say more: x-api-token-catalog (name, account, kinds, products), and on
operations x-api-token-resource, x-api-token-access and x-api-token-list.

What is wrong with the outcome is said on standard error, and by 'catalog lint'.`,
		Example: `  tokenward catalog import openapi.yaml --output shop.yaml`,
		Args:    cobra.ExactArgs(1),
	}
	cmd.Flags().StringVar(&output, "output", "", "`file` to write; standard output without it")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		data, err := p.readCatalog(args[0], catalogfile.MaxDocument)
		if err != nil {
			return err
		}
		made, err := catalogfile.Import(data)
		if err != nil {
			return fmt.Errorf("%s: %w", args[0], err)
		}
		if output == "" {
			_, err = p.stdout.Write(made)
		} else {
			err = os.WriteFile(output, made, 0o666)
		}
		if err != nil {
			return err
		}
		f, faults := catalogfile.Read(made)
		if !faults.Errors() {
			faults = append(faults, f.Lint()...)
		}
		for i := range faults {
			p.note("%s", faults[i].String())
		}
		return nil
	}
	return cmd
}
