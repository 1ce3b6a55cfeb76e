package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// strangers is a site of somebody else's, on a host of another name.
func strangers(t *testing.T, page string) string {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!DOCTYPE html><title>Elsewhere</title><link rel=icon href=data:,>"+page)
	}))
	t.Cleanup(site.Close)
	return strings.Replace(site.URL, "127.0.0.1", "localhost", 1)
}

// TestFormOfAnotherSiteIsRefused, although the browser holds a session.
func TestFormOfAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, l := range []look{{}, {noScript: true}} {
		b := signedIn(t, s, l)
		b.open(strangers(t, `<form method="post" action="`+s.url("/profile/api-tokens/"+s.Boot.Token.ID+"/delete")+`"><button>Win</button></form>`))
		b.follow("Win")
		b.gives(http.StatusForbidden)
		b.axe()
		if !s.works(t, s.Boot.Token.Value) {
			t.Fatal("the token is deleted")
		}
		b.open("/profile/security") // and the reader is still signed in
		b.at("/profile/security")
	}
}

// TestPageIsNotShownInAFrameOfAnotherSite, where clicks could be stolen.
func TestPageIsNotShownInAFrameOfAnotherSite(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	b := newTab(t, s, look{})
	b.open(strangers(t, `<h1>Elsewhere</h1><iframe src="`+s.url("/sign-in")+`"></iframe>`))
	refusals := b.seen.errors()
	if !strings.Contains(strings.Join(refusals, "\n"), "frame-ancestors 'none'") {
		t.Errorf("the browser shows the page in a frame: %q", refusals)
	}
}
