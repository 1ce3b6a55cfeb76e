package httpapi

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/v4"
)

// scopeUser is the scope of groups that account-owned tokens cannot hold.
const scopeUser = "com.cloudflare.api.user"

// listGroups lists the permission groups, in one page (contract 1.7). The name
// filter is exact but for case: clients take the first result.
func (a *API) listGroups(_ *http.Request, c *Call) (reply[v4.List[v4.PermissionGroup]], error) {
	name, scope := decodeTwice(c.query.Get("name")), decodeTwice(c.query.Get("scope"))
	forAccount := c.Match.Param("account_id") != ""
	out := v4.List[v4.PermissionGroup]{}
	for _, g := range a.authority.Catalog().Groups() {
		if forAccount && g.Scope == scopeUser ||
			name != "" && !strings.EqualFold(g.Name, name) ||
			scope != "" && g.Scope != scope {
			continue
		}
		out = append(out, wireGroup(&g))
	}
	return onePage(c.query, out), nil
}

func wireGroup(g *catalog.Group) v4.PermissionGroup {
	return v4.PermissionGroup{
		ID: g.ID, Name: g.Name, Description: g.Description, Category: g.Category,
		Scopes: v4.List[string]{g.Scope}, Label: g.Label,
	}
}

// decodeTwice undoes the escaping that some clients put under the usual one
// (contract 1.7).
func decodeTwice(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	if d, err := url.QueryUnescape(s); err == nil {
		return d
	}
	return s
}
