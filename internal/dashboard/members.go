package dashboard

import (
	"context"
	"strings"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

func (d *Dashboard) memberRoutes() []route {
	return []route{
		{pattern: "GET /{account}/members", page: d.memberList},
		{pattern: "GET /{account}/members/invite", page: d.invitePage},
		{pattern: "POST /{account}/members/invite", page: d.invite, once: true},
		{pattern: "GET /{account}/members/{member}", page: d.memberPage},
		{pattern: "POST /{account}/members/{member}", page: d.changeMember},
		{pattern: "POST /{account}/members/{member}/api-access", page: d.switchAPIAccess},
		{pattern: "POST /{account}/members/{member}/invitation", page: d.inviteAgain, once: true},
		{pattern: "GET /{account}/members/{member}/remove", page: d.removeMemberPage},
		{pattern: "POST /{account}/members/{member}/remove", page: d.removeMember},
	}
}

// membersPerPage is how many members a page of the list has.
const membersPerPage = 50

// memberListData is what the list of members shows.
type memberListData struct {
	Members       []memberRow
	Total         int
	Page, Last    int
	Query, Status string
}

// memberRow is a member in the list and at the head of their own page.
type memberRow struct {
	authority.Member
	Name    string // of who has accepted, "" when they have said none
	Given   names  // the roles
	Partly  bool   // by policies, so not on the whole account
	API     apiState
	Self    bool      // the reader
	Until   time.Time // when the invitation expires
	Expired bool
}

func (d *Dashboard) memberRow(in *request, m authority.Member, most int) memberRow {
	row := memberRow{
		Member: m, Given: namesOf(d.rolesOf(&m.Membership), most), Partly: len(m.Policies) > 0,
		API: apiStateOf(&m.Membership, in.account), Self: m.UserID == in.caller.UserID(), Until: m.ExpiresOn(),
	}
	if m.Status == authority.MembershipAccepted {
		row.Name = strings.TrimSpace(m.User.FirstName + " " + m.User.LastName)
	}
	row.Expired = m.Status == authority.MembershipPending && !in.now().Before(row.Until)
	return row
}

// memberList shows the members of the account in the path.
func (d *Dashboard) memberList(ctx context.Context, in *request) (page, error) {
	at, offset := in.pageOf(membersPerPage)
	data := memberListData{Page: at, Query: strings.TrimSpace(in.query.Get("q")), Status: in.query.Get("status")}
	q := authority.MemberQuery{
		Status: authority.MembershipStatus(data.Status), Match: memberMatch(data.Query), Offset: offset, Limit: membersPerPage,
		Less: func(a, b *authority.Member) int { return strings.Compare(a.User.Email, b.User.Email) },
	}
	rows, total, err := d.authority.Members(ctx, in.caller, in.account.ID, q)
	if err != nil {
		return page{}, err
	}
	data.Total, data.Last = total, pagesFor(total, membersPerPage)
	for _, m := range rows {
		data.Members = append(data.Members, d.memberRow(in, m, 2))
	}
	return show("members", "Members", data), nil
}

// memberMatch finds a part of the address or the name, in any case. The name of
// who has not accepted is not searched: it is not shown.
func memberMatch(part string) func(*authority.Member) bool {
	if part == "" {
		return nil
	}
	part = strings.ToLower(part)
	return func(m *authority.Member) bool {
		text := m.User.Email
		if m.Status == authority.MembershipAccepted {
			text += "\n" + m.User.FirstName + " " + m.User.LastName
		}
		return strings.Contains(strings.ToLower(text), part)
	}
}

// membersPath is the list of the account's members.
func (in *request) membersPath() string { return in.base() + "/members" }
