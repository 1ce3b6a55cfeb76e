package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/internal/token"
)

// recoverConfig is what recover needs. It has been checked.
type recoverConfig struct {
	DataDir string // folder of an authority that has been started before
	Email   string // user who gets the new credentials

	TokenFormat token.Format // prefix of the secrets that are issued
}

func newRecover(p program) *cobra.Command {
	var data, email, prefix text
	cmd := &cobra.Command{
		Use:   "recover",
		Short: "Issue new first credentials to whoever holds the data folder",
		Long: `Issue new first credentials: a password, an API key and a token for a user of
the authority, for when all others are lost. Whoever can write the data folder
may do this, also while the server runs. The old password and the old key no
longer work then, and all sessions end; tokens stay as they are, and so does a
second factor: 'tokenward user reset-second-factor' switches that off.`,
		Example: `  tokenward recover --data /var/lib/tokenward --email alice@example.com`,
		Args:    cobra.NoArgs,
	}
	addText(cmd.Flags(), &data, "data", "./tokenward-data", "`folder` of the authority")
	addText(cmd.Flags(), &email, "email", firstEmail, "`address` of the user")
	addText(cmd.Flags(), &prefix, "token-prefix", "tk", "`prefix` of the secrets that are issued, as given to serve")
	offerVariables(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var cfg recoverConfig
		err := runTable([]setting{
			{"data", read(&cfg.DataDir, data, notEmpty)},
			{"email", read(&cfg.Email, email, parseEmail)},
			{"token-prefix", read(&cfg.TokenFormat, prefix, parsePrefix)},
		}, func(flag string) string { return sourceOf(cmd.Flags(), p.env, flag) })
		if err != nil {
			return err
		}
		return runRecover(cmd.Context(), cfg, p.stdout, p.stderr)
	}
	return cmd
}

func parseEmail(s string) (string, error) {
	name, host, ok := strings.Cut(s, "@")
	if !ok || name == "" || host == "" || strings.ContainsAny(s, " \t\r\n") {
		return "", fmt.Errorf("%q is not an e-mail address", s)
	}
	return s, nil
}
