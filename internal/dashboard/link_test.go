package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

const newPassword = "correct horse battery"

// TestAnInvitationIsFollowed: looking at it does nothing, a fault loses nothing,
// and the key is shown once.
func TestAnInvitationIsFollowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	_, link, err := w.authority.CreateUser(t.Context(), w.authority.System("test"), "dora@example.com")
	if err != nil {
		t.Fatal(err)
	}
	path := strings.TrimPrefix(link.URL, w.http.URL)
	secret := path[strings.LastIndexByte(path, '/')+1:]
	b := w.browser()
	for range 2 {
		a := b.get(path)
		a.wants(t, 200, "dora@example.com")
		checkPage(t, "invitation", a.body)
		if got := a.header.Get("Referrer-Policy"); got != "strict-origin" {
			t.Errorf("Referrer-Policy is %q", got)
		}
	}
	form := url.Values{"secret": {secret}, "password": {"short"}, "repeat": {"short"}, "first_name": {"Dora & Co"}}
	a := b.post("/invitations", form)
	a.wants(t, 422, "f-password-error", "Dora &amp; Co", secret)
	checkPage(t, "invitation, failed", a.body)
	form["password"], form["repeat"] = []string{newPassword}, []string{newPassword}
	a = b.post("/invitations", form)
	a.wants(t, 200, "Your API key")
	checkPage(t, "welcome", a.body)
	b.get("/accounts").wants(t, 200, "dora@example.com")
	b.post("/invitations", form).wants(t, 404, "does not work any more")
	w.browser().get(path).wants(t, 404, "does not work any more")
	if strings.Contains(w.log.String(), secret) {
		t.Error("the secret is in the log")
	}
	events, err := w.store.Events(t.Context(), authority.EventQuery{}, 100)
	if err != nil || len(events) == 0 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for _, e := range events {
		if strings.Contains(e.Request.URI, secret) {
			t.Errorf("the secret is in the event %s", e.Action)
		}
	}
}

func TestALinkForANewPasswordIsFollowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	link, err := w.authority.PasswordReset(t.Context(), w.authority.System("test"), adminEmail)
	if err != nil {
		t.Fatal(err)
	}
	old, b := w.signedIn(), w.browser()
	path := strings.TrimPrefix(link.URL, w.http.URL)
	a := b.get(path)
	a.wants(t, 200, adminEmail)
	checkPage(t, "reset", a.body)
	form := url.Values{"secret": {path[strings.LastIndexByte(path, '/')+1:]}, "password": {newPassword}, "repeat": {"other"}}
	b.post("/reset", form).wants(t, 422, "f-repeat-error")
	form.Set("repeat", newPassword)
	b.post("/reset", form).leads(t, "/")
	b.get("/accounts").wants(t, 200, "Your password is changed")
	old.get("/accounts").leads(t, "/sign-in?next=%2Faccounts")
	b.get(path).wants(t, 404, "does not work any more", "/password/forgot")
}

func TestForgettingAPasswordWithoutMailSaysWhatToDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.browser()
	b.get("/password/forgot").wants(t, 200, "tokenward user reset-password")
	b.post("/password/forgot", url.Values{"email": {adminEmail}}).wants(t, 200, "If the address is a user")
	b.post("/password/forgot", url.Values{}).wants(t, http.StatusUnprocessableEntity)
}
