package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/cloudflare/cloudflare-go/v7/dns"
)

// recordBody is any of the SDK's typed records; the same type serves to create,
// to overwrite and to edit.
type recordBody interface {
	dns.RecordNewParamsBodyUnion
	dns.RecordUpdateParamsBodyUnion
	dns.RecordEditParamsBodyUnion
}

func aRecord(name, content string) dns.ARecordParam {
	var r dns.ARecordParam
	set(&r.Name, name)
	set(&r.Type, "A")
	set(&r.TTL, 300)
	set(&r.Content, content)
	return r
}

func (c *v7) newRecord(t *testing.T, zone string, body dns.RecordNewParamsBodyUnion) *dns.RecordResponse {
	t.Helper()
	p := dns.RecordNewParams{Body: body}
	set(&p.ZoneID, zone)
	r, err := c.records.New(t.Context(), p)
	if err != nil {
		t.Fatalf("create a record: %v", err)
	}
	return r
}

func (c *v7) getRecord(t *testing.T, zone, id string) (*dns.RecordResponse, error) {
	t.Helper()
	var p dns.RecordGetParams
	set(&p.ZoneID, zone)
	return c.records.Get(t.Context(), id, p)
}

// contents are those of all records with a name.
func (c *v7) contents(t *testing.T, zone, name string) []string {
	t.Helper()
	var n dns.RecordListParamsName
	set(&n.Exact, name)
	var p dns.RecordListParams
	set(&p.ZoneID, zone)
	set(&p.Name, n)
	rows, err := collect(c.records.ListAutoPaging(t.Context(), p))
	if err != nil {
		t.Fatal(err)
	}
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.Content
	}
	return out
}

func (c *v7) deleteRecord(t *testing.T, zone, id string) error {
	t.Helper()
	var p dns.RecordDeleteParams
	set(&p.ZoneID, zone)
	got, err := c.records.Delete(t.Context(), id, p)
	if err == nil && got.ID != id {
		t.Errorf("deleted %q, want %q", got.ID, id)
	}
	return err
}

// editRecord patches a record's content.
func (c *v7) editRecord(t *testing.T, zone, id string, body recordBody) (*dns.RecordResponse, error) {
	t.Helper()
	p := dns.RecordEditParams{Body: body}
	set(&p.ZoneID, zone)
	return c.records.Edit(t.Context(), id, p)
}

// ofEveryKind are records of several types in the SDK's own forms, each with
// what must come back.
func ofEveryKind() map[string]struct {
	body recordBody
	back map[string]any
} {
	a := aRecord("a.example.com", "192.0.2.77")
	set(&a.Proxied, true)
	set(&a.Comment, "the front door")
	set(&a.Tags, []dns.RecordTagsParam{"team:web", "owner:dns"})
	var aaaa dns.AAAARecordParam
	set(&aaaa.Name, "aaaa.example.com")
	set(&aaaa.Type, "AAAA")
	set(&aaaa.TTL, 1)
	set(&aaaa.Content, "2001:db8::77")
	var cname dns.CNAMERecordParam
	set(&cname.Name, "cname.example.com")
	set(&cname.Type, "CNAME")
	set(&cname.TTL, 120)
	set(&cname.Content, "a.example.com")
	var txt dns.TXTRecordParam
	set(&txt.Name, "_acme-challenge.example.com")
	set(&txt.Type, "TXT")
	set(&txt.TTL, 60)
	set(&txt.Content, `"quoted as sent"`)
	var mx dns.MXRecordParam
	set(&mx.Name, "mx.example.com")
	set(&mx.Type, "MX")
	set(&mx.TTL, 3600)
	set(&mx.Content, "mail.example.com")
	set(&mx.Priority, 20)
	var caaData dns.CAARecordDataParam
	set(&caaData.Flags, 0)
	set(&caaData.Tag, "issue")
	set(&caaData.Value, "ca.example.net")
	var caa dns.CAARecordParam
	set(&caa.Name, "example.com")
	set(&caa.Type, "CAA")
	set(&caa.TTL, 300)
	set(&caa.Data, caaData)
	var srvData dns.SRVRecordDataParam
	set(&srvData.Priority, 10)
	set(&srvData.Weight, 60)
	set(&srvData.Port, 5060)
	set(&srvData.Target, "sip.example.com")
	var srv dns.SRVRecordParam
	set(&srv.Name, "_sip._tcp.example.com")
	set(&srv.Type, "SRV")
	set(&srv.TTL, 300)
	set(&srv.Data, srvData)
	return map[string]struct {
		body recordBody
		back map[string]any
	}{
		"A": {a, map[string]any{"name": "a.example.com", "type": "A", "content": "192.0.2.77", "ttl": 1.0, "proxied": true, "proxiable": true,
			"comment": "the front door", "tags": []any{"team:web", "owner:dns"}}},
		"AAAA":  {aaaa, map[string]any{"name": "aaaa.example.com", "content": "2001:db8::77", "ttl": 1.0, "proxied": false, "comment": nil, "tags": []any{}}},
		"CNAME": {cname, map[string]any{"name": "cname.example.com", "content": "a.example.com", "ttl": 120.0, "proxied": false}},
		"TXT":   {txt, map[string]any{"content": `"quoted as sent"`, "ttl": 60.0, "proxied": false, "proxiable": false}},
		"MX":    {mx, map[string]any{"content": "mail.example.com", "priority": 20.0, "ttl": 3600.0}},
		"CAA": {caa, map[string]any{"name": "example.com", "content": `0 issue "ca.example.net"`,
			"data": map[string]any{"flags": 0.0, "tag": "issue", "value": "ca.example.net"}}},
		"SRV": {srv, map[string]any{"name": "_sip._tcp.example.com", "content": "60 5060 sip.example.com", "priority": 10.0,
			"data": map[string]any{"priority": 10.0, "weight": 60.0, "port": 5060.0, "target": "sip.example.com"}}},
	}
}

