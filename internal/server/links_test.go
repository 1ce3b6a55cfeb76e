package server_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
)

const password = "correct horse battery" // of whoever chooses one in these tests

// invited invites an address to account 1 and gives the link's token.
func (w *world) invited(t *testing.T, email string, roles ...string) (token, member string) {
	t.Helper()
	a := w.ok(t, w.key("alice"), "POST", w.members(), obj{"email": email, "roles": roles})
	var m struct {
		ID, Status string
		Link       string `json:"invitation_link"`
	}
	a.decode(t, &m)
	_, token, ok := strings.Cut(m.Link, "/invitations/")
	if !ok || m.Status != "pending" {
		t.Fatalf("the invitation is %+v", m)
	}
	return token, m.ID
}

const acceptPath, resetPath = "/tokenward/invitations/accept", "/tokenward/password/reset"

// accept follows an invitation as nobody.
func accept(token string) obj {
	return obj{"token": token, "password": password, "first_name": "Dora", "last_name": "Doe"}
}

// TestAnInvitationMakesAUser: the link works once, is kept as a digest, and is in
// no event.
func TestAnInvitationMakesAUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	link, member := w.invited(t, "Dora@Example.com", dnsRole)
	w.do(t, nil, "POST", resetPath, obj{"token": link, "password": password}, 404, 1003)
	a := w.ok(t, stranger(), "POST", acceptPath, accept(link)) // a stale credential is not looked at
	var u struct {
		ID, Email string
		Key       string `json:"api_key"`
	}
	a.decode(t, &u)
	dora := func(h http.Header) { h.Set("X-Auth-Email", u.Email); h.Set("X-Auth-Key", u.Key) }
	w.ok(t, dora, "GET", w.records("A"), nil)
	if u.Email != "dora@example.com" {
		t.Errorf("the user is %+v", u)
	}
	w.do(t, nil, "POST", acceptPath, accept(link), 404, 1003)
	var m struct {
		Status string
		User   struct {
			First string `json:"first_name"`
		}
	}
	a = w.ok(t, w.key("alice"), "GET", w.members(member), nil)
	a.decode(t, &m)
	if m.Status != "accepted" || m.User.First != "Dora" {
		t.Errorf("the member is %s", clip(a.raw))
	}
	row, err := w.store.User(t.Context(), u.ID)
	if err != nil || !authority.CheckPassword(row.PasswordHash, password) {
		t.Errorf("the password is not the one that was chosen: %v", err)
	}
	for _, action := range []string{"user_create", "user_accept", "member_add", "member_update"} {
		w.happened(t, action, "", link, u.Key, password, row.PasswordHash)
	}
}

func TestLinksThatAreOverAreLikeThoseThatNeverWere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	late, _ := w.invited(t, "late@example.com", dnsRole)
	gone, member := w.invited(t, "gone@example.com", dnsRole)
	w.ok(t, w.key("alice"), "DELETE", w.members(member), nil)
	w.do(t, nil, "POST", acceptPath, accept(gone), 404, 1003)
	w.do(t, nil, "POST", acceptPath, accept(""), 404, 1003)
	w.do(t, nil, "POST", acceptPath, accept(gone[:len(gone)-1]+"0"), 404, 1003)
	w.clock.add(7*24*time.Hour - time.Second)
	a := w.do(t, nil, "POST", acceptPath, obj{"token": late, "password": "short", "first_name": strings.Repeat("x", 61)}, 400, 1001)
	if len(a.envelope.Errors) != 2 {
		t.Errorf("both faults should be named: %s", clip(a.raw))
	}
	w.clock.add(time.Second)
	w.do(t, nil, "POST", acceptPath, accept(late), 404, 1003)
}

