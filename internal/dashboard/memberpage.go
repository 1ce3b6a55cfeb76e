package dashboard

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/policy"
)

// memberData is what a member's page shows.
type memberData struct {
	memberRow
	Grants grantChoices // of the form
	// Policies are shown instead of the form where it cannot express them.
	Policies []shownPolicy
	Part     string // the form that failed: "grants", "api" or "again"
}

// shownPolicy is a policy of a member in full.
type shownPolicy struct {
	Allow  bool
	Roles  []string
	Places []shownPlace
}

// shownPlace is a resource group, with what it holds.
type shownPlace struct {
	Name    string
	Objects []string
}

func (d *Dashboard) memberPage(ctx context.Context, in *request) (page, error) {
	m, err := d.member(ctx, in)
	if err != nil {
		return page{}, err
	}
	return d.memberWith(ctx, in, m, nil, "")
}

// member reads the one in the path.
func (d *Dashboard) member(ctx context.Context, in *request) (authority.Member, error) {
	return d.authority.Member(ctx, in.caller, in.account.ID, in.path("member"))
}

// memberWith is a member's page, with the form of one part as it failed, or with
// what the member has.
func (d *Dashboard) memberWith(ctx context.Context, in *request, m authority.Member, f *form, part string) (page, error) {
	data := memberData{memberRow: d.memberRow(in, m, 20), Part: part}
	shown := newForm()
	expressible := grantsOf(shown, &m)
	if !expressible {
		data.Policies = d.shownPolicies(&m)
	}
	shown.Set("api_access", apiChoice(m.APIAccess))
	var err error
	if data.Grants, err = d.grantChoices(ctx, in); err != nil {
		return page{}, err
	}
	p := show("member", m.User.Email, data)
	p.nav, p.form = in.membersPath(), shown
	switch {
	case f == nil:
		return p, nil
	case part == "grants":
		f.Set("api_access", apiChoice(m.APIAccess))
		return again(p, f), nil
	case part == "api":
		shown.Set("api_access", f.Get("api_access"))
	}
	shown.Problem = f.Problem
	return again(p, shown), nil
}

func (d *Dashboard) shownPolicies(m *authority.Member) []shownPolicy {
	groups := append([]authority.ResourceGroup{authority.WholeAccount(m.AccountID)}, m.Groups...)
	var out []shownPolicy
	for _, p := range m.Policies {
		s := shownPolicy{Allow: p.Effect == policy.Allow}
		for _, id := range p.Groups {
			s.Roles = append(s.Roles, d.roleName(id))
		}
		for _, id := range p.ResourceGroups {
			at := slices.IndexFunc(groups, func(g authority.ResourceGroup) bool { return g.ID == id })
			switch {
			case id == m.AccountID:
				s.Places = append(s.Places, shownPlace{Name: "The whole account"})
			case at < 0:
				s.Places = append(s.Places, shownPlace{Name: "A resource group that is gone", Objects: []string{id}})
			default:
				s.Places = append(s.Places, shownPlace{groups[at].Name, groups[at].Objects})
			}
		}
		out = append(out, s)
	}
	return out
}

// changeMember gives a member other roles.
func (d *Dashboard) changeMember(ctx context.Context, in *request) (page, error) {
	m, err := d.member(ctx, in)
	if err != nil {
		return page{}, err
	}
	draft, err := d.readGrants(ctx, in)
	if err == nil && !in.form.Failed() {
		_, err = d.authority.UpdateMember(ctx, in.caller, in.account.ID, m.ID, draft)
	}
	if err == nil && !in.form.Failed() {
		d.tell(ctx, "success", "The roles of "+m.User.Email+" are changed.")
		return seeOther(in.membersPath() + "/" + m.ID), nil
	}
	if err := takeMember(in.form, err); err != nil {
		return page{}, err
	}
	return d.memberWith(ctx, in, m, in.form, "grants")
}

// switchAPIAccess keeps what the member has and says whether their tokens and
// key work here.
func (d *Dashboard) switchAPIAccess(ctx context.Context, in *request) (page, error) {
	m, err := d.member(ctx, in)
	if err != nil {
		return page{}, err
	}
	choice := map[string]authority.Choice{"on": authority.On, "off": authority.Off}[in.form.Get("api_access")]
	_, err = d.authority.UpdateMember(ctx, in.caller, in.account.ID, m.ID, authority.MemberDraft{
		Roles: m.Roles, Policies: m.Policies, APIAccess: choice, SetAPIAccess: true,
	})
	if err != nil {
		if err := takeMember(in.form, err); err != nil {
			return page{}, err
		}
		return d.memberWith(ctx, in, m, in.form, "api")
	}
	d.tell(ctx, "success", "The API access of "+m.User.Email+" is changed.")
	return seeOther(in.membersPath() + "/" + m.ID), nil
}

func apiChoice(c authority.Choice) string {
	return map[authority.Choice]string{authority.On: "on", authority.Off: "off"}[c]
}

// takeMember is form.take for forms about members: what is wrong with one of the
// roles stands with the roles, and who may not is told in the form, so that
// nothing typed is lost.
func takeMember(f *form, err error) error {
	if err == nil {
		return nil
	}
	var own *authority.Error
	if errors.As(err, &own) && own.Code == authority.CodeForbidden {
		f.problem("your roles do not allow this. Only a Super Administrator changes API access, or who is Super Administrator; and nobody gives more than they hold")
		return nil
	}
	for i, fault := range causes(own) {
		if strings.HasPrefix(fault.Pointer, "/policies/") && strings.Contains(fault.Pointer, "/permission_groups") {
			own.Faults[i].Pointer = "/domain_roles"
		}
	}
	return f.take(err, map[string]string{
		"/email": "email", "/roles": "role", "/policies": "domain_role", "/domain_roles": "domain_role", taken: "email",
	})
}

// causes are the faults of an error, none of nil.
func causes(e *authority.Error) []policy.Fault {
	if e == nil {
		return nil
	}
	return e.Faults
}
