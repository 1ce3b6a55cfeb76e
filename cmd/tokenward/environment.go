package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// apiTokenVariable has no flag: a secret on a command line is in the process
// list.
const apiTokenVariable = "TOKENWARD_API_TOKEN"

// variableKey annotates a flag with the environment variable that sets it.
const variableKey = "variable"

func environmentTopic() *cobra.Command {
	return &cobra.Command{
		Use:   "environment",
		Short: "Which environment variables are read",
		Long: `Settings can come from the environment. The variable of a flag is TOKENWARD_ and
the name of the flag in capitals, with _ for -: TOKENWARD_MAX_STALENESS sets
--max-staleness. Help shows it behind the flag.

A flag wins over a variable, and a variable over the default. An empty variable
counts as one that is not set. Where a flag can be repeated, the variable holds
the values with commas between them. Switches take true or false.

The flags that say what a token is (--name, --permission, --zone, ...) have no
variable, so that nothing left over in an environment widens a token.

TOKENWARD_API_TOKEN is the token that the token commands present. It has no
flag, because other users of a machine can read command lines.`,
	}
}

// variableOf is the name of a flag's variable.
func variableOf(flag string) string {
	return "TOKENWARD_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// offerVariables gives every flag that is in fs so far its variable.
func offerVariables(fs *pflag.FlagSet) {
	fs.VisitAll(func(f *pflag.Flag) {
		if f.Annotations == nil {
			f.Annotations = map[string][]string{}
		}
		f.Annotations[variableKey] = []string{variableOf(f.Name)}
		f.Usage += " [$" + variableOf(f.Name) + "]"
	})
}

// applyEnvironment sets the flags that the command line did not. They stay
// unchanged in the sense of pflag, which tells the two apart later.
func applyEnvironment(fs *pflag.FlagSet, env func(string) string) error {
	var wrong faults
	fs.VisitAll(func(f *pflag.Flag) {
		if f.Changed || f.Annotations[variableKey] == nil {
			return
		}
		variable := variableOf(f.Name)
		value := env(variable)
		if value == "" {
			return
		}
		if err := f.Value.Set(value); err != nil {
			wrong.addf("%s: %q does not fit --%s: %v", variable, value, f.Name, err)
		}
	})
	return wrong.err()
}

// sourceOf is where a flag's value came from, as a user would look for it.
func sourceOf(fs *pflag.FlagSet, env func(string) string, flag string) string {
	if !fs.Changed(flag) && env(variableOf(flag)) != "" {
		return variableOf(flag)
	}
	return "--" + flag
}
