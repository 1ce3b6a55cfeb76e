package dns_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/authority"
	"github.com/tokenward/tokenward/internal/dns"
)

// load imports a zone file or ends the test.
func (w *world) load(zone authority.Zone, file string, proxied bool) dns.Imported {
	w.t.Helper()
	got, err := w.Import(w.t.Context(), w.all(zone), dns.ZoneFile{Text: file, Proxied: proxied}, w.stamp)
	if err != nil {
		w.t.Fatalf("import: %v\n%s", err, file)
	}
	return got
}

func (w *world) export(zone authority.Zone) string {
	w.t.Helper()
	got, err := w.Export(w.t.Context(), w.all(zone))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(got)
}

// records are a zone's records without what an import makes new.
func (w *world) records(zone authority.Zone) []dns.Record {
	w.t.Helper()
	page, _, err := w.List(w.t.Context(), w.all(zone), parseQuery(w.t, "per_page=5000"))
	if err != nil {
		w.t.Fatal(err)
	}
	for i := range page {
		page[i].ID, page[i].ZoneID, page[i].Version = "", "", 0
	}
	return page
}

// everyType has a record of each type, and what can stand beside one.
var everyType = []dns.Draft{
	{Type: "A", Name: "@", Content: "192.0.2.1", Proxied: ptr(true), Comment: ptr("the front; door (1)"), Tags: ptr([]string{"tier:1", "plain", "empty:"})},
	{Type: "A", Name: "*", Content: "192.0.2.2", TTL: ptr(300), Tags: ptr([]string{`note:one, two="three" \ cf_tags=x`, "sp: x "})},
	{Type: "AAAA", Name: "@", Content: "2001:db8::1"},
	{Type: "CNAME", Name: "alias", Content: "Target.example.net", Settings: &dns.Settings{FlattenCNAME: ptr(true)}, Comment: ptr("says cf_tags=x")},
	{Type: "CNAME", Name: "bücher", Content: "example.com", Proxied: ptr(true)},
	{Type: "MX", Name: "@", Content: "mail.example.com", Priority: ptr(uint16(10))},
	{Type: "MX", Name: "nomail", Content: ".", Priority: ptr(uint16(0))},
	{Type: "NS", Name: "sub", Content: "ns1.example.net", TTL: ptr(86400)},
	{Type: "PTR", Name: "ptr", Content: "host.example.com"},
	{Type: "TXT", Name: "@", Content: `"v=spf1 -all"`, Comment: ptr("says cf_tags=x")},
	{Type: "TXT", Name: "long", Content: `"` + strings.Repeat("k", 255) + `" "` + strings.Repeat("l", 100) + `"`},
	{Type: "TXT", Name: "odd", Content: `"a;b \"c\" \\ \195\188" ""`, Comment: ptr("grüße; again")},
	{Type: "OPENPGPKEY", Name: "key", Content: strings.Repeat("mQENBFit2jsBCADr", 200)},
	{Type: "SRV", Name: "_sip._tcp", Data: data(`{"priority":1,"weight":2,"port":5060,"target":"sip.example.com"}`)},
	{Type: "URI", Name: "uri", Priority: ptr(uint16(5)), Data: data(`{"weight":1,"target":"https://example.com/?a=b;c"}`)},
	{Type: "CAA", Name: "@", Data: data(`{"flags":0,"tag":"issue","value":"letsencrypt.org; policy=ev"}`)},
	{Type: "HTTPS", Name: "svc", Data: data(`{"priority":1,"target":".","value":"alpn=\"h3,h2\" ipv4hint=\"192.0.2.1\""}`)},
	{Type: "SVCB", Name: "_dns", Data: data(`{"priority":2,"target":"foo.example.com","value":"alpn=\"h2\""}`)},
	{Type: "DS", Name: "sub", Data: data(`{"key_tag":60485,"algorithm":5,"digest_type":1,"digest":"2BB183AF5F22588179A53B0A98631FAD1A292118"}`)},
	{Type: "DNSKEY", Name: "dnskey", Data: data(`{"flags":257,"protocol":3,"algorithm":13,"public_key":"mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="}`)},
	{Type: "CERT", Name: "cert", Data: data(`{"type":1,"key_tag":12,"algorithm":8,"certificate":"AAAA"}`)},
	{Type: "SSHFP", Name: "ssh", Data: data(`{"algorithm":2,"type":1,"fingerprint":"123456789ABCDEF67890123456789ABCDEF67890"}`)},
	{Type: "TLSA", Name: "_443._tcp", Data: data(`{"usage":3,"selector":1,"matching_type":1,"certificate":"AABB"}`)},
	{Type: "SMIMEA", Name: "smime", Data: data(`{"usage":3,"selector":0,"matching_type":0,"certificate":"AABB"}`)},
	{Type: "NAPTR", Name: "naptr", Data: data(`{"order":100,"preference":10,"flags":"U","service":"E2U+sip","regex":"!^.*$!sip:info@example.com!","replacement":"."}`)},
	{Type: "LOC", Name: "loc", Data: data(`{"lat_degrees":37,"lat_minutes":46,"lat_seconds":46,"lat_direction":"N","long_degrees":122,"long_minutes":23,"long_seconds":35,"long_direction":"W","altitude":0,"size":100,"precision_horz":0,"precision_vert":0}`)},
}

