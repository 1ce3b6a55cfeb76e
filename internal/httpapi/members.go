package httpapi

import (
	"cmp"
	"fmt"
	"net/http"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/v4"
)

func (a *API) listMembers(r *http.Request, c *Call) (reply[v4.List[v4.Member]], error) {
	p := usualPages.pageOf(c.query)
	rows, total, err := a.authority.Members(r.Context(), c.Caller, c.Match.Param("account_id"), authority.MemberQuery{
		Status: authority.MembershipStatus(c.query.Get("status")), Less: memberOrder(c.query.Get("order")),
		Descending: p.descending, Offset: p.offset(), Limit: p.perPage,
	})
	if err != nil {
		return reply[v4.List[v4.Member]]{}, err
	}
	out := make(v4.List[v4.Member], 0, len(rows))
	for i := range rows {
		out = append(out, a.wireMember(&rows[i]))
	}
	return reply[v4.List[v4.Member]]{result: out, info: p.info(len(out), total)}, nil
}

// memberOrder is how a list of members is sorted (contract 1.8); nil is oldest
// first.
func memberOrder(by string) func(a, b *authority.Member) int {
	switch by {
	case "user.first_name":
		return func(a, b *authority.Member) int { return cmp.Compare(a.User.FirstName, b.User.FirstName) }
	case "user.last_name":
		return func(a, b *authority.Member) int { return cmp.Compare(a.User.LastName, b.User.LastName) }
	case "user.email":
		return func(a, b *authority.Member) int { return cmp.Compare(a.User.Email, b.User.Email) }
	case "status":
		return func(a, b *authority.Member) int { return cmp.Compare(a.Status, b.Status) }
	}
	return nil
}

func (a *API) getMember(r *http.Request, c *Call) (reply[v4.Member], error) {
	m, err := a.authority.Member(r.Context(), c.Caller, c.Match.Param("account_id"), c.Match.Param("member_id"))
	if err != nil {
		return reply[v4.Member]{}, err
	}
	return reply[v4.Member]{result: a.wireMember(&m)}, nil
}

func (a *API) addMember(r *http.Request, c *Call, in *v4.MemberRequest) (reply[v4.Member], error) {
	d, err := memberDraft(in)
	if err != nil {
		return reply[v4.Member]{}, err
	}
	got, err := a.authority.Invite(r.Context(), c.Caller, c.Match.Param("account_id"), d)
	if err != nil {
		return reply[v4.Member]{}, err
	}
	out := a.wireMember(&got.Member)
	out.InvitationLink = got.Link.URL // the one answer that carries it
	out.InvitationNote = sentNote(&got.Link)
	return reply[v4.Member]{result: out}, nil
}

// sentNote says what became of a link.
func sentNote(l *authority.Sent) string {
	switch {
	case l.Mailed:
		return "The invitation was sent by mail"
	case l.Failed:
		return "The invitation could not be sent by mail; invite again to send another"
	case l.URL != "":
		return "No mail server is configured: hand the invitation link to its recipient yourself"
	}
	return ""
}

func (a *API) updateMember(r *http.Request, c *Call, in *v4.MemberRequest) (reply[v4.Member], error) {
	d, err := memberDraft(in)
	if err != nil {
		return reply[v4.Member]{}, err
	}
	m, err := a.authority.UpdateMember(r.Context(), c.Caller, c.Match.Param("account_id"), c.Match.Param("member_id"), d)
	if err != nil {
		return reply[v4.Member]{}, err
	}
	return reply[v4.Member]{result: a.wireMember(&m)}, nil
}

func (a *API) removeMember(r *http.Request, c *Call) (reply[v4.DeletedID], error) {
	id := c.Match.Param("member_id")
	if err := a.authority.RemoveMember(r.Context(), c.Caller, c.Match.Param("account_id"), id); err != nil {
		return reply[v4.DeletedID]{}, err
	}
	return reply[v4.DeletedID]{result: v4.DeletedID{ID: id}}, nil
}

// memberDraft reads what a member is to be.
func memberDraft(in *v4.MemberRequest) (authority.MemberDraft, error) {
	d := authority.MemberDraft{Email: in.Email, Status: authority.MembershipStatus(in.Status), SetAPIAccess: in.APIAccessEnabled.Present}
	if on := in.APIAccessEnabled.Ptr(); on != nil {
		d.APIAccess = authority.Off
		if *on {
			d.APIAccess = authority.On
		}
	}
	for _, r := range in.Roles {
		d.Roles = append(d.Roles, r.ID)
	}
	var faults []policy.Fault
	for i := range in.Policies {
		p := &in.Policies[i]
		effect, ok := policy.ParseEffect(p.Access)
		if !ok {
			faults = append(faults, policy.Fault{Pointer: fmt.Sprintf("/policies/%d/access", i), Message: `access must be "allow" or "deny"`})
		}
		out := authority.MemberPolicy{ID: p.ID, Effect: effect}
		for _, g := range p.PermissionGroups {
			out.Groups = append(out.Groups, g.ID)
		}
		for _, g := range p.ResourceGroups {
			out.ResourceGroups = append(out.ResourceGroups, g.ID)
		}
		d.Policies = append(d.Policies, out)
	}
	if len(faults) > 0 {
		return d, &authority.Error{Code: authority.CodeInvalid, Faults: faults}
	}
	return d, nil
}
