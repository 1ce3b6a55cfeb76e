package dns

import (
	"errors"
	"strings"
	"testing"
)

// parse reads content as a new record's, and fails the test when it is refused.
func parse(t *testing.T, recordType, content string, priority *uint16) value {
	t.Helper()
	v, faults := parseContent(recordType, content, priority)
	if len(faults) > 0 {
		t.Fatalf("%s %q refused: %v", recordType, content, faults)
	}
	return v
}

func ten() *uint16 { n := uint16(10); return &n }

func TestContentIsShownInOneForm(t *testing.T) {
	key := strings.Repeat("mQENBFit2jsBCADr", 200) // longer than a lexer's usual token
	for _, tt := range []struct{ recordType, content, want string }{
		{"A", "192.0.2.1", "192.0.2.1"},
		{"A", " 192.0.2.1 ", "192.0.2.1"},
		{"AAAA", "2001:DB8:0:0::1", "2001:db8::1"},
		{"AAAA", "::ffff:192.0.2.1", "::ffff:192.0.2.1"},
		{"CNAME", "selector2-test._domainkey.MixedCase.onmicrosoft.com", "selector2-test._domainkey.MixedCase.onmicrosoft.com"},
		{"CNAME", "example.com.", "example.com"},
		{"NS", "ns1.example.com.", "ns1.example.com"},
		{"PTR", "Host.example.com", "Host.example.com"},
		{"PTR", "1.0/25.2.0.192.in-addr.arpa", "1.0/25.2.0.192.in-addr.arpa"},
		{"MX", "mail.example.com", "mail.example.com"},
		{"MX", ".", "."},
		{"TXT", "unquoted text; with anything ( \\ in it", "unquoted text; with anything ( \\ in it"},
		{"TXT", `"v=spf1 -all"`, `"v=spf1 -all"`},
		{"TXT", `"one" "two"`, `"one" "two"`},
		{"TXT", `""`, `""`},
		{"TXT", "grüße", "grüße"},
		{"SRV", "0 5222 talk.l.google.com", "0 5222 talk.l.google.com"},
		{"SRV", "10 0 5222 talk.l.google.com.", "0 5222 talk.l.google.com"},
		{"URI", `10 "https://example.com/"`, `10 "https://example.com/"`},
		{"URI", "10 https://example.com/?a=b", `10 "https://example.com/?a=b"`},
		{"CAA", "0 issue letsencrypt.org", `0 issue "letsencrypt.org"`},
		{"CAA", "0\tissue\t\"letsencrypt.org; policy=ev\"", `0 issue "letsencrypt.org; policy=ev"`},
		{"HTTPS", `1 . alpn="h3,h2" ipv4hint="127.0.0.1"`, `1 . alpn="h3,h2" ipv4hint="127.0.0.1"`},
		{"HTTPS", "0 other.example.com", "0 other.example.com"},
		{"SVCB", `2 foo. alpn="h3,h2"`, `2 foo alpn="h3,h2"`},
		{"DS", "60485 RSASHA1 1 2BB183AF5F22588179A53B0A 98631FAD1A292118", "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118"},
		{"DNSKEY", "257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==",
			"257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="},
		{"CERT", "PGP 0 0 mQEN BFit", "3 0 0 mQENBFit"},
		{"SSHFP", "2 1 123456789abcdef67890123456789abcdef67890", "2 1 123456789abcdef67890123456789abcdef67890"},
		{"TLSA", "3 1 1 0C72AC70B745AC19998811B131D662C9AC69DBDBE7CB23E5B514B56664C5D3D6",
			"3 1 1 0C72AC70B745AC19998811B131D662C9AC69DBDBE7CB23E5B514B56664C5D3D6"},
		{"SMIMEA", "3 0 0 aabb", "3 0 0 aabb"},
		{"NAPTR", `100 10 "U" "E2U+sip" "!^.*$!sip:info@example.com!" .`, `100 10 "U" "E2U+sip" "!^.*$!sip:info@example.com!" .`},
		{"LOC", "37 46 46 N 122 23 35 W 0m 100m 0m 0m", "37 46 46.000 N 122 23 35.000 W 0.00 100.00 0.00 0.00"},
		{"LOC", "IN LOC 37 46 46 N 122 23 35 W 0m 100m 0m 0m", "37 46 46.000 N 122 23 35.000 W 0.00 100.00 0.00 0.00"},
		{"LOC", "42 N 71 6 w -24m 30m", "42 0 0.000 N 71 6 0.000 W -24.00 30.00 10000.00 10.00"},
		{"OPENPGPKEY", key, key},
	} {
		v := parse(t, tt.recordType, tt.content, ten())
		if got := v.content(); got != tt.want {
			t.Errorf("%s %q is shown as %q, want %q", tt.recordType, tt.content, got, tt.want)
		}
	}
}

