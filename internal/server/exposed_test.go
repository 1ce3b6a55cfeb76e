package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/token"
)

const exposedPath = "/tokenward/exposed"

// secretOf is the secret that a credential shows.
func secretOf(c credential) string {
	h := make(http.Header)
	c.show(h)
	return strings.TrimPrefix(h.Get("Authorization")+h.Get("X-Auth-Key"), "Bearer ")
}

// exposes reports secrets as nobody.
func (w *world) exposes(t *testing.T, secrets ...string) answer {
	t.Helper()
	return w.ok(t, nil, "POST", exposedPath, obj{"secrets": secrets, "url": "https://code.example/leak.txt"})
}

// statusOf is a token's status as alice reads it.
func (w *world) statusOf(t *testing.T, path string) string {
	t.Helper()
	var tok struct{ Status string }
	a := w.ok(t, w.key("alice"), "GET", path, nil)
	a.decode(t, &tok)
	return tok.Status
}

// TestAnExposedTokenIsRevokedUntilItIsRolled: it is answered as a disabled one,
// is still there to be seen, and no edit brings it back.
func TestAnExposedTokenIsRevokedUntilItIsRolled(t *testing.T) {
	t.Parallel()
	for _, tokens := range []func(*world) string{(*world).accountTokens, func(*world) string { return "/user/tokens" }} {
		w := newWorld(t, config{})
		w.hear() // from here on the gate has a cache that must forget
		alice, body := w.key("alice"), tokenBody(t, "DNS Write", catalog.KindZone, w.zoneKey("A"))
		leaked, id := w.token(t, alice, tokens(w), "DNS Write", catalog.KindZone, w.zoneKey("A"))
		disabled, other := w.token(t, alice, tokens(w), "DNS Write", catalog.KindZone, w.zoneKey("A"))
		at := tokens(w) + "/" + id
		w.ok(t, leaked, "GET", w.records("A"), nil)
		body["status"] = "disabled"
		w.ok(t, alice, "PUT", tokens(w)+"/"+other, body)

		w.exposes(t, secretOf(leaked))
		for _, path := range []string{w.records("A"), "/zones", "/accounts/" + w.ids["account/1"]} {
			a, like := w.call(t, call{as: leaked, method: "GET", path: path}), w.call(t, call{as: disabled, method: "GET", path: path})
			if got, want := a.envelope.Errors, like.envelope.Errors; a.status != like.status || len(got) == 0 || got[0].Code != want[0].Code || got[0].Message != want[0].Message {
				t.Errorf("GET %s answers %d %s, a disabled token gets %d %s", path, a.status, clip(a.raw), like.status, clip(like.raw))
			}
		}
		verify := w.ok(t, leaked, "GET", tokens(w)+"/verify", nil)
		if _, text := verify.first(); !strings.Contains(string(verify.raw), `"status":"revoked (exposed)"`) || text == "This API Token is valid and active" {
			t.Errorf("verify answers %s", clip(verify.raw))
		}
		list := w.ok(t, alice, "GET", tokens(w), nil)
		if got := rowIDs(t, list); !slices.Contains(got, id) {
			t.Errorf("the list is %v, without the token that was exposed", got)
		}
		w.keepsToOurDocument(t, tokens(w), list)
		for _, status := range []string{"active", "disabled"} {
			body["status"] = status
			w.do(t, alice, "PUT", at, body, 400, 1001)
		}
		body["status"] = "revoked (exposed)" // as a client read it
		w.ok(t, alice, "PUT", at, body)
		delete(body, "status")
		w.ok(t, alice, "PUT", at, body)
		if got := w.statusOf(t, at); got != "revoked (exposed)" {
			t.Errorf("after edits the token is %s", got)
		}
		body["status"] = "revoked (exposed)"
		w.do(t, alice, "PUT", tokens(w)+"/"+other, body, 400, 1001) // nobody sets it

		var rolled string
		a := w.ok(t, alice, "PUT", at+"/value", nil)
		a.decode(t, &rolled)
		w.do(t, leaked, "GET", w.records("A"), nil, 403, 9109)
		w.ok(t, bearer(rolled), "GET", w.records("A"), nil)
		if got := w.statusOf(t, at); got != "active" {
			t.Errorf("after the roll the token is %s", got)
		}
		w.exposes(t, rolled)
		w.ok(t, alice, "DELETE", at, nil)
		w.do(t, alice, "GET", at, nil, 404, 1003)
		w.happened(t, "token_exposed", id, secretOf(leaked), rolled)
	}
}

