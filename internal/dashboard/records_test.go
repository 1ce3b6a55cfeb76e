package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
)

func (w *world) zones() string                     { return "/" + w.made.AccountID + "/zones" }
func (w *world) recordsOf(z authority.Zone) string { return w.zones() + "/" + z.ID + "/records" }

// list reads the records of a zone.
func (w *world) list(z authority.Zone) []dns.Record {
	w.t.Helper()
	all, _, err := w.records().List(w.t.Context(), w.all(z), dns.NewQuery())
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func TestAZoneIsAddedAndDeletedByItsName(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	b.get(w.zones()).wants(t, 200, "No zones yet", "Add a zone")
	b.post(w.zones()+"/new", url.Values{}).wants(t, http.StatusUnprocessableEntity, "Enter a domain name.")
	b.post(w.zones()+"/new", url.Values{"name": {"nodots"}, "type": {"full"}}).
		wants(t, http.StatusUnprocessableEntity, `id="f-name-error"`, `value="nodots"`)
	a := b.post(w.zones()+"/new", url.Values{"name": {"Shop.Example."}, "type": {"full"}})
	if a.status != http.StatusSeeOther || !strings.HasSuffix(a.to, "/records") {
		t.Fatalf("adding answers %d to %s\n%s", a.status, a.to, a.body)
	}
	zone := strings.TrimSuffix(a.to, "/records")
	b.get(a.to).wants(t, 200, "shop.example is added", "No records yet", strings.TrimPrefix(zone, w.zones()+"/"))
	b.post(w.zones()+"/new", url.Values{"name": {"shop.example"}}).wants(t, http.StatusUnprocessableEntity, `id="f-name-error"`, " shop.example already exists.")
	b.get(w.zones()+"?q=SHOP").wants(t, 200, "1 zone found", "shop.example")
	b.get(w.zones()+"?q=other").wants(t, 200, "No zone is called so")
	b.post(zone+"/delete", url.Values{"name": {"shop"}}).wants(t, http.StatusUnprocessableEntity, "Type shop.example to delete it.")
	b.get(zone).wants(t, 200, "Delete shop.example")
	b.post(zone+"/delete", url.Values{"name": {"shop.example"}}).leads(t, w.zones())
	b.get(w.zones()).wants(t, 200, "No zones yet")
}

func TestAZoneOfAnotherAccountIsNotHere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	b := w.signedIn()
	c, err := w.authority.Session(t.Context(), w.made.UserID, 0, w.addr(), authority.EventRequest{})
	if err != nil {
		t.Fatal(err)
	}
	other, err := w.authority.CreateAccount(t.Context(), c, authority.AccountDraft{Name: "Other"})
	if err != nil {
		t.Fatal(err)
	}
	z := w.zone("first.example")
	b.get("/"+other.ID+"/zones/"+z.ID+"/records").wants(t, http.StatusNotFound)
	b.post("/"+other.ID+"/zones/"+z.ID+"/delete", url.Values{"name": {"first.example"}}).wants(t, http.StatusNotFound)
	b.get("/"+other.ID+"/zones").wants(t, 200, "No zones yet")
}

