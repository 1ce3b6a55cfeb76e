package main

import "github.com/spf13/cobra"

func newRoot(p program) *cobra.Command {
	root := &cobra.Command{
		Use:   "tokenward",
		Short: "A self-hosted authority for scoped API tokens",
		Long: `tokenward issues, scopes, verifies, enforces, rolls and revokes API tokens.
It speaks the v4 API, so existing clients work against it.`,
		Example: `  tokenward serve --demo
  tokenward token list`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.AddCommand(
		newServe(p), newRecover(p), newUser(p), newToken(p), newExplain(p), newCompatibility(p), newCatalog(p), newVersion(p),
		exitCodesTopic(), environmentTopic(),
	)
	return root
}
