package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/token"
)

func newUserCreate(f *folder) *cobra.Command {
	var email, account text
	var roles []string
	cmd := &cobra.Command{
		Use:   "create",
		Short: "Create a user and print the link to set a password",
		Long: `Create a user and print the link by which they set a password.

With --account and --role the user is invited to an account too. Who is a user
already is only invited, and no link is printed.`,
		Example: `  tokenward user create --email bob@example.com
  tokenward user create --email bob@example.com --account 0a1b2c3d4e5f60718293a4b5c6d7e8f9 --role DNS --role "Cache Purge"`,
		Args: cobra.NoArgs,
	}
	addText(cmd.Flags(), &email, "email", "", "`address` of the user")
	addText(cmd.Flags(), &account, "account", "", "`id` of an account to invite the user to")
	cmd.Flags().StringArrayVar(&roles, "role", nil, "`name` or id of a role in the account; repeatable")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		address, err := parseEmail(string(email))
		if err != nil {
			return usagef("--email: %w", err)
		}
		if (account == "") != (len(roles) == 0) {
			return usagef("--account and --role belong together")
		}
		return f.open(cmd.Context(), func(a *authority.Authority) error {
			return f.create(cmd.Context(), a, address, string(account), roles)
		})
	}
	return cmd
}

func (f *folder) create(ctx context.Context, a *authority.Authority, email, account string, roles []string) error {
	if account == "" {
		_, link, err := a.CreateUser(ctx, a.System(why), email)
		if err != nil {
			return err
		}
		return f.print(&link)
	}
	d := authority.MemberDraft{Email: email}
	for _, name := range roles {
		id, err := roleID(a, name)
		if err != nil {
			return err
		}
		d.Roles = append(d.Roles, id)
	}
	got, err := a.Invite(ctx, a.System(why), account, d)
	if err != nil {
		return err
	}
	if got.Link.URL == "" {
		f.note("%s is a user already, and finds the invitation when signed in.", got.Member.User.Email)
		return nil
	}
	return f.print(&got.Link)
}

// roleID finds a role by name, in any case, or id.
func roleID(a *authority.Authority, name string) (string, error) {
	var names []string
	for _, r := range a.Roles() {
		if r.Domain {
			continue
		}
		if r.ID == name || strings.EqualFold(r.Name, name) {
			return r.ID, nil
		}
		names = append(names, r.Name)
	}
	return "", usagef("--role: there is no role %q; the roles are: %s", name, strings.Join(names, "; "))
}

func newUserList(f *folder) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List all users", Args: cobra.NoArgs,
		Example: "  tokenward user list",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return f.open(cmd.Context(), func(a *authority.Authority) error {
				users, err := a.Users(cmd.Context(), a.System(why))
				if err != nil {
					return err
				}
				w := tabwriter.NewWriter(f.stdout, 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "EMAIL\tID\tNAME\tSTATUS\tAPI KEY")
				for i := range users {
					u := &users[i]
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", plain(u.Email), u.ID, plain(strings.TrimSpace(u.FirstName+" "+u.LastName)), userStatus(u), keyStatus(u))
				}
				return w.Flush()
			})
		},
	}
}

func userStatus(u *authority.User) string {
	switch {
	case u.Suspended:
		return "suspended"
	case u.PasswordHash == "":
		return "no password"
	}
	return "active"
}

func keyStatus(u *authority.User) string {
	switch {
	case u.KeyOff:
		return "off"
	case u.HasKey:
		return "yes"
	}
	return "no"
}

func newUserKey(f *folder) *cobra.Command {
	cmd := newGroup("api-key", "Change a user's API key, or switch it off and on")
	cmd.Example = `  tokenward user api-key change --email bob@example.com
  tokenward user api-key off --email bob@example.com`
	cmd.AddCommand(
		f.forKey("change", "Give a user a new API key and print it",
			"The old key no longer works. This is the only time the new one is shown.", changeKey),
		f.forKey("off", "Keep a user's API key from working", "The user cannot change it meanwhile.", switchKey(false)),
		f.forKey("on", "Let a user have an API key again", "", switchKey(true)),
	)
	return cmd
}

func (f *folder) forKey(use, short, more string, do act) *cobra.Command {
	cmd := f.forUser(use, short, more, do)
	cmd.Example = "  tokenward user api-key " + use + " --email bob@example.com"
	return cmd
}

func changeKey(ctx context.Context, f *folder, a *authority.Authority, email string) error {
	var key token.Secret
	key, err := a.ChangeKeyOf(ctx, a.System(why), email)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(f.stdout, key.Reveal()); err != nil {
		return fmt.Errorf("the key was changed and could not be handed over (change it again to get another): %w", err)
	}
	f.note("This is the only time the key is shown; the old one no longer works.")
	return nil
}

func switchKey(on bool) act {
	return func(ctx context.Context, f *folder, a *authority.Authority, email string) error {
		u, err := a.SwitchKey(ctx, a.System(why), email, on)
		if err != nil {
			return err
		}
		f.note("The API key of %s is %s.", u.Email, map[bool]string{true: "on", false: "off"}[on])
		return nil
	}
}
