package dashboard

import (
	"context"

	"github.com/tokenward/tokenward/internal/authority"
)

// The pages of links: an invitation, a password that was forgotten. Looking at
// one does nothing, for mail scanners look at links too. The secret goes from
// the address into the form, and is in the address of no page after it.
func (d *Dashboard) linkRoutes() []route {
	return []route{
		{pattern: "GET /invitations/{secret}", page: d.invitationPage, open: true},
		{pattern: "POST /invitations", page: d.acceptInvitation, open: true},
		{pattern: "GET /password/forgot", page: d.forgotPage, open: true},
		{pattern: "POST /password/forgot", page: d.forgot, open: true},
		{pattern: "GET /reset/{secret}", page: d.resetPage, open: true},
		{pattern: "POST /reset", page: d.reset, open: true},
	}
}

// linked is what the form of a link's page holds.
type linked struct {
	Secret string
	Email  string // whose link it is
	Min    int    // characters of a password
}

// linkForm is the page of a link. One that leads nowhere says so.
func (d *Dashboard) linkForm(ctx context.Context, in *request, kind authority.LinkKind, secret string) (page, error) {
	u, err := d.authority.LinkedUser(ctx, in.caller, kind, secret)
	if code, _ := codeOf(err); err != nil && code == authority.CodeNotFound {
		return deadLink(kind), nil
	}
	if err != nil {
		return page{}, err
	}
	p := show("reset", "Choose a new password", nil)
	if kind == authority.LinkInvitation {
		p = show("invitation", "Welcome", nil)
	}
	p.data = linked{Secret: secret, Email: u.Email, Min: authority.MinPassword}
	p.bare, p.secret = true, true
	return p, nil
}

// deadLink is the page of a link that never was, was used or has expired, which
// is one answer.
func deadLink(kind authority.LinkKind) page {
	m := message{
		Text: "It was used already, or its time is over. Whoever invited you can send another invitation. If you have chosen a password, sign in.",
		Link: "/sign-in", Label: "Sign in",
	}
	if kind == authority.LinkPasswordReset {
		m.Text, m.Link, m.Label = "It was used already, or its time is over. A link works once, for an hour.", "/password/forgot", "Ask for another"
	}
	p := show("message", "This link does not work any more", m)
	p.status, p.bare, p.secret = 404, true, true
	return p
}

func (d *Dashboard) invitationPage(ctx context.Context, in *request) (page, error) {
	return d.linkForm(ctx, in, authority.LinkInvitation, in.path("secret"))
}

// newcomer is what a new user is shown: their API key, once.
type newcomer struct{ Email, Key string }

// acceptInvitation makes the user and signs them in, who have just chosen the
// password.
func (d *Dashboard) acceptInvitation(ctx context.Context, in *request) (page, error) {
	f := in.form
	if !samePasswords(f) {
		return d.linkAgain(ctx, in, authority.LinkInvitation, nil)
	}
	u, got, key, err := d.authority.AcceptInvitation(ctx, in.caller, f.Get("secret"), authority.Newcomer{
		Password: f.Get("password"), FirstName: f.Trimmed("first_name"), LastName: f.Trimmed("last_name"),
	})
	if err != nil {
		return d.linkAgain(ctx, in, authority.LinkInvitation, err)
	}
	if err := d.enter(ctx, got.UserID, got.Epoch); err != nil {
		return page{}, err
	}
	d.rememberDevice(in, got.Device)
	p := show("welcome", "You are in", newcomer{Email: u.Email, Key: key.Reveal()})
	p.bare, p.secret = true, true
	return p, nil
}

// linkAgain shows the form of a link again, with what was wrong.
func (d *Dashboard) linkAgain(ctx context.Context, in *request, kind authority.LinkKind, err error) (page, error) {
	if code, _ := codeOf(err); err != nil && code == authority.CodeNotFound {
		return deadLink(kind), nil
	}
	if err != nil {
		err = in.form.take(err, map[string]string{"/password": "password", "/first_name": "first_name", "/last_name": "last_name"})
	}
	if err != nil {
		return page{}, err
	}
	p, err := d.linkForm(ctx, in, kind, in.form.Get("secret"))
	if err != nil || p.status != 0 {
		return p, err
	}
	return again(p, in.form), nil
}

// samePasswords reports whether both passwords of a form are the same.
func samePasswords(f *form) bool {
	if f.Get("password") == f.Get("repeat") {
		return true
	}
	f.fail("repeat", "The two passwords are not the same.")
	return false
}

func (d *Dashboard) resetPage(ctx context.Context, in *request) (page, error) {
	return d.linkForm(ctx, in, authority.LinkPasswordReset, in.path("secret"))
}

func (d *Dashboard) reset(ctx context.Context, in *request) (page, error) {
	if !samePasswords(in.form) {
		return d.linkAgain(ctx, in, authority.LinkPasswordReset, nil)
	}
	_, got, err := d.authority.ResetPassword(ctx, in.caller, in.form.Get("secret"), in.form.Get("password"))
	if err != nil {
		return d.linkAgain(ctx, in, authority.LinkPasswordReset, err)
	}
	if got.NeedsCode {
		return d.askCode(ctx, in, got)
	}
	p, err := d.arrived(ctx, in, got)
	d.tell(ctx, "success", "Your password is changed, and you are signed in. Every other session of yours is signed out.")
	return p, err
}

func (d *Dashboard) forgotPage(context.Context, *request) (page, error) { return d.forgotForm(), nil }

// forgotForm says by its data whether mail can be sent.
func (d *Dashboard) forgotForm() page {
	p := show("forgot", "A new password", d.authority.SendsMail())
	p.bare = true
	return p
}

// forgot answers the same whoever's the address is, if anybody's.
func (d *Dashboard) forgot(ctx context.Context, in *request) (page, error) {
	email := in.form.Trimmed("email")
	if email == "" {
		in.form.fail("email", "Enter your e-mail address.")
		return again(d.forgotForm(), in.form), nil
	}
	if d.authority.SendsMail() {
		d.authority.ForgotPassword(ctx, in.caller, email)
	}
	p := show("message", "Look into your mail", message{
		Text: "If the address is a user's, a link to choose a new password is on its way to it. It works once, for an hour.",
		Link: "/sign-in", Label: "Back to signing in",
	})
	p.bare = true
	return p, nil
}
