package server_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
	"github.com/tokenward/tokenward/internal/storetest"
	"github.com/tokenward/tokenward/internal/token"
	"github.com/tokenward/tokenward/v4"
)

var errTrouble = errors.New("the disk is on fire")

// troubled is a world whose stores fail as told. It has a token of alice's with
// everything she needs here, and one of account 1.
type troubled struct {
	*world
	facts   *storetest.Failing
	records *storetest.FailingRecords
	log     *lockedBuffer
	secrets []string
	user    credential
	account credential
	ids     map[string]string // of the two tokens
}

// lockedBuffer is what a server logs to.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newTroubled(t *testing.T) *troubled {
	t.Helper()
	w := &troubled{log: new(lockedBuffer)}
	w.world = newWorld(t, config{
		logger:  slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		facts:   func(s authority.Store) authority.Store { w.facts = storetest.NewFailing(s); return w.facts },
		records: func(s dns.Store) dns.Store { w.records = storetest.NewFailingRecords(s); return w.records },
	})
	p := &player{
		world: w.world, t: t, drafts: make(map[string]*draft),
		callers: map[string]credential{"alice": w.key("alice")},
	}
	for _, line := range []string{
		"token alice called user",
		`allow "API Tokens Write", "User Details Read" on user/alice`,
		`allow "Account API Tokens Write", "Account Settings Read", "DNS Write", "Zone Write", "Cache Purge" on account/1`,
		"token account/1 called account",
		`allow "Account API Tokens Write", "Account Settings Read", "DNS Write" on account/1`,
		"as alice",
	} {
		p.line = scriptLine{"the tokens", line}
		p.step(line)
	}
	w.user, w.account = p.callers["user"], p.callers["account"]
	for _, c := range []credential{w.user, w.account, w.key("alice")} {
		h := make(http.Header)
		c.show(h)
		for _, name := range []string{"Authorization", "X-Auth-Key"} {
			if s := strings.TrimPrefix(h.Get(name), "Bearer "); s != "" {
				w.secrets = append(w.secrets, s)
			}
		}
	}
	return w
}

// heal ends all failures.
func (w *troubled) heal(methods ...string) {
	w.facts.FailReads(nil)
	w.facts.FailWrites(nil)
	w.facts.FailCommit(nil)
	w.facts.FailAnswer(nil)
	w.records.FailReads(nil)
	w.records.FailWrites(nil)
	w.records.FailCommit(nil)
	w.records.FailAnswer(nil)
	for _, m := range methods {
		w.facts.Fail(m, nil)
		w.records.Fail(m, nil)
	}
}

// mustBeUnavailable: trouble of ours is never said to be the credential's
// fault, or a client would throw a good token away.
func (a *answer) mustBeUnavailable(t *testing.T, what string) {
	t.Helper()
	if code, _ := a.first(); a.status != http.StatusServiceUnavailable || code != v4.CodeUnavailable {
		t.Errorf("%s answers %d %s, want 503 %d", what, a.status, clip(a.raw), v4.CodeUnavailable)
	}
	if a.header.Get("Retry-After") == "" {
		t.Errorf("%s: a 503 without Retry-After", what)
	}
	if strings.Contains(string(a.raw), errTrouble.Error()) {
		t.Errorf("%s tells the client about the store: %s", what, clip(a.raw))
	}
}

// mustKeepSecrets holds the log against every secret that was shown, and their
// digests.
func (w *troubled) mustKeepSecrets(t *testing.T) {
	t.Helper()
	log := w.log.String()
	if !strings.Contains(log, errTrouble.Error()) {
		t.Error("the log does not say what went wrong")
	}
	for _, s := range w.secrets {
		if strings.Contains(log, s) {
			t.Error("a secret is in the log")
		}
		parsed, err := token.Format{}.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		if d := parsed.Digest(); strings.Contains(log, hex.EncodeToString(d[:])) {
			t.Error("a secret's digest is in the log")
		}
	}
}

