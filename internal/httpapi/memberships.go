package httpapi

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/v4"
)

// listMemberships is what wrangler takes the accounts of a user from (contract
// section 0, rule 8).
func (a *API) listMemberships(r *http.Request, c *Call) (reply[v4.List[v4.Membership]], error) {
	p := usualPages.pageOf(c.query)
	accountName := first(c.query, "account.name", "account[name]")
	name, status := c.query.Get("name"), c.query.Get("status")
	rows, total, err := a.authority.Memberships(r.Context(), c.Caller, authority.OpMembershipList, authority.JoinedQuery{
		Match: func(j *authority.Joined) bool {
			return contains(j.Account.Name, accountName) && contains(j.Account.Name, name) && (status == "" || string(j.Status) == status)
		},
		Less: joinedOrder(c.query.Get("order")), Descending: p.descending, Offset: p.offset(), Limit: p.perPage,
	})
	if err != nil {
		return reply[v4.List[v4.Membership]]{}, err
	}
	out := make(v4.List[v4.Membership], 0, len(rows))
	for i := range rows {
		out = append(out, a.wireMembership(&rows[i]))
	}
	return reply[v4.List[v4.Membership]]{result: out, info: p.info(len(out), total)}, nil
}

// contains: filters by name match a part, in any case.
func contains(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

// joinedOrder is how a list of memberships is sorted; nil is oldest first.
func joinedOrder(by string) func(a, b *authority.Joined) int {
	switch by {
	case "id":
		return func(a, b *authority.Joined) int { return cmp.Compare(a.ID, b.ID) }
	case "account.name":
		return func(a, b *authority.Joined) int { return cmp.Compare(a.Account.Name, b.Account.Name) }
	case "status":
		return func(a, b *authority.Joined) int { return cmp.Compare(a.Status, b.Status) }
	}
	return nil
}

func (a *API) getMembership(r *http.Request, c *Call) (reply[v4.Membership], error) {
	j, err := a.authority.Membership(r.Context(), c.Caller, authority.OpMembershipGet, c.Match.Param("membership_id"))
	if err != nil {
		return reply[v4.Membership]{}, err
	}
	return reply[v4.Membership]{result: a.wireMembership(&j)}, nil
}

// statusRequest answers an invitation.
type statusRequest struct {
	Status string `json:"status" jsonschema:"\"accepted\" or \"rejected\""`
}

func (a *API) putMembership(r *http.Request, c *Call, in *statusRequest) (reply[v4.Membership], error) {
	j, err := a.authority.Answer(r.Context(), c.Caller, authority.OpMembershipPut, c.Match.Param("membership_id"), authority.MembershipStatus(in.Status))
	if err != nil {
		return reply[v4.Membership]{}, err
	}
	return reply[v4.Membership]{result: a.wireMembership(&j)}, nil
}

func (a *API) leave(r *http.Request, c *Call) (reply[v4.DeletedID], error) {
	id := c.Match.Param("membership_id")
	if err := a.authority.Leave(r.Context(), c.Caller, id); err != nil {
		return reply[v4.DeletedID]{}, err
	}
	return reply[v4.DeletedID]{result: v4.DeletedID{ID: id}}, nil
}

// wireMembership names the roles, and those that policies give on a part.
func (a *API) wireMembership(j *authority.Joined) v4.Membership {
	out := v4.Membership{
		ID: j.ID, Status: string(j.Status), Account: wireAccount(&j.Account), Roles: v4.List[string]{},
		APIAccessEnabled: j.APIAccess.Bool(), Permissions: wireAreas(a.authority.MembershipAreas(&j.Membership)),
	}
	roles := slices.Clone(j.Membership.Roles)
	for _, p := range j.Policies {
		if p.Effect == policy.Allow {
			roles = append(roles, p.Groups...)
		}
	}
	for _, id := range roles {
		if r, ok := a.authority.Role(id); ok && !slices.Contains(out.Roles, r.Name) {
			out.Roles = append(out.Roles, r.Name)
		}
	}
	return out
}
