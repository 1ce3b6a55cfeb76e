package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/client"
	"github.com/tokenward/tokenward/v4"
)

func newTokenList(c *connection) *cobra.Command {
	var opts client.ListOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List tokens",
		Example: `  tokenward token list
  tokenward token list --account 0a1b2c3d4e5f60718293a4b5c6d7e8f9 --include-expired --json`,
		Args: cobra.NoArgs,
	}
	cmd.Flags().BoolVar(&opts.IncludeExpired, "include-expired", false, "also list tokens that have expired")
	offerVariables(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		a, err := c.open(cmd.Flags())
		if err != nil {
			return err
		}
		tokens, err := a.owner.List(cmd.Context(), opts)
		if err != nil {
			return err
		}
		if c.json {
			return printJSON(c.stdout, v4.List[v4.Token](tokens))
		}
		return printTable(c.stdout, tokens)
	}
	return cmd
}

func newTokenGet(c *connection) *cobra.Command {
	return &cobra.Command{
		Use:     "get ID",
		Short:   "Show a token in words",
		Example: `  tokenward token get 5b7c9d1e2f304152637485960a1b2c3d`,
		Args:    oneID,
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := c.open(cmd.Flags())
			if err != nil {
				return err
			}
			t, err := a.owner.Get(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return c.showToken(t)
		},
	}
}

func (c *connection) showToken(t v4.Token) error {
	if c.json {
		return printJSON(c.stdout, t)
	}
	return printSummary(c.stdout, t)
}

func newTokenVerify(c *connection) *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Say whether the token that is presented is active",
		Long: `Say whether the token that is presented is active, and fail when it is not. A
token of an account is verified with --account.`,
		Example: `  TOKENWARD_API_TOKEN="$TOKEN" tokenward token verify
  tokenward token verify --token-file deploy.token --account 0a1b2c3d4e5f60718293a4b5c6d7e8f9`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := c.open(cmd.Flags())
			if err != nil {
				return err
			}
			v, err := a.owner.Verify(cmd.Context())
			if err != nil {
				return c.hintAccount(err)
			}
			return c.showVerify(v)
		},
	}
}

func (c *connection) showVerify(v v4.Verify) error {
	var err error
	if c.json {
		err = printJSON(c.stdout, v)
	} else {
		_, err = fmt.Fprintf(c.stdout, "Token %s is %s. Valid from: %s. Expires: %s.\n",
			plain(v.ID), plain(v.Status), moment(v.NotBefore, "at once"), moment(v.ExpiresOn, "never"))
	}
	if err == nil && v.Status != v4.StatusActive {
		err = fmt.Errorf("the token is %s", v.Status)
	}
	return err
}

// hintAccount helps with the one mistake that the answer does not tell apart: an
// account's token is unknown among the user's.
func (c *connection) hintAccount(err error) error {
	var e *client.Error
	if c.account == "" && errors.As(err, &e) && e.Has(v4.CodeInvalidToken) {
		c.note("If this is a token of an account, add --account ID.")
	}
	return err
}

// oneID takes one id. It does not repeat what it refuses, which may be a secret
// that was pasted by mistake.
func oneID(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return errors.New("give the id of one token")
	}
	return someIDs(nil, args)
}

func someIDs(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return errors.New("give the id of a token")
	}
	for i, id := range args {
		if !isHexID(id) {
			return fmt.Errorf("argument %d is not a token id, which is 32 hexadecimal digits", i+1)
		}
	}
	return nil
}

// shellWord quotes s for a shell where it has to be.
func shellWord(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:/.-_[]") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
