package dashboard

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

func (d *Dashboard) membershipRoutes() []route {
	return []route{
		{pattern: "GET /profile/accounts", page: d.membershipList},
		{pattern: "POST /profile/accounts/{membership}/accept", page: d.acceptMembership},
		{pattern: "POST /profile/accounts/{membership}/decline", page: d.declineMembership},
		{pattern: "GET /profile/accounts/{membership}/leave", page: d.leavePage},
		{pattern: "POST /profile/accounts/{membership}/leave", page: d.leave},
	}
}

const membershipsPath = "/profile/accounts"

// memberships is what the page of the user's accounts shows.
type memberships struct {
	Invited, Joined []membership
}

// membership is one of the user's.
type membership struct {
	ID, AccountID, Name string
	Roles               names
	API                 apiState
	InvitedBy           string
	Since, ExpiresOn    time.Time
	Expired             bool // the invitation
}

func (d *Dashboard) membershipList(ctx context.Context, in *request) (page, error) {
	rows, _, err := d.authority.Memberships(ctx, in.caller, authority.OpMembershipList, authority.JoinedQuery{
		Match: func(j *authority.Joined) bool { return j.Status != authority.MembershipRejected },
		Less:  func(a, b *authority.Joined) int { return cmp.Compare(a.Account.Name, b.Account.Name) },
		Limit: authority.MaxAccountsOfPerson,
	})
	if err != nil {
		return page{}, err
	}
	var data memberships
	for i := range rows {
		m := d.membership(in, &rows[i])
		if rows[i].Status == authority.MembershipAccepted {
			data.Joined = append(data.Joined, m)
		} else {
			data.Invited = append(data.Invited, m)
		}
	}
	return show("memberships", "Accounts", data), nil
}

func (d *Dashboard) membership(in *request, j *authority.Joined) membership {
	return membership{
		ID: j.ID, AccountID: j.Account.ID, Name: j.Account.Name, Roles: namesOf(d.rolesOf(&j.Membership), 3),
		API: apiStateOf(&j.Membership, &j.Account), InvitedBy: j.InvitedBy, Since: j.Membership.CreatedOn, ExpiresOn: j.ExpiresOn(),
		Expired: !in.now().Before(j.ExpiresOn()),
	}
}

// names are the first of several, and how many more there are.
type names struct {
	First []string
	More  int
}

func namesOf(all []string, most int) names {
	n := min(len(all), most)
	return names{all[:n], len(all) - n}
}

// rolesOf are the names of the roles that a membership gives, also those that
// its policies give on a part of the account, each once.
func (d *Dashboard) rolesOf(m *authority.Membership) []string {
	ids := slices.Clone(m.Roles)
	for _, p := range m.Policies {
		ids = append(ids, p.Groups...)
	}
	var out []string
	for _, id := range ids {
		name := d.roleName(id)
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// roleName is a role's name, or its id where it is not known any more.
func (d *Dashboard) roleName(id string) string {
	if r, ok := d.authority.Role(id); ok {
		return r.Name
	}
	return id
}

func (d *Dashboard) acceptMembership(ctx context.Context, in *request) (page, error) {
	j, err := d.authority.Answer(ctx, in.caller, authority.OpMembershipPut, in.path("membership"), authority.MembershipAccepted)
	if err != nil {
		return page{}, err
	}
	d.tell(ctx, "success", "You are a member of "+j.Account.Name+" now.")
	return seeOther("/" + j.Account.ID + "/api-tokens"), nil
}

func (d *Dashboard) declineMembership(ctx context.Context, in *request) (page, error) {
	id := in.path("membership")
	j, err := d.authority.Membership(ctx, in.caller, authority.OpMembershipGet, id)
	if err != nil {
		return page{}, err
	}
	// An account that was joined in another window meanwhile is not left by this.
	if j.Status != authority.MembershipPending {
		return page{}, &authority.Error{Code: authority.CodeInvalid, Message: "the invitation has been answered already"}
	}
	if j, err = d.authority.Answer(ctx, in.caller, authority.OpMembershipPut, id, authority.MembershipRejected); err != nil {
		return page{}, err
	}
	d.tell(ctx, "success", "You declined the invitation to "+j.Account.Name+".")
	return seeOther(membershipsPath), nil
}

func (d *Dashboard) leavePage(ctx context.Context, in *request) (page, error) {
	j, err := d.authority.Membership(ctx, in.caller, authority.OpMembershipGet, in.path("membership"))
	if err != nil {
		return page{}, err
	}
	p := show("leave", "Leave "+j.Account.Name, d.membership(in, &j))
	p.nav = membershipsPath
	return p, nil
}

func (d *Dashboard) leave(ctx context.Context, in *request) (page, error) {
	j, err := d.authority.Membership(ctx, in.caller, authority.OpMembershipGet, in.path("membership"))
	if err != nil {
		return page{}, err
	}
	if err := d.authority.Leave(ctx, in.caller, j.ID); err != nil {
		if err := in.form.take(err, nil); err != nil {
			return page{}, err
		}
		p, err := d.leavePage(ctx, in)
		return again(p, in.form), err
	}
	d.tell(ctx, "success", "You have left "+j.Account.Name+".")
	return seeOther(membershipsPath), nil
}
