package gateway

import (
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
)

// TestAuthorizationIsReadOneWay sends spellings of the header. "ok" passes as
// the token's holder.
func TestAuthorizationIsReadOneWay(t *testing.T) {
	w := newWorld(t, nil)
	s := w.ring.add(t, holder{name: "mine", of: catalog.TargetUser}, policy.Condition{}, allow("DNS Read", "account.zone."+zone))
	other := w.ring.add(t, holder{name: "other", of: catalog.TargetUser}, policy.Condition{}, allow("DNS Read", "account.zone."+zone))
	const ok = "ok"
	tests := []struct {
		name    string
		headers []string
		want    string
	}{
		{"as it should be", []string{"Authorization: Bearer " + s}, ok},
		{"header in lower case", []string{"authorization: Bearer " + s}, ok},
		{"header in mixed case", []string{"aUTHORIZATION: Bearer " + s}, ok},
		{"scheme in lower case", []string{"Authorization: bearer " + s}, ok},
		{"spaces around the value", []string{"Authorization:   Bearer " + s + " \t "}, ok},
		{"folded line", []string{"Authorization: Bearer", " " + s}, ok}, // RFC 9112, 5.2: a fold is one space
		{"folded line, two values", []string{"Authorization: Bearer " + s, " " + other}, header6111},
		{"same line twice", []string{"Authorization: Bearer " + s, "Authorization: Bearer " + s}, header6111},
		{"two lines", []string{"Authorization: Bearer " + s, "Authorization: Bearer " + other}, header6111},
		{"two lines, cases differ", []string{"Authorization: Bearer " + s, "authorization: Bearer " + other}, header6111},
		{"second line empty", []string{"Authorization: Bearer " + s, "Authorization:"}, header6111},
		{"a list", []string{"Authorization: Bearer " + s + ", Bearer " + other}, header6111},
		{"scheme twice", []string{"Authorization: Bearer Bearer " + s}, header6111},
		{"two spaces", []string{"Authorization: Bearer  " + s}, header6111},
		{"tab", []string{"Authorization: Bearer\t" + s}, header6111},
		{"space inside", []string{"Authorization: Bearer " + s[:30] + " " + s[30:]}, header6111},
		{"no scheme", []string{"Authorization: " + s}, header6111},
		{"other scheme", []string{"Authorization: Token " + s}, header6111},
		{"basic", []string{"Authorization: Basic " + s}, header6111},
		{"scheme only", []string{"Authorization: Bearer"}, header6111},
		{"empty", []string{"Authorization:"}, header6111},
		{"quoted", []string{`Authorization: Bearer "` + s + `"`}, header6111},
		{"parameter", []string{"Authorization: Bearer token=" + s}, header6111},
		{"non-breaking space", []string{"Authorization: Bearer\u00a0" + s}, header6111},
		{"byte beyond ASCII", []string{"Authorization: Bearer " + s + "\xff"}, header6111},
		{"81 characters", []string{bearer(strings.Repeat("a", 81))}, header6111},
		{"a megabyte less", []string{bearer(strings.Repeat("a", 500_000))}, header6111},
		{"in a cookie", []string{"Cookie: Authorization=Bearer " + s + "; session=" + s}, missing9106},
		{"as a service key", []string{"X-Auth-User-Service-Key: " + s}, missing9106},
		{"to a proxy", []string{"Proxy-Authorization: Bearer " + s}, missing9106},
		{"underscore", []string{"X_Auth_Key: " + s, "X_Auth_Email: alice@example.com"}, missing9106},
		{"in the query", nil, missing9106},
	}
	for _, tt := range tests {
		target := zoneURL
		if tt.headers == nil {
			target += "?access_token=" + s
		}
		got := w.get(target, tt.headers...)
		calls := w.reached()
		if tt.want == ok {
			if got.StatusCode != 200 || len(calls) != 1 || !strings.Contains(got.body, `"mine"`) {
				t.Errorf("%s: %d %s", tt.name, got.StatusCode, got.body)
			}
			continue
		}
		if v := got.verdict(t); v != tt.want || calls != nil {
			t.Errorf("%s: %s, reached %q, want %s", tt.name, v, calls, tt.want)
		}
	}
}

// TestHTTPRefusesBrokenHeaders: these never come to the gate.
func TestHTTPRefusesBrokenHeaders(t *testing.T) {
	w := newWorld(t, nil)
	s := w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}, allow("DNS Read", "account.zone."+zone))
	for _, header := range []string{
		"Authorization: Bearer " + s + "\x00",
		"Authorization : Bearer " + s,
		"\x00Authorization: Bearer " + s,
		"Transfer-Encoding: gzip\r\n" + bearer(s),
		"Content-Length: 1\r\nContent-Length: 2\r\n" + bearer(s),
	} {
		if got := w.get(zoneURL, header); got.StatusCode < 400 || w.reached() != nil {
			t.Errorf("%q: %d", header, got.StatusCode)
		}
	}
}

// TestKeyIsACredential, with the owner's email and where keys are allowed.
func TestKeyIsACredential(t *testing.T) {
	w := newWorld(t, nil)
	key := "X-Auth-Key: " + w.ring.add(t, holder{name: "alice", of: catalog.TargetUser, email: "alice@example.com"}, policy.Condition{},
		allow("DNS Read", "account.zone."+zone))
	email := "X-Auth-Email: alice@example.com"
	if got := w.get(zoneURL, email, key); got.StatusCode != 200 || !strings.Contains(got.body, `"alice"`) {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	w.gate.reader.keys = false
	if got := w.get(zoneURL, email, key).verdict(t); got != missing9106 {
		t.Errorf("where keys are off: %s", got)
	}
}

// TestTokenCountsBesideAKey: where both are sent the token counts (contract
// 4.5), and a bad token is not made good by a key.
func TestTokenCountsBesideAKey(t *testing.T) {
	w := newWorld(t, nil)
	s := w.ring.add(t, holder{name: "token", of: catalog.TargetUser}, policy.Condition{}, allow("DNS Read", "account.zone."+zone))
	key := "X-Auth-Key: " + w.ring.add(t, holder{name: "key", of: catalog.TargetUser, email: "alice@example.com"}, policy.Condition{},
		allow("DNS Read", "account.zone."+zone))
	email := "X-Auth-Email: alice@example.com"
	if got := w.get(zoneURL, email, key, bearer(s)); !strings.Contains(got.body, `"token"`) {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	if got := w.get(zoneURL, email, key, bearer("abc-def")).verdict(t); got != header6111 {
		t.Error(got)
	}
	if got := w.get(zoneURL, email, key, bearer(mistyped(s))).verdict(t); got != invalid9109 {
		t.Error(got)
	}
}

func TestEmailShape(t *testing.T) {
	for _, s := range []string{"a@b", "alice@example.com", "a+b@example.com", `"a@b"@example.com`, "ä@example.com", strings.Repeat("a", 308) + "@example.com"} {
		if !isEmail(s) {
			t.Errorf("%q is refused", s)
		}
	}
	for _, s := range []string{"", "@", "a@", "@b", "alice", "a b@example.com", "a@b\x00", "a@b\n", "a@\x7f", strings.Repeat("a", 309) + "@example.com"} {
		if isEmail(s) {
			t.Errorf("%q is taken", s)
		}
	}
}