func TestV7RecordsOfEveryKindComeBackAsSent(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, zone := s.rootV7(), s.zone(0)
	for kind, sent := range ofEveryKind() {
		made := api.newRecord(t, zone, sent.body)
		checkRecord(t, kind+", created", made.JSON.RawJSON(), sent.back)
		got, err := api.getRecord(t, zone, made.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got.JSON.RawJSON() != made.JSON.RawJSON() {
			t.Errorf("%s: read %s\ncreated %s", kind, got.JSON.RawJSON(), made.JSON.RawJSON())
		}
		// The same definition again changes nothing that was defined.
		p := dns.RecordUpdateParams{Body: sent.body}
		set(&p.ZoneID, zone)
		put, err := api.records.Update(t.Context(), made.ID, p)
		if err != nil {
			t.Fatalf("%s: overwrite: %v", kind, err)
		}
		checkRecord(t, kind+", overwritten", put.JSON.RawJSON(), sent.back)
		if err := api.deleteRecord(t, zone, made.ID); err != nil {
			t.Errorf("%s: delete: %v", kind, err)
		}
		_, err = api.getRecord(t, zone, made.ID)
		if status, code := codeV7(err); status != http.StatusNotFound || code != 81044 {
			t.Errorf("%s, deleted: status %d, code %d; want 404 with 81044", kind, status, code)
		}
	}
}

func checkRecord(t *testing.T, what, raw string, back map[string]any) {
	t.Helper()
	var got map[string]any
	if err := json.Unmarshal([]byte(raw), &got); err != nil {
		t.Fatal(err)
	}
	for name, want := range back {
		if have, there := got[name]; !there && want != nil || !reflect.DeepEqual(have, want) {
			t.Errorf("%s: %s is %v, want %v", what, name, have, want)
		}
	}
	if id, _ := got["id"].(string); len(id) != 32 || got["created_on"] == nil || got["modified_on"] == nil {
		t.Errorf("%s: no id or dates: %s", what, raw)
	}
}

func TestV7EditChangesOnlyWhatIsSent(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, zone := s.rootV7(), s.zone(0)
	body := aRecord("edited.example.com", "192.0.2.1")
	set(&body.Comment, "stays")
	made := api.newRecord(t, zone, body)
	var patch dns.ARecordParam
	set(&patch.Content, "192.0.2.2")
	got, err := api.editRecord(t, zone, made.ID, patch)
	if err != nil {
		t.Fatal(err)
	}
	checkRecord(t, "edited", got.JSON.RawJSON(), map[string]any{
		"id": made.ID, "name": "edited.example.com", "content": "192.0.2.2", "comment": "stays", "ttl": 300.0, "type": "A"})
	// An overwrite clears what it leaves out.
	p := dns.RecordUpdateParams{Body: aRecord("edited.example.com", "192.0.2.3")}
	set(&p.ZoneID, zone)
	if got, err = api.records.Update(t.Context(), made.ID, p); err != nil {
		t.Fatal(err)
	}
	checkRecord(t, "overwritten", got.JSON.RawJSON(), map[string]any{"id": made.ID, "content": "192.0.2.3", "comment": nil})
}

func TestV7RecordThatIsThereIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, zone := s.rootV7(), s.zone(0)
	api.newRecord(t, zone, aRecord("twice.example.com", "192.0.2.1"))
	p := dns.RecordNewParams{Body: aRecord("twice.example.com", "192.0.2.1")}
	set(&p.ZoneID, zone)
	_, err := api.records.New(t.Context(), p)
	if status, code := codeV7(err); status != 400 || code != 81058 {
		t.Errorf("status %d, code %d; want 400 with 81058", status, code)
	}
}

