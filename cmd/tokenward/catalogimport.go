package main

import (
	"cmp"
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
operations x-api-token-resource, x-api-token-access, x-api-token-list and x-api-token-parameters.

What is wrong with the outcome is said on standard error, and by 'catalog lint'. The
exit code is 1 when there are errors.`,
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
		return p.showImported(cmp.Or(output, "stdout"), made)
	}
	return cmd
}

// showImported says what is wrong with a catalogue that was made.
func (p program) showImported(file string, made []byte) error {
	f, faults := catalogfile.Read(made)
	if !faults.Errors() {
		faults = append(faults, f.Lint()...)
	}
	errs := 0
	for i := range faults {
		p.note("%s:%s", file, faults[i].String())
		if !faults[i].Warning {
			errs++
		}
	}
	if errs > 0 {
		return fmt.Errorf("errors: %d, warnings: %d; the document does not say enough", errs, len(faults)-errs)
	}
	return nil
}