func data(s string) json.RawMessage { return json.RawMessage(s) }

func TestAnExportedZoneIsImportedWithTheSameRecordsForEveryType(t *testing.T) {
	w := newWorld(t)
	types := map[string]bool{}
	for _, d := range everyType {
		w.create(d)
		types[d.Type] = true
	}
	if len(types) != 21 {
		t.Errorf("%d types are tried of 21", len(types))
	}
	want, file := w.records(w.zone), w.export(w.zone)
	// The same names, in a zone without records.
	empty := w.zoneIn("f9e8d7c6b5a493827160504030201000", "00112233445566778899aabbccddeeff", "example.com")
	got := w.load(empty, file, false)
	if len(got.Added) != len(want) || got.Parsed != len(want) || len(got.Identical) != 0 {
		t.Errorf("%d of %d records added of %d, %d identical", len(got.Added), got.Parsed, len(want), len(got.Identical))
	}
	for i, r := range w.records(empty) {
		if !reflect.DeepEqual(r, want[i]) {
			t.Errorf("imported %+v\nwant     %+v", r, want[i])
		}
	}
}

func TestAZoneFileOfAnotherServerIsUnderstood(t *testing.T) {
	w := newWorld(t)
	got := w.load(w.zone, strings.ReplaceAll(`$ORIGIN example.com.
$TTL 1h
@  IN SOA ns1.example.net. admin.example.com. ( 2025072101 ; serial
      7200 3600 1209600 3600 ) ; a comment that is nobody's
   IN NS  ns1.example.net.
   IN NS  ns2.example.net.
   IN MX  10 mail
; a comment line cf_tags=ignored
mail   600 IN A 192.0.2.10  ; behind the record
sub    IN NS ns.sub
ns.sub.other A 192.0.2.11
$ORIGIN west.example.com.
www    CNAME @
txt    TXT ( "one" ; first
             "two" ) ; second
$GENERATE 1-2 host$ A 192.0.2.$
`, "\n", "\r\n"), false)
	if got.Parsed != 8 || len(got.Added) != 8 {
		t.Errorf("parsed %d, added %d", got.Parsed, len(got.Added))
	}
	want := []string{
		"A host1.west.example.com 192.0.2.1 3600 ", "A host2.west.example.com 192.0.2.2 3600 ",
		"A mail.example.com 192.0.2.10 600 behind the record", "A ns.sub.other.example.com 192.0.2.11 3600 ",
		"CNAME www.west.example.com west.example.com 3600 ", "MX example.com mail.example.com 3600 ",
		"NS sub.example.com ns.sub.example.com 3600 ", `TXT txt.west.example.com "one" "two" 3600 second`,
	}
	var lines []string
	for _, r := range w.records(w.zone) {
		lines = append(lines, fmt.Sprintf("%s %s %s %d %s", r.Type, r.Name, r.Content, r.TTL, r.Comment))
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got  %q\nwant %q", lines, want)
	}
}

func TestCommentsAndTagsBehindARecordAreKept(t *testing.T) {
	for line, want := range map[string]string{
		"":                              "false || []",
		";":                             "false || []",
		"; just a comment":              "false |just a comment| []",
		";   cf_tags=awesome":           "false || [awesome]",
		"; c cf_tags=":                  "false |c| []",
		"; has cf_tags= in it cf_tags=": "false |has cf_tags= in it| []",
		`; cf_tags=tag1,tag2:value2,tag3:"value,with,commas",tag4:"with \"quotes\""`: `false || [tag1 tag2:value2 tag3:value,with,commas tag4:with "quotes"]`,
		"; simple example cf_tags=important,ticket:THIS-12345":                       "false |simple example| [important ticket:THIS-12345]",
		"; cf_tags=test:1, cf-proxied:true ,":                                        "true || [test:1]",
		"; proxied cf_tags=cf-proxied:false":                                         "false |proxied| []",
	} {
		w := newWorld(t)
		got := w.load(w.zone, "www A 192.0.2.1 "+line, false).Added
		if len(got) != 1 {
			t.Fatalf("%q: added %+v", line, got)
		}
		if said := fmt.Sprintf("%t |%s| %v", got[0].Proxied, got[0].Comment, got[0].Tags); said != want {
			t.Errorf("%q: got %s, want %s", line, said, want)
		}
	}
}

