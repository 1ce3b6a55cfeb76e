package main

import (
	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/internal/catalogfile"
)

func newCatalog(p program) *cobra.Command {
	cmd := newGroup("catalog", "Describe an API of your own, so that tokens can protect it")
	cmd.Long = `Work with custom catalogues: YAML files that say which permission groups, kinds of
resources and operations an API has. 'tokenward serve --catalog FILE' puts one
beside the built-in catalogue.`
	cmd.Example = `  tokenward catalog import openapi.yaml --output shop.yaml
  tokenward catalog lint shop.yaml
  tokenward serve --demo --catalog shop.yaml`
	cmd.AddCommand(newCatalogLint(p), newCatalogShow(p), newCatalogImport(p))
	return cmd
}

// readCatalog reads a catalogue's file, or standard input for "-".
func (p program) readCatalog(path string, max int) ([]byte, error) {
	if path == "-" {
		return readBounded(p.stdin, max)
	}
	data, err := catalogfile.ReadFile(path, max)
	if err != nil {
		return nil, usageError{err}
	}
	return data, nil
}