func TestOfTwoWhoAcceptAtOnceOneWins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	link, _ := w.invited(t, "twice@example.com", dnsRole)
	var mu sync.Mutex
	var wg sync.WaitGroup
	won := 0
	for range 4 {
		wg.Go(func() {
			system := w.authority.System("test")
			if _, _, _, err := w.authority.AcceptInvitation(t.Context(), system, link, authority.Newcomer{Password: password}); err == nil {
				mu.Lock()
				won++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d accepted", won)
	}
}

// TestAResetLinkWorksOnceForAnHour: of several the rest die with the first that
// is used. Tokens and keys stay.
func TestAResetLinkWorksOnceForAnHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	reset := func() string {
		s, err := w.authority.PasswordReset(t.Context(), w.authority.System("test"), w.emails["bob"])
		if err != nil {
			t.Fatal(err)
		}
		_, token, _ := strings.Cut(s.URL, "/reset/")
		return token
	}
	first, second := reset(), reset()
	w.do(t, nil, "POST", acceptPath, accept(first), 404, 1003)
	w.do(t, nil, "POST", resetPath, obj{"token": first, "password": "short"}, 400, 1001)
	w.ok(t, nil, "POST", resetPath, obj{"token": first, "password": password})
	for _, used := range []string{first, second} {
		w.do(t, nil, "POST", resetPath, obj{"token": used, "password": password}, 404, 1003)
	}
	w.ok(t, w.key("bob"), "GET", "/user", nil)
	late := reset()
	w.clock.add(time.Hour)
	w.do(t, nil, "POST", resetPath, obj{"token": late, "password": password}, 404, 1003)
	w.happened(t, "password_reset", w.ids["user/bob"], first, second, password)
	// Without a mail server nobody can ask for one, and nobody learns who is here.
	w.ok(t, nil, "POST", "/tokenward/password/forgot", obj{"email": w.emails["bob"]})
	w.ok(t, nil, "POST", "/tokenward/password/forgot", obj{"email": "nobody@example.com"})
}

// TestTheAPIKeyIsShownOnceAndThenOnlyChanged by its user, with the password.
func TestTheAPIKeyIsShownOnceAndThenOnlyChanged(t *testing.T) {
	t.Parallel()
	const path = "/tokenward/user/api_key"
	w := newWorld(t, config{})
	old := w.key("bob")
	mine, _ := w.token(t, old, "/user/tokens", "User Details Write", catalog.KindUser, catalog.KindUser+"."+w.ids["user/bob"])
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		w.do(t, mine, method, path, obj{"password": password}, 403, 10000)
	}
	w.do(t, old, "PUT", path, obj{"password": password}, 400, 1001) // bob has no password yet
	s, err := w.authority.PasswordReset(t.Context(), w.authority.System("test"), w.emails["bob"])
	if err != nil {
		t.Fatal(err)
	}
	_, token, _ := strings.Cut(s.URL, "/reset/")
	w.ok(t, nil, "POST", resetPath, obj{"token": token, "password": password})
	w.do(t, old, "PUT", path, obj{}, 400, 1001)
	w.do(t, old, "PUT", path, obj{"password": password + "!"}, 400, 1001)
	var key struct{ Value string }
	a := w.ok(t, old, "PUT", path, obj{"password": password})
	a.decode(t, &key)
	w.do(t, old, "GET", "/user", nil, 400, 9103)
	changed := func(h http.Header) { h.Set("X-Auth-Email", w.emails["bob"]); h.Set("X-Auth-Key", key.Value) }
	w.ok(t, changed, "GET", "/user", nil)
	a = w.ok(t, changed, "GET", path, nil)
	if strings.Contains(string(a.raw), key.Value) {
		t.Error("the key was shown again")
	}
	w.happened(t, "api_key_change", w.ids["user/bob"], key.Value, password)

	if _, err := w.authority.SwitchKey(t.Context(), w.authority.System("test"), w.emails["bob"], false); err != nil {
		t.Fatal(err)
	}
	w.do(t, changed, "GET", "/user", nil, 400, 9103)
	w.ok(t, mine, "GET", "/user", nil)
	if _, err := w.authority.SwitchKey(t.Context(), w.authority.System("test"), w.emails["bob"], true); err != nil {
		t.Fatal(err)
	}
	w.ok(t, changed, "DELETE", path, nil)
	w.do(t, changed, "GET", "/user", nil, 400, 9103)
}

