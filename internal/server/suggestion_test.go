package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/v4"
)

// TestASuggestionIsAppliedToTheVersionThatItIsFor: as it comes, by the ordinary
// update; to a token that was changed since, it is not.
func TestASuggestionIsAppliedToTheVersionThatItIsFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	cred, id := w.token(t, w.key("alice"), w.accountTokens(), "DNS Write", catalog.KindZone, w.accountKey("1"))
	w.hear()
	w.call(t, call{as: cred, method: "GET", path: w.records("A")})
	w.hear() // and writes what was counted

	token := w.accountTokens() + "/" + id
	var s v4.TokenSuggestion
	a := w.call(t, call{as: w.key("alice"), method: "GET", path: "/tokenward" + token + "/suggestion?days=7"})
	a.decode(t, &s)
	if s.State != v4.SuggestionNarrower || s.Version == 0 || s.Basis.Days != 7 || s.Basis.Requests != 1 || len(s.Changes) != 1 || len(s.Reasons) != 1 {
		t.Fatalf("the suggestion is %+v", s)
	}
	inside := s.Policies[0].Resources[w.accountKey("1")].Nested
	if _, ok := inside[w.zoneKey("A")]; !ok || len(inside) != 1 || s.Policies[0].ID == "" {
		t.Errorf("the policies are %+v", s.Policies)
	}
	body, err := json.Marshal(obj{"name": "narrowed", "policies": s.Policies})
	if err != nil {
		t.Fatal(err)
	}
	update := func(match string) answer {
		as := func(h http.Header) { w.key("alice")(h); h.Set("If-Match", match) }
		return w.call(t, call{as: as, method: "PUT", path: token, body: body})
	}
	for match, status := range map[string]int{fmt.Sprintf(`"%d"`, s.Version+1): 400, `3`: 400, `W/"1"`: 400, `"-1"`: 400, `"1", "2"`: 400} {
		if a := update(match); a.status != status {
			t.Errorf("If-Match %s answers %d: %s", match, a.status, clip(a.raw))
		}
	}
	version := fmt.Sprintf(`"%d"`, s.Version)
	if a := update(version); a.status != http.StatusOK {
		t.Fatalf("the version that it is for answers %d: %s", a.status, clip(a.raw))
	}
	if a := update(version); a.status != http.StatusBadRequest {
		t.Errorf("a second time it answers %d: %s", a.status, clip(a.raw))
	}
	if a := update("*"); a.status != http.StatusOK {
		t.Errorf("any version answers %d: %s", a.status, clip(a.raw))
	}
	w.hear()
	if a := w.call(t, call{as: cred, method: "GET", path: w.records("A")}); a.status != http.StatusOK {
		t.Errorf("what it was used for answers %d", a.status)
	}
	for _, c := range []struct {
		as     credential
		path   string
		status int
	}{{cred, token, 403}, {w.key("alice"), token, 200}, {w.key("alice"), w.accountTokens() + "/" + newID(), 404}} {
		if a := w.call(t, call{as: c.as, method: "GET", path: "/tokenward" + c.path + "/suggestion"}); a.status != c.status {
			t.Errorf("%s answers %d, want %d", c.path, a.status, c.status)
		}
	}
}
