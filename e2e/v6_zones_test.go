package e2e

import (
	"strings"
	"testing"

	"github.com/cloudflare/cloudflare-go/v6/dns"
	"github.com/cloudflare/cloudflare-go/v6/zones"
)

func TestV6ZoneIsMadeChangedListedAndDeleted(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, ctx := s.v6(s.Boot.Token.Value).zones, t.Context()
	var account zones.ZoneNewParamsAccount
	set(&account.ID, s.Boot.AccountID)
	var p zones.ZoneNewParams
	set(&p.Account, account)
	set(&p.Name, "example.org")
	set(&p.Type, "full")
	made, err := api.New(ctx, p)
	if err != nil || made.Name != "example.org" || made.Account.ID != s.Boot.AccountID || len(made.NameServers) != 2 {
		t.Fatalf("create: %+v, error %v", made, err)
	}
	var edit zones.ZoneEditParams
	set(&edit.ZoneID, made.ID)
	set(&edit.Paused, true)
	if got, err := api.Edit(ctx, edit); err != nil || !got.Paused || got.ID != made.ID {
		t.Errorf("pause: %+v, error %v", got, err)
	}
	var list zones.ZoneListParams
	set(&list.PerPage, 5)
	if rows, err := collect(api.ListAutoPaging(ctx, list)); err != nil || len(rows) != 3 {
		t.Errorf("%d zones, error %v; want the demo's 2 and the new one", len(rows), err)
	}
	var gone zones.ZoneDeleteParams
	set(&gone.ZoneID, made.ID)
	if res, err := api.Delete(ctx, gone); err != nil || res.ID != made.ID {
		t.Errorf("delete: %+v, error %v", res, err)
	}
	var get zones.ZoneGetParams
	set(&get.ZoneID, made.ID)
	_, err = api.Get(ctx, get)
	refusedV6(t, "the deleted zone", err, 403, 10000)
}

func aRecordV6(name, content string) (r dns.ARecordParam) {
	set(&r.Name, name)
	set(&r.Type, "A")
	set(&r.TTL, 300)
	set(&r.Content, content)
	return r
}

func TestV6RecordIsMadeReadChangedAndDeleted(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, ctx := s.v6(s.Boot.Token.Value).records, t.Context()
	p := dns.RecordNewParams{Body: aRecordV6("v6.example.com", "192.0.2.60")}
	set(&p.ZoneID, s.zone(0))
	made, err := api.New(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	checkRecord(t, "created", made.JSON.RawJSON(), map[string]any{"name": "v6.example.com", "content": "192.0.2.60", "ttl": 300.0})
	put := dns.RecordUpdateParams{Body: aRecordV6("v6.example.com", "192.0.2.61")}
	set(&put.ZoneID, s.zone(0))
	if got, err := api.Update(ctx, made.ID, put); err != nil || got.Content != "192.0.2.61" {
		t.Errorf("overwrite: %+v, error %v", got, err)
	}
	var content dns.ARecordParam
	set(&content.Content, "192.0.2.62")
	edit := dns.RecordEditParams{Body: content}
	set(&edit.ZoneID, s.zone(0))
	if got, err := api.Edit(ctx, made.ID, edit); err != nil || got.Content != "192.0.2.62" || got.Name != "v6.example.com" {
		t.Errorf("edit: %+v, error %v", got, err)
	}
	var list dns.RecordListParams
	set(&list.ZoneID, s.zone(0))
	set(&list.PerPage, 5)
	if rows, err := collect(api.ListAutoPaging(ctx, list)); err != nil || len(rows) != 6 {
		t.Errorf("%d records, error %v; want the demo's 5 and the new one", len(rows), err)
	}
	var gone dns.RecordDeleteParams
	set(&gone.ZoneID, s.zone(0))
	if res, err := api.Delete(ctx, made.ID, gone); err != nil || res.ID != made.ID {
		t.Errorf("delete: %+v, error %v", res, err)
	}
	var get dns.RecordGetParams
	set(&get.ZoneID, s.zone(0))
	_, err = api.Get(ctx, made.ID, get)
	refusedV6(t, "the deleted record", err, 404, 81044)
}

func TestV6BatchExportAndImport(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, ctx := s.v6(s.Boot.Token.Value).records, t.Context()
	var batch dns.RecordBatchParams
	set(&batch.ZoneID, s.zone(1))
	set(&batch.Posts, []dns.RecordBatchParamsPostUnion{aRecordV6("one.example.net", "192.0.2.1"), aRecordV6("two.example.net", "192.0.2.2")})
	made, err := api.Batch(ctx, batch)
	if err != nil || len(made.Posts) != 2 || made.Posts[1].Name != "two.example.net" {
		t.Fatalf("batch: %+v, error %v", made, err)
	}
	var export dns.RecordExportParams
	set(&export.ZoneID, s.zone(1))
	file, err := api.Export(ctx, export)
	if err != nil || !strings.Contains(*file, "one.example.net.") || !strings.Contains(*file, "192.0.2.2") {
		t.Fatalf("export: error %v", err)
	}
	var deletes dns.RecordBatchParams
	set(&deletes.ZoneID, s.zone(1))
	rows := make([]dns.RecordBatchParamsDelete, 2)
	for i := range rows {
		set(&rows[i].ID, made.Posts[i].ID)
	}
	set(&deletes.Deletes, rows)
	if gone, err := api.Batch(ctx, deletes); err != nil || len(gone.Deletes) != 2 {
		t.Fatalf("batch: %+v, error %v", gone, err)
	}
	var in dns.RecordImportParams
	set(&in.ZoneID, s.zone(1))
	set(&in.File, *file)
	if res, err := api.Import(ctx, in); err != nil || res.RecsAdded != 2 || res.TotalRecordsParsed < 2 {
		t.Errorf("import: %+v, error %v; want 2 added", res, err)
	}
}
