package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/client"
	"github.com/tokenward/tokenward/v4"
)

func newTokenUpdate(c *connection) *cobra.Command {
	var d draftFlags
	cmd := &cobra.Command{
		Use:   "update ID",
		Short: "Change what a token may do, when and from where",
		Long: `Change a token and keep what is not named. The token is read, changed and written
back whole; of two updates at the same time the later one wins.

--permission with --zone, --record and --account-resource replaces all policies. A document
of --from-json replaces the members that it has. The secret stays.`,
		Example: `  tokenward token update 5b7c9d1e2f304152637485960a1b2c3d --expires-on 30d
  tokenward token update 5b7c9d1e2f304152637485960a1b2c3d --status disabled
  tokenward token update 5b7c9d1e2f304152637485960a1b2c3d --rate-limit 100/60s
  tokenward token update 5b7c9d1e2f304152637485960a1b2c3d --ip-in none`,
		Args: oneID,
	}
	d.addTo(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.update(cmd, &d, args[0])
	}
	return cmd
}

func (c *connection) update(cmd *cobra.Command, d *draftFlags, id string) error {
	a, err := c.open(cmd.Flags())
	if err != nil {
		return err
	}
	changes, err := c.changes(cmd.Context(), a, d)
	if err != nil {
		return err
	}
	t, err := a.owner.Get(cmd.Context(), id)
	if err != nil {
		return err
	}
	request := client.Definition(t)
	for _, change := range changes {
		change(&request)
	}
	t, err = a.owner.Update(cmd.Context(), id, request)
	if err != nil {
		return err
	}
	return c.showToken(t)
}

// changes are what the command line changes, the document first.
func (c *connection) changes(ctx context.Context, a api, d *draftFlags) ([]edit, error) {
	edits, err := d.edits(c.given, c.now())
	if err != nil {
		return nil, err
	}
	document, err := c.definition(d)
	if err != nil {
		return nil, err
	}
	if d.fromJSON != "" {
		edits = append([]edit{func(r *v4.TokenRequest) { overlay(r, document) }}, edits...)
	}
	if d.hasGrants() {
		policies, err := grants{a, c.account, d}.policies(ctx)
		if err != nil {
			return nil, err
		}
		edits = append(edits, func(r *v4.TokenRequest) { r.Policies = policies })
	}
	if len(edits) == 0 {
		return nil, usagef("nothing to change: name at least one flag that says what")
	}
	return edits, nil
}

// overlay takes over the members that a document has; null removes.
func overlay(r *v4.TokenRequest, document v4.TokenRequest) {
	if document.Name != "" {
		r.Name = document.Name
	}
	if document.Policies != nil {
		r.Policies = document.Policies
	}
	if document.Condition.Present {
		r.Condition = document.Condition
	}
	if document.RateLimit.Present {
		r.RateLimit = document.RateLimit
	}
	if document.NotBefore.Present {
		r.NotBefore = document.NotBefore
	}
	if document.ExpiresOn.Present {
		r.ExpiresOn = document.ExpiresOn
	}
	if document.Status.Present {
		r.Status = document.Status
	}
}