// TestEveryTypeHasAForm that makes a record of it, and that shows and keeps what
// the record says.
func TestEveryTypeHasAForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	z := w.zone("forms.example")
	b := w.signedIn()
	hex, base64 := strings.Repeat("ab", 32), "AQID"
	samples := map[string]url.Values{
		"A": {"content": {"192.0.2.1"}}, "AAAA": {"content": {"2001:db8::1"}}, "CNAME": {"content": {"target.example"}},
		"NS": {"content": {"ns.example"}}, "PTR": {"content": {"host.example"}}, "TXT": {"content": {"v=spf1 -all"}},
		"OPENPGPKEY": {"content": {base64}}, "MX": {"priority": {"10"}, "content": {"mail.example"}},
		"SRV":    {"data.priority": {"1"}, "data.weight": {"2"}, "data.port": {"443"}, "data.target": {"srv.example"}},
		"URI":    {"priority": {"1"}, "data.weight": {"2"}, "data.target": {"https://uri.example/"}},
		"CAA":    {"data.flags": {"0"}, "data.tag": {"issue"}, "data.value": {"ca.example"}},
		"HTTPS":  {"data.priority": {"1"}, "data.target": {"."}, "data.value": {"alpn=h2"}},
		"SVCB":   {"data.priority": {"0"}, "data.target": {"svc.example"}, "data.value": {""}},
		"DS":     {"data.key_tag": {"1"}, "data.algorithm": {"13"}, "data.digest_type": {"2"}, "data.digest": {hex}},
		"DNSKEY": {"data.flags": {"257"}, "data.protocol": {"3"}, "data.algorithm": {"13"}, "data.public_key": {base64}},
		"CERT":   {"data.type": {"1"}, "data.key_tag": {"1"}, "data.algorithm": {"8"}, "data.certificate": {base64}},
		"SSHFP":  {"data.algorithm": {"4"}, "data.type": {"2"}, "data.fingerprint": {hex}},
		"TLSA":   {"data.usage": {"3"}, "data.selector": {"1"}, "data.matching_type": {"1"}, "data.certificate": {hex}},
		"SMIMEA": {"data.usage": {"3"}, "data.selector": {"1"}, "data.matching_type": {"1"}, "data.certificate": {hex}},
		"NAPTR": {"data.order": {"1"}, "data.preference": {"2"}, "data.flags": {"s"}, "data.service": {"SIP+D2U"},
			"data.regex": {""}, "data.replacement": {"_sip._udp.example"}},
		"LOC": {"data.lat_degrees": {"52"}, "data.lat_minutes": {"22"}, "data.lat_seconds": {"23.5"}, "data.lat_direction": {"N"},
			"data.long_degrees": {"4"}, "data.long_minutes": {"53"}, "data.long_seconds": {"32"}, "data.long_direction": {"E"},
			"data.altitude": {"-2"}, "data.size": {"1"}, "data.precision_horz": {"10000"}, "data.precision_vert": {"10"}},
	}
	for _, recordType := range dns.Types() {
		form, ok := samples[recordType]
		if !ok {
			t.Errorf("no sample of type %s", recordType)
			continue
		}
		form.Set("type", recordType)
		form.Set("name", "at-"+strings.ToLower(recordType))
		form.Set("ttl", "300")
		form.Set("comment", "of "+recordType)
		page := b.get(w.recordsOf(z) + "/new?type=" + recordType)
		for name := range form {
			if !strings.Contains(page.body, `name="`+name+`"`) {
				t.Errorf("the form of %s has no field %s", recordType, name)
			}
		}
		b.post(w.recordsOf(z)+"/new", form).leads(t, w.recordsOf(z))
	}
	before := w.list(z)
	if len(before) != len(dns.Types()) {
		t.Fatalf("%d records were made, want %d", len(before), len(dns.Types()))
	}
	for _, r := range before {
		checkEditKeeps(t, w, b, z, r, samples[r.Type])
	}
}

