package gateway

import (
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/catalog"
	"github.com/tokenward/tokenward/internal/policy"
	"github.com/tokenward/tokenward/internal/token"
)

// The four columns of contract 2.2.
const (
	coreURL    = "/client/v4/accounts/" + account
	verifyURL  = "/client/v4/user/tokens/verify"
	productURL = "/client/v4/accounts/" + account + "/rules/lists"
	zoneURL    = "/client/v4/zones/" + zone + "/dns_records"
)

// Answers that many cells share.
const (
	missing9106 = "400 9106 Missing X-Auth-Key, X-Auth-Email or Authorization headers"
	missing1001 = `400 1001 Missing "Authorization" header`
	failed9106  = "400 9106 Authentication failed (status: 400)"
	header6111  = "400 6003 Invalid request headers | 6111 Invalid format for Authorization header"
	header6102  = "400 6003 Invalid request headers | 6102 Invalid format for X-Auth-Email header"
	header6103  = "400 6003 Invalid request headers | 6103 Invalid format for X-Auth-Key header"
	invalid9109 = "403 9109 Invalid access token"
	invalid1000 = "401 1000 Invalid API Token"
	dead10000   = "401 10000 Authentication error"
	unknown9103 = "400 9103 Unknown X-Auth-Key or X-Auth-Email"
	email9107   = "400 9107 Missing X-Auth-Email header"
	lacks9109   = "403 9109 Unauthorized to access requested resource"
	lacks10000  = "403 10000 Authentication error"
	fromHere    = "403 9109 Cannot use the access token from location: 127.0.0.1"
)

// TestRefusalsAreTheContractsTable is the table of contract 2.2, a row for each
// situation, over a real connection.
func TestRefusalsAreTheContractsTable(t *testing.T) {
	w := newWorld(t, nil)
	dead := func(r policy.Reason) string {
		return bearer(w.ring.add(t, holder{of: catalog.TargetUser, dead: r}, policy.Condition{}))
	}
	key := func(h holder) string { return "X-Auth-Key: " + w.ring.add(t, h, policy.Condition{}) }
	elsewhere := policy.Condition{In: []string{"203.0.113.0/24"}}
	unknown := w.ring.format.New(token.User).Reveal()
	email := "X-Auth-Email: alice@example.com"
	alice := holder{of: catalog.TargetUser, email: "alice@example.com"}

	tests := []struct {
		situation                   string
		headers                     string // joined by "; "
		core, verify, product, zone string
	}{
		{"no credential", "", missing9106, missing1001, missing9106, missing9106},
		{"email only", email, missing9106, missing1001, missing9106, missing9106},
		{"malformed token", bearer("abc-def"), header6111, header6111, failed9106, header6111},
		{"token with spaces", bearer("abc def"), header6111, header6111, failed9106, header6111},
		{"two tokens", bearer(unknown) + "; " + bearer(unknown), header6111, header6111, header6111, header6111},
		{"unknown token", bearer(unknown), invalid9109, invalid1000, dead10000, invalid9109},
		{"mistyped token", bearer(mistyped(unknown)), invalid9109, invalid1000, dead10000, invalid9109},
		{"legacy token, unknown", bearer(strings.Repeat("a", 40)), invalid9109, invalid1000, dead10000, invalid9109},
		{"expired", dead(policy.Expired), invalid9109, "", dead10000, invalid9109},
		{"disabled", dead(policy.Disabled), invalid9109, "", dead10000, invalid9109},
		{"not yet valid", dead(policy.NotYetValid), invalid9109, "", dead10000, invalid9109},
		{"owner gone", dead(policy.OwnerGone), invalid9109, "", dead10000, invalid9109},
		{"wrong location", bearer(w.ring.add(t, holder{of: catalog.TargetUser}, elsewhere)), fromHere, invalid1000, lacks10000, fromHere},
		{"no grant", bearer(w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{})), lacks9109, "", lacks10000, lacks10000},
		{"account's token", bearer(w.ring.add(t, holder{of: catalog.TargetAccount}, policy.Condition{})), lacks9109, invalid1000, lacks10000, lacks10000},
		{"malformed key", email + "; X-Auth-Key: abc", header6103, missing1001, header6103, header6103},
		{"malformed email", "X-Auth-Email: alice; X-Auth-Key: abc", header6102, missing1001, header6102, header6102},
		{"key without email", key(alice), email9107, missing1001, email9107, email9107},
		{"unknown key", email + "; X-Auth-Key: " + w.ring.format.New(token.APIKey).Reveal(), unknown9103, missing1001, unknown9103, unknown9103},
		{"legacy key, unknown", email + "; X-Auth-Key: " + strings.Repeat("a", 37), unknown9103, missing1001, unknown9103, unknown9103},
		{"key of another", "X-Auth-Email: bob@example.com; " + key(alice), unknown9103, missing1001, unknown9103, unknown9103},
		{"key of one who is gone", email + "; " + key(holder{of: catalog.TargetUser, email: "alice@example.com", dead: policy.OwnerGone}), unknown9103, missing1001, unknown9103, unknown9103},
		{"key, no grant", email + "; " + key(alice), lacks9109, missing1001, lacks10000, lacks10000},
		{"two emails", email + "; " + email + "; " + key(alice), header6102, missing1001, header6102, header6102},
		{"two keys", email + "; " + key(alice) + "; " + key(alice), header6103, missing1001, header6103, header6103},
	}
	for _, tt := range tests {
		var headers []string
		if tt.headers != "" {
			headers = strings.Split(tt.headers, "; ")
		}
		for url, want := range map[string]string{coreURL: tt.core, verifyURL: tt.verify, productURL: tt.product, zoneURL: tt.zone} {
			if want == "" {
				continue // verify answers for a dead token too, and needs no grant
			}
			got := w.get(url, headers...)
			if v := got.verdict(t); v != want {
				t.Errorf("%s: %s:\n got %s\nwant %s", tt.situation, url, v, want)
			}
			if challenge := got.Header.Get("WWW-Authenticate"); (got.StatusCode == 401) != (challenge == "Bearer") {
				t.Errorf("%s: %s: %d with WWW-Authenticate %q", tt.situation, url, got.StatusCode, challenge)
			}
		}
	}
	if calls := w.reached(); calls != nil {
		t.Errorf("refused requests reached handlers: %q", calls)
	}
}

