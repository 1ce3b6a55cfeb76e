package e2e

import (
	"strings"
	"testing"

	"github.com/cloudflare/cloudflare-go/v7/accounts"
	"github.com/cloudflare/cloudflare-go/v7/cache"
	"github.com/cloudflare/cloudflare-go/v7/dns"
	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/zones"
)

// listRecords is the cheapest question about a zone's DNS.
func (c *v7) listRecords(t *testing.T, zone string) error {
	t.Helper()
	var p dns.RecordListParams
	set(&p.ZoneID, zone)
	_, err := c.records.List(t.Context(), p)
	return err
}

func (c *v7) purgeEverything(t *testing.T, zone string) error {
	t.Helper()
	var body cache.CachePurgeParamsBodyCachePurgeEverything
	set(&body.PurgeEverything, true)
	_, err := c.cache.Purge(t.Context(), purge(zone, body))
	return err
}

// TestV7TokenForOneZonesDNSCanDoThatAndNothingElse: the allowed calls, and each
// denial with its status, code and text.
func TestV7TokenForOneZonesDNSCanDoThatAndNothingElse(t *testing.T) {
	ownersV7(t, func(t *testing.T, s *server, client func(string) tokensV7) {
		mine, other, none := s.zone(0), s.zone(1), "00000000000000000000000000000000"
		made := mustCreate(t, client(s.Boot.Token.Value), definition{name: "dns of one zone", grants: []grant{
			{groups: []string{groupDNSWrite}, flat: []string{zoneKey(mine)}},
		}})
		api := s.v7(made.secret)

		record := api.newRecord(t, mine, aRecord("scoped.example.com", "192.0.2.9"))
		if _, err := api.editRecord(t, mine, record.ID, aRecord("scoped.example.com", "192.0.2.10")); err != nil {
			t.Errorf("edit in its own zone: %v", err)
		}
		if err := api.listRecords(t, mine); err != nil {
			t.Errorf("list in its own zone: %v", err)
		}
		if err := api.deleteRecord(t, mine, record.ID); err != nil {
			t.Errorf("delete in its own zone: %v", err)
		}

		var create dns.RecordNewParams
		set(&create.ZoneID, other)
		create.Body = aRecord("scoped.example.net", "192.0.2.9")
		_, newErr := api.records.New(t.Context(), create)
		var gone zones.ZoneDeleteParams
		set(&gone.ZoneID, mine)
		_, deleteErr := api.zones.Delete(t.Context(), gone)
		for what, err := range map[string]error{
			"records of another zone":        api.listRecords(t, other),
			"records of a zone that is none": api.listRecords(t, none),
			"a record in another zone":       newErr,
			"purging its zone":               api.purgeEverything(t, mine),
			"purging another zone":           api.purgeEverything(t, other),
			"deleting its zone":              deleteErr,
		} {
			if status, code := codeV7(err); status != 403 || code != 10000 {
				t.Errorf("%s: %v", what, err)
			}
			refusedV7(t, err, 403, 10000, "Authentication error")
		}
		const core = "Unauthorized to access requested resource"
		_, err := api.accountTokens(s.Boot.AccountID).list(t.Context(), 0)
		refusedV7(t, err, 403, 9109, core)
		_, err = api.userTokens().list(t.Context(), 0)
		refusedV7(t, err, 403, 9109, core)
		_, err = api.user.Get(t.Context())
		refusedV7(t, err, 403, 9109, core)
		_, err = api.zones.New(t.Context(), zoneNew(s.Boot.AccountID, "scoped.test"))
		refusedV7(t, err, 403, 9109, core)
	})
}

