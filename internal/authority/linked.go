package authority

import "context"

// LinkedUser is the user that a link leads to: whoever holds it may know, since
// they can set that user's password. Looking does not use the link up.
//
// Errors: CodeNotFound as AcceptInvitation.
func (a *Authority) LinkedUser(ctx context.Context, c Caller, kind LinkKind, secret string) (User, error) {
	u, _, err := a.follow(ctx, a.store, &c, kind, secret)
	return u, err
}

// SendsMail reports whether there is a way to send mail.
func (a *Authority) SendsMail() bool { return a.mailer != nil }
