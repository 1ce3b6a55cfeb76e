package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/tokenward/tokenward/v4"
)

func newTokenCreate(c *connection) *cobra.Command {
	var d draftFlags
	var output string
	cmd := &cobra.Command{
		Use:   "create --name NAME (--permission GROUP... | --template KEY | --template-url URL | --from-json FILE)",
		Short: "Create a token and print its secret once",
		Long: `Create a token. Its secret is printed once, alone on standard output; everything
else goes to standard error.

Permissions are named as the API names them. Where two groups have one name, add
the scope: "Logs Read@zone". With --record, DNS Read and DNS Write hold on these
records of the zones only. Policies that deny, or that name other resources than
zones, their records and accounts, are written in JSON.

A template names the permissions; --zone and --account-resource say where they
hold, as far as it leaves that open, --record names the records of one that asks
for them, and its name is the token's unless --name is given. 'tokenward token templates' lists them. --template-url takes a link to
a dashboard's form for a new token, with permissionGroupKeys in it.`,
		Example: `  tokenward token create --name "dns bot" --permission "DNS Write" --zone example.com --expires-on 90d
  tokenward token create --name deploy --permission "Workers Scripts Write" --account 0a1b2c3d4e5f60718293a4b5c6d7e8f9 \
    --ip-in 198.51.100.0/24 --output-file deploy.token
  tokenward token create --template edit-zone-dns --zone example.com
  tokenward token create --template acme-dns-01 --zone example.com
  tokenward token create --template dynamic-dns --zone example.com --record home.example.com
  tokenward token create --name mail --permission "DNS Write" --permission "Zone Read" --zone example.com --record 'MX:example.com' --record 'TXT:*'
  tokenward token create --template-url 'https://dash.example.com/profile/api-tokens?permissionGroupKeys=[{"key":"dns","type":"edit"}]&accountId=*&zoneId=all&name=dns' --zone example.com
  tokenward token create --from-json token.json`,
		Args: cobra.NoArgs,
	}
	d.addTo(cmd.Flags())
	d.addTemplateTo(cmd.Flags())
	cmd.Flags().StringVar(&output, "output-file", "", "new `file` for the secret (mode 0600), in place of printing it")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.create(cmd, &d, output)
	}
	return cmd
}

func (c *connection) create(cmd *cobra.Command, d *draftFlags, output string) error {
	a, err := c.open(cmd.Flags())
	if err != nil {
		return err
	}
	request, err := c.draft(cmd.Context(), a, d)
	if err != nil {
		return err
	}
	var out *secretFile
	if output != "" {
		if out, err = openSecretFile(output, false); err != nil {
			return err
		}
		defer out.discard()
	}
	t, err := a.owner.Create(cmd.Context(), request)
	if err != nil {
		return err
	}
	i := issued{id: t.ID, secret: t.Value, verify: c.verifyURL(a)}
	c.note("Created token %s, %q.", t.ID, t.Name)
	if out != nil {
		t.Value = ""
	}
	i.object = t
	return c.deliver(out, i)
}

// draft is the definition of a new token.
func (c *connection) draft(ctx context.Context, a api, d *draftFlags) (v4.TokenRequest, error) {
	edits, err := d.edits(c.given, c.now())
	if err != nil {
		return v4.TokenRequest{}, err
	}
	r, err := c.definition(d)
	if err != nil {
		return r, err
	}
	for _, e := range edits {
		e(&r)
	}
	if d.fromTemplate() {
		err := c.templated(ctx, a, d, &r)
		return r, err
	}
	var wrong faults
	if r.Name == "" {
		wrong.addf("--name is missing")
	}
	if r.Policies == nil && len(d.permissions) == 0 {
		wrong.addf("--permission is missing, or --template, or --from-json with policies")
	}
	if r.Policies != nil && d.hasGrants() {
		wrong.addf("--permission and its resources cannot be added to the policies of --from-json")
	}
	if err := wrong.err(); err != nil || !d.hasGrants() {
		return r, err
	}
	r.Policies, err = grants{a, c.account, d}.policies(ctx)
	return r, err
}

// verifyURL is where a token of this owner is verified, as a word of a shell.
func (c *connection) verifyURL(a api) string {
	path := "/user/tokens/verify"
	if c.account != "" {
		path = "/accounts/" + c.account + "/tokens/verify"
	}
	return shellWord(a.client.BaseURL() + path)
}