func TestWrongContentIsRefusedWithASentence(t *testing.T) {
	for _, tt := range []struct{ recordType, content, want string }{
		{"A", "2001:db8::1", "Content for A record must be a valid IPv4 address. (9005)"},
		{"A", "192.0.2.256", "Content for A record must be a valid IPv4 address. (9005)"},
		{"A", "192.0.2.1 192.0.2.2", "Content for A record must be a valid IPv4 address. (9005)"},
		{"AAAA", "192.0.2.1", "Content for AAAA record must be a valid IPv6 address. (9006)"},
		{"AAAA", "fe80::1%eth0", "Content for AAAA record must be a valid IPv6 address. (9006)"},
		{"CNAME", "192.0.2.1", "Content for CNAME record must be a hostname. (9007)"},
		{"CNAME", "https://example.com/", "Content for CNAME record must be a hostname. (9007)"},
		{"CNAME", ".", "Content for CNAME record must be a hostname. (9007)"},
		{"NS", "a..b", "Content for NS record must be a hostname. (9201)"},
		{"PTR", "example.com/x", "Content for PTR record must be a hostname. (9201)"},
		{"MX", "10 mail.example.com", "Content for MX record must be a hostname. (9009)"},
		{"MX", "192.0.2.1", "Content for MX record must be a hostname. (9009)"},
		{"TXT", `"open`, "Content for TXT record is invalid: content must be text, or strings in balanced quotes. (9051)"},
		{"TXT", `"one" two`, "Content for TXT record is invalid: content must be text, or strings in balanced quotes. (9051)"},
		{"TXT", "two\nlines", "Content for TXT record is invalid: content must be text, or strings in balanced quotes. (9051)"},
		{"TXT", strings.Repeat("x", 4096), "Content for TXT record must not be larger than 4096 bytes. (9201)"},
		{"SRV", "0 65536 example.com", "Content for SRV record is invalid: port must be a whole number between 0 and 65535. (9201)"},
		{"SRV", "example.com", "Content for SRV record is invalid: it must have priority, weight, port, target. (9201)"},
		{"URI", `10 ""`, "Content for URI record is invalid: target must be a URI. (9201)"},
		{"CAA", `256 issue "x"`, "Content for CAA record is invalid: flags must be a whole number between 0 and 255. (9201)"},
		{"CAA", `0 is-sue "x"`, "Content for CAA record is invalid: tag must be letters and digits. (9201)"},
		{"CAA", `0 issue x; comment`, "Content for CAA record is invalid: it has unbalanced quotes, or an unquoted character that a zone file would not take. (9201)"},
		{"HTTPS", `1 . nonsense="x"`, "Content for HTTPS record is invalid: it is not what the type needs. (9201)"},
		{"HTTPS", `1 . alpn="h2" )`, "Content for HTTPS record is invalid: it has unbalanced quotes, or an unquoted character that a zone file would not take. (9201)"},
		{"DS", "60485 5 1 xyz", "Content for DS record is invalid: digest must be hexadecimal digits. (9201)"},
		{"DNSKEY", "257 3 13 %%%", "Content for DNSKEY record is invalid: public_key must be Base64. (9201)"},
		{"SSHFP", "2 1", "Content for SSHFP record is invalid: fingerprint must be hexadecimal digits. (9201)"},
		{"TLSA", "3 1 300 aa", "Content for TLSA record is invalid: matching_type must be a whole number between 0 and 255. (9201)"},
		{"NAPTR", `100 10 "U" "E2U+sip" "x" 192.0.2.1`, "Content for NAPTR record is invalid: replacement must be a hostname. (9201)"},
		{"LOC", "91 0 0 N 0 0 0 E 0m", "Content for LOC record is invalid: lat_degrees must be a whole number between 0 and 90. (9201)"},
		{"LOC", "here", "Content for LOC record is invalid: it must have lat_degrees, lat_minutes, lat_seconds, lat_direction, long_degrees, long_minutes, long_seconds, long_direction, altitude, size, precision_horz, precision_vert. (9201)"},
		{"OPENPGPKEY", "not base64!", "Content for OPENPGPKEY record must be a Base64-encoded OpenPGP key. (9201)"},
	} {
		_, faults := parseContent(tt.recordType, tt.content, ten())
		err := invalid(faults)
		if err == nil {
			t.Errorf("%s %q is accepted", tt.recordType, tt.content)
			continue
		}
		if err.Error() != tt.want {
			t.Errorf("%s %q: %q, want %q", tt.recordType, tt.content, err, tt.want)
		}
	}
}

