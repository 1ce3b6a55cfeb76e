package middleware_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/enforcetest"
	"github.com/tokenward/tokenward/middleware"
)

// wire is the way to the endpoint: it notes what goes over it, and can be cut.
type wire struct {
	mu     sync.Mutex
	sent   []string // bodies of checks
	checks atomic.Int64
	cut    atomic.Bool
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.cut.Load() {
		return nil, io.ErrUnexpectedEOF
	}
	if r.URL.Path == "/v1/check" {
		w.checks.Add(1)
		body, _ := io.ReadAll(r.Body)
		w.mu.Lock()
		w.sent = append(w.sent, string(body))
		w.mu.Unlock()
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(strings.NewReader(string(body)))
	}
	return http.DefaultTransport.RoundTrip(r)
}

// shop is a server that a guard protects.
type shop struct {
	*enforcetest.World
	guard *middleware.Guard
	wire  *wire
	inner http.HandlerFunc // what is protected
	seen  atomic.Pointer[http.Request]
}

func newShop(t testing.TB, change func(*middleware.Config)) *shop {
	t.Helper()
	s := &shop{World: enforcetest.New(t), wire: new(wire)}
	endpoint := s.Endpoint
	if os.Getenv(leanVariable) != "" {
		endpoint = s.LeanEndpoint
	}
	cfg := middleware.Config{Endpoint: endpoint.URL, Secret: enforcetest.Secret, API: enforcetest.API, Transport: s.wire}
	if change != nil {
		change(&cfg)
	}
	var err error
	if s.guard, err = middleware.New(cfg); err != nil {
		t.Fatal(err)
	}
	s.inner = func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "served") }
	return s
}

// follow has the guard hear of changes until the test ends, and returns when it has.
func (s *shop) follow(t testing.TB, tok enforcetest.Token) {
	t.Helper()
	s.Settle()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); s.guard.Follow(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	enforcetest.Eventually(t, 10*time.Second, "answers are kept", func() bool {
		s.get("/stores/north", tok.Secret)
		before := s.wire.checks.Load()
		s.get("/stores/north", tok.Secret)
		return s.wire.checks.Load() == before
	})
}

func (s *shop) get(target, secret string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.RemoteAddr = "192.0.2.7:1234"
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	s.guard.Protect(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.seen.Store(r)
		s.inner(w, r)
	})).ServeHTTP(w, r)
	return w
}

func TestHandlersLearnWhoseRequestItIs(t *testing.T) {
	s := newShop(t, nil)
	tok := s.Issue("north", "Stores Read", "north")
	got := s.get("/stores/north", tok.Secret, func(r *http.Request) {
		r.Header.Set("Tokenward-Owner", "user:somebody")
		r.Header["Tokenward_Owner"] = []string{"user:somebody"}
		r.Header.Set("X-Http-Method-Override", "DELETE")
		r.Header.Set("Cookie", "a=b")
		r.Header.Set("Accept", "text/plain")
	})
	if got.Code != 200 {
		t.Fatal(got.Code, got.Body)
	}
	r := s.seen.Load()
	id, ok := middleware.FromContext(r.Context())
	if want := (middleware.Identity{TokenID: tok.ID, TokenName: "north", Owner: "account:" + s.Account, Account: s.Account}); !ok || id != want {
		t.Errorf("%+v", id)
	}
	if len(r.Header) != 1 || r.Header.Get("Accept") == "" {
		t.Errorf("the handler sees %v", r.Header)
	}
	if got := s.get("/health", ""); got.Code != 200 {
		t.Errorf("public: %d %s", got.Code, got.Body)
	}
	if id, ok := middleware.FromContext(s.seen.Load().Context()); ok {
		t.Errorf("public: %+v", id)
	}
	if _, ok := middleware.FromContext(t.Context()); ok {
		t.Error("an identity out of nowhere")
	}
}

