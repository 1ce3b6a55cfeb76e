package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// maxReported is how many secrets a report may have, and maxReportFile more than
// such a file holds.
const (
	maxReported   = 20
	maxReportFile = 64 << 10
)

func newTokenExposed(c *connection) *cobra.Command {
	var file, where string
	cmd := &cobra.Command{
		Use:   "exposed",
		Short: "Report secrets that were found in public, which ends them",
		Long: `Report secrets of tokens and API keys that were found in public, one a line, at
most 20. Those that are somebody's stop working: a token is revoked until its
owner rolls it, an API key is taken away. Which they were is not told.

It takes no credential. The secrets come from a file or from standard input and
are never arguments, because other users of a machine can read command lines.`,
		Example: `  tokenward token exposed --secret-file found.txt --url https://code.example.com/paste/42
  grep -ohE 'tk(ut|at|k)_[A-Za-z0-9]{40}[0-9a-f]{8}' -r . | tokenward token exposed`,
		Args: cobra.NoArgs,
	}
	cmd.Flags().StringVar(&file, "secret-file", "-", "`file` with the secrets, - for standard input")
	cmd.Flags().StringVar(&where, "url", "", "`URL` of the page that they were found on")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.exposed(cmd, file, where)
	}
	return cmd
}

func (c *connection) exposed(cmd *cobra.Command, file, where string) error {
	content, err := c.readFile(file, maxReportFile)
	if err != nil {
		return usagef("--secret-file: %w", err)
	}
	secrets := strings.Fields(string(content))
	if n := len(secrets); n == 0 || n > maxReported {
		return usagef("--secret-file: holds %d secrets; 1 to %d can be reported at a time", n, maxReported)
	}
	cl, err := c.dial()
	if err != nil {
		return err
	}
	if err := cl.ReportExposed(cmd.Context(), secrets, where); err != nil {
		return err
	}
	if c.json {
		return printJSON(c.stdout, map[string]int{"received": len(secrets)})
	}
	fmt.Fprintf(c.stdout, "Reported %d. What is somebody's no longer works.\n", len(secrets))
	return nil
}
