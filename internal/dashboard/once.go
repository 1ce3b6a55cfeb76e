package dashboard

import (
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
)

// onceField is the hidden field that tells one filling in of a form from
// another, and maxDone how many that were carried out a session remembers.
const (
	onceField = "once"
	maxDone   = 50
)

// newOnce is a value of onceField.
func newOnce() string { return rand.Text() }

// sentBefore reports whether this form was carried out already, which is so
// when an answer that showed a secret is loaded again.
func (d *Dashboard) sentBefore(ctx context.Context, in *request) (bool, error) {
	nonce := in.form.Get(onceField)
	if len(nonce) != len(newOnce()) || strings.Contains(nonce, " ") {
		return false, errNoForm
	}
	return slices.Contains(strings.Fields(d.sessions.GetString(ctx, keyDone)), nonce), nil
}

// carriedOut remembers a form.
func (d *Dashboard) carriedOut(ctx context.Context, in *request) {
	done := append(strings.Fields(d.sessions.GetString(ctx, keyDone)), in.form.Get(onceField))
	d.sessions.Put(ctx, keyDone, strings.Join(done[max(0, len(done)-maxDone):], " "))
}

// sentTwice answers a form that was carried out already.
func sentTwice() page {
	p := show("message", "This was done already", message{
		Text: "The form was sent before, and was carried out then. Nothing was done this time. A secret that the answer showed is not shown again.",
		Link: "/", Label: "Go to the start page",
	})
	p.status = http.StatusConflict
	return p
}