// TestAReadThatFailsIsNeverAnInvalidToken: the read, who asks, and for what. All
// is well again when the store is.
func TestAReadThatFailsIsNeverAnInvalidToken(t *testing.T) {
	t.Parallel()
	w := newTroubled(t)
	for _, c := range []struct {
		read string
		as   credential
		path string
	}{
		{"TokenToCheck", w.user, "/zones/<zone/A>"},
		{"TokenToCheck", w.user, "/user/tokens/verify"},
		{"TokenToCheck", w.account, "/accounts/<account/1>/tokens/verify"},
		{"TokenToCheck", w.account, "/zones"},
		{"TokenToCheck", w.user, "/no/such/path"},
		{"Token", w.user, "/user/tokens/verify"},
		{"Token", w.user, "/user/tokens/<token/user>"},
		{"Tokens", w.user, "/user/tokens"},
		{"Tokens", w.user, "/accounts/<account/1>/tokens"},
		{"User", w.user, "/user"},
		{"User", w.user, "/zones"},
		{"User", w.key("alice"), "/user"},
		{"UserByEmail", w.key("alice"), "/zones"},
		{"UserByEmail", w.key("alice"), "/user"},
		{"Memberships", w.user, "/zones/<zone/A>"},
		{"Memberships", w.key("alice"), "/accounts"},
		{"Zone", w.user, "/zones/<zone/A>"},
		{"Zone", w.account, "/zones/<zone/A>/dns_records"},
		{"Zones", w.user, "/zones"},
		{"Account", w.user, "/accounts/<account/1>"},
		{"UsersByID", w.key("alice"), "/accounts/<account/1>/members"},
		{"Accounts", w.user, "/accounts"},
		{"Accounts", w.user, "/zones/<zone/A>"},
		{"Record", w.user, "/zones/<zone/A>/dns_records/<record>"},
		{"Records", w.user, "/zones/<zone/A>/dns_records"},
	} {
		p := &player{world: w.world, t: t}
		request := call{as: c.as, method: "GET", path: p.fill(c.path)}
		w.facts.Fail(c.read, errTrouble)
		w.records.Fail(c.read, errTrouble)
		a := w.call(t, request)
		a.mustBeUnavailable(t, c.read+" fails: GET "+c.path)
		w.heal(c.read)
		if a = w.call(t, request); a.status == http.StatusServiceUnavailable {
			t.Errorf("GET %s after %s was well again: %d %s", c.path, c.read, a.status, clip(a.raw))
		}
	}
	w.mustKeepSecrets(t)
}

// TestAStoreThatIsAwayDeniesEverything, with and without a warm cache: what the
// cache knows of a token may answer, what only the store knows does not.
func TestAStoreThatIsAwayDeniesEverything(t *testing.T) {
	t.Parallel()
	w := newTroubled(t)
	w.facts.FailReads(errTrouble)
	w.records.FailReads(errTrouble)
	for _, as := range []credential{w.user, w.account, w.key("alice"), stranger()} {
		for _, path := range []string{"/user", "/zones", "/accounts", "/zones/" + w.world.ids["zone/A"], "/no/such/path"} {
			a := w.call(t, call{as: as, method: "GET", path: path})
			a.mustBeUnavailable(t, "GET "+path)
		}
	}
	w.mustKeepSecrets(t)
}

// A change that fails: what fails of it, and the request.
type failingChange struct {
	name string
	fail func(*troubled)
}

var failingChanges = []failingChange{
	{"the write", func(w *troubled) { w.facts.FailWrites(errTrouble); w.records.FailWrites(errTrouble) }},
	{"the commit", func(w *troubled) { w.facts.FailCommit(errTrouble); w.records.FailCommit(errTrouble) }},
	{"the event", func(w *troubled) {
		w.facts.Fail("AppendEvent", errTrouble)
		w.records.Fail("AppendEvent", errTrouble)
	}},
	{"the change feed's entry", func(w *troubled) { w.facts.Fail("AppendChange", errTrouble) }},
	{"the row", func(w *troubled) {
		for _, m := range rowMethods {
			w.facts.Fail(m, errTrouble)
			w.records.Fail(m, errTrouble)
		}
	}},
}

var rowMethods = []string{
	"InsertToken", "UpdateToken", "DeleteToken", "InsertZone", "DeleteZone", "InsertRecord", "UpdateRecord", "DeleteRecord",
}

