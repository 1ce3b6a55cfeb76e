package browser

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// Names of tokens that tests look for.
const (
	busyToken     = "dns bot"          // used much, and denied at times
	exposedToken  = "deploy (leaked)"  // found in public
	disabledToken = "old build server" // switched off
	expiredToken  = "trial of spring"  // over
	futureToken   = "launch day"       // not yet valid
	apiOnlyToken  = "split duties"     // the form cannot express it
)

// addTokens makes tokens of every status and kind, of the user or the account.
func (s *site) addTokens(root *api, account bool) {
	made := map[string]token{}
	s.token[account] = made
	other := s.Boot.Zones[1].ID
	dns := policy("allow", onZone(s.zone), groupDNSWrite, groupZoneRead)
	purge := zonesOf(s.Boot.AccountID, groupCachePurge)
	settings := policy("allow", onAccount(s.Boot.AccountID), groupSettingsRead)
	drafts := []object{
		with(named(busyToken, dns), "expires_on", inDays(60)),
		named(exposedToken, dns, settings),
		named(disabledToken, purge),
		with(named(expiredToken, dns), "expires_on", time.Now().Add(2*time.Second).UTC().Format(time.RFC3339)),
		with(with(named(futureToken, purge), "not_before", inDays(20)), "expires_on", inDays(25)),
		named(apiOnlyToken, policy("allow", onZone(s.zone), groupDNSWrite), policy("allow", onZone(other), groupCachePurge)),
		with(named("certificates of the office", zonesOf(s.Boot.AccountID, groupDNSWrite), policy("deny", onZone(other), groupDNSWrite)),
			"condition", object{"request.ip": object{"in": []string{"127.0.0.1/32", "203.0.113.0/24", "2001:db8::/32"}, "not_in": []string{"203.0.113.99/32"}}}),
		with(named("ends next week", settings), "expires_on", inDays(6)),
		with(named("The longest name that somebody could think of, with <b>markup</b> & “quotes” in it, to see it", dns), "expires_on", inDays(400)),
	}
	for n := range 24 {
		drafts = append(drafts, with(named(fmt.Sprintf("worker %02d", n+1), zonesOf(s.Boot.AccountID, groupZoneRead, groupDNSRead)), "expires_on", inDays(30+7*n)))
	}
	for _, d := range drafts {
		got := root.newToken(account, d)
		made[got.Name] = got
	}
	root.do("PUT", root.tokens(account)+"/"+made[disabledToken].ID, with(named(disabledToken, purge), "status", "disabled"), nil)
	root.do("POST", "/tokenward/exposed", object{"secrets": []string{made[exposedToken].Value}, "url": "https://code.example/paste/42"}, nil)
}

// use makes requests with some tokens, of which some are denied.
func (s *site) use(t *testing.T) {
	t.Helper()
	for _, tokens := range s.token {
		bot := &api{t, s.server, tokens[busyToken].Value}
		for range 6 {
			bot.do("GET", "/zones/"+s.zone+"/dns_records", nil, nil)
		}
		bot.do("GET", "/zones/"+s.zone, nil, nil)
		for _, path := range []string{"/zones/" + s.Boot.Zones[1].ID + "/dns_records", "/zones/" + s.zone + "/settings"} {
			if status, _ := bot.ask("GET", path, nil); status != http.StatusForbidden {
				t.Fatalf("GET %s answers %d, not 403", path, status)
			}
		}
		(&api{t, s.server, tokens["worker 01"].Value}).do("GET", "/zones", nil, nil)
	}
}
