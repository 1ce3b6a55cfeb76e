package httpapi_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/tokenward/tokenward/internal/dns"
)

const (
	importPath = records + "/import"
	exportPath = records + "/export"
)

// form is a body of parts, and its Content-Type. A name with a ! is a file.
func form(t *testing.T, parts ...string) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	f := multipart.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		name, isFile := strings.CutSuffix(parts[i], "!")
		create := f.CreateFormField
		if isFile {
			create = func(name string) (io.Writer, error) { return f.CreateFormFile(name, "zone.txt") }
		}
		p, err := create(name)
		if err != nil {
			t.Fatal(err)
		}
		p.Write([]byte(parts[i+1]))
	}
	f.Close()
	return b.String(), "Content-Type: " + f.FormDataContentType()
}

// The body that cloudflare-go v0 sends: LF, and no line end behind the boundary.
const classicForm = "--------------------------BOUNDARY\nContent-Disposition: form-data; name=\"file\"; filename=\"bind.txt\"\n\n" +
	"FILE\n--------------------------BOUNDARY\nContent-Disposition: form-data; name=\"proxied\"\n\ntrue\n--------------------------BOUNDARY--"

const classicKind = "Content-Type: multipart/form-data; boundary=------------------------BOUNDARY"

func TestEveryClientsFormIsImported(t *testing.T) {
	const file = "www.example.com. 1 IN CNAME example.net.\nwww2 300 A 192.0.2.1"
	crlf := strings.ReplaceAll(file, "\n", "\r\n")
	asFile, fileKind := form(t, "file!", crlf, "proxied", "true")
	asText, textKind := form(t, "proxied", "true", "other", "x", "file", file)
	for name, sent := range map[string][2]string{
		"classic": {strings.Replace(classicForm, "FILE", file, 1), classicKind}, "file": {asFile, fileKind}, "text": {asText, textKind},
	} {
		w := newWorld(t)
		a := w.send("POST", importPath, sent[0], sent[1])
		if string(a.Result) != `{"recs_added":2,"total_records_parsed":2}` || len(a.Messages) != 0 {
			t.Errorf("%s: %d %s", name, a.status, a.text)
		}
		if got := w.names("proxied=true"); got != "A:www2 CNAME:www" {
			t.Errorf("%s: proxied %s", name, got)
		}
	}
}

func TestAnImportLeavesOutWhatIsThereAndSaysSo(t *testing.T) {
	w := newWorld(t)
	body, kind := form(t, "file", "www A 192.0.2.1\nnew A 192.0.2.2\n@ NS ns.example.net.\n")
	w.create(`{"type":"A","name":"www","content":"192.0.2.1"}`)
	a := w.send("POST", importPath, body, kind)
	if string(a.Result) != `{"recs_added":1,"total_records_parsed":2}` || len(a.Errors) != 0 || len(a.Messages) != 1 ||
		a.Messages[0].Code != 81058 || a.Messages[0].Message != "www.example.com A: An identical record already exists." {
		t.Errorf("%d %s", a.status, a.text)
	}
	empty := strings.Replace(classicForm, "FILE", "", 1) // what cloudflare-go v0 sends when nothing is proxied
	if a := w.send("POST", importPath, empty, classicKind); string(a.Result) != `{"recs_added":0,"total_records_parsed":0}` {
		t.Errorf("an empty file: %s", a.text)
	}
}

func TestAWrongImportIsRefusedWhole(t *testing.T) {
	w := newWorld(t)
	good := "good A 192.0.2.1\n"
	for want, parts := range map[string][]string{
		"Bad Request; 1001 /file file is required":                                                                                                                {"proxied", "true"},
		"Bad Request; 1001 /file file is there twice":                                                                                                             {"file", good, "file", good},
		`Bad Request; 1001 /proxied proxied must be "true" or "false"`:                                                                                            {"file", good, "proxied", "yes"},
		"Bad Request; 9201 /file A zone file must have at most 262144 bytes.":                                                                                     {"file", good + strings.Repeat(";", dns.MaxZoneFile)},
		`Bad Request; 9201 /file The zone file cannot be read: $INCLUDE directive not allowed: "other" at line: 2:14.`:                                            {"file", good + "$INCLUDE other\n"},
		"Bad Request; 9021 /file a.example.com A: TTL must be between 30 and 86400 seconds, or 1 for Automatic.":                                                  {"file", good + "a 5 A 192.0.2.1\n"},
		"Bad Request; 81054 /file good.example.com A: A CNAME record with that host already exists.":                                                              {"file", good + "good CNAME example.net.\n"},
		"Bad Request; 9000 /file www.example.org A: the name is not in the zone example.com.; 9201 /file x.example.com HINFO: this record type is not supported.": {"file", good + "www.example.org. A 192.0.2.1\nx HINFO a b\n"},
	} {
		body, kind := form(t, parts...)
		got := w.refused("POST", importPath, body, kind)
		if got != want {
			t.Errorf("%q:\n got %s\nwant %s", parts, got, want)
		}
	}
	for _, headers := range [][]string{nil, {"Content-Type: text/plain"}, {"Content-Type: multipart/form-data"}} {
		if got := w.refused("POST", importPath, good, headers...); got != "Bad Request; 6003 Invalid request headers" {
			t.Errorf("%v: %s", headers, got)
		}
	}
	if got := w.refused("POST", importPath, strings.Split(classicForm, "FILE")[0]+"a A", classicKind); !strings.HasPrefix(got, "Bad Request; 1001 the form cannot be read") {
		t.Error(got)
	}
	body, kind := form(t, "other", strings.Repeat("x", 1<<20))
	if got := w.refused("POST", importPath, body, kind); !strings.HasPrefix(got, "Request Entity Too Large; 1001 ") {
		t.Error(got)
	}
	if left := w.names(""); left != "" {
		t.Errorf("left %s", left)
	}
}

func TestAnExportIsAZoneFileWithoutTheEnvelope(t *testing.T) {
	w := newWorld(t)
	w.create(`{"type":"A","name":"www","content":"192.0.2.1","proxied":true,"comment":"web","tags":["a:b"]}`)
	a := w.send("GET", exportPath, "", "Accept: text/plain")
	if a.status != 200 || a.header.Get("Content-Type") != "text/plain; charset=utf-8" || a.header.Get("Cf-Ray") == "" {
		t.Errorf("%d %v", a.status, a.header)
	}
	if !strings.HasPrefix(a.text, ";;\n;; Domain:     example.com.\n") ||
		!strings.Contains(a.text, "\nwww.example.com.\t1\tIN\tA\t192.0.2.1 ; web cf_tags=a:b,cf-proxied:true\n") {
		t.Error(a.text)
	}
	body, kind := form(t, "file!", a.text)
	if a := w.send("POST", importPath, body, kind); string(a.Result) != `{"recs_added":0,"total_records_parsed":1}` {
		t.Errorf("imported again: %s", a.text)
	}
	if got := w.refused("GET", "/zones/99aabbccddeeff001122334455667788/dns_records/export", ""); !strings.HasPrefix(got, "Forbidden; ") {
		t.Errorf("another zone: %s", got)
	}
}
