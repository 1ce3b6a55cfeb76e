package dashboard_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
)

// TestFormsAreBounded in size and number of fields, and are forms.
func TestFormsAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.browser()
	b.post("/sign-in", url.Values{"email": {strings.Repeat("x", 65<<10)}}).wants(t, http.StatusRequestEntityTooLarge)
	b.post("/sign-in", url.Values{"x": make([]string, 3000)}).wants(t, http.StatusBadRequest)
	b.get("/sign-in?next="+strings.Repeat("x", 17<<10)).wants(t, http.StatusBadRequest)
	for kind, body := range map[string]string{
		"application/json":                                 `{"email":"x"}`,
		"multipart/form-data; boundary=x":                  "--x--",
		"application/x-www-form-urlencoded":                "email=%zz",
		"application/x-www-form-urlencoded; charset=utf-8": "email=%ff",
		"": "email=x",
	} {
		r := b.request("POST", "/sign-in", url.Values{})
		r.Body, r.ContentLength = http.NoBody, 0
		r, err := http.NewRequestWithContext(t.Context(), "POST", r.URL.String(), strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", kind)
		b.do(r).wants(t, http.StatusBadRequest, "no form of this page")
	}
}

// TestLinksIntoAnAccountKeepTheirQuery, once it is known in which account.
func TestLinksIntoAnAccountKeepTheirQuery(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	const link = "/?to=/:account/api-tokens&name=a%26b&permissionGroupKeys=%5B%5D"
	w.browser().get(link).leads(t, "/sign-in?next="+url.QueryEscape(link))
	b.get(link).leads(t, "/"+w.made.AccountID+"/api-tokens?name=a%26b&permissionGroupKeys=%5B%5D")
	admin, err := w.authority.Session(t.Context(), w.made.UserID, 0, netip.Addr{}, authority.EventRequest{})
	if err == nil {
		_, err = w.authority.CreateAccount(t.Context(), admin, authority.AccountDraft{Name: "Second"})
	}
	if err != nil {
		t.Fatal(err)
	}
	b.get(link).wants(t, 200, "First", "Second", "/api-tokens?name=a%26b&amp;permissionGroupKeys=%5B%5D")
	b.get("/?to=/:account/:zone/dns").wants(t, http.StatusNotFound)
	b.get("/?to=/:accounts").wants(t, http.StatusNotFound)
}

// TestAnotherAccountIsNotThere whether it exists or not.
func TestAnotherAccountIsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	b.get("/"+w.made.AccountID+"/api-tokens").wants(t, 200, "First")
	b.get("/"+strings.Repeat("0", 32)+"/api-tokens").wants(t, http.StatusNotFound, "Account not found")
	b.get("/not-an-id/api-tokens").wants(t, http.StatusNotFound, "no such page")
}

func TestAWrongMethodNamesTheRightOnes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	a := w.browser().get("/sign-out")
	a.wants(t, http.StatusMethodNotAllowed, "cannot be done here")
	if got := a.header.Get("Allow"); got != "POST" {
		t.Errorf("Allow is %q", got)
	}
}

// TestFilesOfPagesAreKeptForEver under an address that has their hash in it, and
// a page with everything that it loads is light.
func TestFilesOfPagesAreKeptForEver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.browser()
	body := b.get("/sign-in").body
	weight := len(body)
	for _, name := range []string{"app.css", "icon.svg", "app.js"} {
		at := "/static/" + between(t, body, `"/static/`, name) + name
		_, body, _ = strings.Cut(body, name)
		r := b.request("GET", at, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		a := b.do(r)
		a.wants(t, 200)
		weight += len(a.body)
		if a.header.Get("Cache-Control") != "public, max-age=31536000, immutable" || a.header.Get("Content-Encoding") == "" && name == "app.css" {
			t.Errorf("%s: %v", at, a.header)
		}
		b.do(b.request("POST", at, nil)).wants(t, http.StatusMethodNotAllowed)
	}
	if weight > 40<<10 {
		t.Errorf("the page weighs %d bytes", weight)
	}
}

func TestTheThemeIsRemembered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.browser()
	b.post("/theme", url.Values{"theme": {"dark"}, "next": {"/sign-in"}}).leads(t, "/sign-in")
	b.get("/sign-in").wants(t, 200, `<html lang="en" data-theme="dark">`)
	b.post("/theme", url.Values{"theme": {"system"}}).leads(t, "/")
	b.get("/sign-in").wants(t, 200, `<html lang="en">`)
	b.post("/theme", url.Values{"theme": {"x"}}).wants(t, http.StatusBadRequest)
}
