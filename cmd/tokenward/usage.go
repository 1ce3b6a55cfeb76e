package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// usageError says that the command line or the environment is wrong.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

// faults are all that is wrong with a command line, one sentence each.
type faults []string

func (f *faults) addf(format string, args ...any) {
	*f = append(*f, fmt.Sprintf(format, args...))
}

// err is nil without faults.
func (f faults) err() error {
	switch len(f) {
	case 0:
		return nil
	case 1:
		return usageError{errors.New(f[0])}
	}
	return usagef("%d things are wrong:\n  %s", len(f), strings.Join(f, "\n  "))
}

// newGroup is a command that only holds others.
func newGroup(use, short string) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("unknown command %q for %q", args[0], cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
}