func TestV7DenyWins(t *testing.T) {
	ownersV7(t, func(t *testing.T, s *server, client func(string) tokensV7) {
		made := mustCreate(t, client(s.Boot.Token.Value), definition{name: "every zone but one", grants: []grant{
			{groups: []string{groupDNSRead}, nested: map[string][]string{accountKey(s.Boot.AccountID): {scopeZone + ".*"}}},
			{effect: "deny", groups: []string{groupDNSRead}, flat: []string{zoneKey(s.zone(1))}},
		}})
		if err := s.v7(made.secret).listRecords(t, s.zone(0)); err != nil {
			t.Errorf("a zone that is not denied: %v", err)
		}
		refusedV7(t, s.v7(made.secret).listRecords(t, s.zone(1)), 403, 10000, "Authentication error")
	})
}

// TestV7ListsShowOnlyWhatTheTokenMayRead: collections are filtered, never
// denied. An account's token sees its account whatever it may do: wrangler
// needs the name.
func TestV7ListsShowOnlyWhatTheTokenMayRead(t *testing.T) {
	ownersV7(t, func(t *testing.T, s *server, client func(string) tokensV7) {
		made := mustCreate(t, client(s.Boot.Token.Value), definition{name: "reads one zone", grants: []grant{
			{groups: []string{groupZoneRead}, flat: []string{zoneKey(s.zone(1))}},
		}})
		api := s.v7(made.secret)
		rows, err := collect(api.zones.ListAutoPaging(t.Context(), zones.ZoneListParams{}))
		if err != nil || len(rows) != 1 || rows[0].ID != s.zone(1) {
			t.Errorf("zones: %v, error %v", rows, err)
		}
		seen, err := collect(api.accounts.ListAutoPaging(t.Context(), accounts.AccountListParams{}))
		n := 0
		if _, ok := client("").(accountTokensV7); ok {
			n = 1
		}
		if err != nil || len(seen) != n {
			t.Errorf("%d accounts, error %v; want %d", len(seen), err, n)
		}
	})
}

func TestV7UserAndAccountsDescribeThemselves(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	me, err := s.rootV7().user.Get(t.Context())
	if err != nil || me.ID != s.Boot.UserID || me.Email != s.Boot.Email || me.Suspended {
		t.Fatalf("user: %v, error %v", me, err)
	}
	list, err := collect(s.rootV7().accounts.ListAutoPaging(t.Context(), accounts.AccountListParams{}))
	if err != nil || len(list) != 1 || list[0].ID != s.Boot.AccountID || list[0].Name == "" || list[0].Type != "standard" {
		t.Fatalf("accounts: %v, error %v", list, err)
	}
	var p accounts.AccountGetParams
	set(&p.AccountID, s.Boot.AccountID)
	one, err := s.rootV7().accounts.Get(t.Context(), p)
	if err != nil || one.ID != s.Boot.AccountID || one.Name != list[0].Name || one.CreatedOn.IsZero() {
		t.Fatalf("account: %v, error %v", one, err)
	}
}

func TestV7CredentialsThatAreNone(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	wrong := "tkut_" + strings.Repeat("0", 40) + "deadbeef"
	for _, c := range []struct {
		what    string
		opts    []option.RequestOption
		status  int
		code    int64
		message string
	}{
		{"no credential", nil, 400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers"},
		{"a wrong checksum", []option.RequestOption{option.WithAPIToken(wrong)}, 403, 9109, "Invalid access token"},
		{"not the form of a token", []option.RequestOption{option.WithAPIToken("nonsense")}, 400, 6003, "Invalid request headers"},
		{"an unknown key", []option.RequestOption{option.WithAPIKey("1234567893feefc5f0a5000bf00c38d90bbeb"), option.WithAPIEmail(s.Boot.Email)},
			400, 9103, "Unknown X-Auth-Key or X-Auth-Email"},
	} {
		t.Log(c.what)
		_, err := s.v7With(c.opts...).user.Get(t.Context())
		refusedV7(t, err, c.status, c.code, c.message)
	}
	got, err := s.v7With(option.WithAPIKey(s.Boot.APIKey), option.WithAPIEmail(s.Boot.Email)).user.Get(t.Context())
	if err != nil || got.ID != s.Boot.UserID {
		t.Errorf("the API key: %v, error %v", got, err)
	}
}