// changesOf are requests that change something. Those to records and purges make
// no entry in the change feed, purges no row.
func changesOf(w *troubled) []call {
	zone, tokens := "/zones/"+w.world.ids["zone/A"], "/accounts/"+w.world.ids["account/1"]+"/tokens"
	definition := []byte(`{"name": "x", "policies": []}`)
	return []call{
		{method: "POST", path: "/user/tokens", body: definition},
		{method: "POST", path: tokens, body: definition},
		{method: "PUT", path: "/user/tokens/" + w.world.ids["token/user"], body: definition},
		{method: "PUT", path: "/user/tokens/" + w.world.ids["token/user"] + "/value"},
		{method: "DELETE", path: "/user/tokens/" + w.world.ids["token/user"]},
		{method: "DELETE", path: tokens + "/" + w.world.ids["token/account"]},
		{method: "POST", path: "/zones", body: []byte(`{"name": "new.example", "account": {"id": "` + w.world.ids["account/1"] + `"}}`)},
		{method: "DELETE", path: zone},
		{method: "POST", path: zone + "/purge_cache", body: []byte(`{"purge_everything": true}`)},
		{method: "POST", path: zone + "/dns_records", body: []byte(`{"type": "A", "name": "new", "content": "192.0.2.9"}`)},
		{method: "PATCH", path: zone + "/dns_records/" + w.world.ids["record"], body: []byte(`{"content": "192.0.2.9"}`)},
		{method: "DELETE", path: zone + "/dns_records/" + w.world.ids["record"]},
	}
}

func (c *call) hasNo(part string) bool {
	record, purge := strings.Contains(c.path, "/dns_records"), strings.Contains(c.path, "/purge_cache")
	return part == "the change feed's entry" && (record || purge) || part == "the row" && purge
}

// TestAChangeThatFailsLeavesNothingBehind: row, event and feed entry come about
// together or not at all, and the token that was to be changed works as before.
func TestAChangeThatFailsLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	w := newTroubled(t)
	w.hear() // the cache must not believe what did not come about
	db := rowsOf(t, w.path)
	for _, f := range failingChanges {
		for _, c := range changesOf(w) {
			if c.hasNo(f.name) {
				continue
			}
			c.as = w.key("alice")
			what := f.name + " fails: " + c.method + " " + c.path
			before := db.count(t)
			f.fail(w)
			a := w.call(t, c)
			w.heal(append(rowMethods, "AppendEvent", "AppendChange")...)
			a.mustBeUnavailable(t, what)
			if after := db.count(t); after != before {
				t.Errorf("%s: %s before, %s after", what, before, after)
			}
			for name, as := range map[string]credential{"user": w.user, "account": w.account} {
				if a := w.call(t, call{as: as, method: "GET", path: "/zones/" + w.world.ids["zone/A"] + "/dns_records"}); a.status != http.StatusOK {
					t.Errorf("%s: the token %s answers %d %s", what, name, a.status, clip(a.raw))
				}
			}
		}
	}
	w.mustKeepSecrets(t)
}

// TestAnAnswerThatIsLostIsNotBelievedUndone: the change came about and nobody was
// told. The cache must not go on with what it knew.
func TestAnAnswerThatIsLostIsNotBelievedUndone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, method, path string }{
		{"a roll", "PUT", "/user/tokens/<token/user>/value"},
		{"a revocation", "DELETE", "/user/tokens/<token/user>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newTroubled(t)
			w.hear()
			use := call{as: w.user, method: "GET", path: "/zones/" + w.world.ids["zone/A"]}
			if a := w.call(t, use); a.status != http.StatusOK {
				t.Fatalf("the token answers %d", a.status)
			}
			p := &player{world: w.world, t: t}
			w.facts.FailAnswer(errTrouble)
			a := w.call(t, call{as: w.key("alice"), method: c.method, path: p.fill(c.path)})
			a.mustBeUnavailable(t, c.name)
			w.heal()
			if a := w.call(t, use); a.status != http.StatusForbidden {
				t.Errorf("the old secret answers %d %s", a.status, clip(a.raw))
			}
		})
	}
}
