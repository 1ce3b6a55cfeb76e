package main

import "github.com/spf13/cobra"

func newToken(p program) *cobra.Command {
	c := &connection{program: p}
	cmd := newGroup("token", "Create, show, change, roll and revoke tokens over the API")
	cmd.Long = `Manage tokens over the API of a running authority.

The credential is the token in TOKENWARD_API_TOKEN, or in the file of
--token-file, or an e-mail address and API key (--email with --key-file). It is
never an argument, because other users of a machine can read command lines.

The tokens are those of the credential's user, or with --account ID those of an
account.`
	cmd.Example = `  export TOKENWARD_API_URL=https://tokens.example.com/client/v4
  export TOKENWARD_API_TOKEN="$(cat ~/.tokenward-token)"
  tokenward token list`
	c.addTo(cmd.PersistentFlags())
	offerVariables(cmd.PersistentFlags())
	cmd.AddCommand(
		newTokenCreate(c), newTokenList(c), newTokenGet(c), newTokenUsage(c), newTokenSuggest(c), newTokenUpdate(c),
		newTokenRoll(c), newTokenRevoke(c), newTokenVerify(c), newTokenExposed(c), newTokenTemplates(c),
	)
	return cmd
}
