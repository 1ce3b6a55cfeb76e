package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/v4"
)

func newTokenUsage(c *connection) *cobra.Command {
	var days int
	cmd := &cobra.Command{
		Use:   "usage ID",
		Short: "Show how a token was used",
		Long: `Show how a token was used: how often and for what, from which addresses, and what
it was denied last. Uses of the last seconds may be missing.`,
		Example: `  tokenward token usage 5b7c9d1e2f304152637485960a1b2c3d
  tokenward token usage 5b7c9d1e2f304152637485960a1b2c3d --days 7 --json`,
		Args: oneID,
	}
	cmd.Flags().IntVar(&days, "days", 30, "how many `days` to look at, today included, 1 to 90")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if days < 1 || days > 90 {
			return usagef("--days must be 1 to 90")
		}
		a, err := c.open(cmd.Flags())
		if err != nil {
			return err
		}
		u, err := a.owner.Usage(cmd.Context(), args[0], days)
		if err != nil {
			return err
		}
		if c.json {
			return printJSON(c.stdout, u)
		}
		return printUsage(c.stdout, &u)
	}
	return cmd
}

func printUsage(w io.Writer, u *v4.TokenUsage) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row(t, "DAY (UTC)", "ALLOWED", "DENIED")
	var allowed, denied int64
	for _, d := range u.Days {
		allowed, denied = allowed+d.Allowed, denied+d.Denied
		if d.Allowed+d.Denied > 0 {
			row(t, d.Day, number(d.Allowed), number(d.Denied))
		}
	}
	row(t, fmt.Sprintf("%d days", len(u.Days)), number(allowed), number(denied))
	if len(u.Uses) > 0 {
		row(t, "")
		row(t, "USES", "OUTCOME", "PERMISSION", "RESOURCE", "LAST")
	}
	for i := range u.Uses {
		printUse(t, &u.Uses[i])
	}
	if u.Incomplete {
		row(t, "and more that is not named")
	}
	if len(u.Addresses) > 0 {
		row(t, "")
		row(t, "ADDRESS", "USES", "FIRST", "LAST")
	}
	for _, a := range u.Addresses {
		row(t, a.Address, number(a.Count), moment(&a.FirstUsedOn, ""), moment(&a.LastUsedOn, ""))
	}
	if len(u.Denials) > 0 {
		row(t, "")
		row(t, "DENIED AT", "FROM", "OPERATION", "RESOURCE", "REASON", "ANY ONE OF THESE WAS MISSING")
	}
	for i := range u.Denials {
		d := &u.Denials[i]
		row(t, moment(&d.At, ""), d.Address, d.Operation, resourceWord(d.Resource), d.Reason, missingNames(d))
	}
	return t.Flush()
}

func printUse(w io.Writer, u *v4.Use) {
	permission := u.Operation
	if u.PermissionGroup != nil {
		permission = u.PermissionGroup.Name + " (" + u.Operation + ")"
	}
	row(w, number(u.Count), u.Outcome, permission, resourceWord(u.Resource), moment(&u.LastUsedOn, ""))
}

func resourceWord(key string) string {
	if key == "" {
		return "-"
	}
	return keyWords(key, "*")
}

func missingNames(d *v4.UsageDenial) string {
	var names []string
	for _, g := range d.Missing {
		names = append(names, g.Name)
	}
	return strings.Join(names, ", ")
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
