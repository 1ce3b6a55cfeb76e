package e2e

import (
	"fmt"
	"slices"
	"testing"

	classic "github.com/cloudflare/cloudflare-go"
)

func TestV0ZoneIsMadeReadListedPurgedAndDeleted(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, ctx := s.rootV0(t), t.Context()
	// The client names the account "organization" and sends its whole record.
	account, _, err := api.Account(ctx, s.Boot.AccountID)
	if err != nil {
		t.Fatal(err)
	}
	made, err := api.CreateZone(ctx, "example.org", true, account, "full")
	if err != nil {
		t.Fatal(err)
	}
	if made.Account.ID != s.Boot.AccountID || made.Name != "example.org" || made.Type != "full" || made.Plan.Name == "" ||
		made.Plan.LegacyID == "" || len(made.NameServers) != 2 || made.CreatedOn.IsZero() || made.ModifiedOn.IsZero() {
		t.Errorf("created: %+v", made)
	}
	got, err := api.ZoneDetails(ctx, made.ID)
	if err != nil || got.ID != made.ID || got.Name != made.Name {
		t.Errorf("read: %+v, error %v", got, err)
	}
	if id, err := api.ZoneIDByName("Example.ORG"); err != nil || id != made.ID {
		t.Errorf("by name: %q, error %v", id, err)
	}
	byNames, err := api.ListZones(ctx, "example.org", "example.net")
	if err != nil || len(byNames) != 2 || byNames[0].ID != made.ID || byNames[1].ID != s.zone(1) {
		t.Errorf("by names: %v, error %v", byNames, err)
	}
	filtered, err := api.ListZonesContext(ctx, classic.WithZoneFilters("example.org", s.Boot.AccountID, made.Status))
	if err != nil || len(filtered.Result) != 1 || filtered.Result[0].ID != made.ID {
		t.Errorf("filtered: %v, error %v", filtered.Result, err)
	}
	if res, err := api.PurgeEverything(ctx, made.ID); err != nil || !res.Success || res.Result.ID == "" {
		t.Errorf("purge everything: %+v, error %v", res, err)
	}
	some := classic.PurgeCacheRequest{Files: []string{"https://example.org/a?b=1&c=<2>"}}
	if res, err := api.PurgeCache(ctx, made.ID, some); err != nil || !res.Success {
		t.Errorf("purge a file: %+v, error %v", res, err)
	}
	_, err = api.CreateZone(ctx, "example.org", false, classic.Account{ID: s.Boot.AccountID}, "full")
	refusedV0[*classic.RequestError](t, err, 1061)
	gone, err := api.DeleteZone(ctx, made.ID)
	if err != nil || gone.ID != made.ID {
		t.Errorf("delete: %+v, error %v", gone, err)
	}
	_, err = api.ZoneDetails(ctx, made.ID)
	refusedV0[*classic.AuthenticationError](t, err, 10000)
}

// TestV0ListsMoreThanFiftyZones: the client asks for pages 2 to N at the same
// time and refuses them all when one has not the length it should have.
func TestV0ListsMoreThanFiftyZones(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	sent := s.manyZones(t)
	s.calls.take()
	got, err := s.rootV0(t).ListZones(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(got))
	for i, z := range got {
		names[i] = z.Name
	}
	slices.Sort(names)
	if !slices.Equal(names, sent) {
		t.Errorf("%d zones, want each of %d once", len(names), len(sent))
	}
	if n := s.calls.count("GET", "/zones"); n != 2 {
		t.Errorf("%d pages, want 2", n)
	}
}

func TestV0RecordIsMadeReadListedChangedAndDeleted(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, ctx, zone := s.rootV0(t), t.Context(), classic.ZoneIdentifier(s.zone(0))
	priority, proxied := uint16(30), true
	for _, sent := range []classic.CreateDNSRecordParams{
		{Type: "A", Name: "classic.example.com", Content: "192.0.2.50", TTL: 120},
		{Type: "A", Name: "proxied.example.com", Content: "192.0.2.51", TTL: 1, Proxied: &proxied, Comment: "by the classic client", Tags: []string{"a:b"}},
		{Type: "MX", Name: "mx.example.com", Content: "mail.example.com", TTL: 300, Priority: &priority},
		{Type: "TXT", Name: "_acme-challenge.example.com", Content: "unquoted", TTL: 60},
		{Type: "SRV", Name: "_x._tcp.example.com", TTL: 300,
			Data: map[string]any{"priority": 1, "weight": 2, "port": 3, "target": "host.example.com"}},
	} {
		made, err := api.CreateDNSRecord(ctx, zone, sent)
		if err != nil {
			t.Fatalf("%s: %v", sent.Name, err)
		}
		if made.Proxied == nil || *made.Proxied != (sent.Proxied != nil) || made.Type != sent.Type || made.Name != sent.Name ||
			made.TTL != sent.TTL || made.Comment != sent.Comment || !slices.Equal(made.Tags, sent.Tags) || sent.Content != "" && made.Content != sent.Content {
			t.Errorf("%s: created %+v", sent.Name, made)
		}
		if sent.Priority != nil && (made.Priority == nil || *made.Priority != *sent.Priority) {
			t.Errorf("%s: priority %v, want %d", sent.Name, made.Priority, *sent.Priority)
		}
		got, err := api.GetDNSRecord(ctx, zone, made.ID)
		if err != nil || got.Content != made.Content || got.Name != made.Name {
			t.Errorf("%s: read %+v, error %v", sent.Name, got, err)
		}
		list, info, err := api.ListDNSRecords(ctx, zone, classic.ListDNSRecordsParams{Type: sent.Type, Name: sent.Name})
		if err != nil || len(list) != 1 || list[0].ID != made.ID || info.Total != 1 {
			t.Errorf("%s: listed %v, error %v", sent.Name, list, err)
		}
		if err := api.DeleteDNSRecord(ctx, zone, made.ID); err != nil {
			t.Errorf("%s: delete: %v", sent.Name, err)
		}
		_, err = api.GetDNSRecord(ctx, zone, made.ID)
		refusedV0[*classic.NotFoundError](t, err, 81044)
	}
}

