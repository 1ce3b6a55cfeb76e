package gateway

import (
	"context"
	"io"
	"net/http"
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
	r, err := http.NewRequest("POST", "http://x"+zoneURL, io.NopCloser(strings.NewReader("{}")))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token.Format{}.New(token.User).Reveal())
	r.RemoteAddr = "127.0.0.1:1"
	w := &recorder{header: http.Header{}}
	gate.ServeHTTP(w, r)
	if handled || w.status != http.StatusForbidden {
		t.Errorf("status %d, handled %v", w.status, handled)
	}
}

type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) Write(b []byte) (int, error) { return len(b), nil }
func (r *recorder) WriteHeader(status int)      { r.status = status }
