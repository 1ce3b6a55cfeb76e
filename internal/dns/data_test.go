package dns_test

import (
	"encoding/json"
	"testing"

	"github.com/tokenward/tokenward/internal/dns"
)

// The data of each structured type, the content that it makes, and the data
// that the content makes.
func TestDataAndContentSayTheSame(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct{ recordType, data, content string }{
		{"SRV", `{"priority":5,"weight":0,"port":5222,"target":"talk.l.google.com"}`, "0 5222 talk.l.google.com"},
		{"URI", `{"weight":10,"target":"https://example.com/?a=\"b\"&c=<d>"}`, `10 "https://example.com/?a=\"b\"&c=<d>"`},
		{"CAA", `{"flags":0,"tag":"issue","value":"letsencrypt.org; policy=ev"}`, `0 issue "letsencrypt.org; policy=ev"`},
		{"HTTPS", `{"priority":1,"target":".","value":"alpn=\"h2\""}`, `1 . alpn="h2"`},
		{"SVCB", `{"priority":2,"target":"foo","value":"alpn=\"h3,h2\" port=8443"}`, `2 foo alpn="h3,h2" port=8443`},
		{"SVCB", `{"priority":0,"target":"foo","value":""}`, `0 foo`},
		{"LOC", `{"lat_degrees":37,"lat_minutes":46,"lat_seconds":46,"lat_direction":"N","long_degrees":122,"long_minutes":23,"long_seconds":35.5,"long_direction":"W","altitude":-1.25,"size":100,"precision_horz":0,"precision_vert":0}`,
			"37 46 46.000 N 122 23 35.500 W -1.25 100.00 0.00 0.00"},
		{"TLSA", `{"usage":3,"selector":1,"matching_type":1,"certificate":"0C72AC70B745AC19998811B131D662C9AC69DBDBE7CB23E5B514B56664C5D3D6"}`,
			"3 1 1 0C72AC70B745AC19998811B131D662C9AC69DBDBE7CB23E5B514B56664C5D3D6"},
		{"SMIMEA", `{"usage":3,"selector":0,"matching_type":0,"certificate":"aabb"}`, "3 0 0 aabb"},
		{"DS", `{"key_tag":60485,"algorithm":5,"digest_type":1,"digest":"2BB183AF5F22588179A53B0A98631FAD1A292118"}`,
			"60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118"},
		{"DNSKEY", `{"flags":257,"protocol":13,"algorithm":2,"public_key":"mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="}`,
			"257 13 2 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="},
		{"NAPTR", `{"order":100,"preference":10,"flags":"U","service":"E2U+sip","regex":"!^(.*)$!sip:\\1@example.com!","replacement":"."}`,
			`100 10 "U" "E2U+sip" "!^(.*)$!sip:\\1@example.com!" .`},
		{"SSHFP", `{"algorithm":2,"type":1,"fingerprint":"123456789abcdef67890123456789abcdef67890"}`, "2 1 123456789abcdef67890123456789abcdef67890"},
		{"CERT", `{"type":9,"key_tag":1,"algorithm":8,"certificate":"mQENBFit"}`, "9 1 8 mQENBFit"},
	} {
		draft := dns.Draft{Name: "x", Type: tt.recordType, Data: json.RawMessage(tt.data), Priority: ptr(uint16(5))}
		r := w.create(draft)
		if r.Content != tt.content || string(r.Data) != tt.data {
			t.Errorf("%s data %s\nshows %s, content %q, want %q", tt.recordType, tt.data, r.Data, r.Content, tt.content)
		}
		back, err := w.Put(t.Context(), w.all(w.zone), r.ID, dns.Draft{Name: "x", Type: tt.recordType, Content: r.Content, Priority: r.Priority}, w.stamp)
		if err != nil {
			t.Errorf("%s %q: %v", tt.recordType, r.Content, err)
		} else if string(back.Data) != tt.data || back.Content != tt.content {
			t.Errorf("%s content %q shows data %s, content %q", tt.recordType, r.Content, back.Data, back.Content)
		}
	}
}

// Clients compare the strings of data with what they sent; numbers may come as
// strings, and other members may come along.
func TestDataIsShownAsSent(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct{ recordType, sent, shown, content string }{
		{"SVCB", `{"priority":"2","target":"foo.","value":"alpn=\"h3,h2\""}`, `{"priority":2,"target":"foo.","value":"alpn=\"h3,h2\""}`, `2 foo alpn="h3,h2"`},
		{"SRV", `{"service":"_xmpp","proto":"_tcp","name":"x","priority":5.0,"weight":0,"port":5222,"target":"Talk.example.net."}`,
			`{"priority":5,"weight":0,"port":5222,"target":"Talk.example.net."}`, "0 5222 Talk.example.net"},
		{"CAA", `{"flags":"128","tag":"Issue","value":""}`, `{"flags":128,"tag":"Issue","value":""}`, `128 Issue ""`},
		{"SSHFP", `{"algorithm":2,"type":1,"fingerprint":"12 34 AB"}`, `{"algorithm":2,"type":1,"fingerprint":"12 34 AB"}`, "2 1 1234AB"},
	} {
		r := w.create(dns.Draft{Name: "x", Type: tt.recordType, Content: "ignored", Data: json.RawMessage(tt.sent)})
		if string(r.Data) != tt.shown || r.Content != tt.content {
			t.Errorf("%s %s\nshows %s, %q", tt.recordType, tt.sent, r.Data, r.Content)
		}
	}
}