// TestV0UpdateIsAPatch: a nil comment keeps the comment, an empty one clears it.
func TestV0UpdateIsAPatch(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, ctx, zone := s.rootV0(t), t.Context(), classic.ZoneIdentifier(s.zone(0))
	made, err := api.CreateDNSRecord(ctx, zone, classic.CreateDNSRecordParams{
		Type: "A", Name: "classic.example.com", Content: "192.0.2.50", TTL: 120, Comment: "stays", Tags: []string{"a:b"}})
	if err != nil {
		t.Fatal(err)
	}
	s.calls.take()
	got, err := api.UpdateDNSRecord(ctx, zone, classic.UpdateDNSRecordParams{ID: made.ID, Content: "192.0.2.60", Tags: made.Tags})
	if err != nil || got.Content != "192.0.2.60" || got.Comment != "stays" || got.TTL != 120 || got.Name != made.Name {
		t.Errorf("content: %+v, error %v", got, err)
	}
	empty := ""
	got, err = api.UpdateDNSRecord(ctx, zone, classic.UpdateDNSRecordParams{ID: made.ID, Comment: &empty, Tags: []string{}})
	if err != nil || got.Content != "192.0.2.60" || got.Comment != "" || len(got.Tags) != 0 {
		t.Errorf("comment: %+v, error %v", got, err)
	}
	path := "/zones/" + s.zone(0) + "/dns_records/" + made.ID
	want(t, s.calls.take(), "PATCH "+path+" OK", "PATCH "+path+" OK")
}

// TestV0ListsEveryPageOfRecords: the client asks for 100 at a time.
func TestV0ListsEveryPageOfRecords(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api := s.rootV7()
	const n = 120
	for i := range n {
		api.newRecord(t, s.zone(0), aRecord("many.example.com", fmt.Sprintf("192.0.2.%d", i)))
	}
	s.calls.take()
	got, info, err := s.rootV0(t).ListDNSRecords(t.Context(), classic.ZoneIdentifier(s.zone(0)), classic.ListDNSRecordsParams{Name: "many.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range got {
		seen[r.Content] = true
	}
	if len(got) != n || len(seen) != n || info.Total != n {
		t.Errorf("%d records, %d different, %d in all; want %d", len(got), len(seen), info.Total, n)
	}
	if pages := len(s.calls.take()); pages != 2 {
		t.Errorf("%d pages, want 2", pages)
	}
}

func TestV0UserAndAccounts(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	byKey, err := classic.New(s.Boot.APIKey, s.Boot.Email, s.v0Options()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, api := range []*classic.API{s.rootV0(t), byKey} {
		me, err := api.UserDetails(t.Context())
		if err != nil || me.ID != s.Boot.UserID || me.Email != s.Boot.Email {
			t.Errorf("user: %+v, error %v", me, err)
		}
		list, info, err := api.Accounts(t.Context(), classic.AccountsListParams{})
		if err != nil || len(list) != 1 || list[0].ID != s.Boot.AccountID || info.Total != 1 || info.TotalPages != 1 {
			t.Errorf("accounts: %+v, error %v", list, err)
		}
	}
}

func TestV0TokenForOneZonesDNSCanDoThatAndNothingElse(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	made := mustCreate(t, s.rootV7().userTokens(), definition{name: "dns of one zone", grants: []grant{
		{groups: []string{groupDNSWrite, groupZoneRead}, flat: []string{zoneKey(s.zone(0))}},
	}})
	api, ctx := s.v0(t, made.secret), t.Context()
	id, err := api.ZoneIDByName(s.Boot.Zones[0].Name)
	if err != nil || id != s.zone(0) {
		t.Fatalf("its zone by name: %q, error %v", id, err)
	}
	if _, err := api.CreateDNSRecord(ctx, classic.ZoneIdentifier(id), classic.CreateDNSRecordParams{
		Type: "A", Name: "scoped.example.com", Content: "192.0.2.9", TTL: 120}); err != nil {
		t.Errorf("a record in its zone: %v", err)
	}
	if id, err := api.ZoneIDByName(s.Boot.Zones[1].Name); err == nil {
		t.Errorf("another zone by name: %q, want none", id)
	}
	_, _, err = api.ListDNSRecords(ctx, classic.ZoneIdentifier(s.zone(1)), classic.ListDNSRecordsParams{})
	refusedV0[*classic.AuthenticationError](t, err, 10000)
	_, err = api.PurgeEverything(ctx, s.zone(0))
	refusedV0[*classic.AuthenticationError](t, err, 10000)
	_, err = api.UserDetails(ctx)
	refusedV0[*classic.AuthenticationError](t, err, 9109)
	_, err = api.APITokens(ctx)
	refusedV0[*classic.AuthenticationError](t, err, 9109)
}
