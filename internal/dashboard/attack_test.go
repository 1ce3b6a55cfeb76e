package dashboard_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dashboard"
)

// TestAnAccountIsClosedToWhoIsNoMember: whatever is asked for below it is not
// there, for whoever was invited and did not answer, declined, was removed while
// they were signed in, or never had to do with it.
func TestAnAccountIsClosedToWhoIsNoMember(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	super := func(email string, s authority.MembershipStatus) authority.Member {
		w.person(email)
		return w.invite(authority.MemberDraft{Email: email, Roles: []string{authority.RoleSuperAdministrator}, Status: s})
	}
	super("pending@example.com", authority.MembershipPending)
	declined := super("declined@example.com", authority.MembershipPending)
	removed := super("removed@example.com", authority.MembershipAccepted)
	w.person("stranger@example.com")
	browsers := map[string]*browser{}
	for _, who := range []string{"pending", "declined", "removed", "stranger"} {
		browsers[who] = w.as(who + "@example.com")
	}
	browsers["declined"].post("/profile/accounts/"+declined.ID+"/decline", url.Values{}).leads(t, "/profile/accounts")
	browsers["removed"].get("/"+w.made.AccountID).wants(t, 200, "First")
	if err := w.authority.RemoveMember(t.Context(), w.admin(), w.made.AccountID, removed.ID); err != nil {
		t.Fatal(err)
	}
	made, secret := w.token("deploy", nil)
	for pattern := range dashboard.Routes(w.pages) {
		method, path := w.pathOf(pattern)
		if !strings.Contains(pattern, "/{account}") {
			continue
		}
		path = strings.Replace(path, w.made.TokenID, made.ID, 1)
		for who, b := range browsers {
			var form url.Values
			if method == http.MethodPost {
				form = url.Values{"once": {strings.Repeat("A", 26)}, "name": {"x"}}
			}
			if a := b.do(b.request(method, path, form)); a.status != http.StatusNotFound {
				t.Errorf("%s: %s answers %d", who, pattern, a.status)
			}
		}
	}
	if got := w.answers(secret); got != http.StatusOK {
		t.Errorf("the token answers %d", got)
	}
}

// TestASuspendedUserIsSignedOutAtOnce in sessions that are under way.
func TestASuspendedUserIsSignedOutAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.person("ann@example.com")
	b := w.as("ann@example.com")
	b.get("/profile/api-tokens").wants(t, 200)
	if _, err := w.authority.SuspendUser(t.Context(), w.authority.System("test"), "ann@example.com", true); err != nil {
		t.Fatal(err)
	}
	b.post("/profile/accounts/"+strings.Repeat("0", 32)+"/accept", url.Values{}).wants(t, http.StatusForbidden, "You are signed out")
	b.get("/profile/api-tokens").leads(t, "/sign-in?next=%2Fprofile%2Fapi-tokens")
}

// TestWhatIsAnotherOwnersIsNotThere under one's own paths, whatever its id.
func TestWhatIsAnotherOwnersIsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.person("ann@example.com")
	w.invite(authority.MemberDraft{Email: "ann@example.com", Roles: []string{authority.RoleSuperAdministrator}, Status: authority.MembershipAccepted})
	ann := w.as("ann@example.com")
	ofAccount, secret := w.token("deploy", nil)
	for _, at := range []string{
		"/profile/api-tokens/" + w.made.TokenID, // the first user's own
		"/profile/api-tokens/" + ofAccount.ID,   // the account's
		w.tokens("/", w.made.TokenID),
	} {
		for _, verb := range []string{"", "/edit", "/roll", "/disable", "/enable", "/delete"} {
			ann.get(at+verb).wants(t, http.StatusNotFound)
		}
		for _, verb := range []string{"/edit", "/edit/form", "/edit/summary", "/roll", "/disable", "/enable", "/delete"} {
			ann.post(at+verb, url.Values{"once": {strings.Repeat("A", 26)}}).wants(t, http.StatusNotFound)
		}
	}
	admins := w.member(adminEmail)
	ann.get("/profile/accounts/"+admins.ID+"/leave").wants(t, http.StatusNotFound)
	for _, verb := range []string{"accept", "decline", "leave"} {
		ann.post("/profile/accounts/"+admins.ID+"/"+verb, url.Values{}).wants(t, http.StatusNotFound)
	}
	if got := w.answers(secret); got != http.StatusOK {
		t.Errorf("the token answers %d", got)
	}
}