func TestEveryTypeOfTheSchemaIsKnown(t *testing.T) {
	for _, name := range strings.Fields("A AAAA CAA CERT CNAME DNSKEY DS HTTPS LOC MX NAPTR NS OPENPGPKEY PTR SMIMEA SRV SSHFP SVCB TLSA TXT URI") {
		if kinds[name] == nil {
			t.Errorf("type %s is not known", name)
		}
	}
}

func TestTXTPublishesTheSameQuotedOrNot(t *testing.T) {
	long := strings.Repeat("k", 300)
	for _, tt := range []struct{ one, other string }{
		{"acme-token_-", `"acme-token_-"`},
		{long, `"` + long + `"`},
		{long, `"` + long[:255] + `" "` + long[255:] + `"`},
		{`say "hi"`, `"say \"hi\""`},
		{"grüße", `"gr\195\188\195\159e"`},
	} {
		one, err1 := Record{Type: "TXT", Content: tt.one}.Rdata()
		other, err2 := Record{Type: "TXT", Content: tt.other}.Rdata()
		if err := errors.Join(err1, err2); err != nil {
			t.Error(err)
		}
		if string(one) != string(other) {
			t.Errorf("%q publishes %q, %q publishes %q", tt.one, one, tt.other, other)
		}
	}
}

func TestNamesInContentCompareWithoutCase(t *testing.T) {
	for _, tt := range []struct{ recordType, one, other string }{
		{"CNAME", "Example.COM", "example.com."},
		{"SRV", "0 5222 Talk.example.com", "10 0 5222 talk.example.com."},
		{"CAA", `0 Issue "x"`, `0 issue x`},
		{"DS", "1 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118", "1 RSASHA1 1 2bb183af5f22588179a53b0a98631fad1a292118"},
	} {
		one := parse(t, tt.recordType, tt.one, ten())
		other := parse(t, tt.recordType, tt.other, ten())
		a, _ := one.rdata()
		b, _ := other.rdata()
		if string(a) != string(b) {
			t.Errorf("%s %q and %q differ", tt.recordType, tt.one, tt.other)
		}
	}
}

func FuzzContent(f *testing.F) {
	for _, seed := range [][2]string{
		{"A", "192.0.2.1"}, {"AAAA", "2001:db8::1"}, {"CNAME", "Example.com."}, {"NS", "ns.example.com"}, {"PTR", "a.example.com"},
		{"MX", "mail.example.com"}, {"MX", "."}, {"TXT", "plain"}, {"TXT", `"a\"b" "\065"`}, {"SRV", "1 2 3 example.com"},
		{"URI", `10 "https://example.com/"`}, {"CAA", `0 issue "ca.example; x=y"`}, {"HTTPS", `1 . alpn="h2,h3" port=443`},
		{"SVCB", `1 foo.example. mandatory=alpn alpn=h2 key667="a\\b"`}, {"DS", "1 RSASHA1 1 aabb"}, {"DNSKEY", "257 3 13 AAAA"},
		{"CERT", "PKIX 1 8 AAAA"}, {"SSHFP", "2 1 aabb"}, {"TLSA", "3 1 1 aabb"}, {"SMIMEA", "3 0 0 aabb"},
		{"NAPTR", `1 2 "u" "s" "!a!b!" .`}, {"LOC", "37 46 46.5 N 122 W -1.5m 2m"}, {"OPENPGPKEY", "AAAA"}, {"CAA", `0 issue "\000ü\\"`},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, recordType, content string) {
		if kinds[recordType] == nil {
			return
		}
		v, faults := parseContent(recordType, content, ten())
		if len(faults) > 0 {
			return
		}
		var r Record
		r.Type = recordType
		v.store(&r)
		wire, err := v.rdata()
		if err != nil {
			t.Fatalf("accepted, but has no rdata: %v", err)
		}
		again := parse(t, recordType, r.Content, r.Priority)
		if got := again.content(); got != r.Content {
			t.Fatalf("content %q becomes %q", r.Content, got)
		}
		if got, _ := again.rdata(); string(got) != string(wire) {
			t.Fatalf("content %q: rdata %x becomes %x", r.Content, wire, got)
		}
		if r.Data == nil {
			return
		}
		back, faults := Draft{Type: recordType, Data: r.Data, Priority: r.Priority}.value()
		if len(faults) > 0 {
			t.Fatalf("data %s refused: %v", r.Data, faults)
		}
		if back.content() != r.Content {
			t.Fatalf("data %s gives content %q, want %q", r.Data, back.content(), r.Content)
		}
	})
}

// value reads a draft's data.
func (d Draft) value() (value, []Fault) {
	m, faults := parseMembers(d.Data)
	if len(faults) > 0 {
		return value{}, faults
	}
	return parseData(d.Type, d.complete(Record{}, d.Type, m))
}
