package e2e

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	classic "github.com/cloudflare/cloudflare-go"
)

// TestTerraformV4TokenPlansNothingTwice is what the provider does for a user's
// token: groups by name and first scope, apply, refresh, change, import by id,
// destroy.
func TestTerraformV4TokenPlansNothingTwice(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, ctx := s.rootV0(t), t.Context()
	list, err := api.ListAPITokensPermissionGroups(ctx)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]string{}
	for _, g := range list {
		byName[g.Scopes[0]+" "+g.Name] = g.ID
	}
	sent := s.dnsTokenV0("by terraform")
	sent.Policies[0].PermissionGroups = []classic.APITokenPermissionGroups{{ID: byName[scopeZone+" DNS Write"]}, {ID: byName[scopeZone+" Zone Read"]}}
	made, err := api.CreateAPIToken(ctx, sent)
	if err != nil {
		t.Fatal(err)
	}
	sameV0(t, "applied", made, sent)
	refresh := func(what string) {
		t.Helper()
		for range 2 {
			got, err := api.GetAPIToken(ctx, made.ID)
			if err != nil {
				t.Fatal(err)
			}
			sameV0(t, what, got, sent)
		}
	}
	refresh("refreshed")
	sent.Name = "changed by terraform"
	sent.Condition.RequestIP.NotIn = nil
	slices.Reverse(sent.Policies)
	got, err := api.UpdateAPIToken(ctx, made.ID, sent)
	if err != nil {
		t.Fatal(err)
	}
	sameV0(t, "changed", got, sent)
	refresh("after the second apply, and imported by id")
	if err := api.DeleteAPIToken(ctx, made.ID); err != nil {
		t.Fatal(err)
	}
	_, err = api.GetAPIToken(ctx, made.ID)
	refusedV0[*classic.NotFoundError](t, err, notFoundCode(t, s, made.ID))
}

// TestTerraformV4ZonePlansNothingTwice: the provider creates a zone, then sets
// its type.
func TestTerraformV4ZonePlansNothingTwice(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, ctx := s.rootV0(t), t.Context()
	for _, kind := range []string{"full", "partial"} {
		made, err := api.CreateZone(ctx, kind+".example.org", false, classic.Account{ID: s.Boot.AccountID}, kind)
		if err != nil {
			t.Fatal(err)
		}
		applied, err := api.ZoneSetType(ctx, made.ID, kind)
		if err != nil {
			t.Fatal(err)
		}
		if applied.Type != kind || applied.Owner.ID != s.Boot.AccountID || applied.Owner.Name == "" || applied.Plan.LegacyID == "" ||
			len(applied.NameServers) != 2 || (applied.VerificationKey != "") != (kind == "partial") || applied.Account.ID != s.Boot.AccountID {
			t.Errorf("%s: %+v", kind, applied)
		}
		for range 2 {
			got, err := api.ZoneDetails(ctx, made.ID)
			if err != nil || !reflect.DeepEqual(got, applied) {
				t.Errorf("%s: refreshed %+v, error %v\napplied %+v", kind, got, err, applied)
			}
		}
		if _, err := api.DeleteZone(ctx, made.ID); err != nil {
			t.Error(err)
		}
	}
}

func TestTerraformV4RecordsPlanNothingTwice(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, ctx, zone := s.rootV0(t), t.Context(), classic.ZoneIdentifier(s.zone(1))
	for _, p := range plannedRecords() {
		what := fmt.Sprintf("%s %s", p["name"], p["type"])
		sent := classic.CreateDNSRecordParams{Name: p["name"].(string), Type: p["type"].(string), TTL: int(p["ttl"].(float64)), Data: p["data"]}
		sent.Content, _ = p["content"].(string)
		sent.Comment, _ = p["comment"].(string)
		if priority, there := p["priority"].(float64); there {
			n := uint16(priority)
			sent.Priority = &n
		}
		if proxied, there := p["proxied"].(bool); there {
			sent.Proxied = &proxied
		}
		if tags, there := p["tags"].([]any); there {
			for _, tag := range tags {
				sent.Tags = append(sent.Tags, tag.(string))
			}
		}
		made, err := api.CreateDNSRecord(ctx, zone, sent)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		for range 2 {
			got, err := api.GetDNSRecord(ctx, zone, made.ID)
			if err != nil || !reflect.DeepEqual(got, made) {
				t.Errorf("%s: refreshed %+v, error %v\napplied %+v", what, got, err, made)
			}
		}
		if made.Name != sent.Name || made.TTL != sent.TTL || made.Comment != sent.Comment || !slices.Equal(made.Tags, sent.Tags) ||
			sent.Content != "" && made.Content != sent.Content || sent.Data != nil && !reflect.DeepEqual(made.Data, sent.Data) ||
			sent.Priority != nil && (made.Priority == nil || *made.Priority != *sent.Priority) {
			t.Errorf("%s: applied %+v, sent %+v", what, made, sent)
		}
		const loc = "37 46 46.000 N 122 23 35.000 W 0.00 100.00 0.00 0.00"
		if sent.Type == "LOC" && made.Content != loc {
			t.Errorf("%s: content %q, want %q", what, made.Content, loc)
		}
		if err := api.DeleteDNSRecord(ctx, zone, made.ID); err != nil {
			t.Errorf("%s: destroy: %v", what, err)
		}
		_, err = api.GetDNSRecord(ctx, zone, made.ID)
		refusedV0[*classic.NotFoundError](t, err, 81044)
	}
}

// TestTerraformV4AdoptsARecordByTheTextOfTheError: allow_overwrite looks for
// these words.
func TestTerraformV4AdoptsARecordByTheTextOfTheError(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, ctx, zone := s.rootV0(t), t.Context(), classic.ZoneIdentifier(s.zone(1))
	record := classic.CreateDNSRecordParams{Type: "A", Name: "twice.example.net", Content: "192.0.2.1", TTL: 300}
	if _, err := api.CreateDNSRecord(ctx, zone, record); err != nil {
		t.Fatal(err)
	}
	_, err := api.CreateDNSRecord(ctx, zone, record)
	var wrong *classic.RequestError
	if !errors.As(err, &wrong) || !strings.Contains(err.Error(), "already exist") {
		t.Errorf("error %v, want one that says that it already exists", err)
	}
}
