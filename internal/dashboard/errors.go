package dashboard

import (
	"context"
	"errors"
	"net/http"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
)

// message is a page that only says something.
type message struct {
	Text        string
	Detail      string
	RequestID   string // shown where a failure is worth reporting
	Link, Label string // what to do next; "" for nothing
}

// errNowhere is a page that is not there.
var errNowhere = &authority.Error{Code: authority.CodeNotFound, Message: "there is no such page"}

func nowhere(context.Context, *request) (page, error) { return page{}, errNowhere }

func wrongMethod(context.Context, *request) (page, error) {
	p := show("message", "This cannot be done here", message{
		Text: "The page does not answer requests of this kind.", Link: "/", Label: "Go to the start page",
	})
	p.status = http.StatusMethodNotAllowed
	return p, nil
}

// crossOrigin refuses a form that another site sent.
func crossOrigin(context.Context, *request) (page, error) {
	p := show("message", "The form came from elsewhere", message{
		Text: "Another site sent this form, so nothing was done. If it was this page, the address in your browser is not the one that the server knows: see --public-url.",
		Link: "/", Label: "Go to the start page",
	})
	p.status = http.StatusForbidden
	return p, nil
}

// signedOut answers a form whose session ended while it was filled in: what is
// in it is not lost.
func signedOut() page {
	p := show("signedout", "You are signed out", nil)
	p.status = http.StatusForbidden
	return p
}

// failure makes a page of an error.
func (d *Dashboard) failure(in *request, err error) page {
	title, m := "Something went wrong", message{Link: "/", Label: "Go to the start page"}
	if in.account != nil { // back to where the reader was
		m.Link, m.Label = "/"+in.account.ID+"/api-tokens", "Go to the tokens of "+in.account.Name
	}
	code, text := codeOf(err)
	var long *http.MaxBytesError
	status := http.StatusInternalServerError
	switch {
	case errors.As(err, &long):
		status, title, m.Text = http.StatusRequestEntityTooLarge, "This is too much", "More was sent than the page takes."
	case code == authority.CodeNotFound:
		status, title, m.Text = http.StatusNotFound, "Not here", sentence(text)
		m.Detail = "It may be gone, or is not for you to see."
	case code == authority.CodeForbidden:
		status, title, m.Text = http.StatusForbidden, "You may not do this", "Your roles do not allow it. Whoever manages the account's members can change that."
	case code == authority.CodeConflict:
		status, title, m.Text = http.StatusConflict, "Somebody was faster", "It was changed at the same time. Look at it again, then try again."
	case code == authority.CodeInvalid, code == authority.CodeExists, code == authority.CodeQuota:
		status, title, m.Text = http.StatusBadRequest, "This cannot be done", sentence(text)
	case code == authority.CodeTooMany:
		status, title, m.Text = http.StatusTooManyRequests, "Too often", sentence(text)
	case code == authority.CodeUnavailable:
		status, title, m.Text = http.StatusServiceUnavailable, "Not now", "The request could not be carried out now. Try again in a moment."
		m.RequestID = in.id
	default:
		m.Text, m.RequestID = "The fault is ours. It was written to the server's log.", in.id
	}
	p := show("message", title, m)
	p.status = status
	return p
}

// codeOf classes an error, with its sentence for the reader.
func codeOf(err error) (authority.Code, string) {
	var own *authority.Error
	var record *dns.Error
	var no *dns.Forbidden
	switch {
	case errors.As(err, &own):
		text := own.Message
		if len(own.Faults) > 0 {
			text = own.Faults[0].Message
		}
		return own.Code, text
	case errors.As(err, &record):
		return record.Code, record.Message
	case errors.As(err, &no):
		return authority.CodeForbidden, no.Error()
	}
	return authority.CodeInternal, ""
}
