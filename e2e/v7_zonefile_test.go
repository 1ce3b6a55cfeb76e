package e2e

import (
	"strings"
	"testing"

	"github.com/cloudflare/cloudflare-go/v7/dns"
	"github.com/cloudflare/cloudflare-go/v7/zones"
)

// batch is a batch in the SDK's forms.
func batch(zone string, deletes []string, patches []dns.BatchPatchUnionParam, puts []dns.BatchPutUnionParam, posts []dns.RecordBatchParamsPostUnion) (p dns.RecordBatchParams) {
	set(&p.ZoneID, zone)
	rows := make([]dns.RecordBatchParamsDelete, len(deletes))
	for i, id := range deletes {
		set(&rows[i].ID, id)
	}
	set(&p.Deletes, rows)
	set(&p.Patches, patches)
	set(&p.Puts, puts)
	set(&p.Posts, posts)
	return p
}

func TestV7BatchDoesAllOrNothing(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, zone, ctx := s.rootV7(), s.zone(1), t.Context()
	gone := api.newRecord(t, zone, aRecord("gone.example.net", "192.0.2.1"))
	edited := api.newRecord(t, zone, aRecord("edited.example.net", "192.0.2.2"))
	written := api.newRecord(t, zone, aRecord("written.example.net", "192.0.2.3"))
	var patch dns.BatchPatchARecordParam
	set(&patch.ID, edited.ID)
	set(&patch.ARecordParam.Content, "192.0.2.20")
	put := dns.BatchPutARecordParam{ARecordParam: aRecord("written.example.net", "192.0.2.30")}
	set(&put.ID, written.ID)
	// The new record takes the place of the one that the batch deletes.
	did, err := api.records.Batch(ctx, batch(zone, []string{gone.ID}, []dns.BatchPatchUnionParam{patch}, []dns.BatchPutUnionParam{put},
		[]dns.RecordBatchParamsPostUnion{aRecord("gone.example.net", "192.0.2.1"), aRecord("new.example.net", "192.0.2.4")}))
	if err != nil {
		t.Fatal(err)
	}
	if len(did.Deletes) != 1 || len(did.Patches) != 1 || len(did.Puts) != 1 || len(did.Posts) != 2 || did.Deletes[0].ID != gone.ID ||
		did.Patches[0].Content != "192.0.2.20" || did.Puts[0].Content != "192.0.2.30" || did.Posts[1].Name != "new.example.net" || did.Posts[0].ID == gone.ID {
		t.Errorf("batch: %s", did.JSON.RawJSON())
	}
	_, err = api.records.Batch(ctx, batch(zone, []string{edited.ID}, nil, nil, []dns.RecordBatchParamsPostUnion{aRecord("new.example.net", "192.0.2.4")}))
	if status, code := codeV7(err); status != 400 || code != 81058 {
		t.Errorf("a batch with a record that is there: status %d, code %d; want 400 with 81058", status, code)
	}
	if got, err := api.getRecord(t, zone, edited.ID); err != nil || got.Content != "192.0.2.20" {
		t.Errorf("after a batch that failed: %v, error %v", got, err)
	}
}

func (c *v7) export(t *testing.T, zone string) string {
	t.Helper()
	var p dns.RecordExportParams
	set(&p.ZoneID, zone)
	file, err := c.records.Export(t.Context(), p)
	if err != nil {
		t.Fatalf("export: %v", err)
	}
	return *file
}

// TestV7ExportIsImportedAgain: what one zone exports another takes.
func TestV7ExportIsImportedAgain(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, zone := s.rootV7(), s.zone(1)
	api.newRecord(t, zone, aRecord("a.example.net", "192.0.2.1"))
	var txt dns.TXTRecordParam
	set(&txt.Name, "txt.example.net")
	set(&txt.Type, "TXT")
	set(&txt.TTL, 60)
	set(&txt.Content, `"a \"quoted\" text; with more"`)
	made := api.newRecord(t, zone, txt)
	file := api.export(t, zone)
	for _, line := range []string{"a.example.net.", "192.0.2.1", "txt.example.net."} {
		if !strings.Contains(file, line) {
			t.Errorf("the export has no %q:\n%s", line, file)
		}
	}
	if err := api.deleteRecord(t, zone, made.ID); err != nil {
		t.Fatal(err)
	}
	var p dns.RecordImportParams
	set(&p.ZoneID, zone)
	set(&p.File, file)
	set(&p.Proxied, "false")
	res, err := api.records.Import(t.Context(), p)
	if err != nil || res.RecsAdded != 1 || res.TotalRecordsParsed < 2 {
		t.Errorf("import: %+v, error %v; want the deleted record alone", res, err)
	}
	if got := api.contents(t, zone, "txt.example.net"); len(got) != 1 || got[0] != made.Content {
		t.Errorf("the text is %q, want %q", got, made.Content)
	}
}

func TestV7ZoneEditChangesOnlyWhatIsSent(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api := s.rootV7().zones
	edit := func(change func(*zones.ZoneEditParams)) *zones.Zone {
		t.Helper()
		var p zones.ZoneEditParams
		set(&p.ZoneID, s.zone(0))
		change(&p)
		z, err := api.Edit(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	if z := edit(func(p *zones.ZoneEditParams) { set(&p.Paused, true) }); !z.Paused || z.Type != "full" {
		t.Errorf("paused: %s", z.JSON.RawJSON())
	}
	if z := edit(func(p *zones.ZoneEditParams) { set(&p.Type, "partial") }); !z.Paused || z.Type != "partial" || z.VerificationKey == "" {
		t.Errorf("partial: %s", z.JSON.RawJSON())
	}
	names := []string{"ns1.example.com", "ns2.example.com"}
	if z := edit(func(p *zones.ZoneEditParams) { set(&p.VanityNameServers, names) }); len(z.VanityNameServers) != 2 || z.Type != "partial" {
		t.Errorf("name servers: %s", z.JSON.RawJSON())
	}
	if z := edit(func(p *zones.ZoneEditParams) { set(&p.Type, "full"); set(&p.Paused, false) }); z.Paused || z.Type != "full" || z.VerificationKey != "" {
		t.Errorf("full again: %s", z.JSON.RawJSON())
	}
}