// keepsToOurDocument: the official schema does not know the status.
func (w *world) keepsToOurDocument(t *testing.T, path string, a answer) {
	t.Helper()
	doc := ourDocument(t, w)
	doc.closed = true
	m, _ := w.authority.Catalog().Match("GET", path)
	if fault := doc.fault(t, &recorded{m.Op, a}); fault != "" {
		t.Errorf("GET %s: %s", path, fault)
	}
}

// TestAReportSaysNothingOfWhatItEnded: the answers are the same to the byte.
func TestAReportSaysNothingOfWhatItEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	live, id := w.token(t, w.key("alice"), "/user/tokens", "DNS Write", catalog.KindZone, w.zoneKey("A"))
	none, _ := w.token(t, w.key("alice"), "/user/tokens", "DNS Write", catalog.KindZone, w.zoneKey("A"))
	broken := secretOf(none)[:52] + "x"
	var first string
	for _, secret := range []string{
		secretOf(stranger()), secretOf(live), secretOf(live), broken, "", "no secret", secretOf(w.key("bob")), strings.Repeat("f", 37),
	} {
		a := w.exposes(t, secret)
		if first == "" {
			first = string(a.raw)
		}
		if string(a.raw) != first || strings.Contains(first, id) {
			t.Errorf("the answer is %s, and before %s", clip(a.raw), first)
		}
	}
	w.golden(t, "exposed_report.json", w.exposes(t, secretOf(live), secretOf(live), secretOf(stranger())))
	w.ok(t, none, "GET", w.records("A"), nil)
	if n := w.count(t, "token_exposed"); n != 1 {
		t.Errorf("%d events say that the token was exposed, want one", n)
	}
}

// count is how many events there are of an action.
func (w *world) count(t *testing.T, action string) int {
	t.Helper()
	return len(w.eventsOf(t, action))
}

// TestAnExposedKeyIsTakenAway: also where several are reported at once.
func TestAnExposedKeyIsTakenAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	w.hear()
	w.ok(t, w.key("bob"), "GET", "/user", nil)
	leaked, _ := w.token(t, w.key("alice"), w.accountTokens(), "DNS Write", catalog.KindZone, w.zoneKey("A"))
	w.exposes(t, secretOf(leaked), secretOf(w.key("bob")), secretOf(w.key("bob")))
	w.do(t, w.key("bob"), "GET", "/user", nil, 400, 9103)
	w.do(t, leaked, "GET", w.records("A"), nil, 403, 9109)
	w.ok(t, w.key("alice"), "GET", "/user", nil)
	w.happened(t, "api_key_exposed", w.ids["user/bob"], secretOf(w.key("bob")), secretOf(leaked))
	u, err := w.store.User(t.Context(), w.ids["user/bob"])
	if err != nil || u.HasKey || u.KeyDigest != (token.Digest{}) {
		t.Errorf("the key is still there: %v", err)
	}
}

// TestTheAuditLogSaysWhereASecretWasFound, and nothing that may be a secret or
// lead to one.
func TestTheAuditLogSaysWhereASecretWasFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	secret := func() string {
		c, _ := w.token(t, w.key("alice"), w.accountTokens(), "DNS Read", catalog.KindZone, w.zoneKey("A"))
		return secretOf(c)
	}
	for _, c := range []struct{ where, want string }{
		{"https://code.example/a/b.txt", "https://code.example/a/b.txt"},
		{"https://me:pass@code.example/a?token=SECRET#SECRET", "https://code.example/a"},
		{"http://code.example/SECRET/raw", "http://code.example"},
		{"https://SECRET.example/", ""},
		{"javascript:alert(1)", ""},
		{"", ""},
		{"https://code.example/" + strings.Repeat("x", 2048), ""},
		{"https://code.example/\n", ""},
	} {
		s := secret()
		w.clock.add(1_000_000)
		w.ok(t, nil, "POST", exposedPath, obj{"secrets": []string{s}, "url": strings.ReplaceAll(c.where, "SECRET", s)})
		if e := w.eventsOf(t, "token_exposed")[0]; e.Metadata["found_at"] != c.want {
			t.Errorf("found at %q is kept as %q, want %q", c.where, e.Metadata["found_at"], c.want)
		}
		w.happened(t, "token_exposed", "", s, "pass@")
	}
	w.clock.add(1_000_000)
	w.ok(t, nil, "POST", exposedPath, obj{"secrets": []string{secret()}, "url": "https://code.example/leak.txt"})
	w.golden(t, "exposed.json", w.ok(t, w.key("alice"), "GET",
		"/accounts/"+w.ids["account/1"]+"/audit_logs?action.type=token_exposed&per_page=1", nil))
}

