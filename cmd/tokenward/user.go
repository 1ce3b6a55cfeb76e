package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/store"
	"github.com/tokenward/tokenward/internal/token"
)

// folder is the data folder that the user commands work on.
type folder struct {
	program
	data, prefix, publicURL text
}

func newUser(p program) *cobra.Command {
	f := &folder{program: p}
	cmd := newGroup("user", "Create, list, suspend and delete users, for whoever holds the data folder")
	cmd.Long = `Manage users of an authority by its data folder: whoever can write it may do
this, also while the server runs.

Links to set a password are printed. They work once, an invitation for seven
days and a link for a new password for an hour; whoever has one can become the
user, so send it to nobody else.`
	cmd.Example = `  tokenward user create --email bob@example.com --account 0a1b2c3d4e5f60718293a4b5c6d7e8f9 --role DNS
  tokenward user list
  tokenward user suspend --email bob@example.com`
	fs := cmd.PersistentFlags()
	addText(fs, &f.data, "data", "./tokenward-data", "`folder` of the authority")
	addText(fs, &f.prefix, "token-prefix", "tk", "`prefix` of the secrets that are issued, as given to serve")
	addText(fs, &f.publicURL, "public-url", "", "`URL` by which people reach the server, for links; the last one that it started with unless given")
	offerVariables(fs)
	cmd.AddCommand(
		newUserCreate(f), newUserList(f),
		f.forUser("suspend", "Stop a user's password, key and tokens from working",
			"Account tokens that the user created go on.", suspend(true)),
		f.forUser("unsuspend", "Let a suspended user's credentials work again", "", suspend(false)),
		f.forUser("delete", "Delete a user with their memberships and tokens",
			"Account tokens that the user created go on, and name their creator. The last\nSuper Administrator of an account cannot be deleted.", deleteUser),
		f.forUser("reset-password", "Print a link by which a user sets a new password",
			"The old password works until the link is used. It works once, for an hour.", resetPassword),
		f.forUser("reset-second-factor", "Switch off the second factor of a user who lost it",
			"The user signs in with the password alone then, and can set up another one. All\nof the user's sessions end.", resetSecondFactor),
		newUserKey(f),
	)
	return cmd
}

// act is what a command does with the authority of a folder.
type act func(ctx context.Context, f *folder, a *authority.Authority, email string) error

// forUser is a command about one user.
func (f *folder) forUser(use, short, more string, do act) *cobra.Command {
	var email text
	cmd := &cobra.Command{
		Use: use, Short: short, Long: short + ".", Args: cobra.NoArgs,
		Example: "  tokenward user " + use + " --email bob@example.com",
	}
	if more != "" {
		cmd.Long += "\n\n" + more
	}
	addText(cmd.Flags(), &email, "email", "", "`address` of the user")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		address, err := parseEmail(string(email))
		if err != nil {
			return usagef("--email: %w", err)
		}
		return f.open(cmd.Context(), func(a *authority.Authority) error { return do(cmd.Context(), f, a, address) })
	}
	return cmd
}

// open opens the authority of the folder. A server that runs on it meanwhile
// hears of every change, since it follows the change feed.
func (f *folder) open(ctx context.Context, do func(*authority.Authority) error) (err error) {
	format, err := parsePrefix(string(f.prefix))
	if err != nil {
		return usagef("--token-prefix: %w", err)
	}
	database := filepath.Join(string(f.data), databaseFile)
	if _, err := os.Stat(database); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no %s: is --data the folder of an authority that has been started before?", database)
	}
	db, err := store.OpenSQLite(ctx, database, store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	a, err := authority.New(f.config(db, format))
	if err != nil {
		return err
	}
	return do(a)
}

func (f *folder) config(db *store.Store, format token.Format) authority.Config {
	base := string(f.publicURL)
	if base == "" {
		base = lastBaseURL(filepath.Join(string(f.data), bootstrapFile))
	}
	return authority.Config{
		Store: db, Catalog: catalog.V4(), Format: format, Logger: newLogger(f.stderr, "text", slog.LevelWarn),
		PublicURL: func() string { return base },
	}
}

// why is what the audit log says of these commands.
const why = "tokenward user"

func suspend(suspended bool) act {
	return func(ctx context.Context, f *folder, a *authority.Authority, email string) error {
		u, err := a.SuspendUser(ctx, a.System(why), email, suspended)
		if err != nil {
			return err
		}
		state := "is no longer suspended"
		if suspended {
			state = "is suspended"
		}
		f.note("%s %s.", u.Email, state)
		return nil
	}
}

func deleteUser(ctx context.Context, f *folder, a *authority.Authority, email string) error {
	if err := a.DeleteUser(ctx, a.System(why), email); err != nil {
		return err
	}
	f.note("%s is deleted.", email)
	return nil
}

func resetPassword(ctx context.Context, f *folder, a *authority.Authority, email string) error {
	link, err := a.PasswordReset(ctx, a.System(why), email)
	if err != nil {
		return err
	}
	return f.print(&link)
}

func resetSecondFactor(ctx context.Context, f *folder, a *authority.Authority, email string) error {
	u, err := a.ResetSecondFactor(ctx, a.System(why), email)
	if err != nil {
		return err
	}
	f.note("The second factor of %s is off.", u.Email)
	return nil
}

// print hands a link over, alone on its line.
func (f *folder) print(l *authority.Sent) error {
	if _, err := fmt.Fprintln(f.stdout, l.URL); err != nil {
		return err
	}
	f.note("The link works once, until %s.", l.ExpiresOn.Format("2006-01-02 15:04 MST"))
	return nil
}
