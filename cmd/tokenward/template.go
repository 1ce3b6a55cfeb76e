package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/v4"
)

// fromTemplate reports whether a template says what the token may do.
func (d *draftFlags) fromTemplate() bool { return d.template != "" || d.templateURL != "" }

// templated completes the definition of a token from a template.
func (c *connection) templated(ctx context.Context, a api, d *draftFlags, r *v4.TokenRequest) error {
	var wrong faults
	if d.template != "" && d.templateURL != "" {
		wrong.addf("--template and --template-url exclude each other")
	}
	if len(d.permissions) > 0 || r.Policies != nil {
		wrong.addf("permissions cannot be added to those of a template")
	}
	if err := wrong.err(); err != nil {
		return err
	}
	t, choices, err := c.template(ctx, a, d)
	if err != nil {
		return err
	}
	if err := c.choose(ctx, a, d, &t, &choices); err != nil {
		return err
	}
	policies, err := t.Fill(choices)
	if err != nil {
		return explainChoices(err)
	}
	for _, p := range policies {
		w := v4.PolicyRequest{Effect: p.Effect.String(), Resources: v4.Resources{}}
		for _, id := range p.Groups {
			w.PermissionGroups = append(w.PermissionGroups, v4.GroupRefRequest{ID: id})
		}
		for _, res := range p.Resources {
			w.Resources[res.Key] = wireResource(res.Nested)
		}
		r.Policies = append(r.Policies, w)
	}
	if r.Name == "" {
		r.Name = t.Name
	}
	if r.Name == "" {
		return usagef("--name is missing: the URL has none")
	}
	return nil
}

func wireResource(nested []string) v4.Resource {
	if nested == nil {
		return v4.Resource{Value: "*"}
	}
	r := v4.Resource{Nested: map[string]string{}}
	for _, key := range nested {
		r.Nested[key] = "*"
	}
	return r
}

// template finds what --template or --template-url means.
func (c *connection) template(ctx context.Context, a api, d *draftFlags) (catalog.Template, catalog.Choices, error) {
	if d.templateURL != "" {
		return c.templateOfURL(d.templateURL)
	}
	list, err := a.client.Templates(ctx, c.ownerKind())
	if err != nil {
		return catalog.Template{}, catalog.Choices{}, err
	}
	i := slices.IndexFunc(list, func(t v4.Template) bool { return t.Key == d.template })
	if i < 0 {
		return catalog.Template{}, catalog.Choices{}, usagef("--template: there is no template %q; 'tokenward token templates' lists them", d.template)
	}
	return templateOf(&list[i]), catalog.Choices{}, nil
}

// ownerKind is whose templates are meant.
func (c *connection) ownerKind() string {
	if c.account != "" {
		return v4.OwnerAccount
	}
	return v4.OwnerUser
}

// templateOf is a template as the server gave it.
func templateOf(w *v4.Template) catalog.Template {
	t := catalog.Template{Key: w.Key, Name: w.Name, Description: w.Description, ForAccount: w.Owner == v4.OwnerAccount}
	for _, g := range w.PermissionGroups {
		var group catalog.Group
		group.ID, group.Name, group.Scope = g.ID, g.Name, scopeOf(g)
		if onRecords(g.ID) {
			group.Below = scopeRecord
		}
		t.Groups = append(t.Groups, group)
	}
	needs := map[string]catalog.Need{v4.ChoiceChoose: catalog.Choose, v4.ChoiceAll: catalog.Every}
	for _, r := range w.Resources {
		switch r.Scope {
		case scopeAccount:
			t.Accounts = needs[r.Choice]
		case scopeZone:
			t.Zones = needs[r.Choice]
		case scopeRecord:
			t.Records = catalog.Records{Types: r.Types, Name: r.Name}
		}
	}
	return t
}

// choose puts what the flags say into the choices, over what a URL says.
func (c *connection) choose(ctx context.Context, a api, d *draftFlags, t *catalog.Template, ch *catalog.Choices) error {
	ch.Owner = c.account
	if c.account == "" && t.OnUser() {
		me, err := a.client.Me(ctx)
		if err != nil {
			return fmt.Errorf("look up the user on whom a permission holds: %w", err)
		}
		ch.Owner = me.ID
	}
	if len(d.accounts) > 0 {
		ch.Accounts = everyOrIDs(d.accounts)
	}
	ch.Names = d.records
	if len(d.zones) == 0 {
		return nil
	}
	ch.Zones = everyOrIDs(d.zones)
	if len(d.accounts) == 0 && t.Accounts == catalog.NotNeeded {
		ch.Accounts = nil // a URL has to name one, and says nothing by it beside a zone
	}
	for i, zone := range ch.Zones {
		if zone == catalog.All {
			continue
		}
		id, err := findZone(ctx, a.client, zone, c.account)
		if err != nil {
			return err
		}
		ch.Zones[i] = id
	}
	return nil
}

// everyOrIDs writes "all" as the catalogue does.
func everyOrIDs(list []string) []string {
	if slices.Contains(list, all) {
		return []string{catalog.All}
	}
	return slices.Clone(list)
}

// explainChoices names the flags that a template wants.
func explainChoices(err error) error {
	var wrong faults
	for _, part := range parts(err) {
		var choice *catalog.ChoiceError
		flag := map[string]string{"accounts": "--account-resource", "zones": "--zone", "records": "--record"}
		if errors.As(part, &choice) && flag[choice.Choice] != "" {
			wrong.addf("%s: %s", flag[choice.Choice], choice.Message)
			continue
		}
		wrong.addf("%s", strings.TrimSpace(part.Error()))
	}
	return wrong.err()
}
