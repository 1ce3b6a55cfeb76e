package dashboard_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// admin is the first user's caller.
func (w *world) admin() authority.Caller {
	w.t.Helper()
	u, err := w.store.User(w.t.Context(), w.made.UserID)
	if err != nil {
		w.t.Fatal(err)
	}
	c, err := w.authority.Session(w.t.Context(), u.ID, u.Epoch, netip.Addr{}, authority.EventRequest{})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) ofAccount() authority.Owner {
	return authority.Owner{Kind: authority.OwnerAccount, ID: w.made.AccountID}
}

// group is the id of a permission group.
func group(t testing.TB, name string) string {
	t.Helper()
	for _, g := range catalog.V4().Groups() {
		if g.Name == name {
			return g.ID
		}
	}
	t.Fatalf("there is no group %q", name)
	return ""
}

// token issues a token of the first account that may read DNS in all of it.
func (w *world) token(name string, change func(*authority.Draft)) (authority.Token, string) {
	w.t.Helper()
	d := authority.Draft{Name: name, Policies: []policy.Policy{{
		Effect: policy.Allow, Groups: []string{group(w.t, "DNS Read")},
		Resources: []policy.Resource{{Key: catalog.KindAccount + "." + w.made.AccountID}},
	}}}
	if change != nil {
		change(&d)
	}
	made, secret, err := w.authority.Issue(w.t.Context(), w.admin(), w.ofAccount(), d)
	if err != nil {
		w.t.Fatal(err)
	}
	return made, secret.Reveal()
}

// tokens is the path of the first account's list, with what comes after it.
func (w *world) tokens(rest ...string) string {
	return "/" + w.made.AccountID + "/api-tokens" + strings.Join(rest, "")
}

// answers is the status of the answer to a token's call.
func (w *world) answers(secret string) int {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), "GET", w.http.URL+"/client/v4/zones", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+secret)
	res, err := w.browser().http.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// lacks fails when one of the parts is in the page.
func (a answer) lacks(t *testing.T, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(a.body, p) {
			t.Errorf("the page says %q\n%s", p, a.body)
		}
	}
}

// TestListSaysWhatEachTokenIs and finds them by name, by id and by what is to be
// known of them.
func TestListSaysWhatEachTokenIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	b.get(w.tokens()).wants(t, 200, "No API tokens", w.tokens("/create"))
	now := w.clock()
	first, _ := w.token("deploy <b>", nil)
	w.token("backup", func(d *authority.Draft) { d.ExpiresOn = now.Add(10 * 24 * time.Hour) })
	w.token("later", func(d *authority.Draft) { d.NotBefore = now.Add(time.Hour) })
	w.token("resting", func(d *authority.Draft) { d.Status = authority.StatusDisabled })
	all := b.get(w.tokens())
	all.wants(t, 200, "deploy &lt;b&gt;", first.ID[:8], "DNS Read", "First", "expiring soon", "not yet valid", "disabled", adminEmail, w.tokens("/", first.ID, "/roll"))
	checkPage(t, "the list", all.body)
	for query, want := range map[string][2]string{
		"?q=BACK":             {">backup<", "deploy"},
		"?q=" + first.ID[:10]: {"deploy", ">backup<"},
		"?show=expiring":      {">backup<", "deploy"},
		"?show=not-yet-valid": {">later<", "deploy"},
		"?show=disabled":      {">resting<", "deploy"},
		"?show=never-used":    {"deploy", ">resting<"},
		"?show=no-expiry":     {"deploy", ">backup<"},
	} {
		a := b.get(w.tokens(query))
		a.wants(t, 200, want[0])
		a.lacks(t, want[1])
	}
	b.get(w.tokens("?q=nothing")).wants(t, 200, "No token is like that", `href="`+w.tokens()+`"`)
	b.get(w.tokens("?q=", strings.Repeat("x", 201))).wants(t, http.StatusBadRequest, "longer than 200 characters")
}

// TestListIsOrderedByItsColumns in both directions, and says in which.
func TestListIsOrderedByItsColumns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	for _, name := range []string{"bravo", "Alpha", "charlie"} {
		w.token(name, nil)
		w.add(time.Second)
	}
	order := func(a answer) string {
		var names []string
		for _, m := range regexp.MustCompile(`<td class="main"><a [^>]*>([^<]+)</a>`).FindAllStringSubmatch(a.body, -1) {
			names = append(names, m[1])
		}
		return strings.Join(names, " ")
	}
	for query, want := range map[string]string{
		"": "charlie Alpha bravo", "?sort=issued&dir=asc": "bravo Alpha charlie", "?sort=nothing": "charlie Alpha bravo",
		"?sort=name": "Alpha bravo charlie", "?sort=name&dir=desc": "charlie bravo Alpha",
	} {
		if got := order(b.get(w.tokens(query))); got != want {
			t.Errorf("%q is ordered %s, want %s", query, got, want)
		}
	}
	b.get(w.tokens("?sort=name&q=a")).wants(t, 200, `aria-sort="ascending"><a href="`+w.tokens("?dir=desc&amp;q=a&amp;sort=name"))
}

