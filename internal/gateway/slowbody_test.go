package gateway

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// onceOnly allows the first attempt and refuses all that come after.
type onceOnly struct{ asked int }

func (o *onceOnly) Authorize(context.Context, token.Credential, Attempt) (struct{}, policy.Decision, error) {
	o.asked++
	return struct{}{}, policy.Decision{Allowed: o.asked == 1}, nil
}

// TestWhoIsRevokedWhileTheBodyComesDoesNotPass: the body may be sent long after
// the header, so the credential is judged again when it is there.
func TestWhoIsRevokedWhileTheBodyComesDoesNotPass(t *testing.T) {
	handled := false
	gate, err := New(Config[struct{}]{
		Catalog: catalog.V4(), Authorizer: &onceOnly{},
		Handlers: map[string]Handler[struct{}]{opCreate: func(http.ResponseWriter, *http.Request, Pass[struct{}]) { handled = true }},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", zoneURL, strings.NewReader("{}"))
	r.Header.Set("Authorization", "Bearer "+token.Format{}.New(token.User).Reveal())
	w := httptest.NewRecorder()
	gate.ServeHTTP(w, r)
	if handled || w.Code != http.StatusForbidden {
		t.Errorf("status %d, handled %v", w.Code, handled)
	}
}