// TestAUserWhoIsSuspendedOrDeletedIsLocked out with every credential, and account
// tokens go on.
func TestAUserWhoIsSuspendedOrDeletedIsLockedOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	w.hasRole(t, "carol", administrator)
	mine, _ := w.token(t, w.key("carol"), "/user/tokens", "DNS Write", catalog.KindZone, w.accountKey("1"))
	ours, _ := w.token(t, w.key("carol"), w.accountTokens(), "DNS Write", catalog.KindZone, w.accountKey("1"))
	system := w.authority.System("test")
	works := func(want bool) {
		t.Helper()
		if want {
			w.ok(t, mine, "GET", w.records("A"), nil)
			w.ok(t, w.key("carol"), "GET", "/user", nil)
		} else {
			w.do(t, mine, "GET", w.records("A"), nil, 403, 9109)
			w.do(t, w.key("carol"), "GET", "/user", nil, 400, 9103)
		}
		w.ok(t, ours, "GET", w.records("A"), nil)
	}
	w.hear()
	works(true)
	for _, suspended := range []bool{true, false} {
		if _, err := w.authority.SuspendUser(t.Context(), system, w.emails["carol"], suspended); err != nil {
			t.Fatal(err)
		}
		works(!suspended)
	}
	if err := w.authority.DeleteUser(t.Context(), system, w.emails["carol"]); err != nil {
		t.Fatal(err)
	}
	works(false)
	if got := rowIDs(t, w.ok(t, w.key("alice"), "GET", w.members()+"?status=accepted", nil)); len(got) != 2 {
		t.Errorf("the members left are %v", got)
	}
	for _, action := range []string{"user_suspend", "user_unsuspend", "user_delete", "member_remove", "token_revoke"} {
		w.happened(t, action, "")
	}
}

// postbox is a mail server that keeps what it is given.
type postbox struct{ mail chan [3]string }

func (p postbox) Send(_ context.Context, to, subject, text string) error {
	p.mail <- [3]string{to, subject, text}
	return nil
}

// linkIn finds the token of a link in a mail to an address.
func (p postbox) linkIn(t *testing.T, to, path string) string {
	t.Helper()
	m := <-p.mail
	_, rest, ok := strings.Cut(m[2], path)
	if m[0] != to || !ok {
		t.Fatalf("the mail is %q", m)
	}
	return strings.Fields(rest)[0]
}

// TestWithAMailServerNobodySeesALinkButItsRecipient: not even who invites, who
// could otherwise become whoever they like.
func TestWithAMailServerNobodySeesALinkButItsRecipient(t *testing.T) {
	t.Parallel()
	box := postbox{make(chan [3]string, 10)}
	w := newWorld(t, config{mailer: box})
	a := w.ok(t, w.key("alice"), "POST", w.members(), obj{"email": "erin@example.com", "roles": []string{dnsRole}})
	link := box.linkIn(t, "erin@example.com", "/invitations/")
	if strings.Contains(string(a.raw), link) || strings.Contains(string(a.raw), "invitation_link") {
		t.Errorf("the answer holds the link: %s", clip(a.raw))
	}
	w.ok(t, nil, "POST", acceptPath, accept(link))
	const forgot = "/tokenward/password/forgot"
	w.ok(t, nil, "POST", forgot, obj{"email": "nobody@example.com"})
	w.ok(t, nil, "POST", forgot, obj{"email": " Erin@example.com"})
	w.ok(t, nil, "POST", resetPath, obj{"token": box.linkIn(t, "erin@example.com", "/reset/"), "password": password + "!"})
	if n := len(box.mail); n != 0 {
		t.Errorf("%d more mails were sent", n)
	}
}

// TestAMailboxIsNotFilledByStrangers: no more links for a new password than a
// few at a time.
func TestAMailboxIsNotFilledByStrangers(t *testing.T) {
	t.Parallel()
	box := postbox{make(chan [3]string, 10)}
	w := newWorld(t, config{mailer: box})
	for range 3 {
		w.ok(t, nil, "POST", "/tokenward/password/forgot", obj{"email": w.emails["bob"]})
		box.linkIn(t, w.emails["bob"], "/reset/")
	}
	w.ok(t, nil, "POST", "/tokenward/password/forgot", obj{"email": w.emails["bob"]})
	w.hear() // waits for what goes on behind answers
	if n := len(box.mail); n != 0 {
		t.Error("a fourth was sent")
	}
}
