package dns_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
)

func TestANewRecordIsStoredAsAnswered(t *testing.T) {
	w := newWorld(t)
	made := w.create(dns.Draft{
		Name: "www", Type: "cname", Content: "Target.example.net.", Proxied: ptr(true), TTL: ptr(120),
		Comment: ptr("a comment"), Tags: ptr([]string{"tag1", "owner:dns-team", "tag1"}),
		Settings: &dns.Settings{FlattenCNAME: ptr(false)}, PrivateRouting: ptr(true),
	})
	want := dns.Record{
		ID: made.ID, ZoneID: w.zone.ID, Name: "www.example.com", Type: "CNAME", Content: "Target.example.net",
		TTL: 1, Proxied: true, Comment: "a comment", Tags: []string{"tag1", "owner:dns-team"},
		Settings: dns.Settings{FlattenCNAME: ptr(false)}, PrivateRouting: ptr(true),
		CreatedOn: w.now, ModifiedOn: w.now, CommentModifiedOn: w.now, TagsModifiedOn: w.now, Version: 1,
	}
	if !reflect.DeepEqual(made, want) {
		t.Errorf("made %+v\nwant %+v", made, want)
	}
	got, err := w.Get(t.Context(), w.all(w.zone), made.ID)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, %v\nwant %+v", got, err, want)
	}
}

