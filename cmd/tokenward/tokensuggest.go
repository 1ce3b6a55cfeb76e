package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/client"
	"github.com/tokenward/tokenward/v4"
)

// suggestFlags are those of token suggest.
type suggestFlags struct {
	days      int
	apply     bool
	yes       bool
	addresses bool
}

func newTokenSuggest(c *connection) *cobra.Command {
	var f suggestFlags
	cmd := &cobra.Command{
		Use:   "suggest ID",
		Short: "Suggest narrower policies, from what a token was used for",
		Long: `Show the narrowest policies under which a token could go on doing what it did in
the last days, and what they would take away. They allow nothing that the token
may not do today. Policies that deny, and those on DNS records, stay.

Nothing is changed without --apply, which shows the same and asks first. What is
applied is for the token as it was read: if somebody changes it meanwhile, nothing
is done. What a token does less often than in so many days is not seen.`,
		Example: `  tokenward token suggest 5b7c9d1e2f304152637485960a1b2c3d --days 60
  tokenward token suggest 5b7c9d1e2f304152637485960a1b2c3d --apply
  tokenward token suggest 5b7c9d1e2f304152637485960a1b2c3d --apply --yes --with-addresses`,
		Args: oneID,
	}
	fs := cmd.Flags()
	fs.IntVar(&f.days, "days", 30, "how many `days` to look at, today included, 1 to 90")
	fs.BoolVar(&f.apply, "apply", false, "change the token so, once it was confirmed")
	fs.BoolVar(&f.yes, "yes", false, "with --apply: do not ask")
	fs.BoolVar(&f.addresses, "with-addresses", false, "with --apply: limit the token to the addresses that it was used from, too")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := f.check(c); err != nil {
			return err
		}
		return c.suggest(cmd, &f, args[0])
	}
	return cmd
}

func (f *suggestFlags) check(c *connection) error {
	var wrong faults
	if f.days < 1 || f.days > 90 {
		wrong.addf("--days must be 1 to 90")
	}
	if !f.apply && (f.yes || f.addresses) {
		wrong.addf("--yes and --with-addresses go with --apply")
	}
	if f.apply && !f.yes && (c.json || c.stdinTaken()) {
		wrong.addf("--apply cannot ask here: add --yes")
	}
	return wrong.err()
}

func (c *connection) suggest(cmd *cobra.Command, f *suggestFlags, id string) error {
	a, err := c.open(cmd.Flags())
	if err != nil {
		return err
	}
	s, err := a.owner.Suggest(cmd.Context(), id, f.days)
	if err != nil {
		return err
	}
	switch {
	case !c.json:
		err = printSuggestion(c.stdout, &s)
	case !f.apply:
		err = printJSON(c.stdout, s)
	}
	if err != nil || !f.apply {
		return err
	}
	return c.apply(cmd.Context(), a.owner, f, &s)
}

// apply changes the token as was suggested, once that was confirmed.
func (c *connection) apply(ctx context.Context, o client.Owner, f *suggestFlags, s *v4.TokenSuggestion) error {
	addresses := f.addresses && s.Addresses != nil
	switch {
	case s.State == v4.SuggestionNarrower, s.State == v4.SuggestionSame && addresses:
	case s.State == v4.SuggestionSame:
		c.note("There is nothing to apply.")
		return nil
	default:
		return errors.New("nothing was suggested, so nothing was changed")
	}
	if !f.yes && !c.confirmed("Change the token so?") {
		return errors.New("not confirmed, so nothing was changed")
	}
	t, err := narrow(ctx, o, s, addresses)
	if err != nil {
		return err
	}
	c.note("Changed token %s. Its secret is the same.", s.TokenID)
	if c.json {
		return printJSON(c.stdout, t)
	}
	return nil
}

// narrow changes the token, if it is still the one that was looked at.
func narrow(ctx context.Context, o client.Owner, s *v4.TokenSuggestion, addresses bool) (v4.Token, error) {
	t, err := o.Get(ctx, s.TokenID)
	if err != nil {
		return v4.Token{}, err
	}
	r := client.Narrowed(t, *s)
	if addresses {
		r.Condition = v4.Set(s.Addresses.Condition)
	}
	return o.UpdateVersion(ctx, s.TokenID, s.Version, r)
}

// confirmed asks on standard error, so that what is printed stays what was asked
// for.
func (c *connection) confirmed(question string) bool {
	fmt.Fprintf(c.stderr, "%s [y/N] ", question)
	line, err := bufio.NewReader(io.LimitReader(c.stdin, 64)).ReadString('\n')
	if err != nil && line == "" {
		fmt.Fprintln(c.stderr)
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		return true
	}
	return false
}