func TestRefusalsAreTheGates(t *testing.T) {
	s := newShop(t, nil)
	tok := s.Issue("north", "Stores Read", "north")
	for _, c := range []struct {
		what, target, secret string
		status               int
		says                 string
	}{
		{"no credential", "/stores/north", "", 400, `"code":9106`},
		{"malformed", "/stores/north", "short", 400, `"success":false`},
		{"unknown", "/stores/north", strings.Repeat("x", 48), 401, `"code":10000`},
		{"another store", "/stores/south", tok.Secret, 403, "Stores Read"},
		{"a list", "/stores", tok.Secret, 403, "must be filtered"},
		{"no such path", "/nowhere", tok.Secret, 404, `"code":7003`},
		{"dots", "/stores/south/../north", tok.Secret, 400, `"code":7003`},
		{"an escaped slash", `/stores/north%2f..%2fsouth`, tok.Secret, 400, `"code":7003`},
		{"two slashes", "//stores/north", tok.Secret, 400, `"success":false`},
	} {
		s.seen.Store(nil)
		got := s.get(c.target, c.secret)
		if c.target == "//stores/north" {
			got = s.get("/stores/north", c.secret, func(r *http.Request) { r.URL.Path = "//stores/north" })
		}
		if got.Code != c.status || !strings.Contains(got.Body.String(), c.says) || got.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d, want %d: %s", c.what, got.Code, c.status, got.Body)
		}
		if s.seen.Load() != nil {
			t.Errorf("%s: reached the handler", c.what)
		}
	}
	twice := s.get("/stores/north", tok.Secret, func(r *http.Request) { r.Header.Add("Authorization", r.Header.Get("Authorization")) })
	if twice.Code != 400 {
		t.Errorf("two credentials: %d", twice.Code)
	}
	rewritten := s.get("/stores/north", tok.Secret, func(r *http.Request) { r.URL.RawPath = "/stores/south" })
	if rewritten.Code != 400 {
		t.Errorf("two paths in one URL: %d", rewritten.Code)
	}
}

// TestTheTokenStaysHere: what goes to the endpoint cannot be used as the token.
// TestPathsOfAnyBytesAreJudged: one that no text can hold is no failure of ours.
func TestPathsOfAnyBytesAreJudged(t *testing.T) {
	s := newShop(t, nil)
	tok := s.Issue("north", "Stores Read", "north")
	for _, target := range []string{"/stores/north%00", "/stores/%ff", "/stores/north%0a", "/stores/%c0%ae"} {
		if got := s.get(target, tok.Secret); got.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", target, got.Code, got.Body)
		}
	}
}

// TestMethodCannotBeOverriddenInTheQuery, not even where the answer is kept.
func TestMethodCannotBeOverriddenInTheQuery(t *testing.T) {
	s := newShop(t, nil)
	tok := s.Issue("north", "Stores Read", "north")
	s.follow(t, tok)
	for _, query := range []string{"_method=DELETE", "a=b;%5FMETHOD=PUT"} {
		if got := s.get("/stores/north?"+query, tok.Secret); got.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", query, got.Code, got.Body)
		}
	}
}

func TestTheTokenStaysHere(t *testing.T) {
	s := newShop(t, nil)
	tok := s.Issue("north", "Stores Read", "north")
	s.get("/stores/north", tok.Secret)
	sum := sha256.Sum256([]byte(tok.Secret))
	if len(s.wire.sent) != 1 || strings.Contains(s.wire.sent[0], tok.Secret) || !strings.Contains(s.wire.sent[0], hex.EncodeToString(sum[:])) {
		t.Errorf("sent %d checks", len(s.wire.sent))
	}
}

// TestRevokedTokenIsDeniedWithinTheBound, though its answer was kept: at once while
// changes are heard.
func TestRevokedTokenIsDeniedWithinTheBound(t *testing.T) {
	s := newShop(t, nil)
	tok, other := s.Issue("north", "Stores Read", "north"), s.Issue("other", "Stores Read", "north")
	s.follow(t, tok)
	s.get("/stores/north", other.Secret)
	s.Kill(tok)
	enforcetest.Eventually(t, middleware.DefaultMaxStaleness, "the revoked token is denied", func() bool {
		return s.get("/stores/north", tok.Secret).Code == 401
	})
	before := s.wire.checks.Load()
	if got := s.get("/stores/north", other.Secret); got.Code != 200 || s.wire.checks.Load() != before {
		t.Errorf("another token: %d after %d checks", got.Code, s.wire.checks.Load()-before)
	}
}

