package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/enforcetest"
	"github.com/tokenward/tokenward/middleware"
)

// TestTheExampleShowsWhatTheTokenMaySee.
func TestTheExampleShowsWhatTheTokenMaySee(t *testing.T) {
	w := enforcetest.New(t)
	guard, err := middleware.New(middleware.Config{Endpoint: w.Endpoint.URL, Secret: enforcetest.Secret, API: enforcetest.API, FiltersLists: []string{"list-stores"}})
	if err != nil {
		t.Fatal(err)
	}
	api := httptest.NewServer(guard.Protect(newShop(guard)))
	defer api.Close()
	tok := w.Issue("north", "Stores Read", "north")
	for target, want := range map[string]string{
		"/stores": `200 {"stores":["north"]}`, "/stores/north": `200 {"owner":"account:` + w.Account + `","store":"north","token":"north"}`,
		"/stores/south": `403 `, "/health": `200 "ok"`,
	} {
		req, _ := http.NewRequest(http.MethodGet, api.URL+target, nil)
		req.Header.Set("Authorization", "Bearer "+tok.Secret)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body := make([]byte, 4096)
		n, _ := res.Body.Read(body)
		res.Body.Close()
		if got := res.Status[:4] + string(body[:n]); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", target, got)
		}
	}
}
