// Command gen compiles the sources of the built-in catalogue. "go generate"
// runs it in internal/catalog.
package main

import (
	"fmt"
	"os"

	"github.com/tokenward/tokenward/internal/catalog/compile"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run() error {
	var src compile.Sources
	for name, text := range map[string]*string{
		"v4/groups.txt": &src.Groups, "v4/operations.txt": &src.Operations, "v4/overlay.txt": &src.Overlay,
	} {
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		*text = string(b)
	}
	out, err := compile.Catalogue(src)
	if err != nil {
		return err
	}
	return os.WriteFile("v4/catalogue.gen.txt", out, 0o644)
}
