package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func TestEveryCommandShowsAnExample(t *testing.T) {
	eachCommand(newRoot(program{}), func(cmd *cobra.Command) {
		isTopic := cmd.Run == nil && cmd.RunE == nil && !cmd.HasSubCommands()
		if cmd.Short == "" || cmd.Example == "" && !isTopic {
			t.Errorf("%s: no summary or no example", cmd.CommandPath())
		}
	})
}

// A secret in an argument is in the process list and in the shell's history.
func TestNoFlagTakesASecret(t *testing.T) {
	eachCommand(newRoot(program{}), func(cmd *cobra.Command) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			for _, word := range []string{"token", "key", "secret", "password"} {
				if f.Name == word || strings.HasSuffix(f.Name, "-"+word) && f.Name != "tls-key" {
					t.Errorf("%s --%s", cmd.CommandPath(), f.Name)
				}
			}
		})
	})
}

func TestFlagsWithVariablesNameThemInHelp(t *testing.T) {
	found := 0
	eachCommand(newRoot(program{}), func(cmd *cobra.Command) {
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Annotations[variableKey] == nil {
				return
			}
			found++
			if n := strings.Count(f.Usage, "[$"+variableOf(f.Name)+"]"); n != 1 {
				t.Errorf("%s --%s names its variable %d times", cmd.CommandPath(), f.Name, n)
			}
		})
	})
	if found == 0 {
		t.Error("no flag has a variable")
	}
	if got := variableOf("max-staleness"); got != "TOKENWARD_MAX_STALENESS" {
		t.Error(got)
	}
}

func eachCommand(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, sub := range cmd.Commands() {
		eachCommand(sub, visit)
	}
}
