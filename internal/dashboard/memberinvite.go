package dashboard

import (
	"context"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
)

// inviteData is what the form of an invitation shows.
type inviteData struct {
	Grants grantChoices
	Mail   bool // invitations go out by mail
}

func (d *Dashboard) invitePage(ctx context.Context, in *request) (page, error) {
	f := newForm()
	f.Set("on", "account")
	f.Set("zones", "some")
	return d.inviteForm(ctx, in, f)
}

func (d *Dashboard) inviteForm(ctx context.Context, in *request, f *form) (page, error) {
	choices, err := d.grantChoices(ctx, in)
	if err != nil {
		return page{}, err
	}
	p := show("invite", "Invite a member", inviteData{Grants: choices, Mail: d.authority.SendsMail()})
	p.nav, p.form = in.membersPath(), f
	return p, nil
}

// invite adds a member. Everything that the form itself shows to be wrong is
// found before anything is written.
func (d *Dashboard) invite(ctx context.Context, in *request) (page, error) {
	f := in.form
	if f.Trimmed("email") == "" {
		f.fail("email", "Enter an e-mail address.")
	}
	draft, err := d.readGrants(ctx, in)
	if err == nil && !f.Failed() {
		draft.Email = f.Trimmed("email")
		var got authority.Invited
		if got, err = d.authority.Invite(ctx, in.caller, in.account.ID, draft); err == nil {
			return d.invited(ctx, in, &got)
		}
	}
	if err := takeMember(f, err); err != nil {
		return page{}, err
	}
	p, err := d.inviteForm(ctx, in, f)
	return again(p, f), err
}

// inviteAgain sends another link to who has not answered, with a week's time to
// do so; the link before stays good until its time is over.
func (d *Dashboard) inviteAgain(ctx context.Context, in *request) (page, error) {
	m, err := d.member(ctx, in)
	if err != nil {
		return page{}, err
	}
	if m.Status == authority.MembershipAccepted {
		return page{}, &authority.Error{Code: authority.CodeInvalid, Message: "the invitation was accepted already"}
	}
	got, err := d.authority.Invite(ctx, in.caller, in.account.ID, authority.MemberDraft{
		Email: m.User.Email, Roles: m.Roles, Policies: m.Policies,
	})
	if err != nil {
		if err := takeMember(in.form, err); err != nil {
			return page{}, err
		}
		return d.memberWith(ctx, in, m, in.form, "again")
	}
	return d.invited(ctx, in, &got)
}

// handedLink is the link of an invitation for whoever invited, once.
type handedLink struct {
	Email, URL string
	ExpiresOn  time.Time
}

// invited says what became of an invitation.
func (d *Dashboard) invited(ctx context.Context, in *request, got *authority.Invited) (page, error) {
	email := got.Member.User.Email
	switch {
	case got.Link.URL != "":
		p := show("invited", "Hand this link to "+email, handedLink{email, got.Link.URL, got.Link.ExpiresOn})
		p.nav, p.secret = in.membersPath(), true
		return p, nil
	case got.Link.Failed:
		d.tell(ctx, "warning", email+" is invited, but the mail could not be sent. Send the invitation again later.")
	case got.Link.Mailed, d.authority.SendsMail():
		d.tell(ctx, "success", email+" is invited. The invitation is on its way by mail.")
	default:
		d.tell(ctx, "success", email+" is invited. The invitation waits for them under Accounts, once they sign in: tell them, for no mail is sent from here.")
	}
	return seeOther(in.membersPath() + "/" + got.Member.ID), nil
}
