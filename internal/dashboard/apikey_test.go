package dashboard_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

var onceValue = regexp.MustCompile(`name="once" value="([^"]+)"`)

// once reads the hidden field of a form that may be sent one time.
func (a answer) once(t *testing.T) string {
	t.Helper()
	m := onceValue.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("no form to be sent once\n%s", a.body)
	}
	return m[1]
}

var shownCode = regexp.MustCompile(`<code>([^<]+)</code>`)

// keyWorks asks the API with the first user's address and a key.
func (w *world) keyWorks(key string) bool {
	w.t.Helper()
	b := w.browser()
	r := b.request("GET", "/client/v4/user", nil)
	r.Header.Set("X-Auth-Email", adminEmail)
	r.Header.Set("X-Auth-Key", key)
	return b.do(r).status == http.StatusOK
}

func TestAChangedKeyIsShownOnceAndTheOldOneIsDead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	old := w.made.Key.Reveal()
	b.get("/profile/api-key").wants(t, 200, "A token is nearly always better", "/profile/api-tokens", "Last changed", "active", "First")
	form := b.get("/profile/api-key/change")
	form.wants(t, 200, "stops working at once")
	sent := url.Values{"once": {form.once(t)}, "password": {"not the password"}}
	b.post("/profile/api-key/change", sent).wants(t, http.StatusUnprocessableEntity, `id="f-password-error"`)
	if !w.keyWorks(old) {
		t.Fatal("a wrong password changed the key")
	}
	sent.Set("password", w.made.Password)
	a := b.post("/profile/api-key/change", sent)
	a.wants(t, 200, "the only time that it is shown")
	fresh := shownCode.FindStringSubmatch(a.body)[1]
	if w.keyWorks(old) || !w.keyWorks(fresh) {
		t.Error("the old key works, or the new one does not")
	}
	b.post("/profile/api-key/change", sent).wants(t, http.StatusConflict, "done already")
	if strings.Contains(b.get("/profile/api-key").body, fresh) || !w.keyWorks(fresh) {
		t.Error("loading the answer again changed the key, or the key is shown again")
	}
}

func TestARemovedKeyIsDeadAndAnotherCanBeMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	b.get("/profile/api-key/remove").wants(t, 200, "refused at once")
	b.post("/profile/api-key/remove", url.Values{}).leads(t, "/profile/api-key")
	b.get("/profile/api-key").wants(t, 200, "You have no key", "Create a key")
	if w.keyWorks(w.made.Key.Reveal()) {
		t.Error("the removed key works")
	}
}

func TestTheKeyPageSaysWhereKeysDoNotWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	off := true
	if _, err := w.authority.UpdateAccount(t.Context(), w.authority.System("test"), w.made.AccountID, authority.AccountDraft{Name: "First", APIOff: &off}); err != nil {
		t.Fatal(err)
	}
	w.signedIn().get("/profile/api-key").wants(t, 200, `<span class="badge muted">off</span>`)
	if _, err := w.authority.SwitchKey(t.Context(), w.authority.System("test"), adminEmail, false); err != nil {
		t.Fatal(err)
	}
	a := w.signedIn().get("/profile/api-key")
	a.wants(t, 200, "switched API keys off for you")
	if strings.Contains(a.body, "/profile/api-key/change") {
		t.Error("a key is offered that would not work")
	}
}
