package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/v4"
)

func newTokenRoll(c *connection) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "roll ID",
		Short: "Give a token a new secret and print it once",
		Long: `Give a token a new secret, printed once like that of a new token. Id, permissions
and limits stay. The old secret stops working.`,
		Example: `  tokenward token roll 5b7c9d1e2f304152637485960a1b2c3d --output-file deploy.token`,
		Args:    oneID,
	}
	cmd.Flags().StringVar(&output, "output-file", "", "`file` for the secret (mode 0600), replaced when it exists, in place of printing it")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.roll(cmd, args[0], output)
	}
	return cmd
}

func (c *connection) roll(cmd *cobra.Command, id, output string) error {
	a, err := c.open(cmd.Flags())
	if err != nil {
		return err
	}
	var out *secretFile
	if output != "" {
		if out, err = openSecretFile(output, true); err != nil {
			return err
		}
		defer out.discard()
	}
	secret, err := a.owner.Roll(cmd.Context(), id)
	if err != nil {
		return err
	}
	c.note("Rolled token %s.", id)
	object := rolled{ID: id, Value: secret}
	if out != nil {
		object.Value = ""
	}
	return c.deliver(out, issued{id: id, secret: secret, verify: c.verifyURL(a), object: object})
}

// rolled is what roll prints as JSON: the API answers with a bare string, which
// says less than the rest of the output does.
type rolled struct {
	ID    string `json:"id"`
	Value string `json:"value,omitempty"`
}

func newTokenRevoke(c *connection) *cobra.Command {
	return &cobra.Command{
		Use:   "revoke ID...",
		Short: "Revoke tokens for good",
		Long: `Revoke tokens for good. Every token named is tried, whatever happens to the
others; what failed is reported at the end.`,
		Example: `  tokenward token revoke 5b7c9d1e2f304152637485960a1b2c3d`,
		Args:    someIDs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.revoke(cmd, args)
		},
	}
}

func (c *connection) revoke(cmd *cobra.Command, ids []string) error {
	a, err := c.open(cmd.Flags())
	if err != nil {
		return err
	}
	var revoked v4.List[v4.DeletedID]
	var failed []error
	for _, id := range ids {
		if err := a.owner.Delete(cmd.Context(), id); err != nil {
			failed = append(failed, fmt.Errorf("revoke %s: %w", id, err))
			continue
		}
		revoked = append(revoked, v4.DeletedID{ID: id})
		if !c.json {
			fmt.Fprintf(c.stdout, "Revoked token %s.\n", id)
		}
	}
	if c.json {
		failed = append(failed, printJSON(c.stdout, revoked))
	}
	return errors.Join(failed...)
}
