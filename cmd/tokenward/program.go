package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
)

// program is what the commands share of the world outside.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	env            func(name string) string
	now            func() time.Time
}

// run carries out one command line and returns the exit code.
func (p program) run(ctx context.Context, args []string) int {
	root := newRoot(p)
	begun := false
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		begun = true
		return applyEnvironment(cmd.Flags(), p.env)
	}
	root.SetArgs(args)
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	cmd, err := root.ExecuteContextC(ctx)
	if err != nil && !begun { // an unknown command or flag, a missing argument
		err = usageError{err}
	}
	p.report(cmd, err)
	return exitCode(err)
}

func (p program) report(cmd *cobra.Command, err error) {
	if err == nil {
		return
	}
	fmt.Fprintln(p.stderr, "tokenward: "+plainLines(err.Error()))
	if errors.As(err, new(usageError)) {
		fmt.Fprintf(p.stderr, "See '%s --help'.\n", cmd.CommandPath())
	}
}

// note says something beside the result.
func (p program) note(format string, args ...any) {
	fmt.Fprintln(p.stderr, plainLines(fmt.Sprintf(format, args...)))
}
