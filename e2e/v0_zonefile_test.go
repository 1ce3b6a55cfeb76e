package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	classic "github.com/cloudflare/cloudflare-go"
)

// TestV0ExportIsImportedAgain: the client sends a form with bare line feeds,
// twice, the second time with what is proxied alone.
func TestV0ExportIsImportedAgain(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, ctx, zone := s.rootV0(t), t.Context(), classic.ZoneIdentifier(s.zone(1))
	proxied := true
	for _, r := range []classic.CreateDNSRecordParams{
		{Type: "A", Name: "plain.example.net", Content: "192.0.2.1", TTL: 300},
		{Type: "A", Name: "proxied.example.net", Content: "192.0.2.2", TTL: 1, Proxied: &proxied},
	} {
		if _, err := api.CreateDNSRecord(ctx, zone, r); err != nil {
			t.Fatal(err)
		}
	}
	file, err := api.ExportDNSRecords(ctx, zone, classic.ExportDNSRecordsParams{})
	if err != nil || !strings.Contains(file, "plain.example.net.") || strings.HasPrefix(file, "{") {
		t.Fatalf("export: error %v", err)
	}
	records, _, err := api.ListDNSRecords(ctx, zone, classic.ListDNSRecordsParams{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := api.DeleteDNSRecord(ctx, zone, r.ID); err != nil {
			t.Fatal(err)
		}
	}
	s.calls.take()
	if err := api.ImportDNSRecords(ctx, zone, classic.ImportDNSRecordsParams{BINDContents: file}); err != nil {
		t.Fatal(err)
	}
	path := "POST /zones/" + s.zone(1) + "/dns_records/import OK"
	want(t, s.calls.take(), path, path)
	after, _, err := api.ListDNSRecords(ctx, zone, classic.ListDNSRecordsParams{})
	if err != nil || len(after) != len(records) {
		t.Fatalf("%d records, want the %d from before; error %v", len(after), len(records), err)
	}
	of := map[string]classic.DNSRecord{}
	for _, r := range after {
		of[r.Name+" "+r.Type] = r
	}
	for _, r := range records {
		got := of[r.Name+" "+r.Type]
		if got.Content != r.Content || got.TTL != r.TTL || got.Proxied == nil || *got.Proxied != *r.Proxied {
			t.Errorf("%s %s: %+v, want %+v", r.Name, r.Type, got, r)
		}
	}
}

// TestV0BatchThroughRaw: the client has no call of its own for it.
func TestV0BatchThroughRaw(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var did struct{ Deletes, Patches, Puts, Posts []classic.DNSRecord }
	res, err := s.rootV0(t).Raw(t.Context(), http.MethodPost, "/zones/"+s.zone(1)+"/dns_records/batch", map[string]any{
		"posts": []classic.DNSRecord{{Type: "A", Name: "batched.example.net", Content: "192.0.2.1", TTL: 300}},
	}, nil)
	if err == nil {
		err = json.Unmarshal(res.Result, &did)
	}
	if err != nil || len(did.Posts) != 1 || did.Posts[0].Name != "batched.example.net" || did.Deletes == nil {
		t.Errorf("batch: %+v, error %v", did, err)
	}
}

func TestV0ZoneIsPausedAndChangesItsType(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, ctx := s.rootV0(t), t.Context()
	z, err := api.ZoneSetType(ctx, s.zone(0), "full")
	if err != nil || z.ID != s.zone(0) || z.Type != "full" || z.Plan.LegacyID == "" || z.Owner.ID != s.Boot.AccountID {
		t.Errorf("type: %+v, error %v", z, err)
	}
	if z, err = api.ZoneSetPaused(ctx, s.zone(0), true); err != nil || !z.Paused || z.Type != "full" {
		t.Errorf("pause: %+v, error %v", z, err)
	}
	names := []string{"ns1.example.com", "ns2.example.com"}
	if z, err = api.ZoneSetVanityNS(ctx, s.zone(0), names); err != nil || len(z.VanityNS) != 2 || !z.Paused {
		t.Errorf("name servers: %+v, error %v", z, err)
	}
}
