package authority

import (
	"context"
	"fmt"
	"time"
)

// Mailer sends mail. An error means that it did not go out; that it arrives
// nobody can say.
type Mailer interface {
	Send(ctx context.Context, to, subject, text string) error
}

// mailTimeout bounds what a request waits for the mail server.
const mailTimeout = 20 * time.Second

// Sent is what became of a link: it went out by mail, or, where no mail server
// is configured, is handed to whoever asked for it.
type Sent struct {
	URL       string // "" when it was mailed, or there is none
	Mailed    bool
	Failed    bool // the mail did not go out; the link can be asked for again
	ExpiresOn time.Time
}

// send hands a link on: by mail to whom it is for where that is possible, since
// then it also shows whose the address is. nil is no link.
func (a *Authority) send(ctx context.Context, l *newLink, to string) Sent {
	if l == nil {
		return Sent{}
	}
	url := a.linkURL(l)
	if a.mailer == nil {
		return Sent{URL: url, ExpiresOn: l.ExpiresOn}
	}
	subject, text := "You are invited", "You are invited to "+a.base()+".\n\nChoose a password here:\n\n  "
	if l.Kind == LinkPasswordReset {
		subject, text = "Choose a new password", "Somebody, perhaps you, asked for a new password at "+a.base()+".\n\nChoose one here:\n\n  "
	}
	text += fmt.Sprintf("%s\n\nThe link works once, until %s.\n", url, l.ExpiresOn.Format("2 January 2006, 15:04 MST"))
	ok := a.tell(ctx, to, subject, text)
	return Sent{Mailed: ok, Failed: !ok, ExpiresOn: l.ExpiresOn}
}

// tell sends a mail where that is configured, and reports whether it went out.
// The text may hold a link and is never logged.
func (a *Authority) tell(ctx context.Context, to, subject, text string) bool {
	if a.mailer == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	if err := a.mailer.Send(ctx, to, subject, text); err != nil {
		a.log.Error("send mail", "subject", subject, "err", err)
		return false
	}
	return true
}

// linkURL is where a link leads. The secret is in its path because that is what
// people can follow; the page there sends it on in a body.
func (a *Authority) linkURL(l *newLink) string {
	path := "/invitations/"
	if l.Kind == LinkPasswordReset {
		path = "/reset/"
	}
	return a.base() + path + l.secret.Reveal()
}

func (a *Authority) base() string {
	if a.publicURL == nil {
		return ""
	}
	return a.publicURL()
}