func TestWrongDataIsRefusedWithASentence(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct{ recordType, data, want string }{
		{"CAA", `{"flags":0,"tag":"issue"}`, "value is a required field. (9100)"},
		{"CAA", `{"flags":300,"tag":"is sue","value":"x"}`, "flags must be a whole number between 0 and 255. (9201) tag must be letters and digits. (9201)"},
		{"CAA", `{"flags":0,"tag":"issue","value":7}`, "value must be text, in balanced quotes if in any. (9201)"},
		{"CAA", `[]`, "data must be an object. (9201)"},
		{"CAA", ``, "data is a required field. (9100)"},
		{"CAA", `{"foreign":1}`, "data is a required field. (9100)"},
		{"SRV", `{"priority":1.5,"weight":0,"port":1,"target":"a"}`, "priority must be a whole number between 0 and 65535. (9201)"},
		{"SRV", `{"weight":0,"port":-1,"target":"192.0.2.1"}`,
			"priority is a required field. (9100) port must be a whole number between 0 and 65535. (9201) target must be a hostname. (9201)"},
		{"HTTPS", `{"priority":1,"target":".","value":"alpn=\"h2"}`, "value must be service parameters (RFC 9460): key=value, separated by spaces. (9201)"},
		{"HTTPS", `{"priority":1,"target":".","value":"alpn=h2\nIN A 192.0.2.1"}`, "value must be service parameters (RFC 9460): key=value, separated by spaces. (9201)"},
		{"HTTPS", `{"priority":1,"target":". x","value":""}`, "target must be a hostname. (9201)"},
		{"LOC", `{"lat_degrees":37,"lat_minutes":46,"lat_seconds":60,"lat_direction":"E","long_degrees":181,"long_minutes":0,"long_seconds":0,"long_direction":"W","altitude":-100001,"size":-1,"precision_horz":0,"precision_vert":0}`,
			"lat_seconds must be a number between 0 and 59.999. (9201) lat_direction must be N or S. (9201) long_degrees must be a whole number between 0 and 180. (9201) altitude must be a number between -100000 and 42849672.95. (9201) size must be a number between 0 and 90000000. (9201)"},
		{"URI", `{"weight":1,"target":""}`, "priority is a required field. (9100) target is a required field. (9100)"},
	} {
		_, err := w.Create(t.Context(), w.all(w.zone), dns.Draft{Name: "x", Type: tt.recordType, Data: json.RawMessage(tt.data)}, w.stamp)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s %s\n got %v\nwant %s", tt.recordType, tt.data, err, tt.want)
		}
	}
}

// Some clients have one shape for all types and send what means nothing.
func TestMembersThatMeanNothingAreIgnored(t *testing.T) {
	w := newWorld(t)
	zero := ptr(uint16(0))
	for _, d := range []dns.Draft{
		{Type: "A", Content: "192.0.2.1", Data: json.RawMessage(`{"tag":""}`), Priority: zero, Settings: &dns.Settings{}},
		{Type: "AAAA", Content: "2001:db8::1", Data: json.RawMessage(`"odd"`)},
		{Type: "TXT", Content: "x", Data: json.RawMessage(`{"tag":""}`), Priority: zero},
		{Type: "CAA", Content: `0 issue "x"`, Data: json.RawMessage(`{"foreign":1,"tag":null}`), Priority: zero},
	} {
		d.Name = "x"
		r := w.create(d)
		if r.Priority != nil || r.Type != "CAA" && r.Data != nil {
			t.Errorf("%s: priority %v, data %s", d.Type, r.Priority, r.Data)
		}
	}
}

func TestMXTakesItsPriorityBesideContentOrInData(t *testing.T) {
	w := newWorld(t)
	for _, d := range []dns.Draft{
		{Name: "a", Content: "mail.example.com", Priority: ptr(uint16(0))},
		{Name: "b", Data: json.RawMessage(`{"priority":0,"target":"mail.example.com"}`)},
	} {
		d.Type = "MX"
		if r := w.create(d); r.Content != "mail.example.com" || *r.Priority != 0 || r.Data != nil {
			t.Errorf("%+v", r)
		}
	}
	null := w.create(dns.Draft{Name: "null", Type: "MX", Content: ".", Priority: ptr(uint16(0))})
	if null.Content != "." {
		t.Errorf("null MX: %q", null.Content)
	}
	_, err := w.Create(t.Context(), w.all(w.zone), dns.Draft{Name: "c", Type: "MX", Content: "192.0.2.1"}, w.stamp)
	if want := "priority is a required field. (9100) Content for MX record must be a hostname. (9009)"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestAnOldSRVRecordIsNamedByItsData(t *testing.T) {
	w := newWorld(t)
	r := w.create(dns.Draft{Type: "SRV", Data: json.RawMessage(
		`{"service":"_sip","proto":"_tcp","name":"example.com","priority":1,"weight":2,"port":5060,"target":"sip.example.com"}`)})
	if r.Name != "_sip._tcp.example.com" {
		t.Errorf("name %q", r.Name)
	}
}
