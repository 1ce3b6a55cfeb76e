package httpapi

import (
	"net/http"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/v4"
)

// listRoles lists the roles that a member can have on the whole account, in the
// order of the table.
func (a *API) listRoles(_ *http.Request, c *Call) (reply[v4.List[v4.Role]], error) {
	p := usualPages.pageOf(c.query)
	var all []authority.Role
	for _, r := range a.authority.Roles() {
		if !r.Domain {
			all = append(all, r)
		}
	}
	out := v4.List[v4.Role]{}
	for _, r := range p.cut(all) {
		out = append(out, a.wireRole(&r))
	}
	return reply[v4.List[v4.Role]]{result: out, info: p.info(len(out), len(all))}, nil
}

func (a *API) getRole(_ *http.Request, c *Call) (reply[v4.Role], error) {
	r, ok := a.authority.Role(c.Match.Param("role_id"))
	if !ok || r.Domain {
		return reply[v4.Role]{}, &authority.Error{Code: authority.CodeNotFound, Message: "role not found"}
	}
	return reply[v4.Role]{result: a.wireRole(&r)}, nil
}

// cut is the part of rows that is on the page.
func (p pageQuery) cut(rows []authority.Role) []authority.Role {
	rows = rows[min(p.offset(), len(rows)):]
	return rows[:min(p.perPage, len(rows))]
}

// listMemberGroups lists what policies of members can give: every role. These
// are not the permission groups of tokens (contract 7.4).
func (a *API) listMemberGroups(_ *http.Request, c *Call) (reply[v4.List[v4.MemberPermissionGroup]], error) {
	p := usualPages.pageOf(c.query)
	id, name, label := c.query.Get("id"), c.query.Get("name"), c.query.Get("label")
	var all []authority.Role
	for _, r := range a.authority.Roles() {
		if (id == "" || r.ID == id) && (name == "" || strings.EqualFold(r.Name, name)) && (label == "" || r.Label() == label) {
			all = append(all, r)
		}
	}
	out := v4.List[v4.MemberPermissionGroup]{}
	for _, r := range p.cut(all) {
		out = append(out, wireMemberGroup(&r))
	}
	return reply[v4.List[v4.MemberPermissionGroup]]{result: out, info: p.info(len(out), len(all))}, nil
}

func (a *API) getMemberGroup(_ *http.Request, c *Call) (reply[v4.MemberPermissionGroup], error) {
	r, ok := a.authority.Role(c.Match.Param("permission_group_id"))
	if !ok {
		return reply[v4.MemberPermissionGroup]{}, &authority.Error{Code: authority.CodeNotFound, Message: "permission group not found"}
	}
	return reply[v4.MemberPermissionGroup]{result: wireMemberGroup(&r)}, nil
}

func wireMemberGroup(r *authority.Role) v4.MemberPermissionGroup {
	scope := scopeAccount
	if r.Domain {
		scope = scopeZone
	}
	return v4.MemberPermissionGroup{ID: r.ID, Name: r.Name, Meta: map[string]string{
		"description": r.Description, "editable": "false", "label": r.Label(), "scopes": scope,
	}}
}
