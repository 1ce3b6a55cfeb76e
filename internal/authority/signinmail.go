package authority

import (
	"context"
	"fmt"
)

// tellOfSignIn mails a user that somebody signed in from a browser that was not
// known. Nobody waits for it.
func (a *Authority) tellOfSignIn(ctx context.Context, c *Caller, u *User) {
	a.tellUser(ctx, u, "A new sign-in", fmt.Sprintf(
		"Somebody, probably you, signed in at %s from a browser that you had not used there before.\n\n  %s\n\n"+
			"If it was not you, change your password: that ends all sessions.\n", a.base(), c.whence()))
}

// tellOfGuesses mails a user that somebody who has their password guesses at
// codes, once in a while.
func (a *Authority) tellOfGuesses(ctx context.Context, c *Caller, u *User) {
	if a.limits.told.take(u.ID, a.clock()) > 0 {
		return
	}
	a.tellUser(ctx, u, "Somebody may have your password", fmt.Sprintf(
		"At %s somebody gave your password, and then too many wrong codes.\n\n  %s\n\n"+
			"If it was not you, change your password. They did not get in.\n", a.base(), c.whence()))
}

func (a *Authority) tellUser(ctx context.Context, u *User, subject, text string) {
	if a.mailer == nil {
		return
	}
	ctx, to := context.WithoutCancel(ctx), u.Email
	a.background.Go(func() { a.tell(ctx, to, subject, text) })
}

// whence is when and from where a request came, for people.
func (c *Caller) whence() string {
	from := "an address that is not known"
	if c.addr.IsValid() {
		from = c.addr.String()
	}
	return c.now.UTC().Format("2 January 2006, 15:04 MST") + ", from " + from
}
