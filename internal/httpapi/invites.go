package httpapi

import (
	"net/http"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/v4"
)

// listInvites lists the invitations of the caller's user that wait for an
// answer, in one page. An invitation has the id of the membership it is about.
func (a *API) listInvites(r *http.Request, c *Call) (reply[v4.List[v4.Invite]], error) {
	rows, _, err := a.authority.Memberships(r.Context(), c.Caller, authority.OpInviteList, authority.JoinedQuery{
		Match: func(j *authority.Joined) bool { return j.Status == authority.MembershipPending },
		Limit: authority.MaxAccountsOfPerson,
	})
	if err != nil {
		return reply[v4.List[v4.Invite]]{}, err
	}
	out := make(v4.List[v4.Invite], 0, len(rows))
	for i := range rows {
		out = append(out, a.wireInvite(&rows[i], c))
	}
	return onePage(c.query, out), nil
}

func (a *API) getInvite(r *http.Request, c *Call) (reply[v4.Invite], error) {
	j, err := a.authority.Membership(r.Context(), c.Caller, authority.OpInviteGet, c.Match.Param("invite_id"))
	if err != nil {
		return reply[v4.Invite]{}, err
	}
	return reply[v4.Invite]{result: a.wireInvite(&j, c)}, nil
}

func (a *API) patchInvite(r *http.Request, c *Call, in *statusRequest) (reply[v4.Invite], error) {
	j, err := a.authority.Answer(r.Context(), c.Caller, authority.OpInvitePatch, c.Match.Param("invite_id"), authority.MembershipStatus(in.Status))
	if err != nil {
		return reply[v4.Invite]{}, err
	}
	return reply[v4.Invite]{result: a.wireInvite(&j, c)}, nil
}

func (a *API) wireInvite(j *authority.Joined, c *Call) v4.Invite {
	status := string(j.Status)
	if j.Status == authority.MembershipPending && !c.Caller.Now().Before(j.ExpiresOn()) {
		status = "expired"
	}
	return v4.Invite{
		ID: j.ID, InvitedMemberID: j.ID, InvitedMemberEmail: c.Caller.Email(),
		OrganizationID: j.Account.ID, OrganizationName: j.Account.Name, Roles: a.roleNames(j.Membership.Roles),
		InvitedBy: j.InvitedBy, InvitedOn: v4.AtMicro(j.Membership.CreatedOn), ExpiresOn: v4.AtMicro(j.ExpiresOn()), Status: status,
	}
}
