package dashboard_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/clientip"
	"github.com/tokenward/tokenward/internal/dashboard"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/server"
	"github.com/tokenward/tokenward/internal/store"
)

// world is the real server with its dashboard on a real store, behind real HTTP.
type world struct {
	t         testing.TB
	now       atomic.Int64
	tick      atomic.Pointer[func()] // called when the clock is looked at, if not nil
	authority *authority.Authority
	store     *store.Store
	pages     http.Handler
	http      *httptest.Server
	made      authority.Credentials
	log       strings.Builder
	furniture *strings.Replacer // see furnished
}

const adminEmail = "admin@example.com"

func newWorld(t testing.TB, secure bool, with ...func(*authority.Config)) *world {
	t.Helper()
	w := &world{t: t}
	w.now.Store(time.Now().UnixNano())
	db, err := store.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "test.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w.store = db
	log := slog.New(slog.NewTextHandler(&w.log, nil))
	cfg := authority.Config{
		Store: db, Catalog: catalog.V4(), Clock: w.clock, CacheSize: 1024, Logger: log,
		PublicURL: func() string { return w.http.URL }, SecretKey: []byte(strings.Repeat("k", 32)),
	}
	for _, change := range with {
		change(&cfg)
	}
	w.authority, err = authority.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if w.made, _, err = w.authority.Bootstrap(t.Context(), authority.Bootstrap{Email: adminEmail, AccountName: "First"}); err != nil {
		t.Fatal(err)
	}
	records := dns.NewService(db, w.clock)
	w.pages, err = dashboard.New(dashboard.Config{
		Authority: w.authority, Records: records, ClientIP: new(clientip.Resolver), Logger: log, Clock: w.clock,
		Sessions: store.NewSessions(db, w.clock), PublicURL: func() string { return w.http.URL }, Secure: secure,
	})
	if err != nil {
		t.Fatal(err)
	}
	h, err := server.New(server.Config{
		Authority: w.authority, Records: records, ClientIP: new(clientip.Resolver), MaxBody: 1 << 20, Logger: log, Dashboard: w.pages,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.http = httptest.NewServer(h)
	t.Cleanup(w.http.Close)
	return w
}

func (w *world) add(d time.Duration) { w.now.Add(int64(d)) }

func (w *world) clock() time.Time {
	if tick := w.tick.Load(); tick != nil {
		(*tick)()
	}
	return time.Unix(0, w.now.Load())
}

// browser keeps cookies and follows no redirect by itself.
type browser struct {
	w    *world
	jar  http.CookieJar
	http *http.Client
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	// Not the default transport: each server of another test that is closed would
	// cut its connections.
	own := new(http.Transport)
	w.t.Cleanup(own.CloseIdleConnections)
	return &browser{w: w, jar: jar, http: &http.Client{
		Transport: own, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// signedIn is a browser in which the first user has signed in.
func (w *world) signedIn() *browser {
	w.t.Helper()
	b := w.browser()
	a := b.post("/sign-in", url.Values{"email": {adminEmail}, "password": {w.made.Password}})
	if a.status != http.StatusSeeOther {
		w.t.Fatalf("signing in answers %d\n%s", a.status, a.body)
	}
	return b
}

// answer is what came back.
type answer struct {
	status  int
	to      string // where a redirect leads
	header  http.Header
	cookies []*http.Cookie
	body    string
}

func (b *browser) do(r *http.Request) answer {
	b.w.t.Helper()
	res, err := b.http.Do(r)
	if err != nil {
		b.w.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header.Get("Location"), res.Header, res.Cookies(), string(body)}
}

func (b *browser) get(path string) answer {
	b.w.t.Helper()
	return b.do(b.request("GET", path, nil))
}

func (b *browser) post(path string, form url.Values) answer {
	b.w.t.Helper()
	return b.do(b.request("POST", path, form))
}

// request is one that this site's own pages make.
func (b *browser) request(method, path string, form url.Values) *http.Request {
	b.w.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(b.w.t.Context(), method, b.w.http.URL+path, body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

// cookie is the value of a cookie that the browser holds, "" for none.
func (b *browser) cookie(name string) string {
	b.w.t.Helper()
	at, err := url.Parse(b.w.http.URL)
	if err != nil {
		b.w.t.Fatal(err)
	}
	for _, c := range b.jar.Cookies(at) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// wants fails unless the answer has the status, and each part is in its text.
func (a answer) wants(t *testing.T, status int, parts ...string) {
	t.Helper()
	if a.status != status {
		t.Fatalf("%d, want %d\n%s", a.status, status, a.body)
	}
	for _, p := range parts {
		if !strings.Contains(a.body, p) {
			t.Errorf("the page does not say %q\n%s", p, a.body)
		}
	}
}

// leads fails unless the answer is a redirect to a path.
func (a answer) leads(t *testing.T, to string) {
	t.Helper()
	if a.status != http.StatusSeeOther || a.to != to {
		t.Fatalf("%d to %q, want a redirect to %q\n%s", a.status, a.to, to, a.body)
	}
}
