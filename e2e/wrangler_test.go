package e2e

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// whoami is what `wrangler whoami --json` prints.
type whoami struct {
	LoggedIn bool   `json:"loggedIn"`
	AuthType string `json:"authType"`
	Email    string `json:"email"`
	Accounts []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"accounts"`
}

// wrangler runs the command with a token and without anything that would reach
// for the internet.
func wrangler(t *testing.T, baseURL, token string, args ...string) result {
	t.Helper()
	return node(t, []string{
		"CLOUDFLARE_API_BASE_URL=" + baseURL, "CLOUDFLARE_API_TOKEN=" + token,
		"WRANGLER_SEND_METRICS=false", "DO_NOT_TRACK=1", "WRANGLER_HIDE_BANNER=true", "WRANGLER_LOG_PATH=" + t.TempDir(),
	}, "node_modules/wrangler/bin/wrangler.js", args...)
}

// TestWranglerWhoamiTellsTokensApart: wrangler judges by the code of each
// answer, and crashes on those that it does not expect.
func TestWranglerWhoamiTellsTokensApart(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	users, accounts := s.rootV7().userTokens(), s.rootV7().accountTokens(s.Boot.AccountID)
	settings := grant{groups: []string{groupSettingsRead}, flat: []string{accountKey(s.Boot.AccountID)}}
	details := grant{groups: []string{groupUserDetails}, flat: []string{userKey(s.Boot.UserID)}}
	both := mustCreate(t, users, definition{name: "details and account", grants: []grant{details, settings}})
	noDetails := mustCreate(t, users, definition{name: "account only", grants: []grant{settings}})
	noAccount := mustCreate(t, users, definition{name: "details only", grants: []grant{details}})
	ofAccount := mustCreate(t, accounts, definition{name: "an account's", grants: []grant{settings}})
	const verifies, user, lists = "GET /user/tokens/verify ", "GET /user ", "GET /accounts "
	for _, c := range []struct {
		name, secret    string
		authType, email string
		accounts        int
		calls           []string
	}{
		{"user token", both.secret, "User API Token", s.Boot.Email, 1, []string{verifies + "OK", user + "OK", lists + "OK"}},
		{"without User Details", noDetails.secret, "User API Token", "", 1, []string{verifies + "OK", user + "Forbidden", lists + "OK"}},
		{"without an account", noAccount.secret, "User API Token", s.Boot.Email, 0, []string{verifies + "OK", user + "OK", lists + "OK"}},
		{"account token", ofAccount.secret, "Account API Token", "", 1, []string{verifies + "Unauthorized", user + "Forbidden", lists + "OK"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			base, seen := s.recorded(t)
			r := wrangler(t, base, c.secret, "whoami", "--json")
			var got whoami
			if err := json.Unmarshal([]byte(r.stdout), &got); err != nil || r.code != 0 {
				r.fails(t, "whoami failed")
			}
			if !got.LoggedIn || got.AuthType != c.authType || got.Email != c.email || len(got.Accounts) != c.accounts {
				r.fails(t, "whoami took the token for another one")
			}
			for _, a := range got.Accounts {
				if a.ID != s.Boot.AccountID || a.Name == "" {
					r.fails(t, "whoami shows another account")
				}
			}
			want(t, seen.take(), c.calls...)
		})
	}
}

// TestWranglerWhoamiFailsForADeadToken: with the answer's own text, and not
// with a crash.
func TestWranglerWhoamiFailsForADeadToken(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	tokens := s.rootV7().userTokens()
	revoked := mustCreate(t, tokens, s.readsZone("revoked"))
	if _, err := tokens.delete(t.Context(), revoked.id); err != nil {
		t.Fatal(err)
	}
	off := s.readsZone("disabled")
	disabled := mustCreate(t, tokens, off)
	off.status = "disabled"
	if _, err := tokens.update(t.Context(), disabled.id, off); err != nil {
		t.Fatal(err)
	}
	old := s.expiredToken(t)
	const invalid, headers = "Invalid access token [code: 9109]", "Invalid request headers [code: 6003]"
	const unauthorized = "GET /user/tokens/verify Unauthorized"
	const known = "GET /user/tokens/verify OK"
	for _, c := range []struct {
		name, secret, says string
		calls              []string
	}{
		{"wrong", "tkut_" + strings.Repeat("0", 40) + "deadbeef", invalid, []string{unauthorized, "GET /user Forbidden", "GET /accounts Forbidden"}},
		{"malformed", "nonsense", headers, []string{"GET /user/tokens/verify Bad Request"}},
		{"revoked", revoked.secret, invalid, []string{unauthorized, "GET /user Forbidden", "GET /accounts Forbidden"}},
		{"disabled", disabled.secret, invalid, []string{known, "GET /user Forbidden", "GET /accounts Forbidden"}},
		{"expired", old.secret, invalid, []string{known, "GET /user Forbidden", "GET /accounts Forbidden"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			base, seen := s.recorded(t)
			r := wrangler(t, base, c.secret, "whoami", "--json")
			if r.code != 1 || !strings.Contains(r.stderr, c.says) {
				r.fails(t, "want exit code 1 and "+c.says)
			}
			want(t, seen.take(), c.calls...)
		})
	}
}

// expiredToken makes a token and waits until its short life is over.
func (s *server) expiredToken(t *testing.T) madeV7 {
	t.Helper()
	tokens, d := s.rootV7().userTokens(), s.readsZone("expired")
	d.expiresOn = time.Now().UTC().Truncate(time.Second).Add(2 * time.Second)
	made := mustCreate(t, tokens, d)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for range 100 {
		got, err := tokens.get(t.Context(), made.id)
		if err != nil {
			t.Fatal(err)
		}
		if got.Status == "expired" {
			return made
		}
		<-tick.C
	}
	t.Fatal("the token does not expire")
	return madeV7{}
}