// TestWhoHasNoRightsChangesNothing: every form of an account is refused to a
// member who only belongs to it, with or without what it has to hold.
func TestWhoHasNoRightsChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false, func(c *authority.Config) { c.InviteLinks = true })
	w.furnished()
	w.person("ann@example.com")
	w.invite(authority.MemberDraft{Email: "ann@example.com", Roles: []string{authority.RoleMinimalAccess}, Status: authority.MembershipAccepted})
	ann := w.as("ann@example.com")
	made, secret := w.token("deploy", nil)
	form := url.Values{
		"once": {strings.Repeat("A", 26)}, "name": {"furnished.example"}, "type": {"A"}, "content": {"192.0.2.1"}, "file": {"x 300 IN A 192.0.2.1"},
		"email": {"eve@example.com"}, "on": {"account"}, "role": {authority.RoleDNS}, "api_access": {"off"}, "add-permission": {"1"},
	}
	before := w.events()
	for pattern := range dashboard.Routes(w.pages) {
		method, path := w.pathOf(pattern)
		if method == http.MethodGet || !strings.Contains(pattern, "/{account}") {
			continue
		}
		a := ann.post(strings.Replace(path, w.made.TokenID, made.ID, 1), form)
		if a.status < 400 && !strings.HasSuffix(pattern, "/create/form") { // which only shows a form
			t.Errorf("%s answers %d to %q", pattern, a.status, a.to)
		}
	}
	if after := w.events(); after != before {
		t.Errorf("%d things were changed", after-before)
	}
	if got := w.answers(secret); got != http.StatusOK {
		t.Errorf("the token answers %d", got)
	}
}

// events is how many there are that changed something.
func (w *world) events() int {
	w.t.Helper()
	events, err := w.store.Events(w.t.Context(), authority.EventQuery{}, 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	return len(slices.DeleteFunc(events, func(e authority.Event) bool { return !e.Success }))
}

// TestAFormIsCarriedOutOnce, however many times it is sent at once.
func TestAFormIsCarriedOutOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.zone("one.example")
	b := w.signedIn()
	const path = "/profile/api-tokens/create"
	sent := filledIn(t, b.post(path+"/summary", filledIn(t, b.get(path+"/form?template=edit-zone-dns").body)).body)
	status := make([]int, 8)
	var all sync.WaitGroup
	for i := range status {
		r := b.request("POST", path, sent)
		all.Go(func() {
			res, err := b.http.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			res.Body.Close()
			status[i] = res.StatusCode
		})
	}
	all.Wait()
	count := map[int]int{}
	for _, s := range status {
		count[s]++
	}
	if count[http.StatusOK] != 1 || count[http.StatusConflict] != len(status)-1 {
		t.Errorf("the answers are %v", count)
	}
	counts, err := w.authority.TokenCounts(t.Context(), w.admin(), w.ofUser())
	if err != nil || counts.Total != 2 {
		t.Errorf("there are %d tokens, want the first and the one that was made: %v", counts.Total, err)
	}
}

// TestAFormThatIsCutOffIsCarriedOutOnceOrNotAtAll: browsers cut off the request
// of a first click when there is a second. Wherever that happens, the same form
// again makes no other token.
func TestAFormThatIsCutOffIsCarriedOutOnceOrNotAtAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	w.zone("one.example")
	b := w.signedIn()
	const path = "/profile/api-tokens/create"
	form := filledIn(t, b.post(path+"/summary", filledIn(t, b.get(path+"/form?template=edit-zone-dns").body)).body)
	tokens := func() int {
		counts, err := w.authority.TokenCounts(t.Context(), w.admin(), w.ofUser())
		if err != nil {
			t.Fatal(err)
		}
		return counts.Total
	}
	before := tokens()
	for n := int64(1); ; n++ {
		sent := url.Values{}
		for name, v := range form {
			sent[name] = v
		}
		sent.Set("once", strings.Repeat("A", 24)+string(rune('A'+n/26))+string(rune('A'+n%26)))
		ctx, cut := context.WithCancel(t.Context())
		var looked atomic.Int64
		w.tick.Store(new(func() { // the clock is looked at all along the way
			if looked.Add(1) == n {
				cut()
			}
		}))
		r := httptest.NewRequestWithContext(ctx, "POST", path, strings.NewReader(sent.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: b.cookie(sessionCookie)})
		w.pages.ServeHTTP(httptest.NewRecorder(), r)
		w.tick.Store(nil)
		whole := looked.Load() < n
		cut()
		b.post(path, sent)
		if now := tokens(); now != before+1 {
			t.Fatalf("cut off at %d, the form sent twice made %d tokens", n, now-before)
		}
		before++
		if whole {
			break
		}
	}
}

// TestNoLogHasTheSecretOfALink, also where the request is none of ours and the
// store fails.
func TestNoLogHasTheSecretOfALink(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn() // whose session is asked for first
	secret := strings.Repeat("s3cret", 8)
	w.store.Close()
	for _, at := range []string{"/reset/", "/invitations/"} {
		b.get(at + secret)
		b.get(at + secret + "/")
		b.get(at + secret + "/more")
		b.post(at+secret, url.Values{})
	}
	if got := w.log.String(); !strings.Contains(got, "load the session") || strings.Contains(got, secret) {
		t.Errorf("the log says\n%s", got)
	}
}

// TestNobodyWaitsForAnotherSession: the requests of a session have their turns,
// and those of another are none of its business.
func TestNobodyWaitsForAnotherSession(t *testing.T) {
	t.Parallel()
	take := dashboard.NewTurns()
	end := take("mine")
	others := make(chan struct{})
	go func() {
		defer close(others)
		for i := range 4096 {
			take("other " + strings.Repeat("x", i))()
		}
	}()
	select {
	case <-others:
	case <-time.After(10 * time.Second):
		t.Error("another session waits for this one")
	}
	end()
	take("mine")()
}
