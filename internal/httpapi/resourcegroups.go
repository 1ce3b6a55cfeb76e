package httpapi

import (
	"net/http"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/v4"
)

// Scopes of member permission groups.
const (
	scopeAccount = catalog.KindAccount
	scopeZone    = catalog.KindZone
)

// listResourceGroups lists all in one page: the filters are exact.
func (a *API) listResourceGroups(r *http.Request, c *Call) (reply[v4.List[v4.ResourceGroup]], error) {
	rows, err := a.authority.ResourceGroups(r.Context(), c.Caller, authority.OpResGroupList, c.Match.Param("account_id"))
	if err != nil {
		return reply[v4.List[v4.ResourceGroup]]{}, err
	}
	id, name := c.query.Get("id"), c.query.Get("name")
	out := v4.List[v4.ResourceGroup]{}
	for i := range rows {
		if (id == "" || rows[i].ID == id) && (name == "" || rows[i].Name == name) {
			out = append(out, wireResourceGroup(&rows[i]))
		}
	}
	return onePage(c.query, out), nil
}

func (a *API) getResourceGroup(r *http.Request, c *Call) (reply[v4.ResourceGroup], error) {
	rows, err := a.authority.ResourceGroups(r.Context(), c.Caller, authority.OpResGroupGet, c.Match.Param("account_id"))
	if err != nil {
		return reply[v4.ResourceGroup]{}, err
	}
	for i := range rows {
		if rows[i].ID == c.Match.Param("resource_group_id") {
			return reply[v4.ResourceGroup]{result: wireResourceGroup(&rows[i])}, nil
		}
	}
	return reply[v4.ResourceGroup]{}, &authority.Error{Code: authority.CodeNotFound, Message: "resource group not found"}
}

func (a *API) createResourceGroup(r *http.Request, c *Call, in *v4.ResourceGroupRequest) (reply[v4.ResourceGroup], error) {
	g, err := a.authority.CreateResourceGroup(r.Context(), c.Caller, c.Match.Param("account_id"), groupDraft(in))
	if err != nil {
		return reply[v4.ResourceGroup]{}, err
	}
	return reply[v4.ResourceGroup]{result: wireResourceGroup(&g)}, nil
}

func (a *API) updateResourceGroup(r *http.Request, c *Call, in *v4.ResourceGroupRequest) (reply[v4.ResourceGroup], error) {
	g, err := a.authority.UpdateResourceGroup(r.Context(), c.Caller, c.Match.Param("account_id"), c.Match.Param("resource_group_id"), groupDraft(in))
	if err != nil {
		return reply[v4.ResourceGroup]{}, err
	}
	return reply[v4.ResourceGroup]{result: wireResourceGroup(&g)}, nil
}

func (a *API) deleteResourceGroup(r *http.Request, c *Call) (reply[v4.DeletedID], error) {
	id := c.Match.Param("resource_group_id")
	if err := a.authority.DeleteResourceGroup(r.Context(), c.Caller, c.Match.Param("account_id"), id); err != nil {
		return reply[v4.DeletedID]{}, err
	}
	return reply[v4.DeletedID]{result: v4.DeletedID{ID: id}}, nil
}

func groupDraft(in *v4.ResourceGroupRequest) authority.ResourceGroupDraft {
	d := authority.ResourceGroupDraft{Name: in.Name}
	if in.Scope == nil {
		return d
	}
	d.ScopeKey, d.Objects = in.Scope.Key, make([]string, 0, len(in.Scope.Objects))
	for _, o := range in.Scope.Objects {
		d.Objects = append(d.Objects, o.Key)
	}
	return d
}