// TestWhatALeaverMayDoEndsWithinTheBound: a change of the user ends what was kept of
// their tokens.
func TestWhatALeaverMayDoEndsWithinTheBound(t *testing.T) {
	s := newShop(t, func(c *middleware.Config) { c.API, c.Prefix = "v4", "/client/v4" })
	tok := s.IssueTo(authority.Owner{Kind: authority.OwnerUser, ID: s.User}, "dns", "DNS Read", "com.cloudflare.api.account.zone."+s.Zone)
	path := "/client/v4/zones/" + s.Zone + "/dns_records"
	if got := s.get(path, tok.Secret); got.Code != 200 {
		t.Fatal(got.Code, got.Body)
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go s.guard.Follow(ctx)
	enforcetest.Eventually(t, 10*time.Second, "answers are kept", func() bool {
		s.get(path, tok.Secret)
		before := s.wire.checks.Load()
		s.get(path, tok.Secret)
		return s.wire.checks.Load() == before
	})
	if _, err := s.SuspendUser(t.Context(), s.System("test"), "admin@example.com", true); err != nil {
		t.Fatal(err)
	}
	enforcetest.Eventually(t, middleware.DefaultMaxStaleness, "the suspended user's token is denied", func() bool {
		return s.get(path, tok.Secret).Code >= 400
	})
}

// TestWithoutFollowEveryRequestIsAskedAbout.
func TestWithoutFollowEveryRequestIsAskedAbout(t *testing.T) {
	s := newShop(t, nil)
	tok := s.Issue("north", "Stores Read", "north")
	for range 3 {
		s.get("/stores/north", tok.Secret)
	}
	if n := s.wire.checks.Load(); n != 3 {
		t.Errorf("%d checks of 3 requests", n)
	}
	s.Kill(tok)
	if got := s.get("/stores/north", tok.Secret); got.Code != 401 {
		t.Error(got.Code)
	}
	s.wire.cut.Store(true)
	s.seen.Store(nil)
	if got := s.get("/stores/north", tok.Secret); got.Code != 503 || !strings.Contains(got.Body.String(), `"success":false`) || s.seen.Load() != nil {
		t.Errorf("the endpoint away: %d %s", got.Code, got.Body)
	}
}

// TestMayFiltersRows.
func TestMayFiltersRows(t *testing.T) {
	s := newShop(t, func(c *middleware.Config) { c.FiltersLists = []string{"list-stores"} })
	tok := s.Issue("north", "Stores Read", "north")
	s.inner = func(w http.ResponseWriter, r *http.Request) {
		may, err := s.guard.May(r.Context(), middleware.Target{Method: "GET", Path: "/stores/north"}, middleware.Target{Method: "GET", Path: "/stores/south"},
			middleware.Target{Method: "PUT", Path: "/stores/north"}, middleware.Target{Method: "GET", Path: "/stores/x/../north"})
		if err != nil || len(may) != 4 || !may[0] || may[1] || may[2] || may[3] {
			t.Errorf("%v %v", may, err)
		}
	}
	if got := s.get("/stores", tok.Secret); got.Code != 200 {
		t.Fatal(got.Code, got.Body)
	}
	if may, err := s.guard.May(t.Context(), middleware.Target{Method: "GET", Path: "/health"}); err == nil {
		t.Errorf("outside of a request: %v", may)
	}
	many := make([]middleware.Target, 250)
	for i := range many {
		many[i] = middleware.Target{Method: "GET", Path: "/stores/north"}
	}
	got, err := s.guard.Check(t.Context(), tok.Secret, netip.Addr{}, many...)
	if err != nil || len(got) != 250 || !got[0] || !got[249] {
		t.Errorf("%d answers: %v", len(got), err)
	}
	if got, err := s.guard.Check(t.Context(), "nonsense", netip.Addr{}, many[:1]...); err != nil || got[0] {
		t.Errorf("nonsense: %v %v", got, err)
	}
}

// TestListsThatNobodyFiltersAreRefused: naming one list says nothing about others.
func TestListsThatNobodyFiltersAreRefused(t *testing.T) {
	for _, named := range [][]string{nil, {"list-products"}, {"list"}, {"LIST-STORES"}, {""}, {"*"}} {
		s := newShop(t, func(c *middleware.Config) { c.FiltersLists = named })
		tok := s.Issue("north", "Stores Read", "north")
		if got := s.get("/stores", tok.Secret); got.Code != 403 || s.seen.Load() != nil {
			t.Errorf("%q: %d %s", named, got.Code, got.Body)
		}
	}
}

// TestTheClientsAddressIsJudged, also of an answer that is kept.
func TestTheClientsAddressIsJudged(t *testing.T) {
	s := newShop(t, nil)
	tok := s.Issue("in", "Stores Read", "north", func(d *authority.Draft) { d.Condition.In = []string{"192.0.2.0/24"} })
	s.follow(t, tok)
	for addr, want := range map[string]int{"192.0.2.7:1": 200, "[::ffff:192.0.2.7]:1": 200, "203.0.113.9:1": 403, "": 403} {
		if got := s.get("/stores/north", tok.Secret, func(r *http.Request) { r.RemoteAddr = addr }); got.Code != want {
			t.Errorf("%q: %d %s", addr, got.Code, got.Body)
		}
	}
}

func TestEveryFaultOfAConfigIsNamed(t *testing.T) {
	_, err := middleware.New(middleware.Config{Endpoint: "nowhere", Prefix: "x", Timeout: -1})
	for _, want := range []string{"Endpoint", "Secret", "API", "Prefix", "Timeout"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not in %v", want, err)
		}
	}
}