// checkEditKeeps sends an edit form with another comment.
func checkEditKeeps(t *testing.T, w *world, b *browser, z authority.Zone, r dns.Record, form url.Values) {
	t.Helper()
	page := b.get(w.recordsOf(z) + "/" + r.ID)
	checkPage(t, "edit "+r.Type, page.body)
	form.Set("comment", "edited")
	b.post(w.recordsOf(z)+"/"+r.ID, form).leads(t, w.recordsOf(z))
	after, err := w.records().Get(t.Context(), w.all(z), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if after.Comment != "edited" || after.Content != r.Content || string(after.Data) != string(r.Data) || after.TTL != 300 {
		t.Errorf("%s: the edit made %+v of %+v", r.Type, after, r)
	}
}

// TestFaultsOfARecordStandBesideTheirFields, all at once, with what was typed.
func TestFaultsOfARecordStandBesideTheirFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	z := w.zone("faults.example")
	b := w.signedIn()
	path := w.recordsOf(z) + "/new"
	b.post(path, url.Values{"type": {"SRV"}, "name": {"_sip._tcp"}, "data.priority": {"70000"}, "data.weight": {"x"}, "data.port": {"1"}, "data.target": {"h.example"}, "ttl": {"1"}}).
		wants(t, http.StatusUnprocessableEntity, `id="f-data.priority-error"`, `id="f-data.weight-error"`, `value="h.example"`, "between 0 and 65535")
	b.post(path, url.Values{"type": {"MX"}}).
		wants(t, http.StatusUnprocessableEntity, `id="f-name-error"`, `id="f-priority-error"`, `id="f-content-error"`)
	b.post(path, url.Values{"type": {"A"}, "name": {"x"}, "content": {"10.0.0.1"}, "proxied": {"on"}, "ttl": {"1"}, "tags": {"cf-x:1"}}).
		wants(t, http.StatusUnprocessableEntity, `id="f-tags-error"`, `name="proxied" checked`)
	w.record(z, dns.Draft{Type: "CNAME", Name: "www", Content: "x.example"})
	b.post(path, url.Values{"type": {"A"}, "name": {"www"}, "content": {"192.0.2.1"}, "ttl": {"1"}}).
		wants(t, http.StatusUnprocessableEntity, "already exists", `value="192.0.2.1"`)
	b.post(path, url.Values{"type": {"TXT"}, "retype": {"1"}, "name": {"kept"}, "comment": {"kept too"}}).
		wants(t, 200, `value="kept"`, `value="kept too"`, `<textarea id="f-content"`)
	if n := len(w.list(z)); n != 1 {
		t.Errorf("%d records are there, want the one that was", n)
	}
}

// TestRecordsLeaveTheEventsOfTheAPI: a change here and one by API are told alike.
func TestRecordsLeaveTheEventsOfTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	z := w.zone("events.example")
	b := w.signedIn()
	b.post(w.recordsOf(z)+"/new", url.Values{"type": {"A"}, "name": {"x"}, "content": {"192.0.2.1"}, "ttl": {"1"}}).leads(t, w.recordsOf(z))
	r := w.list(z)[0]
	b.get(w.recordsOf(z)+"/"+r.ID+"/delete").wants(t, 200, "Delete the A record of x.events.example", "192.0.2.1")
	b.post(w.recordsOf(z)+"/"+r.ID+"/delete", url.Values{}).leads(t, w.recordsOf(z))
	events, _, err := w.authority.AuditPages(t.Context(), w.authority.System("test"), authority.AuditQuery{
		Op: authority.OpAcctAudit, AccountID: w.made.AccountID, Limit: 10,
		Match: func(e *authority.Event) bool { return e.Resource.ID == r.ID },
	})
	if err != nil || len(events) != 2 {
		t.Fatalf("%d events: %v", len(events), err)
	}
	for _, e := range events {
		if e.Actor.Email != adminEmail || e.Actor.Context != "dash" || e.ZoneName != "events.example" {
			t.Errorf("the event is %+v", e)
		}
	}
	if !strings.Contains(string(events[0].New), `"content":"192.0.2.1"`) || events[1].Old == nil {
		t.Errorf("the events do not say what the record was: %s, %s", events[0].New, events[1].Old)
	}
}

func TestAZoneFileGoesOutAndIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	z, empty := w.zone("out.example"), w.zone("in.example")
	w.record(z, dns.Draft{Type: "A", Name: "www", Content: "192.0.2.1"})
	b := w.signedIn()
	file := b.get(w.recordsOf(z) + "/export")
	file.wants(t, 200, "192.0.2.1", "www.out.example.")
	if d := file.header.Get("Content-Disposition"); d != "attachment; filename=out.example.txt" {
		t.Errorf("the file is saved as %q", d)
	}
	path := w.recordsOf(empty) + "/import"
	b.post(path, url.Values{"file": {" "}}).wants(t, http.StatusUnprocessableEntity, `id="f-file-error"`)
	b.post(path, url.Values{"file": {"good 300 IN A 192.0.2.1\nbad 300 IN A nowhere\n"}}).
		wants(t, http.StatusUnprocessableEntity, "Nothing was imported", "good 300 IN A 192.0.2.1")
	if n := len(w.list(empty)); n != 0 {
		t.Errorf("%d records of a faulty file were added", n)
	}
	text := "www 300 IN A 192.0.2.1\nmail 300 IN MX 10 mx.example.\n"
	b.post(path, url.Values{"file": {text}, "proxied": {"on"}}).wants(t, 200, "2 records were read. 2 added, 0 there already.", "www.in.example")
	b.post(path, url.Values{"file": {text}}).wants(t, 200, "0 added, 2 there already.")
	if all := w.list(empty); len(all) != 2 || !all[0].Proxied {
		t.Errorf("the records are %+v", all)
	}
	b.post(path, url.Values{"file": {strings.Repeat("a", dns.MaxZoneFile+1)}}).wants(t, http.StatusUnprocessableEntity, "too large")
	b.post(path, url.Values{"file": {strings.Repeat("é", dns.MaxZoneFile)}}).wants(t, http.StatusRequestEntityTooLarge)
}

func TestRecordsAreSearchedFilteredAndPaged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	z := w.zone("many.example")
	var file strings.Builder
	for i := range 60 {
		file.WriteString("h" + string(rune('a'+i%26)) + string(rune('a'+i/26)) + " 300 IN A 192.0.2.1 ; note\n")
	}
	file.WriteString("@ IN TXT \"<b>needle</b>\"\n")
	b := w.signedIn()
	b.post(w.recordsOf(z)+"/import", url.Values{"file": {file.String()}}).wants(t, 200, "61 added")
	a := b.get(w.recordsOf(z))
	a.wants(t, 200, "61 records", "Page 1 of 2", "5 minutes", "note")
	if len(a.body) > 120<<10 {
		t.Errorf("the page has %d bytes", len(a.body))
	}
	b.get(w.recordsOf(z)+"?q=needle").wants(t, 200, "1 record found", "&lt;b&gt;needle")
	b.get(w.recordsOf(z)+"?type=TXT&sort=content&dir=desc").wants(t, 200, "1 record found", `aria-sort="descending"`)
	b.get(w.recordsOf(z)+"?type=MX").wants(t, 200, "No record is like that")
	b.get(w.recordsOf(z)+"?page=2&sort=nonsense&type=%3Cx%3E").wants(t, 200, "No record is like that")
}

func TestWhoOnlyReadsIsOfferedNoChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, false)
	z := w.zone("read.example")
	r := w.record(z, dns.Draft{Type: "A", Name: "www", Content: "192.0.2.1"})
	w.person("ann@example.com")
	w.invite(authority.MemberDraft{Email: "ann@example.com", Roles: []string{authority.RoleAdministratorReadOnly}, Status: authority.MembershipAccepted})
	ann := w.as("ann@example.com")
	a := ann.get(w.recordsOf(z))
	a.wants(t, 200, "192.0.2.1", "Export")
	if strings.Contains(a.body, "/records/new") || strings.Contains(a.body, "/delete") {
		t.Error("who only reads is offered changes")
	}
	ann.post(w.recordsOf(z)+"/"+r.ID+"/delete", url.Values{}).wants(t, http.StatusForbidden, "You may not do this")
	ann.post(w.recordsOf(z)+"/new", url.Values{"type": {"A"}, "name": {"x"}, "content": {"192.0.2.2"}}).wants(t, http.StatusForbidden)
	ann.post(w.zones()+"/new", url.Values{"name": {"x.example"}}).wants(t, http.StatusForbidden)
	if n := len(w.list(z)); n != 1 {
		t.Errorf("%d records are there", n)
	}
}