func TestPutTakesDefaultsForWhatItLeavesOut(t *testing.T) {
	w := newWorld(t)
	old := w.create(dns.Draft{Name: "www", Type: "A", Content: "192.0.2.1", TTL: ptr(300), Comment: ptr("c"),
		Tags: ptr([]string{"a:b"}), Settings: &dns.Settings{IPv4Only: ptr(true)}})
	w.now = w.now.Add(time.Hour)
	got, err := w.Put(t.Context(), w.all(w.zone), old.ID, dns.Draft{Name: "www.example.com", Type: "TXT", Content: "text"}, w.stamp)
	if err != nil {
		t.Fatal(err)
	}
	want := dns.Record{ID: old.ID, ZoneID: w.zone.ID, Name: "www.example.com", Type: "TXT", Content: "text", TTL: 1,
		CreatedOn: old.CreatedOn, ModifiedOn: w.now, Version: 2}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestPatchKeepsWhatItLeavesOut(t *testing.T) {
	w := newWorld(t)
	old := w.create(dns.Draft{Name: "www", Type: "A", Content: "192.0.2.1", TTL: ptr(300), Comment: ptr("c"), Tags: ptr([]string{"a:b"})})
	before := w.now
	w.now = w.now.Add(time.Hour)
	got, err := w.Patch(t.Context(), w.all(w.zone), old.ID, dns.Draft{Content: "192.0.2.2", Tags: ptr([]string{"c:d"}), Settings: &dns.Settings{}}, w.stamp)
	if err != nil {
		t.Fatal(err)
	}
	want := old
	want.Content, want.Tags, want.Version = "192.0.2.2", []string{"c:d"}, 2
	want.ModifiedOn, want.TagsModifiedOn, want.CommentModifiedOn = w.now, w.now, before
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	got, err = w.Patch(t.Context(), w.all(w.zone), old.ID, dns.Draft{Comment: ptr("")}, w.stamp)
	if err != nil || got.Comment != "" || !got.CommentModifiedOn.IsZero() {
		t.Errorf("cleared comment: %+v, %v", got, err)
	}
}

func TestPatchMergesDataAndPriority(t *testing.T) {
	w := newWorld(t)
	srv := w.create(dns.Draft{Name: "_sip._tcp", Type: "SRV", Data: json.RawMessage(`{"priority":1,"weight":2,"port":5060,"target":"sip.example.com."}`)})
	mx := w.create(dns.Draft{Name: "@", Type: "MX", Content: "mail.example.com", Priority: ptr(uint16(10))})
	uri := w.create(dns.Draft{Name: "u", Type: "URI", Priority: ptr(uint16(10)), Data: json.RawMessage(`{"weight":1,"target":"https://example.com/"}`)})
	for _, tt := range []struct {
		id       string
		draft    dns.Draft
		content  string
		priority uint16
		data     string
	}{
		{srv.ID, dns.Draft{Data: json.RawMessage(`{"port":5061}`)}, "2 5061 sip.example.com", 1, `{"priority":1,"weight":2,"port":5061,"target":"sip.example.com."}`},
		{srv.ID, dns.Draft{TTL: ptr(60), Priority: ptr(uint16(0))}, "2 5061 sip.example.com", 1, `{"priority":1,"weight":2,"port":5061,"target":"sip.example.com."}`},
		{srv.ID, dns.Draft{Content: "3 5062 other.example.com"}, "3 5062 other.example.com", 1, `{"priority":1,"weight":3,"port":5062,"target":"other.example.com"}`},
		{mx.ID, dns.Draft{Priority: ptr(uint16(20))}, "mail.example.com", 20, ""},
		{mx.ID, dns.Draft{Content: "mx.example.com"}, "mx.example.com", 20, ""},
		{uri.ID, dns.Draft{Priority: ptr(uint16(20))}, `1 "https://example.com/"`, 20, `{"weight":1,"target":"https://example.com/"}`},
		{uri.ID, dns.Draft{Data: json.RawMessage(`{"weight":2,"priority":30}`)}, `2 "https://example.com/"`, 30, `{"weight":2,"target":"https://example.com/"}`},
	} {
		r, err := w.Patch(t.Context(), w.all(w.zone), tt.id, tt.draft, w.stamp)
		if err != nil {
			t.Errorf("%+v: %v", tt.draft, err)
			continue
		}
		if r.Content != tt.content || *r.Priority != tt.priority || string(r.Data) != tt.data {
			t.Errorf("%+v: %q, %d, %s", tt.draft, r.Content, *r.Priority, r.Data)
		}
	}
}

func TestWhatARecordMayNotBeIsSaid(t *testing.T) {
	w := newWorld(t)
	ok := dns.Draft{Name: "www", Type: "A", Content: "192.0.2.1"}
	with := func(change func(*dns.Draft)) dns.Draft { d := ok; change(&d); return d }
	for _, tt := range []struct {
		draft dns.Draft
		want  string
	}{
		{dns.Draft{}, "type is a required field. (9100) name is a required field. (9100)"},
		{with(func(d *dns.Draft) { d.Type = "SOA" }), `DNS record type "SOA" is not supported. (9202)`},
		{with(func(d *dns.Draft) { d.Content = "" }), "content is a required field. (9100)"},
		{with(func(d *dns.Draft) { d.TTL = ptr(29) }), "TTL must be between 30 and 86400 seconds, or 1 for Automatic. (9021)"},
		{with(func(d *dns.Draft) { d.TTL = ptr(86401) }), "TTL must be between 30 and 86400 seconds, or 1 for Automatic. (9021)"},
		{with(func(d *dns.Draft) { d.Type, d.Proxied = "TXT", ptr(true) }), "This record type cannot be proxied. (9041)"},
		{with(func(d *dns.Draft) { d.Content, d.Proxied = "10.0.0.1", ptr(true) }), "Target 10.0.0.1 is not allowed for a proxied record. (9003)"},
		{with(func(d *dns.Draft) { d.Type, d.Content = "CNAME", "WWW.example.com." }), "CNAME content cannot reference itself. (9039)"},
		{with(func(d *dns.Draft) { d.Comment = ptr(strings.Repeat("é", 501)) }), "Comment must have at most 500 characters. (9203)"},
		{with(func(d *dns.Draft) { d.Comment = ptr("two\nlines") }), "Comment must be one line of printable characters. (9203)"},
		{with(func(d *dns.Draft) { d.Tags = ptr([]string{"a b:c"}) }), `Tag "a b:c": the name must be letters, digits, hyphens and underscores. (9204)`},
		{with(func(d *dns.Draft) { d.Tags = ptr(strings.Split(strings.Repeat("x", 21), "")) }), ""},
		{with(func(d *dns.Draft) { d.Tags = ptr(strings.Split("a b c d e f g h i j k l m n o p q r s t u", " ")) }), "A record has at most 20 tags. (9204)"},
	} {
		_, err := w.Create(t.Context(), w.all(w.zone), tt.draft, w.stamp)
		var e *dns.Error
		switch {
		case tt.want == "" && err == nil:
		case err == nil || err.Error() != tt.want:
			t.Errorf("%+v\n got %v\nwant %s", tt.draft, err, tt.want)
		case !errors.As(err, &e) || e.Number != 1004 || e.Code != authority.CodeInvalid:
			t.Errorf("%v is a %#v", err, err)
		}
	}
}

func TestPrivateAddressesAreProxiedOnlyWithPrivateRouting(t *testing.T) {
	w := newWorld(t)
	r := w.create(dns.Draft{Name: "in", Type: "A", Content: "10.0.0.1", Proxied: ptr(true), PrivateRouting: ptr(true)})
	if !r.Proxiable() {
		t.Error("not proxiable")
	}
	for content, want := range map[string]bool{"10.0.0.1": false, "127.0.0.1": false, "192.0.2.1": true, "203.0.113.9": true} {
		if got := (dns.Record{Type: "A", Content: content}).Proxiable(); got != want {
			t.Errorf("%s: proxiable %v", content, got)
		}
	}
	for content, want := range map[string]bool{"100::": true, "fd00::1": false, "fe80::1": false, "2001:db8::1": true} {
		if got := (dns.Record{Type: "AAAA", Content: content}).Proxiable(); got != want {
			t.Errorf("%s: proxiable %v", content, got)
		}
	}
}

func TestRecordsOfOneNameMustGetAlong(t *testing.T) {
	prio := ptr(uint16(10))
	for _, tt := range []struct {
		what   string
		first  dns.Draft
		second dns.Draft
		number int // 0: they get along
	}{
		{"two addresses", dns.Draft{Type: "A", Content: "192.0.2.1"}, dns.Draft{Type: "A", Content: "192.0.2.2"}, 0},
		{"the same address", dns.Draft{Type: "A", Content: "192.0.2.1"}, dns.Draft{Type: "A", Content: "192.0.2.1", TTL: ptr(60)}, 81058},
		{"the same text, quoted", dns.Draft{Type: "TXT", Content: "x"}, dns.Draft{Type: "TXT", Content: `"x"`}, 81058},
		{"the same address, spelt out", dns.Draft{Type: "AAAA", Content: "2001:db8::1"}, dns.Draft{Type: "AAAA", Content: "2001:0DB8:0::1"}, 81058},
		{"the same mail server", dns.Draft{Type: "MX", Content: "m.example.com", Priority: prio}, dns.Draft{Type: "MX", Content: "M.example.com.", Priority: prio}, 81058},
		{"it at another priority", dns.Draft{Type: "MX", Content: "m.example.com", Priority: prio}, dns.Draft{Type: "MX", Content: "m.example.com", Priority: ptr(uint16(0))}, 0},
		{"CNAME after A", dns.Draft{Type: "A", Content: "192.0.2.1"}, dns.Draft{Type: "CNAME", Content: "a.example.net"}, 81053},
		{"CNAME after CNAME", dns.Draft{Type: "CNAME", Content: "b.example.net"}, dns.Draft{Type: "CNAME", Content: "a.example.net"}, 81053},
		{"AAAA after CNAME", dns.Draft{Type: "CNAME", Content: "a.example.net"}, dns.Draft{Type: "AAAA", Content: "2001:db8::1"}, 81054},
		{"TXT after CNAME", dns.Draft{Type: "CNAME", Content: "a.example.net"}, dns.Draft{Type: "TXT", Content: "x"}, 0},
		{"A after NS", dns.Draft{Type: "NS", Content: "ns.example.net"}, dns.Draft{Type: "A", Content: "192.0.2.1"}, 81056},
		{"NS after A", dns.Draft{Type: "A", Content: "192.0.2.1"}, dns.Draft{Type: "NS", Content: "ns.example.net"}, 81056},
		{"NS after NS", dns.Draft{Type: "NS", Content: "ns1.example.net"}, dns.Draft{Type: "NS", Content: "ns2.example.net"}, 0},
		{"DS beside NS", dns.Draft{Type: "NS", Content: "ns.example.net"}, dns.Draft{Type: "DS", Content: "1 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118"}, 0},
		{"NS at the apex", dns.Draft{Name: "@", Type: "A", Content: "192.0.2.1"}, dns.Draft{Name: "@", Type: "NS", Content: "ns.example.net"}, 0},
		{"CNAME at the apex", dns.Draft{Name: "@", Type: "TXT", Content: "x"}, dns.Draft{Name: "@", Type: "CNAME", Content: "a.example.net"}, 0},
		{"the same at another name", dns.Draft{Type: "A", Content: "192.0.2.1"}, dns.Draft{Name: "other", Type: "A", Content: "192.0.2.1"}, 0},
	} {
		w := newWorld(t)
		for _, d := range []*dns.Draft{&tt.first, &tt.second} {
			if d.Name == "" {
				d.Name = "host"
			}
		}
		w.create(tt.first)
		_, err := w.Create(t.Context(), w.all(w.zone), tt.second, w.stamp)
		var e *dns.Error
		if errors.As(err, &e); tt.number == 0 && err != nil || tt.number != 0 && (e == nil || e.Number != tt.number) {
			t.Errorf("%s: %v, want %d", tt.what, err, tt.number)
		}
	}
}

func TestAnUpdateIsNotInItsOwnWay(t *testing.T) {
	w := newWorld(t)
	r := w.create(dns.Draft{Name: "www", Type: "CNAME", Content: "a.example.net"})
	if _, err := w.Patch(t.Context(), w.all(w.zone), r.ID, dns.Draft{TTL: ptr(60)}, w.stamp); err != nil {
		t.Error(err)
	}
	if _, err := w.Put(t.Context(), w.all(w.zone), r.ID, dns.Draft{Name: "www", Type: "A", Content: "192.0.2.1"}, w.stamp); err != nil {
		t.Error(err)
	}
}

func TestChangesAreMadeTogetherOrNotAtAll(t *testing.T) {
	w := newWorld(t)
	alias := w.create(dns.Draft{Name: "www", Type: "CNAME", Content: "a.example.net"})
	one := w.create(dns.Draft{Name: "one", Type: "A", Content: "192.0.2.1"})
	two := w.create(dns.Draft{Name: "two", Type: "A", Content: "192.0.2.2"})

	out, err := w.Apply(t.Context(), w.all(w.zone), []dns.Change{
		{Verb: dns.Delete, ID: alias.ID},
		{Verb: dns.Patch, ID: one.ID, Draft: dns.Draft{Name: "two"}},
		{Verb: dns.Put, ID: two.ID, Draft: dns.Draft{Name: "one", Type: "A", Content: "192.0.2.1"}},
		{Verb: dns.Post, Draft: dns.Draft{Name: "www", Type: "A", Content: "192.0.2.3"}},
	}, w.stamp)
	if err != nil {
		t.Fatal(err)
	}
	if len(out) != 4 || out[0].ID != alias.ID || out[1].Name != "two.example.com" || out[3].Content != "192.0.2.3" {
		t.Errorf("%+v", out)
	}
	before := w.list("")
	_, err = w.Apply(t.Context(), w.all(w.zone), []dns.Change{
		{Verb: dns.Delete, ID: one.ID},
		{Verb: dns.Post, Draft: dns.Draft{Name: "new", Type: "A", Content: "not an address"}},
	}, w.stamp)
	if err == nil || !reflect.DeepEqual(w.list(""), before) {
		t.Errorf("%v, records %q, want %q", err, w.list(""), before)
	}
	if events := w.events(); len(events) != 3+4 {
		t.Errorf("%d events, want those of the 7 changes that were made", len(events))
	}
}

func TestEachChangeLeavesAnEvent(t *testing.T) {
	w := newWorld(t)
	r := w.create(dns.Draft{Name: "www", Type: "A", Content: "192.0.2.1"})
	w.now = w.now.Add(time.Second)
	if _, err := w.Patch(t.Context(), w.all(w.zone), r.ID, dns.Draft{Content: "192.0.2.2"}, w.stamp); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(time.Second)
	if _, err := w.Delete(t.Context(), w.all(w.zone), r.ID, w.stamp); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range w.events() {
		got = append([]string{e.Action + " " + e.Verb + " " + e.Metadata["old"] + ">" + e.Metadata["new"]}, got...)
	}
	want := []string{"dns_record_create create >192.0.2.1", "dns_record_update update 192.0.2.1>192.0.2.2", "dns_record_delete delete 192.0.2.2>"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func (w *world) events() []authority.Event {
	w.t.Helper()
	events, err := w.store.Events(w.t.Context(), authority.EventQuery{AccountID: w.zone.AccountID}, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	return events
}

func TestARecordOfAnotherZoneIsNotFound(t *testing.T) {
	w := newWorld(t)
	r := w.create(dns.Draft{Name: "www", Type: "A", Content: "192.0.2.1"})
	other := w.newZone("ffeeddccbbaa00998877665544332211", "example.net")
	_, getErr := w.Get(t.Context(), w.all(other), r.ID)
	_, putErr := w.Put(t.Context(), w.all(other), r.ID, dns.Draft{Name: "www", Type: "A", Content: "192.0.2.2"}, w.stamp)
	_, patchErr := w.Patch(t.Context(), w.all(other), r.ID, dns.Draft{TTL: ptr(60)}, w.stamp)
	_, deleteErr := w.Delete(t.Context(), w.all(other), r.ID, w.stamp)
	for _, err := range []error{getErr, putErr, patchErr, deleteErr} {
		var e *dns.Error
		if !errors.As(err, &e) || e.Number != 81044 || e.Code != authority.CodeNotFound || !errors.Is(err, authority.ErrNotFound) {
			t.Errorf("%#v", err)
		}
	}
}

func TestTwoIdenticalRecordsAtOnceOneWins(t *testing.T) {
	w := newWorld(t)
	const writers = 8
	errs := make([]error, writers)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			_, errs[i] = w.Create(t.Context(), w.all(w.zone), dns.Draft{Name: "www", Type: "A", Content: "192.0.2.1"}, w.stamp)
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		}
	}
	if got := w.list(""); won != 1 || len(got) != 1 {
		t.Errorf("%d of %d were made: %q", won, writers, got)
	}
}

func TestAStoreThatCannotAnswerIsUnavailable(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, getErr := w.Get(ctx, w.all(w.zone), "00")
	_, makeErr := w.Create(ctx, w.all(w.zone), dns.Draft{Name: "www", Type: "A", Content: "192.0.2.1"}, w.stamp)
	_, _, listErr := w.List(ctx, w.all(w.zone), dns.NewQuery())
	for _, err := range []error{getErr, makeErr, listErr} {
		var e *authority.Error
		if !errors.As(err, &e) || e.Code != authority.CodeUnavailable {
			t.Errorf("%#v", err)
		}
	}
}