func TestImportedRecordsAreProxiedAsAskedUnlessTheirTagSaysOtherwise(t *testing.T) {
	w := newWorld(t)
	w.load(w.zone, `
a 300 A 192.0.2.1
b 300 A 192.0.2.1 ; cf_tags=cf-proxied:false
private A 10.0.0.1
txt TXT x
c CNAME a
`, true)
	var got []string
	for _, r := range w.records(w.zone) {
		got = append(got, fmt.Sprint(r.Name, " ", r.Proxied, " ", r.TTL))
	}
	want := []string{"a.example.com true 1", "b.example.com false 300", "private.example.com false 300", "c.example.com true 1", "txt.example.com false 300"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAZoneFileCanBeImportedTwice(t *testing.T) {
	w := newWorld(t)
	const file = "www A 192.0.2.1\nwww A 192.0.2.1 ; again\ntxt TXT one\n"
	if got := w.load(w.zone, file, false); len(got.Added) != 2 || len(got.Identical) != 1 || got.Parsed != 3 {
		t.Errorf("first: %+v", got)
	}
	if got := w.load(w.zone, file, false); len(got.Added) != 0 || len(got.Identical) != 3 || got.Parsed != 3 {
		t.Errorf("second: %+v", got)
	}
	if got := w.list(""); len(got) != 2 {
		t.Errorf("records %v", got)
	}
}

func TestOneWrongLineKeepsTheWholeFileOut(t *testing.T) {
	w := newWorld(t)
	w.create(dns.Draft{Type: "CNAME", Name: "alias", Content: "example.net"})
	before := w.records(w.zone)
	for line, want := range map[string]string{
		"$INCLUDE /etc/passwd":                     `The zone file cannot be read: $INCLUDE directive not allowed: "/etc/passwd" at line: 2:20. (9201)`,
		"www A not-an-address":                     `The zone file cannot be read: bad A A: "not-an-address" at line: 2:20. (9201)`,
		"www.example.org. A 192.0.2.1":             "www.example.org A: the name is not in the zone example.com. (9000)",
		"www CH A 192.0.2.1":                       "www.example.com A: the class must be IN. (9201)",
		"www HINFO a b":                            "www.example.com HINFO: this record type is not supported. (9201)",
		"www 10 A 192.0.2.1":                       "www.example.com A: TTL must be between 30 and 86400 seconds, or 1 for Automatic. (9021)",
		"www TXT x ; cf_tags=cf-proxied:true":      "www.example.com TXT: This record type cannot be proxied. (9041)",
		"www TXT x ; cf_tags=cf-unknown":           `www.example.com TXT: tag "cf-unknown" is not known; names that begin with cf- are reserved. (9201)`,
		`www TXT x ; cf_tags=a:"open`:              "www.example.com TXT: a tag's value that begins with a quote must be a JSON string. (9201)",
		"alias A 192.0.2.1":                        "alias.example.com A: A CNAME record with that host already exists. (81054)",
		"a 10 A 192.0.2.1\nb 20 A 192.0.2.2":       "a.example.com A: TTL must be between 30 and 86400 seconds, or 1 for Automatic. (9021) b.example.com A: TTL must be between 30 and 86400 seconds, or 1 for Automatic. (9021)",
		"$GENERATE 1-4000 h$ A 192.0.2.1":          "A zone file must have at most 3500 records. (9201)",
		"$GENERATE 1-4000 @ NS ns$.example.net.":   "A zone file must have at most 3500 records. (9201)",
		strings.Repeat("; x\n", dns.MaxZoneFile/4): "A zone file must have at most 262144 bytes. (9201)",
	} {
		_, err := w.Import(t.Context(), w.all(w.zone), dns.ZoneFile{Text: "good A 192.0.2.1\n" + line + "\n"}, w.stamp)
		if err == nil || err.Error() != want {
			t.Errorf("%.60q: %v\nwant %s", line, err, want)
		}
	}
	if got := w.records(w.zone); !reflect.DeepEqual(got, before) {
		t.Errorf("records %+v", got)
	}
}

func TestAnExportBeginsWithWhatBelongsToTheZone(t *testing.T) {
	w := newWorld(t)
	w.create(dns.Draft{Type: "A", Name: "www", Content: "192.0.2.1", Comment: ptr("web"), Tags: ptr([]string{"a:b"})})
	w.create(dns.Draft{Type: "MX", Name: "@", Content: "mail.example.com", Priority: ptr(uint16(10)), TTL: ptr(300)})
	const want = `;;
;; Domain:     example.com.
;; Exported:   2026-02-01 10:00:00
;;
;; Change the SOA and NS records before another server uses this file.
;;
;; SOA Record
example.com.	3600	IN	SOA	ada.ns.example.net. dns.example.com. 1769940000 10000 2400 604800 3600

;; Name Servers
example.com.	86400	IN	NS	ada.ns.example.net.
example.com.	86400	IN	NS	bob.ns.example.net.

;; A Records
www.example.com.	1	IN	A	192.0.2.1 ; web cf_tags=a:b,cf-proxied:false

;; MX Records
example.com.	300	IN	MX	10 mail.example.com.
`
	if got := w.export(w.zone); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