// TestAccountTokenOnUsersPaths: wrangler tells an account's token from a user's
// by these answers (contract 0, rules 6 to 8).
func TestAccountTokenOnUsersPaths(t *testing.T) {
	w := newWorld(t, nil)
	secret := w.ring.add(t, holder{of: catalog.TargetAccount}, policy.Condition{})
	for target, want := range map[string]string{
		"/client/v4/user":               lacks9109,
		"/client/v4/user/tokens":        lacks9109,
		"/client/v4/user/tokens/verify": invalid1000,
		"/client/v4/memberships":        failed9106,
	} {
		if got := w.get(target, bearer(secret)).verdict(t); got != want {
			t.Errorf("%s:\n got %s\nwant %s", target, got, want)
		}
	}
	for _, target := range []string{"/client/v4/zones", "/client/v4/accounts/" + account + "/tokens/verify"} {
		if got := w.get(target, bearer(secret)); got.StatusCode != 200 {
			t.Errorf("%s: %d", target, got.StatusCode)
		}
	}
}

// TestExistenceIsWithheld: a zone of somebody's and a zone of nobody's.
func TestExistenceIsWithheld(t *testing.T) {
	w := newWorld(t, nil)
	secret := w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{}, allow("DNS Read", "account.zone."+zone))
	foreign := w.get("/client/v4/zones/"+otherZone+"/dns_records", bearer(secret))
	absent := w.get("/client/v4/zones/"+noZone+"/dns_records", bearer(secret))
	absent.body = strings.ReplaceAll(absent.body, noZone, otherZone) // each repeats what was sent
	if foreign.verdict(t) != lacks10000 || foreign.body != absent.body || foreign.StatusCode != absent.StatusCode {
		t.Errorf("a foreign zone answers %d %s, an absent one %d %s", foreign.StatusCode, foreign.body, absent.StatusCode, absent.body)
	}
}

// TestDenyPolicyIsNotTold: what a deny policy takes away is answered like what
// was never given.
func TestDenyPolicyIsNotTold(t *testing.T) {
	w := newWorld(t, nil)
	secret := w.ring.add(t, holder{of: catalog.TargetUser}, policy.Condition{},
		allow("DNS Read", "account."+account), deny("DNS Read", "account.zone."+zone))
	if got := w.get(zoneURL, bearer(secret)).verdict(t); got != lacks10000 {
		t.Error(got)
	}
	if got := w.get("/client/v4/zones/"+otherZone+"/dns_records", bearer(secret)); got.StatusCode != 200 {
		t.Errorf("the other zone: %d %s", got.StatusCode, got.body)
	}
}

// TestEveryReasonHasAnAnswer: no reason, family or outcome, present or future,
// ends in a status that is not a refusal.
func TestEveryReasonHasAnAnswer(t *testing.T) {
	for o := range admitted {
		for f := range catalog.Family(8) {
			if d := denials[o].of(f); d.status < 400 || d.status > 403 || d.message == "" || d.code == 0 {
				t.Errorf("outcome %d, family %s: %+v", o, f, d)
			}
		}
	}
	for r := range policy.Reason(255) {
		for k := range token.CredentialKind(4) {
			if o := outcomeOf(r, k); o >= admitted {
				t.Errorf("reason %s: outcome %d", r, o)
			}
		}
	}
}

// mistyped is a secret with one character changed.
func mistyped(secret string) string {
	c := byte('a')
	if secret[20] == 'a' {
		c = 'b'
	}
	return secret[:20] + string(c) + secret[21:]
}
