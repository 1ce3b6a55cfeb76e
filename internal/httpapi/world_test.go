package httpapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/server"
	"github.com/tokenward/tokenward/internal/store"
	"github.com/tokenward/tokenward/internal/token"
)

// Ids of the world.
const (
	accountID = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
	zoneID    = "11223344556677889900aabbccddeeff"
	userID    = "7d8e9fa0b1c2d3e4f5061728394a5b6c"
	records   = "/zones/" + zoneID + "/dns_records"
)

// world is the real server on a real store, behind real HTTP, with an account, a
// person who may do everything in it, and the empty zone example.com.
type world struct {
	t    *testing.T
	now  time.Time
	key  token.Secret
	http *httptest.Server
}

func newWorld(t *testing.T) *world {
	t.Helper()
	db, err := store.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "test.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := &world{t: t, now: time.Date(2026, 2, 1, 10, 0, 0, 0, time.UTC), key: token.Format{}.New(token.APIKey)}
	clock := func() time.Time { return w.now }
	a, err := authority.New(authority.Config{
		Store: db, Catalog: catalog.V4(), Clock: clock, CacheSize: 64, MaxStaleness: time.Hour,
		MaxUserTokens: 50, MaxAccountTokens: 50,
	})
	if err != nil {
		t.Fatal(err)
	}
	h, err := server.New(server.Config{Authority: a, Records: dns.NewService(db, clock)})
	if err != nil {
		t.Fatal(err)
	}
	w.http = httptest.NewServer(h)
	t.Cleanup(w.http.Close)
	if err := db.Write(t.Context(), w.settle); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) settle(ctx context.Context, tx authority.Tx) error {
	return errors.Join(
		tx.InsertUser(ctx, authority.User{ID: userID, Email: "alice@example.com", KeyDigest: w.key.Digest(), HasKey: true,
			CreatedOn: w.now, ModifiedOn: w.now, Version: 1}),
		tx.InsertAccount(ctx, authority.Account{ID: accountID, Name: "Example", Type: "standard", CreatedOn: w.now, ModifiedOn: w.now, Version: 1}),
		tx.InsertMembership(ctx, authority.Membership{ID: "aa11bb22cc33dd44ee55ff6600778899", UserID: userID, AccountID: accountID,
			Roles: []string{authority.RoleSuperAdministrator}, Status: authority.MembershipAccepted, CreatedOn: w.now, Version: 1}),
		tx.InsertZone(ctx, authority.Zone{ID: zoneID, AccountID: accountID, Name: "example.com", Type: "full", Status: "active",
			NameServers: []string{"ada.ns.example.net", "bob.ns.example.net"}, CreatedOn: w.now, ModifiedOn: w.now, ActivatedOn: w.now, Version: 1}),
	)
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	text   string
	Result json.RawMessage
	Info   map[string]int `json:"result_info"`
	OK     bool           `json:"success"`
	Errors []struct {
		Code    int
		Message string
		Source  struct{ Pointer string }
	}
	Messages []struct {
		Code    int
		Message string
	}
}

// send sends a request with headers, name: value. A body goes without a
// Content-Type unless there is one among them.
func (w *world) send(method, path, body string, headers ...string) answer {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.http.URL+"/client/v4"+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("X-Auth-Email", "alice@example.com")
	req.Header.Set("X-Auth-Key", w.key.Reveal())
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	a := answer{status: res.StatusCode, header: res.Header, text: string(text)}
	if res.Header.Get("Content-Type") == "application/json" {
		if err := json.Unmarshal(text, &a); err != nil {
			w.t.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
	return a
}

// must sends a request that is to succeed, and reads the result.
func (w *world) must(method, path, body string, result any) answer {
	w.t.Helper()
	a := w.send(method, path, body)
	if a.status != http.StatusOK {
		w.t.Fatalf("%s %s %s: %d %s", method, path, body, a.status, a.text)
	}
	if result != nil {
		if err := json.Unmarshal(a.Result, result); err != nil {
			w.t.Fatalf("%v in %s", err, a.text)
		}
	}
	return a
}

// record is what tests look at of a record.
type record struct {
	ID, Name, Type, Content string
	TTL                     int
	Priority                *int
	Proxied                 *bool
	Comment                 *string
	Tags                    []string
	Data                    json.RawMessage
}

// create makes a record of a JSON object.
func (w *world) create(body string) record {
	w.t.Helper()
	var r record
	w.must("POST", records, body, &r)
	return r
}

// names lists the records that a query finds.
func (w *world) names(query string) string {
	w.t.Helper()
	var rows []record
	w.must("GET", records+"?"+query, "", &rows)
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.Type + ":" + strings.TrimSuffix(strings.TrimSuffix(r.Name, "example.com"), ".")
	}
	return strings.Join(names, " ")
}

// refused sends a request that is to fail, and gives its errors as text.
func (w *world) refused(method, path, body string, headers ...string) string {
	w.t.Helper()
	a := w.send(method, path, body, headers...)
	if a.OK || len(a.Errors) == 0 || string(a.Result) != "null" {
		w.t.Errorf("%s %s %s is not refused: %d %s", method, path, body, a.status, a.text)
	}
	var b strings.Builder
	b.WriteString(http.StatusText(a.status))
	for _, e := range a.Errors {
		b.WriteString("; " + strings.Join(strings.Fields(jsonText(e.Code)+" "+e.Source.Pointer+" "+e.Message), " "))
	}
	return b.String()
}

func jsonText(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}