// TestASecretIsEndedWithTheWhiteSpaceAroundIt: an answer that says "received" of
// the last line of a file must not leave it alive.
func TestASecretIsEndedWithTheWhiteSpaceAroundIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	live, _ := w.token(t, w.key("alice"), "/user/tokens", "DNS Write", catalog.KindZone, w.zoneKey("A"))
	w.ok(t, nil, "POST", exposedPath, obj{"secrets": []string{" " + secretOf(live) + "\r\n"}, "url": "https://code.example/" + secretOf(live)})
	w.do(t, live, "GET", w.records("A"), nil, 403, 9109)
	w.happened(t, "token_exposed", "", secretOf(live))
}

// TestReportsAreBounded, and what is refused ends nothing.
func TestReportsAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, config{})
	live, _ := w.token(t, w.key("alice"), "/user/tokens", "DNS Write", catalog.KindZone, w.zoneKey("A"))
	many := slices.Repeat([]string{secretOf(live)}, authority.MaxExposed)
	w.do(t, nil, "POST", exposedPath, obj{"secrets": append(many, secretOf(live))}, 400, 1001)
	w.do(t, nil, "POST", exposedPath, obj{"secrets": []string{}}, 400, 1001)
	w.do(t, nil, "POST", exposedPath, obj{"secrets": secretOf(live)}, 400, 1001)
	w.do(t, nil, "POST", exposedPath, obj{"secrets": []string{secretOf(live)}, "url": strings.Repeat("x", 16<<10)}, 413, 1001)
	w.ok(t, live, "GET", w.records("A"), nil)
	w.ok(t, nil, "POST", exposedPath, obj{"secrets": many})
	w.do(t, live, "GET", w.records("A"), nil, 403, 9109)
}

// TestWhoAnswersForWhatWasExposedIsTold: a token's user; the creator of an
// account's token while they are a member, else the Super Administrators.
func TestWhoAnswersForWhatWasExposedIsTold(t *testing.T) {
	t.Parallel()
	box := postbox{make(chan [3]string, 10)}
	w := newWorld(t, config{mailer: box})
	w.hasRole(t, "bob", authority.RoleSuperAdministrator)
	told := func(c credential, who, what string) {
		t.Helper()
		w.ok(t, nil, "POST", exposedPath, obj{"secrets": []string{secretOf(c)}, "url": "https://stranger.example/"})
		m := <-box.mail
		if m[0] != w.emails[who] || !strings.Contains(m[1], what) || strings.Contains(m[2], "stranger.example") || strings.Contains(m[2], secretOf(c)) {
			t.Errorf("the mail is %q, want one to %s", m, who)
		}
	}
	mine, _ := w.token(t, w.key("bob"), "/user/tokens", "DNS Write", catalog.KindZone, w.zoneKey("A"))
	told(mine, "bob", "token")
	mine, _ = w.token(t, w.key("bob"), w.accountTokens(), "DNS Write", catalog.KindZone, w.zoneKey("A"))
	told(mine, "bob", "token")
	mine, _ = w.token(t, w.key("bob"), w.accountTokens(), "DNS Write", catalog.KindZone, w.zoneKey("A"))
	w.ok(t, w.key("alice"), "DELETE", w.members(w.memberID(t, "bob")), nil)
	told(mine, "alice", "token")
	told(w.key("bob"), "bob", "API key")
	w.exposes(t, secretOf(mine))
	w.hear() // waits for what goes on behind answers
	if n := len(box.mail); n != 0 {
		t.Errorf("%d more mails were sent", n)
	}
}

// TestAStoreThatFailsEndsNothingAndSaysSo: nobody may think that a secret is
// dead that still lives.
func TestAStoreThatFailsEndsNothingAndSaysSo(t *testing.T) {
	t.Parallel()
	w := newTroubled(t)
	report := func() answer {
		return w.call(t, call{method: "POST", path: exposedPath, body: []byte(`{"secrets":["` + secretOf(w.account) + `"]}`)})
	}
	for _, method := range []string{"TokenByDigest", "UserByKey", "UpdateToken", "AppendEvent", "AppendChange"} {
		w.facts.Fail(method, errTrouble)
		a := report()
		a.mustBeUnavailable(t, "a report while "+method+" fails")
		w.heal(method)
	}
	w.facts.FailCommit(errTrouble)
	a := report()
	a.mustBeUnavailable(t, "a report that is not committed")
	w.heal()
	if n := w.count(t, "token_exposed"); n != 0 {
		t.Errorf("%d events are left of what failed", n)
	}
	w.ok(t, w.account, "GET", w.world.records("A"), nil)
	report()
	w.do(t, w.account, "GET", w.world.records("A"), nil, 403, 9109)
}