// TestListHasPages, and one beyond the last leads there.
func TestListHasPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	last, _ := w.token("the oldest", nil)
	w.add(time.Second)
	for n := range 49 {
		w.token(fmt.Sprintf("token %02d", n), nil)
	}
	b.get(w.tokens("?show=active")).lacks(t, "Page 1 of")
	b.get(w.tokens("?page=2")).leads(t, w.tokens())
	w.token("one too many", nil)
	first := b.get(w.tokens("?show=active"))
	first.wants(t, 200, "Page 1 of 2", `rel="next" href="`+w.tokens("?page=2&amp;show=active"))
	first.lacks(t, last.ID)
	b.get(w.tokens("?page=2&show=active")).wants(t, 200, last.ID, `rel="prev"`)
	b.get(w.tokens("?page=9&show=active")).leads(t, w.tokens("?page=2&show=active"))
}

// TestRollShowsTheNewSecretOnce and ends the old one.
func TestRollShowsTheNewSecretOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	made, old := w.token("deploy", nil)
	at := w.tokens("/", made.ID, "/roll")
	ask := b.get(at)
	ask.wants(t, 200, "Roll this token?", "deploy", "stops working at once", "Can read DNS", "Not used")
	form := url.Values{"once": {ask.once(t)}}
	b.post(at, url.Values{}).wants(t, http.StatusBadRequest)
	done := b.post(at, form)
	done.wants(t, 200, "shown this once", "tokens/verify")
	secret := regexp.MustCompile(`name="secret" value="([^"]+)"`).FindStringSubmatch(done.body)
	if secret == nil || secret[1] == old {
		t.Fatalf("the page has no new secret\n%s", done.body)
	}
	if done.header.Get("Cache-Control") != "no-store" || done.header.Get("Content-Encoding") != "" {
		t.Errorf("the page is sent with %v", done.header)
	}
	if was, is := w.answers(old), w.answers(secret[1]); was == http.StatusOK || is != http.StatusOK {
		t.Errorf("the old secret answers %d, the new one %d", was, is)
	}
	again := b.post(at, form)
	again.wants(t, http.StatusConflict, "done already")
	again.lacks(t, secret[1])
	if w.answers(secret[1]) != http.StatusOK {
		t.Error("loading the answer again rolled the token again")
	}
	if strings.Contains(w.log.String(), secret[1]) {
		t.Error("the secret is in the log")
	}
	file := b.post(w.tokens("/env"), url.Values{"name": {"deploy\nX=1"}, "secret": {secret[1]}})
	file.wants(t, 200, "TOKENWARD_TOKEN=", secret[1])
	if got := file.header.Get("Content-Disposition"); got != `attachment; filename=.env` {
		t.Errorf("the file is sent with %s", got)
	}
	file.lacks(t, "\nX=1")
	b.post(w.tokens("/env"), url.Values{"secret": {strings.Repeat("x", 300)}}).wants(t, http.StatusBadRequest)
}

// TestTokensAreSwitchedAndDeletedAfterAQuestion that names them.
func TestTokensAreSwitchedAndDeletedAfterAQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	made, secret := w.token("deploy", nil)
	at := w.tokens("/", made.ID)
	for _, step := range []struct {
		verb, title, to, then string
		works                 bool
	}{
		{"disable", "Disable this token?", at, "deploy is disabled", false},
		{"enable", "Enable this token?", at, "deploy is enabled", true},
		{"delete", "Delete this token?", w.tokens(), "deploy is deleted", false},
	} {
		b.get(at+"/"+step.verb).wants(t, 200, step.title, "deploy", made.ID)
		b.post(at+"/"+step.verb, url.Values{}).leads(t, step.to)
		b.get(step.to).wants(t, 200, step.then)
		if got := w.answers(secret); (got == http.StatusOK) != step.works {
			t.Errorf("after %s the token answers %d", step.verb, got)
		}
	}
	b.get(at).wants(t, http.StatusNotFound)
	b.post(at+"/delete", url.Values{}).wants(t, http.StatusNotFound)
}

// TestExposedTokenIsMarked everywhere, and only a roll ends that.
func TestExposedTokenIsMarked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	made, secret := w.token("deploy", nil)
	if _, err := w.authority.Exposed(t.Context(), w.authority.Visitor(netip.Addr{}, authority.EventRequest{}), []string{secret}, "https://paste.example/a1"); err != nil {
		t.Fatal(err)
	}
	at := w.tokens("/", made.ID)
	b.get(w.tokens()).wants(t, 200, "1 token was found in public", ">exposed<")
	one := b.get(at)
	one.wants(t, 200, "Found in public", "https://paste.example/a1", "roll it", at+"/roll")
	one.lacks(t, at+"/enable", at+"/disable")
	b.get("/"+w.made.AccountID).wants(t, 200, "1 token was found in public", w.tokens("?show=exposed"))
	b.post(at+"/enable", url.Values{}).wants(t, http.StatusUnprocessableEntity, "roll the token")
	b.post(at+"/roll", url.Values{"once": {b.get(at + "/roll").once(t)}}).wants(t, 200, "shown this once")
	b.get(at).lacks(t, "Found in public</h2>")
}