func TestV7RecordFilters(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	api, zone := s.rootV7(), s.zone(1)
	for i := range 7 {
		body := aRecord(fmt.Sprintf("host%d.example.net", i), fmt.Sprintf("192.0.2.%d", 100+i))
		set(&body.Comment, fmt.Sprintf("rack %d", i/4))
		api.newRecord(t, zone, body)
	}
	name := func(part func(*dns.RecordListParamsName)) func(*dns.RecordListParams) {
		return func(p *dns.RecordListParams) {
			var n dns.RecordListParamsName
			part(&n)
			set(&p.Name, n)
		}
	}
	content := func(part func(*dns.RecordListParamsContent)) func(*dns.RecordListParams) {
		return func(p *dns.RecordListParams) {
			var c dns.RecordListParamsContent
			part(&c)
			set(&p.Content, c)
		}
	}
	hosts := []string{"host0", "host1", "host2", "host3", "host4", "host5", "host6"}
	for _, c := range []struct {
		what   string
		filter func(*dns.RecordListParams)
		want   []string
	}{
		{"name exact", name(func(n *dns.RecordListParamsName) { set(&n.Exact, "host3.example.net") }), hosts[3:4]},
		{"name begins", name(func(n *dns.RecordListParamsName) { set(&n.Startswith, "host") }), hosts},
		{"name contains", name(func(n *dns.RecordListParamsName) { set(&n.Contains, "st5.") }), hosts[5:6]},
		{"content exact", content(func(c *dns.RecordListParamsContent) { set(&c.Exact, "192.0.2.102") }), hosts[2:3]},
		{"content ends", content(func(c *dns.RecordListParamsContent) { set(&c.Endswith, ".106") }), hosts[6:]},
		{"comment", func(p *dns.RecordListParams) {
			var n dns.RecordListParamsComment
			set(&n.Exact, "rack 0")
			set(&p.Comment, n)
		}, hosts[:4]},
		{"type and name", func(p *dns.RecordListParams) {
			set(&p.Type, "A")
			name(func(n *dns.RecordListParamsName) { set(&n.Contains, "host") })(p)
		}, hosts},
		{"type of none", func(p *dns.RecordListParams) { set(&p.Type, "SRV") }, nil},
		{"order by content", func(p *dns.RecordListParams) {
			name(func(n *dns.RecordListParamsName) { set(&n.Startswith, "host") })(p)
			set(&p.Order, "content")
			set(&p.Direction, "desc")
			set(&p.PerPage, 5)
		}, []string{"host6", "host5", "host4", "host3", "host2", "host1", "host0"}},
	} {
		var p dns.RecordListParams
		set(&p.ZoneID, zone)
		c.filter(&p)
		rows, err := collect(api.records.ListAutoPaging(t.Context(), p))
		if err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		var got []string
		for _, r := range rows {
			got = append(got, r.Name[:len("host0")])
		}
		if c.want != nil && c.what != "order by content" {
			slices.Sort(got)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}
