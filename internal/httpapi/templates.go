package httpapi

import (
	"net/http"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/v4"
)

// Ids of the operations that tell what the program knows, the same to everyone.
const (
	opTemplates     = "tokenward-templates-list"
	opCompatibility = "tokenward-compatibility-list"
)

// listTemplates lists the token templates, those of one kind of owner with
// ?owner=user or ?owner=account.
func (a *API) listTemplates(_ *http.Request, c *Call) (reply[v4.List[v4.Template]], error) {
	owner := c.query.Get("owner")
	if owner != "" && owner != v4.OwnerUser && owner != v4.OwnerAccount {
		return reply[v4.List[v4.Template]]{}, invalid("/owner", `owner must be "user" or "account"`)
	}
	out := v4.List[v4.Template]{}
	for _, kind := range []string{v4.OwnerUser, v4.OwnerAccount} {
		if owner != "" && owner != kind {
			continue
		}
		for _, t := range a.authority.Catalog().Templates(kind == v4.OwnerAccount) {
			out = append(out, wireTemplate(&t, kind))
		}
	}
	return onePage(c.query, out), nil
}

func wireTemplate(t *catalog.Template, owner string) v4.Template {
	w := v4.Template{Key: t.Key, Owner: owner, Name: t.Name, Description: t.Description}
	for _, g := range t.Groups {
		w.PermissionGroups = append(w.PermissionGroups, wireGroup(&g))
	}
	add := func(scope, choice string) {
		w.Resources = append(w.Resources, v4.TemplateResource{Scope: scope, Choice: choice})
	}
	if t.OnUser() {
		add(catalog.KindUser, v4.ChoiceOwn)
	}
	if t.ForAccount {
		add(catalog.KindAccount, v4.ChoiceOwn)
	}
	choices := map[catalog.Need]string{catalog.Choose: v4.ChoiceChoose, catalog.Every: v4.ChoiceAll}
	if choice := choices[t.Accounts]; choice != "" {
		add(catalog.KindAccount, choice)
	}
	if choice := choices[t.Zones]; choice != "" {
		add(catalog.KindZone, choice)
	}
	if r := t.Records; r.Types != nil {
		of := v4.TemplateResource{Scope: catalog.KindRecord, Choice: v4.ChoiceChoose, Types: r.Types, Name: r.Name}
		if r.Name != "" {
			of.Choice = v4.ChoiceFixed
		}
		w.Resources = append(w.Resources, of)
	}
	return w
}
